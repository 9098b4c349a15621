/* SPDX-License-Identifier: MIT */
/*
 * arc.c: adaptive replacement cache: recency and frequency share memory as ghosts advise.
 *
 * T1: resident pages referenced once since they came, T2: more than once; B1, B2: pages that left
 * T1 and T2 (ghosts). All four are in order of last reference, a ghost's being that before it
 * left. p, a real number from 0 to c, the number of frames, is the size that T1 aims at.
 *
 * As in Fig. 4 of the paper. Any hit moves the page to the recent end of T2. A fault on a ghost of
 * B1 adds max(1, |B2| / |B1|) to p, one of B2 subtracts max(1, |B1| / |B2|), with the sizes before
 * anything moves and p kept in its range; then REPLACE makes room and the page goes to T2. A
 * fault on any other page goes to T1: if |T1| + |B1| = c, either (|T1| < c) B1's oldest is
 * forgotten and REPLACE runs, or (|T1| = c) T1's oldest is evicted and not remembered; else, if all
 * four together hold 2c, B2's oldest is forgotten, and REPLACE runs. REPLACE moves T1's oldest
 * page to B1 if T1 is not empty and |T1| > p, or |T1| = p and the fault is on a ghost of B2; else
 * T2's oldest to B2. Whatever would evict does so only when all frames are taken; the forgetting
 * of ghosts goes by sizes alone, also after drops. A page that is dropped is not remembered.
 *
 * integer=on: |B2| / |B1| and |B1| / |B2| are rounded down, as some caches ship it.
 *
 * O(1) a reference; 9 bytes a page.
 */
#include "list.h"

enum place { NOWHERE, T1, T2, B1, B2 };

struct arc {
	uint64_t frames;
	double target; /* the paper's p */
	int integer;
	struct bel_list list[B2 + 1]; /* the recent end is the head */
	struct bel_link *link;
	uint8_t *place; /* of a page: the list it is on */
};

static void arc_init(void *self, const struct bel_env *env)
{
	struct arc *arc = self;

	arc->frames = env->frames;
	arc->integer = env->param[0] != 0;
	for (int place = T1; place <= B2; place++)
		bel_list_init(&arc->list[place]);
	env->page_array(env->host, &arc->link, sizeof(*arc->link));
	env->page_array(env->host, &arc->place, sizeof(*arc->place));
}

/* From the list it is on, if any, to another one's recent end, or off all of them. */
BEL_INLINE void move(struct arc *arc, uint32_t page, enum place to)
{
	if (arc->place[page] != NOWHERE)
		bel_list_remove(&arc->list[arc->place[page]], arc->link, page);
	if (to != NOWHERE)
		bel_list_push(&arc->list[to], arc->link, page);
	arc->place[page] = (uint8_t)to;
}

static void arc_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct arc *arc = self;

	(void)now;
	if (arc->list[T2].head != ref.page)
		move(arc, ref.page, T2);
}

static uint32_t count(const struct arc *arc, enum place place)
{
	return arc->list[place].count;
}

/* max(1, a / b). */
static double step(const struct arc *arc, uint32_t a, uint32_t b)
{
	if (a <= b)
		return 1;
	if (arc->integer)
		a -= a % b;
	return (double)a / b;
}

static void adapt(struct arc *arc, enum place ghost)
{
	const uint32_t b1 = count(arc, B1), b2 = count(arc, B2);

	if (ghost == B1) {
		arc->target += step(arc, b2, b1);
		if (arc->target > (double)arc->frames)
			arc->target = (double)arc->frames;
	} else if (ghost == B2) {
		arc->target -= step(arc, b1, b2);
		if (arc->target < 0)
			arc->target = 0;
	}
}

/* Whether T1's oldest leaves, by the directory's rule, for a page that comes from `from`. */
static int takes_t1(const struct arc *arc, enum place from)
{
	const double t1 = count(arc, T1);

	return t1 > 0 && (t1 > arc->target || (from == B2 && t1 == arc->target));
}

static uint32_t arc_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct arc *arc = self;

	(void)now;
	(void)out;
	return arc->list[count(arc, T1) == arc->frames || takes_t1(arc, NOWHERE) ? T1 : T2].tail;
}

static void replace(struct arc *arc, enum place from, struct bel_decision *out)
{
	const int take_t1 = takes_t1(arc, from);
	const uint32_t victim = arc->list[take_t1 ? T1 : T2].tail;

	move(arc, victim, take_t1 ? B1 : B2);
	bel_evict(out, victim);
}

static void arc_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct arc *arc = self;
	const enum place from = arc->place[ref.page];
	const int full = bel_resident(out) == arc->frames;
	const uint64_t once = (uint64_t)count(arc, T1) + count(arc, B1);

	(void)now;
	adapt(arc, from);
	if (from == NOWHERE && count(arc, T1) == arc->frames) {
		const uint32_t victim = arc->list[T1].tail;

		move(arc, victim, NOWHERE);
		bel_evict(out, victim);
	} else {
		if (from == NOWHERE && once == arc->frames)
			move(arc, arc->list[B1].tail, NOWHERE);
		else if (from == NOWHERE &&
			 once + count(arc, T2) + count(arc, B2) == 2 * arc->frames)
			move(arc, arc->list[B2].tail, NOWHERE);
		if (full)
			replace(arc, from, out);
	}
	/* The second reference of a run is a hit. */
	move(arc, ref.page, from == NOWHERE && bel_count(ref) == 1 ? T1 : T2);
}

static void arc_drop(void *self, uint32_t page)
{
	move(self, page, NOWHERE);
}

static const struct bel_hooks arc_hooks = {
	.hit = arc_hit,
	.fault = arc_fault,
	.drop = arc_drop,
};

static const struct bel_param arc_params[] = {
	{"integer", "", BEL_PARAM_SWITCH, 0, 0, 1, "quotients of ghosts are rounded down"},
	{.name = NULL},
};

static void arc_report(void *self, struct bel_sink *sink)
{
	const struct arc *arc = self;

	sink->number(sink->host, "p", arc->target);
	sink->count(sink->host, "t1_pages", count(arc, T1));
	sink->count(sink->host, "t2_pages", count(arc, T2));
	sink->count(sink->host, "b1_pages", count(arc, B1));
	sink->count(sink->host, "b2_pages", count(arc, B2));
}

static void arc_show(void *self, const struct bel_show *show)
{
	const struct arc *arc = self;
	const int t1_first = count(arc, T1) > arc->target;

	bel_list_show(&arc->list[t1_first ? T1 : T2], arc->link, show, BEL_SHOW_OTHER);
	bel_list_show(&arc->list[t1_first ? T2 : T1], arc->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(arc, arc_hooks, 0)

static const struct bel_policy arc = {
	BEL_POLICY_BASE(arc, struct arc),
	.name = "arc",
	.title = "ARC: two LRU lists, once and more often, whose shares ghosts decide",
	.source = "N. Megiddo, D. S. Modha, ARC: a self-tuning, low overhead replacement cache, "
		  "FAST 2003",
	.params = arc_params,
	.victim = arc_victim,
	.report = arc_report,
	.show = arc_show,
	.aliases = "adaptive replacement cache",
};

BEL_POLICY(arc);

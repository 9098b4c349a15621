/* SPDX-License-Identifier: MIT */
/*
 * arc.c: ARC, adaptive replacement cache (Megiddo and Modha, FAST 2003, Fig. 4): divides memory
 * between pages referenced once and pages referenced more often; hits on ghost entries move the
 * border.
 *
 * State, with c frames:
 * - T1: resident pages referenced once since they were loaded; T2: referenced more often. Both in
 *   order of last reference.
 * - B1, B2: ghost entries of pages evicted from T1 and T2, in order of last reference.
 * - p: the target size of T1, a real number from 0 to c. It starts at 0.
 *
 * On a hit: the page becomes the most recent page of T2.
 *
 * On a fault on a page with a ghost entry in B1 or B2:
 * 1. In B1: add max(1, |B2| / |B1|) to p, at most c. In B2: subtract max(1, |B1| / |B2|), at least
 *    0. The sizes are those before anything moves.
 * 2. If no frame is free, replace (below).
 * 3. Remove the ghost entry and load the page as the most recent of T2.
 *
 * On any other fault:
 * 1. If |T1| = c: evict the least recent page of T1, without a ghost entry.
 * 2. Otherwise, if |T1| + |B1| = c, forget the oldest entry of B1; if not, but all four lists
 *    together have 2c entries, forget the oldest of B2. Then replace if no frame is free.
 * 3. Load the page as the most recent of T1 (of T2 if the same run references it again).
 *
 * Replace: if |T1| > p, or |T1| = p > 0 and the fault is on a ghost entry of B2, evict the least
 * recent page of T1 into B1; otherwise that of T2 into B2. An empty list gives no page.
 *
 * A page that is dropped leaves no ghost entry. Ghost entries are forgotten by list sizes alone,
 * also when drops left frames free. integer=on rounds the quotients of step 1 down, as some
 * implementations do.
 *
 * Cost: O(1) per reference; 9 bytes per page.
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

/* Moves a page to the recent end of a list. NOWHERE: takes it off its list. */
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

/* Whether T1 loses a page in `replace`. `from`: the list of the faulting page. */
static int takes_t1(const struct arc *arc, enum place from)
{
	const double t1 = count(arc, T1);

	return !count(arc, T2) || t1 > arc->target || (t1 > 0 && from == B2 && t1 == arc->target);
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

/* Evicts as for a fault on a page without a ghost entry. */
static void arc_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct arc *arc = self;
	const uint32_t oldest = arc->list[T1].tail;

	(void)now;
	if (count(arc, T1) < arc->frames) {
		replace(arc, NOWHERE, out);
		return;
	}
	move(arc, oldest, NOWHERE);
	bel_evict(out, oldest);
}

static void arc_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct arc *arc = self;
	const enum place from = arc->place[ref.page];
	const int full = bel_resident(out) == arc->frames;
	const uint64_t once = (uint64_t)count(arc, T1) + count(arc, B1);

	adapt(arc, from);
	if (from == NOWHERE && count(arc, T1) == arc->frames) {
		arc_evict(arc, now, out);
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
	{"integer", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"the steps of T1's target size are rounded down to integers"},
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
	.title = "ARC: two LRU lists, for one reference and for more; ghost hits set their sizes",
	.source = "N. Megiddo, D. S. Modha, ARC: a self-tuning, low overhead replacement cache, "
		  "FAST 2003",
	.params = arc_params,
	.victim = arc_victim,
	.evict = arc_evict,
	.report = arc_report,
	.show = arc_show,
	.aliases = "adaptive replacement cache",
};

BEL_POLICY(arc);

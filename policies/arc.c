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
 * The first half of the log has T1 and B1, the second T2 and B2.
 *
 * Cost: O(1) per reference on average; 21 bytes per page.
 */
#include "ghost_log.h"

struct arc {
	uint64_t frames;
	double target; /* the paper's p */
	int integer;
	struct bel_ghost_log log;
};

static void arc_init(void *self, const struct bel_env *env)
{
	struct arc *arc = self;

	arc->frames = env->frames;
	arc->integer = env->param[0] != 0;
	bel_ghost_log_create(&arc->log, env);
}

static void arc_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct arc *arc = self;

	(void)now;
	bel_ghost_log_make_place(&arc->log);
	bel_ghost_log_hit(&arc->log, &arc->log.second, ref.page);
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

/* A hit on a ghost of B1 or B2 moves the target size of T1. */
static void adapt(struct arc *arc, int in_b2)
{
	const uint32_t b1 = arc->log.first.ghosts, b2 = arc->log.second.ghosts;

	if (in_b2) {
		arc->target -= step(arc, b1, b2);
		if (arc->target < 0)
			arc->target = 0;
	} else {
		arc->target += step(arc, b2, b1);
		if (arc->target > (double)arc->frames)
			arc->target = (double)arc->frames;
	}
}

/* Whether T1 loses a page in `replace`. `in_b2`: the fault is on a ghost of B2. */
static int takes_t1(const struct arc *arc, int in_b2)
{
	const double t1 = arc->log.first.resident;

	return !arc->log.second.resident || t1 > arc->target ||
	       (t1 > 0 && in_b2 && t1 == arc->target);
}

static uint32_t arc_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct arc *arc = self;
	const int only_t1 = arc->log.first.resident == arc->frames;

	(void)now;
	(void)out;
	return bel_ghost_log_oldest(
		&arc->log, only_t1 || takes_t1(arc, 0) ? &arc->log.first : &arc->log.second);
}

static void replace(struct arc *arc, int in_b2, struct bel_decision *out)
{
	struct bel_ghost_log *const log = &arc->log;

	if (takes_t1(arc, in_b2))
		bel_evict(out, bel_ghost_log_evict(log, &log->first, 1, out));
	else
		bel_evict(out, bel_ghost_log_evict(log, &log->second, 1, out));
}

/* Evicts as for a fault on a page without a ghost entry. */
static void arc_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct arc *arc = self;

	(void)now;
	if (arc->log.first.resident < arc->frames)
		replace(arc, 0, out);
	else
		bel_evict(out, bel_ghost_log_evict(&arc->log, &arc->log.first, 0, out));
}

/* For a fault on a page without a ghost entry: forgets the oldest ghost, if there are too many. */
static void forget(struct arc *arc)
{
	struct bel_ghost_log *const log = &arc->log;
	const uint64_t once = (uint64_t)log->first.resident + log->first.ghosts;

	if (log->first.resident == arc->frames)
		return;
	if (once == arc->frames)
		bel_ghost_log_forget(log, &log->first);
	else if (once + log->second.resident + log->second.ghosts == 2 * arc->frames)
		bel_ghost_log_forget(log, &log->second);
}

static void arc_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct arc *arc = self;
	struct bel_ghost_log *const log = &arc->log;
	const int full = bel_resident(out) == arc->frames;

	bel_ghost_log_make_place(log);
	if (bel_ghost_log_knows(log, ref.page)) {
		const int in_b2 = bel_ghost_log_half(log, ref.page) == &log->second;

		adapt(arc, in_b2);
		if (full)
			replace(arc, in_b2, out);
		bel_ghost_log_return(log, &log->second, ref.page);
		return;
	}
	forget(arc);
	if (full)
		arc_evict(arc, now, out);
	/* The second reference of a run is a hit. */
	if (bel_count(ref) == 1)
		bel_ghost_log_enter(log, &log->first, ref.page);
	else
		bel_ghost_log_enter(log, &log->second, ref.page);
}

static void arc_drop(void *self, uint32_t page)
{
	struct arc *arc = self;

	bel_ghost_log_drop(&arc->log, page);
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
	sink->count(sink->host, "t1_pages", arc->log.first.resident);
	sink->count(sink->host, "t2_pages", arc->log.second.resident);
	sink->count(sink->host, "b1_pages", arc->log.first.ghosts);
	sink->count(sink->host, "b2_pages", arc->log.second.ghosts);
}

static void arc_show(void *self, const struct bel_show *show)
{
	const struct arc *arc = self;
	const struct bel_ghost_half *const t1 = &arc->log.first, *const t2 = &arc->log.second;
	const int t1_first = t1->resident > arc->target;

	bel_ghost_log_show(&arc->log, t1_first ? t1 : t2, show);
	bel_ghost_log_show(&arc->log, t1_first ? t2 : t1, show);
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

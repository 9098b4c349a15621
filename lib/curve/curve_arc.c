/* SPDX-License-Identifier: MIT */
/*
 * curve_arc.c: ARC at up to 512 sizes at once. policies/arc.c describes the policy.
 *
 * T1, T2, B1 and B2 are in the order of last reference, so all sizes share a recency log: B1 and B2
 * only receive the oldest pages of T1 and T2, and T1 and T2 the page that is referenced now. 64
 * sizes are a group, which has a few bits for each page and size. A hit at every size moves the
 * page to T2 at once; only the sizes that miss are visited one by one.
 *
 * A page on T2 at every size of every group is settled. A reference to it only stores its time:
 * in programs nearly all references are such ones from some dozens of frames on.
 *
 * Memory: 32 bytes for each page and group, and 36 bytes for each page.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "curve.h"
#include "curve_split.h"
#include "points.h"
#include "recency_log.h"
#include "run.h"

enum { SIZES = 64, GROUPS = 8 };
enum list { T1, T2, B1, B2, LISTS };

/*
 * A page in a group; bit s belongs to size s. T1 has the pages that are resident and not `again`,
 * B1 the ghosts that are not `again`; T2 and B2 have the others.
 */
struct slice {
	uint64_t resident, ghost, again, dirty;
};

struct size {
	uint64_t frames, faults, writebacks;
	uint64_t fill_times; /* sum of the times at which the frames were filled */
	double target;       /* the paper's p */
	uint32_t count[LISTS];
};

struct group {
	struct slice *slice; /* by number */
	uint64_t used;       /* the bits that belong to a size */
	uint32_t unsettled;  /* in `todo`: the page is not on T2 at every size */
	uint32_t clean;      /* in `todo`: the page is not dirty at every size */
	uint32_t *hand;      /* LISTS for each size */
	struct size size[SIZES];
};

struct arc {
	struct bel_recency_log log;
	struct bel_curve_setup setup;
	struct group *group;
	unsigned groups;
	bool integer;
	uint32_t pages, capacity;
	uint64_t now;
};

static void arc_destroy(void *self)
{
	struct arc *arc = self;

	for (unsigned k = 0; k < arc->groups; k++)
		free(arc->group[k].slice);
	free(arc->group);
	bel_recency_release(&arc->log);
	free(arc);
}

static void *arc_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	const unsigned groups = (unsigned)((setup->count + SIZES - 1) / SIZES);
	struct arc *arc;

	if (!setup->x || !groups || groups > GROUPS) {
		bel_usage(err, "arc: a pass takes 1 to %d sizes", SIZES * GROUPS);
		return NULL;
	}
	arc = calloc(1, sizeof(*arc));
	if (!arc) {
		bel_err_memory(err, "arc");
		return NULL;
	}
	arc->setup = *setup;
	arc->integer = setup->param[0] != 0;
	arc->group = calloc(groups, sizeof(*arc->group));
	if (!arc->group || bel_recency_init(&arc->log, (size_t)groups * SIZES * LISTS,
				   (UINT32_C(1) << 2 * groups) - 1, err) < 0) {
		bel_err_memory(err, "arc");
		arc_destroy(arc);
		return NULL;
	}
	arc->groups = groups;
	for (unsigned k = 0; k < groups; k++) {
		arc->group[k].hand = arc->log.hand + (size_t)k * SIZES * LISTS;
		arc->group[k].unsettled = UINT32_C(1) << k;
		arc->group[k].clean = UINT32_C(1) << groups << k;
	}
	for (size_t i = 0; i < setup->count; i++) {
		struct group *const group = &arc->group[i / SIZES];

		group->size[i % SIZES].frames = setup->x[i];
		group->used |= UINT64_C(1) << i % SIZES;
	}
	return arc;
}

static int reserve(struct arc *arc, uint32_t pages, size_t runs, struct bel_err *err)
{
	if (bel_recency_reserve(&arc->log, pages, runs, err) < 0)
		return BEL_FAIL;
	arc->pages = pages;
	if (arc->capacity == arc->log.capacity)
		return BEL_OK;
	for (unsigned k = 0; k < arc->groups; k++) {
		struct slice *const grown =
			reallocarray(arc->group[k].slice, arc->log.capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "pages of a curve");
		memset(grown + arc->capacity, 0,
			(arc->log.capacity - arc->capacity) * sizeof(*grown));
		arc->group[k].slice = grown;
	}
	arc->capacity = arc->log.capacity;
	return BEL_OK;
}

/* The sizes at which a page is on a list. */
BEL_INLINE uint64_t on(const struct slice *slice, enum list list)
{
	const uint64_t here = list == T1 || list == T2 ? slice->resident : slice->ghost;

	return here & (list == T1 || list == B1 ? ~slice->again : slice->again);
}

/* The number of the oldest page of a list, which is not empty. */
BEL_INLINE uint32_t oldest(
	struct arc *arc, const struct group *group, unsigned s, const enum list list)
{
	uint32_t *const hand = &group->hand[s * LISTS + list];

	for (;; (*hand)++) {
		bel_recency_reach(&arc->log, hand);
		if (on(&group->slice[arc->log.number[*hand]], list) >> s & 1)
			return arc->log.number[*hand];
	}
}

/* The oldest page of T1 or T2 leaves memory. Ghost: it becomes the newest page of B1 or B2. */
BEL_INLINE void evict(
	struct arc *arc, struct group *group, unsigned s, const enum list list, bool ghost)
{
	struct size *const size = &group->size[s];
	const uint64_t bit = UINT64_C(1) << s;
	const uint32_t number = oldest(arc, group, s, list);
	struct slice *const slice = &group->slice[number];

	slice->resident &= ~bit;
	size->writebacks += slice->dirty >> s & 1;
	slice->dirty &= ~bit;
	arc->log.page[number].todo |= group->unsettled | group->clean;
	size->count[list]--;
	if (ghost) {
		slice->ghost |= bit;
		size->count[list + B1]++;
	} else {
		slice->again &= ~bit;
	}
}

BEL_INLINE void forget(struct arc *arc, struct group *group, unsigned s, const enum list list)
{
	struct slice *const slice = &group->slice[oldest(arc, group, s, list)];

	slice->ghost &= ~(UINT64_C(1) << s);
	slice->again &= ~(UINT64_C(1) << s);
	group->size[s].count[list]--;
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

/* A ghost hit moves the target size of T1. */
static void adapt(const struct arc *arc, struct size *size, enum list ghost)
{
	const uint32_t b1 = size->count[B1], b2 = size->count[B2];

	if (ghost == B1) {
		size->target += step(arc, b2, b1);
		if (size->target > (double)size->frames)
			size->target = (double)size->frames;
	} else {
		size->target -= step(arc, b1, b2);
		if (size->target < 0)
			size->target = 0;
	}
}

static void replace(struct arc *arc, struct group *group, unsigned s, bool for_b2)
{
	const struct size *const size = &group->size[s];
	const double t1 = size->count[T1];

	if (!size->count[T2] || t1 > size->target || (for_b2 && t1 > 0 && t1 == size->target))
		evict(arc, group, s, T1, true);
	else
		evict(arc, group, s, T2, true);
}

/* Makes room for a page that has no ghost entry. */
static void make_room(struct arc *arc, struct group *group, unsigned s)
{
	const struct size *const size = &group->size[s];
	const uint32_t *const count = size->count;
	const uint64_t once = (uint64_t)count[T1] + count[B1];
	const bool full = (uint64_t)count[T1] + count[T2] == size->frames;

	if (count[T1] == size->frames) {
		evict(arc, group, s, T1, false);
		return;
	}
	if (once == size->frames)
		forget(arc, group, s, B1);
	else if (once + count[T2] + count[B2] == 2 * size->frames)
		forget(arc, group, s, B2);
	if (full)
		replace(arc, group, s, false);
}

/* Loads a page at size s, where it is missing. `again`: the run references it again. */
static void load(struct arc *arc, struct group *group, unsigned s, uint32_t number, bool again)
{
	struct size *const size = &group->size[s];
	struct slice *const slice = &group->slice[number];
	const uint64_t bit = UINT64_C(1) << s;

	size->faults++;
	if ((uint64_t)size->count[T1] + size->count[T2] < size->frames)
		size->fill_times += arc->now;
	if (slice->ghost & bit) {
		const enum list ghost = slice->again & bit ? B2 : B1;

		adapt(arc, size, ghost);
		if ((uint64_t)size->count[T1] + size->count[T2] == size->frames)
			replace(arc, group, s, ghost == B2);
		slice->ghost &= ~bit;
		size->count[ghost]--;
		again = true;
	} else {
		make_room(arc, group, s);
	}
	slice->resident |= bit;
	if (again)
		slice->again |= bit;
	size->count[again ? T2 : T1]++;
}

static void refer_group(struct arc *arc, struct group *group, uint32_t number, struct bel_run run)
{
	struct slice *const slice = &group->slice[number];
	struct bel_recency_page *const page = &arc->log.page[number];
	uint64_t first = on(slice, T1), missing = group->used & ~slice->resident;

	slice->again |= first;
	for (; first; first &= first - 1) {
		uint32_t *const count = group->size[__builtin_ctzll(first)].count;

		count[T1]--;
		count[T2]++;
	}
	for (; missing; missing &= missing - 1)
		load(arc, group, (unsigned)__builtin_ctzll(missing), number,
			bel_run_count(run) > 1);
	if (slice->again == group->used)
		page->todo &= ~group->unsettled;
	if (run.info & BEL_RUN_WRITE) {
		slice->dirty = group->used;
		page->todo &= ~group->clean;
	}
}

/* A reference that does more than store its time. */
static void refer(struct arc *arc, struct bel_run run)
{
	const uint32_t number = run.page + 1, todo = arc->log.page[number].todo;
	const uint32_t all = (UINT32_C(1) << arc->groups) - 1;
	uint32_t groups = todo & all;

	if (run.info & BEL_RUN_WRITE)
		groups |= todo >> arc->groups & all;
	for (; groups; groups &= groups - 1)
		refer_group(arc, &arc->group[__builtin_ctz(groups)], number, run);
	bel_recency_touch(&arc->log, number);
}

static int arc_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct arc *const arc = self;
	const uint32_t clean = ((UINT32_C(1) << arc->groups) - 1) << arc->groups;

	if (reserve(arc, pages, batch->count, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_run run = batch->runs[i];
		struct bel_recency_page *const page = &arc->log.page[run.page + 1];
		const uint32_t ignored = run.info & BEL_RUN_WRITE ? 0 : clean;

		if (__builtin_expect((page->todo & ~ignored) != 0, 0))
			refer(arc, run);
		else
			page->last = arc->log.clock++;
		arc->now += bel_run_count(run);
	}
	return BEL_OK;
}

static int arc_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct arc *const arc = self;

	if (bel_points_init(curve, &arc->setup, arc->pages, err) < 0)
		return BEL_FAIL;
	curve->policy = "arc";
	curve->algorithm = "recency log, 512 sizes";
	curve->exact = true;
	curve->references = arc->now;
	curve->pages = arc->pages;
	curve->compulsory = arc->pages;
	curve->writebacks = calloc(curve->count, sizeof(*curve->writebacks));
	curve->mean_resident = calloc(curve->count, sizeof(*curve->mean_resident));
	if (!curve->writebacks || !curve->mean_resident) {
		bel_curve_release(curve);
		return bel_err_memory(err, "a curve");
	}
	for (size_t i = 0; i < curve->count; i++) {
		const struct size *const size = &arc->group[i / SIZES].size[i % SIZES];
		const uint64_t resident = (uint64_t)size->count[T1] + size->count[T2];

		curve->faults[i] = size->faults;
		curve->writebacks[i] = size->writebacks;
		if (arc->now)
			curve->mean_resident[i] =
				(double)(resident * arc->now - size->fill_times) / (double)arc->now;
	}
	return BEL_OK;
}

static const struct bel_param arc_params[] = {
	{"integer", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"the steps of T1's target size are rounded down to integers"},
	{.name = NULL},
};

static const struct bel_curve_shared arc_shared = {
	.policy = "arc",
	.params = arc_params,
	.most_misses = 0.4,
	.create = arc_create,
	.feed = arc_feed,
	.snapshot = arc_snapshot,
	.destroy = arc_destroy,
};

BEL_CURVE_SPLIT(arc_shared)

static const struct bel_curve_algorithm arc_log = {
	.policy = "arc",
	.name = "log",
	.source = "N. Megiddo, D. S. Modha, ARC: a self-tuning, low overhead replacement cache, "
		  "FAST 2003",
	.caps = BEL_CURVE_WRITEBACKS | BEL_CURVE_SNAPSHOT,
	.most_sizes = (size_t)SIZES * GROUPS,
	.params = arc_params,
	BEL_CURVE_SPLIT_MEMBERS(arc_shared),
};

BEL_CURVE(arc_log);

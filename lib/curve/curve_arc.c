/* SPDX-License-Identifier: MIT */
/*
 * curve_arc.c: ARC at up to 512 sizes at once. policies/arc.c describes the policy.
 *
 * T1, T2, B1 and B2 are in the order of last reference, so all sizes share a recency log: B1 and B2
 * only receive the oldest pages of T1 and T2, and T1 and T2 the page that is referenced now. A hit
 * at every size moves the page to T2 at once; only the sizes that miss are visited one by one.
 *
 * Bits of a page: T1 has the pages that are resident and not `again`, B1 the ghosts that are not
 * `again`; T2 and B2 have the others. A page is settled if it is on T2 at every size.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "curve_split.h"
#include "recency_sizes.h"

enum list { T1, T2, B1, B2 };

struct arc {
	struct bel_recency_sizes sizes; /* the first member: refer() gets its address */
	bool integer;
};

static void arc_destroy(void *self)
{
	struct arc *arc = self;

	bel_recency_sizes_release(&arc->sizes);
	free(arc);
}

static void *arc_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct arc *arc = calloc(1, sizeof(*arc));

	if (!arc) {
		bel_err_memory(err, "arc");
		return NULL;
	}
	arc->integer = setup->param[0] != 0;
	if (bel_recency_sizes_init(&arc->sizes, setup, false, "arc", err) == BEL_OK)
		return arc;
	arc_destroy(arc);
	return NULL;
}

/* The sizes at which a page is on a list. */
BEL_INLINE uint64_t on(const struct bel_recency_slice *slice, enum list list)
{
	const uint64_t here = list == T1 || list == T2 ? slice->resident : slice->ghost;

	return here & (list == T1 || list == B1 ? ~slice->again : slice->again);
}

/* The number of the oldest page of a list, which is not empty. */
BEL_INLINE uint32_t oldest(
	struct arc *arc, const struct bel_recency_group *group, unsigned s, const enum list list)
{
	struct bel_recency_log *const log = &arc->sizes.log;
	uint32_t *const hand = &group->hand[s * BEL_RECENCY_LISTS + list];

	for (;; (*hand)++) {
		bel_recency_reach(log, hand);
		if (on(&group->slice[log->number[*hand]], list) >> s & 1)
			return log->number[*hand];
	}
}

/* The oldest page of T1 or T2 leaves memory. Ghost: it becomes the newest page of B1 or B2. */
BEL_INLINE void evict(struct arc *arc, struct bel_recency_group *group, unsigned s,
	const enum list list, bool ghost)
{
	struct bel_recency_size *const size = &group->size[s];
	const uint64_t bit = UINT64_C(1) << s;
	const uint32_t number = oldest(arc, group, s, list);

	bel_recency_leave(&arc->sizes, group, s, number);
	size->count[list]--;
	if (ghost) {
		group->slice[number].ghost |= bit;
		size->count[list + B1]++;
	}
}

BEL_INLINE void forget(
	struct arc *arc, struct bel_recency_group *group, unsigned s, const enum list list)
{
	struct bel_recency_slice *const slice = &group->slice[oldest(arc, group, s, list)];

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
static void adapt(const struct arc *arc, struct bel_recency_size *size, enum list ghost)
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

static void replace(struct arc *arc, struct bel_recency_group *group, unsigned s, bool for_b2)
{
	const struct bel_recency_size *const size = &group->size[s];
	const double t1 = size->count[T1];

	if (!size->count[T2] || t1 > size->target || (for_b2 && t1 > 0 && t1 == size->target))
		evict(arc, group, s, T1, true);
	else
		evict(arc, group, s, T2, true);
}

/* Makes room for a page that has no ghost entry. */
static void make_room(struct arc *arc, struct bel_recency_group *group, unsigned s)
{
	const struct bel_recency_size *const size = &group->size[s];
	const uint32_t *const count = size->count;
	const uint64_t once = (uint64_t)count[T1] + count[B1];
	const bool full = size->resident == size->frames;

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

/* A fault at size s. `again`: the run references the page again. */
static void fault(
	struct arc *arc, struct bel_recency_group *group, unsigned s, uint32_t number, bool again)
{
	struct bel_recency_size *const size = &group->size[s];
	struct bel_recency_slice *const slice = &group->slice[number];
	const uint64_t bit = UINT64_C(1) << s;

	if (slice->ghost & bit) {
		const enum list ghost = slice->again & bit ? B2 : B1;

		adapt(arc, size, ghost);
		if (size->resident == size->frames)
			replace(arc, group, s, ghost == B2);
		slice->ghost &= ~bit;
		size->count[ghost]--;
		again = true;
	} else {
		make_room(arc, group, s);
	}
	bel_recency_load(&arc->sizes, size);
	slice->resident |= bit;
	if (again)
		slice->again |= bit;
	size->count[again ? T2 : T1]++;
}

BEL_INLINE void refer(struct bel_recency_sizes *sizes, struct bel_recency_group *group,
	uint32_t number, struct bel_run run)
{
	struct arc *const arc = (struct arc *)sizes;
	struct bel_recency_slice *const slice = &group->slice[number];
	uint64_t first = on(slice, T1), missing = group->used & ~slice->resident;

	slice->again |= first;
	for (; first; first &= first - 1) {
		uint32_t *const count = group->size[__builtin_ctzll(first)].count;

		count[T1]--;
		count[T2]++;
	}
	for (; missing; missing &= missing - 1)
		fault(arc, group, (unsigned)__builtin_ctzll(missing), number,
			bel_run_count(run) > 1);
	if (slice->again == group->used)
		sizes->log.page[number].pending &= ~group->unsettled;
}

static int arc_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct arc *const arc = self;

	return bel_recency_sizes_feed(&arc->sizes, batch, pages, refer, err);
}

static int arc_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct arc *const arc = self;

	return bel_recency_sizes_curve(&arc->sizes, "arc", curve, err);
}

static void arc_report(const void *self, size_t index, struct bel_sink *sink)
{
	const struct bel_recency_sizes *const sizes = self;
	const struct bel_recency_size *const size =
		&sizes->group[index / BEL_RECENCY_GROUP].size[index % BEL_RECENCY_GROUP];

	sink->number(sink->host, "p", size->target);
	sink->count(sink->host, "t1_pages", size->count[T1]);
	sink->count(sink->host, "t2_pages", size->count[T2]);
	sink->count(sink->host, "b1_pages", size->count[B1]);
	sink->count(sink->host, "b2_pages", size->count[B2]);
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
	.report = arc_report,
	.destroy = arc_destroy,
};

BEL_CURVE_SPLIT(arc_shared)

static const struct bel_curve_algorithm arc_log = {
	.policy = "arc",
	.name = "log",
	.source = "N. Megiddo, D. S. Modha, ARC: a self-tuning, low overhead replacement cache, "
		  "FAST 2003",
	.caps = BEL_CURVE_WRITEBACKS | BEL_CURVE_SNAPSHOT,
	.most_sizes = (size_t)BEL_RECENCY_GROUP * BEL_RECENCY_GROUPS,
	.params = arc_params,
	BEL_CURVE_SPLIT_MEMBERS(arc_shared),
};

BEL_CURVE(arc_log);

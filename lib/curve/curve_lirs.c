/* SPDX-License-Identifier: MIT */
/*
 * curve_lirs.c: LIRS at up to 512 sizes at once. policies/lirs.c describes the policy.
 *
 * Stack S is in the order of last reference, so all sizes share a recency log, in which each size has
 * a hand at the bottom of S. Q is a queue for each size, which pages can leave from the middle.
 *
 * Bits of a page: `again` says that it is LIR, `ghost` that it is in S; a page that is in S and not
 * resident is a ghost entry. A page is settled if it is LIR at every size: then a reference moves it
 * to the top of S everywhere. S is pruned late: when a page that is not LIR is referenced at a size,
 * the hand of this size first goes to the lowest LIR page, and takes what it passes out of S.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "curve_split.h"
#include "page_queue.h"
#include "recency_sizes.h"

enum { LIR, STACK }; /* counts of pages; the hand of LIR is the bottom of S */

struct lirs_size {
	uint64_t lir_most; /* the paper's Llirs */
	struct bel_queue queue;
};

struct lirs {
	struct bel_recency_sizes sizes; /* the first member: refer() gets its address */
	struct lirs_size *own;          /* by size */
	uint32_t pages;
};

static void lirs_destroy(void *self)
{
	struct lirs *const lirs = self;

	for (size_t i = 0; lirs->own && i < lirs->sizes.setup.count; i++)
		free(lirs->own[i].queue.page);
	free(lirs->own);
	bel_recency_sizes_release(&lirs->sizes);
	free(lirs);
}

static uint64_t most_lir(uint64_t frames, const double *param)
{
	uint64_t hir = (uint64_t)((double)frames * param[0] / 100);

	if (hir < (uint64_t)param[1])
		hir = (uint64_t)param[1];
	if (hir >= frames)
		hir = frames > 1 ? frames - 1 : 1;
	return frames - hir;
}

static void *lirs_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct lirs *const lirs = calloc(1, sizeof(*lirs));

	if (!lirs) {
		bel_err_memory(err, "lirs");
		return NULL;
	}
	if (bel_recency_sizes_init(&lirs->sizes, setup, true, "lirs", err) < 0) {
		lirs_destroy(lirs);
		return NULL;
	}
	lirs->own = calloc(setup->count, sizeof(*lirs->own));
	if (!lirs->own) {
		bel_err_memory(err, "lirs");
		lirs_destroy(lirs);
		return NULL;
	}
	for (size_t i = 0; i < setup->count; i++)
		lirs->own[i].lir_most = most_lir(setup->x[i], setup->param);
	return lirs;
}

static int reserve(struct lirs *lirs, uint32_t pages, struct bel_err *err)
{
	if (pages <= lirs->pages)
		return BEL_OK;
	for (size_t i = 0; i < lirs->sizes.setup.count; i++)
		if (bel_queue_reserve_stale(&lirs->own[i].queue, pages,
			    lirs->sizes.setup.x[i] - lirs->own[i].lir_most, err) < 0)
			return BEL_FAIL;
	lirs->pages = pages;
	return BEL_OK;
}

/* Moves the hand of size s to the lowest LIR page. Returns its number, or 0 if no page is LIR. */
BEL_INLINE uint32_t prune(
	struct bel_recency_sizes *sizes, struct bel_recency_group *group, unsigned s)
{
	struct bel_recency_size *const size = &group->size[s];
	uint32_t *const hand = &group->hand[s * BEL_RECENCY_LISTS + LIR];

	while (size->count[LIR]) {
		struct bel_recency_slice *slice;

		bel_recency_reach(&sizes->log, hand);
		slice = &group->slice[sizes->log.number[*hand]];
		if (slice->again >> s & 1)
			return sizes->log.number[*hand];
		size->count[STACK] -= slice->ghost >> s & 1;
		slice->ghost &= ~(UINT64_C(1) << s);
		++*hand;
	}
	return 0;
}

/* The page, which is not in Q, becomes LIR. If there are too many, the lowest one does not stay it. */
BEL_INLINE void promote(struct lirs *lirs, struct bel_recency_group *group, unsigned s,
	uint32_t number, uint32_t bottom)
{
	struct lirs_size *const own = &lirs->own[group->first + s];
	struct bel_recency_size *const size = &group->size[s];
	const uint64_t bit = UINT64_C(1) << s;

	if (size->count[LIR] == own->lir_most) {
		group->slice[bottom].again &= ~bit;
		group->slice[bottom].ghost &= ~bit;
		size->count[STACK]--;
		lirs->sizes.log.page[bottom].pending |= group->unsettled;
		bel_queue_enter(&own->queue, group->stale, bottom, bit);
	} else {
		size->count[LIR]++;
	}
	group->slice[number].again |= bit;
}

/* The page, which is not LIR and not in Q, is referenced. `bottom`: the lowest LIR page, or 0. */
BEL_INLINE void stack(struct lirs *lirs, struct bel_recency_group *group, unsigned s,
	uint32_t number, uint32_t bottom)
{
	struct lirs_size *const own = &lirs->own[group->first + s];
	struct bel_recency_size *const size = &group->size[s];
	const uint64_t bit = UINT64_C(1) << s;

	if (group->slice[number].ghost & bit) {
		promote(lirs, group, s, number, bottom);
		return;
	}
	if (size->count[LIR] < own->lir_most)
		promote(lirs, group, s, number, bottom);
	else
		bel_queue_enter(&own->queue, group->stale, number, bit);
	/* Without a LIR page S is empty. */
	if (own->lir_most) {
		group->slice[number].ghost |= bit;
		size->count[STACK]++;
	}
}

BEL_INLINE void fault(
	struct lirs *lirs, struct bel_recency_group *group, unsigned s, uint32_t number)
{
	struct bel_recency_size *const size = &group->size[s];
	const uint64_t bit = UINT64_C(1) << s;

	if (size->resident == size->frames)
		bel_recency_leave(&lirs->sizes, group, s,
			bel_queue_next(&lirs->own[group->first + s].queue, group->stale, bit));
	bel_recency_load(&lirs->sizes, size);
	stack(lirs, group, s, number, prune(&lirs->sizes, group, s));
}

BEL_INLINE void refer(struct bel_recency_sizes *sizes, struct bel_recency_group *group,
	uint32_t number, struct bel_run run)
{
	struct lirs *const lirs = (struct lirs *)sizes;
	struct bel_recency_slice *const slice = &group->slice[number];
	uint64_t hir = slice->resident & ~slice->again, missing = group->used & ~slice->resident;

	(void)run;
	/* A second reference in a row changes nothing. */
	if (sizes->before == number)
		return;
	for (; hir; hir &= hir - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(hir);

		bel_queue_leave(
			&lirs->own[group->first + s].queue, group->stale, number, UINT64_C(1) << s);
		stack(lirs, group, s, number, prune(sizes, group, s));
	}
	for (; missing; missing &= missing - 1)
		fault(lirs, group, (unsigned)__builtin_ctzll(missing), number);
	slice->resident = group->used;
	if (slice->again == group->used)
		sizes->log.page[number].pending &= ~group->unsettled;
}

static int lirs_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct lirs *const lirs = self;

	if (reserve(lirs, pages, err) < 0)
		return BEL_FAIL;
	return bel_recency_sizes_feed(&lirs->sizes, batch, pages, refer, err);
}

static int lirs_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	struct lirs *const lirs = self;
	struct bel_recency_sizes *const sizes = &lirs->sizes;

	/* For the report. */
	for (size_t i = 0; i < sizes->setup.count; i++)
		prune(sizes, &sizes->group[i / BEL_RECENCY_GROUP],
			(unsigned)(i % BEL_RECENCY_GROUP));
	return bel_recency_sizes_curve(sizes, "lirs", curve, err);
}

static void lirs_report(const void *self, size_t index, struct bel_sink *sink)
{
	const struct bel_recency_sizes *const sizes = self;
	const struct bel_recency_size *const size =
		&sizes->group[index / BEL_RECENCY_GROUP].size[index % BEL_RECENCY_GROUP];

	sink->count(sink->host, "stack_pages", size->count[STACK]);
}

/* Not stack=N, whose ghost entries leave in another order, and not repeats=on. */
static const struct bel_param lirs_params[] = {
	{"hir", "% of the frames", BEL_PARAM_REAL, 1, 0, 100, "share of the HIR pages"},
	{"least", "frames", BEL_PARAM_INTEGER, 2, 1, 4294967296.0,
		"smallest share of the HIR pages"},
	{.name = NULL},
};

static const struct bel_curve_shared lirs_shared = {
	.policy = "lirs",
	.params = lirs_params,
	/* Zipf and uniform references to 20,000 pages, 1 to 8 frames, all shared: 1.2 to 1.3 times the
	 * time of engines; 8 to 71 frames .5 times. With 1000 pages a shared pass is always faster. */
	.most_misses = 0.8,
	.to_frames = 8,
	.from_pages = 8192,
	.create = lirs_create,
	.feed = lirs_feed,
	.snapshot = lirs_snapshot,
	.report = lirs_report,
	.destroy = lirs_destroy,
};

BEL_CURVE_SPLIT(lirs_shared)

static const struct bel_curve_algorithm lirs_log = {
	.policy = "lirs",
	.name = "log",
	.source = "S. Jiang, X. Zhang, LIRS: an efficient low inter-reference recency set "
		  "replacement policy to improve buffer cache performance, SIGMETRICS 2002",
	.caps = BEL_CURVE_WRITEBACKS | BEL_CURVE_SNAPSHOT,
	.most_sizes = (size_t)BEL_RECENCY_GROUP * BEL_RECENCY_GROUPS,
	.params = lirs_params,
	BEL_CURVE_SPLIT_MEMBERS(lirs_shared),
};

BEL_CURVE(lirs_log);

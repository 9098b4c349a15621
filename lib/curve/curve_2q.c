/* SPDX-License-Identifier: MIT */
/*
 * curve_2q.c: 2Q at up to 512 sizes at once. policies/2q.c describes the policy.
 *
 * Am is in the order of last reference, so all sizes share a recency log: a page enters Am only when
 * it is referenced. A1in and A1out are a queue for each size. A hit changes nothing but the order of
 * the log; only the sizes that miss are visited one by one.
 *
 * Bits of a page: A1in has the pages that are resident and not `again`, Am those that are both, and
 * A1out the ghosts, which can leave from the middle.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "curve_split.h"
#include "page_queue.h"
#include "recency_sizes.h"

enum { AM }; /* the list of the log */

struct queues {
	uint64_t kin, kout;
	uint64_t ghosts; /* entries of A1out that are not stale */
	struct bel_queue a1in, a1out;
};

struct two {
	struct bel_recency_sizes sizes; /* the first member: refer() gets its address */
	bool early;
	struct queues *queues; /* by size */
	uint32_t pages;
};

static void two_destroy(void *self)
{
	struct two *const two = self;

	for (size_t i = 0; two->queues && i < two->sizes.setup.count; i++) {
		free(two->queues[i].a1in.page);
		free(two->queues[i].a1out.page);
	}
	free(two->queues);
	bel_recency_sizes_release(&two->sizes);
	free(two);
}

static void *two_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct two *const two = calloc(1, sizeof(*two));

	if (!two) {
		bel_err_memory(err, "2q");
		return NULL;
	}
	if (bel_recency_sizes_init(&two->sizes, setup, true, "2q", err) < 0) {
		two_destroy(two);
		return NULL;
	}
	two->queues = calloc(setup->count, sizeof(*two->queues));
	if (!two->queues) {
		bel_err_memory(err, "2q");
		two_destroy(two);
		return NULL;
	}
	two->early = setup->param[2] != 0;
	for (size_t i = 0; i < setup->count; i++) {
		two->queues[i].kin = (uint64_t)((double)setup->x[i] * setup->param[0] / 100);
		two->queues[i].kout = (uint64_t)((double)setup->x[i] * setup->param[1] / 100);
	}
	return two;
}

static int reserve(struct two *two, uint32_t pages, struct bel_err *err)
{
	if (pages <= two->pages)
		return BEL_OK;
	for (size_t i = 0; i < two->sizes.setup.count; i++) {
		struct queues *const queues = &two->queues[i];

		if (bel_queue_reserve(&queues->a1in, pages, two->sizes.setup.x[i], err) < 0 ||
			bel_queue_reserve_stale(&queues->a1out, pages, queues->kout, err) < 0)
			return BEL_FAIL;
	}
	two->pages = pages;
	return BEL_OK;
}

/* The page gets the newest entry of A1out, which keeps at most `kout`. */
BEL_INLINE void enter_a1out(const struct bel_recency_group *group, struct queues *queues,
	uint32_t number, uint64_t bit, uint64_t kout)
{
	bel_queue_enter(&queues->a1out, group->stale, number, bit);
	group->slice[number].ghost |= bit;
	if (queues->ghosts < kout) {
		queues->ghosts++;
	} else {
		const uint32_t oldest = bel_queue_next(&queues->a1out, group->stale, bit);

		group->slice[oldest].ghost &= ~bit;
	}
}

/* ---- faults ---- */

/* The number of the oldest page of Am, which is not empty. */
BEL_INLINE uint32_t oldest_of_am(struct two *two, const struct bel_recency_group *group, unsigned s)
{
	struct bel_recency_log *const log = &two->sizes.log;
	uint32_t *const hand = &group->hand[s * BEL_RECENCY_LISTS + AM];

	for (;; (*hand)++) {
		bel_recency_reach(log, hand);
		if (group->slice[log->number[*hand]].again >> s & 1)
			return log->number[*hand];
	}
}

/* A fault at size s. */
BEL_INLINE void fault(struct two *two, struct bel_recency_group *group, unsigned s, uint32_t number)
{
	struct bel_recency_size *const size = &group->size[s];
	struct queues *const queues = &two->queues[group->first + s];
	const uint64_t bit = UINT64_C(1) << s;
	const bool was_out = group->slice[number].ghost & bit;

	if (was_out) {
		bel_queue_leave(&queues->a1out, group->stale, number, bit);
		group->slice[number].ghost &= ~bit;
		queues->ghosts--;
	}
	if (size->resident == size->frames && queues->a1in.count <= queues->kin &&
		size->count[AM]) {
		const uint32_t victim = oldest_of_am(two, group, s);

		bel_recency_leave(&two->sizes, group, s, victim);
		group->slice[victim].again &= ~bit;
		size->count[AM]--;
	} else if (size->resident == size->frames) {
		const uint32_t victim = bel_queue_take(&queues->a1in);

		bel_recency_leave(&two->sizes, group, s, victim);
		enter_a1out(group, queues, victim, bit, queues->kout - (was_out && !two->early));
	}
	bel_recency_load(&two->sizes, size);
	if (was_out) {
		group->slice[number].again |= bit;
		size->count[AM]++;
	} else {
		bel_queue_push(&queues->a1in, number);
	}
}

BEL_INLINE void refer(struct bel_recency_sizes *sizes, struct bel_recency_group *group,
	uint32_t number, struct bel_run run)
{
	uint64_t missing = group->used & ~group->slice[number].resident;

	(void)run;
	for (; missing; missing &= missing - 1)
		fault((struct two *)sizes, group, (unsigned)__builtin_ctzll(missing), number);
	group->slice[number].resident = group->used;
	sizes->log.page[number].pending &= ~group->unsettled;
}

static int two_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct two *const two = self;

	if (reserve(two, pages, err) < 0)
		return BEL_FAIL;
	return bel_recency_sizes_feed(&two->sizes, batch, pages, refer, err);
}

/* ---- the results ---- */

static int two_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct two *const two = self;

	return bel_recency_sizes_curve(&two->sizes, "2q", curve, err);
}

static void two_report(const void *self, size_t index, struct bel_sink *sink)
{
	const struct two *const two = self;
	const struct bel_recency_size *const size =
		&two->sizes.group[index / BEL_RECENCY_GROUP].size[index % BEL_RECENCY_GROUP];

	sink->count(sink->host, "a1in_pages", two->queues[index].a1in.count);
	sink->count(sink->host, "am_pages", size->count[AM]);
}

static const struct bel_param two_params[] = {
	{"kin", "% of the frames", BEL_PARAM_REAL, 25, 0, 100,
		"A1in gives up its oldest page when it holds more than this"},
	{"kout", "% of the frames", BEL_PARAM_REAL, 50, 0, 1000, "most ghost entries in A1out"},
	{"early", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"the ghost entry of the faulting page is removed before the eviction"},
	{.name = NULL},
};

static const struct bel_curve_shared two_shared = {
	.policy = "2q",
	.params = two_params,
	/* Uniform references to 20,000 pages, 64 sizes of 1000 to 10,000 frames, all shared: 1.4 times
	 * the time of engines. */
	.most_misses = 0.5,
	.create = two_create,
	.feed = two_feed,
	.snapshot = two_snapshot,
	.report = two_report,
	.destroy = two_destroy,
};

BEL_CURVE_SPLIT(two_shared)

static const struct bel_curve_algorithm two_log = {
	.policy = "2q",
	.name = "log",
	.source = "T. Johnson, D. Shasha, 2Q: a low overhead high performance buffer management "
		  "replacement algorithm, VLDB 1994",
	.caps = BEL_CURVE_WRITEBACKS | BEL_CURVE_SNAPSHOT,
	.most_sizes = (size_t)BEL_RECENCY_GROUP * BEL_RECENCY_GROUPS,
	.least_sizes = 2,
	.least_frames = 8, /* 1 to 8 frames, all shared: 1.1 to 1.6 times the time of engines */
	.params = two_params,
	BEL_CURVE_SPLIT_MEMBERS(two_shared),
};

BEL_CURVE(two_log);

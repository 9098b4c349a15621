/* SPDX-License-Identifier: MIT */
/*
 * lru_stack.h: the state of an LRU stack and what is counted on it; the loops are in
 * lru_stack.c (portable) and lru_stack_avx512.c, around the same accounting.
 *
 * The 16 most recent pages are "near": their distances are found among themselves.
 * All other pages hold places in a rank bitmap in order of their last use,
 * so that a distance is 17 plus the places behind. Source: R. L. Mattson et al., 1970,
 * for the stack; M. Bennett and V. J. Kruskal, 1975, for counting it.
 *
 * Write-backs at every size (J. G. Thompson and A. J. Smith, ACM TOCS 7(1), 1989): after
 * a write, a page is dirty at size c as long as no distance above c was seen; the largest
 * one seen is its level. A reference at distance d > level means that at the sizes
 * level .. d - 1 the page had left dirty.
 */
#ifndef BEL_LRU_STACK_H
#define BEL_LRU_STACK_H

#include "curve.h"
#include "rank_bitmap.h"

enum { BEL_NEAR = 16 };

#define BEL_CLEAN UINT32_MAX /* level of a page that was not written */
#define BEL_NO_PAGE UINT32_MAX

struct bel_lru_stack {
	/* Portable: in order of last use. AVX-512: by time. Empty: BEL_NO_PAGE, time 0. */
	uint32_t page[BEL_NEAR] __attribute__((aligned(64)));
	uint32_t time[BEL_NEAR] __attribute__((aligned(64)));
	uint32_t now;

	struct bel_rank_bitmap map;
	size_t next;     /* the place that is given next */
	uint32_t *place; /* of each page: 1 + place, 0: near, or never seen */
	uint32_t *level; /* of each page; NULL: write-backs are not counted */
	uint32_t pages, capacity;

	/* By distance, 0 .. pages. Near distances are spread over four copies, against stalls. */
	uint64_t *distance;
	int64_t *step; /* write-backs: difference from size to size */
	uint64_t near_distance[4][BEL_NEAR + 1];
	uint64_t runs, references, compulsory;
	bool timed; /* which loop ran: near pages are by time */
};

/* Feeds a batch; pages are reserved. The two give the same counts. */
int bel_lru_stack_feed(
	struct bel_lru_stack *stack, const struct bel_batch *batch, struct bel_err *err);
int bel_lru_stack_feed_avx512(
	struct bel_lru_stack *stack, const struct bel_batch *batch, struct bel_err *err);

/* Gives the pages that hold places new ones, in the same order, from 0 on. */
int bel_lru_stack_renumber(struct bel_lru_stack *stack, struct bel_err *err);

/* A page leaves the near ones. */
BEL_INLINE int bel_lru_stack_push(struct bel_lru_stack *stack, uint32_t page, struct bel_err *err)
{
	if (__builtin_expect(stack->next == stack->map.places, 0) &&
		bel_lru_stack_renumber(stack, err) < 0)
		return BEL_FAIL;
	bel_rank_bitmap_set(&stack->map, stack->next);
	stack->place[page] = (uint32_t)++stack->next;
	return BEL_OK;
}

/*
 * Far places miss the caches where there are many pages: the page's entry is asked for
 * early, its line of the bitmap, once the entry is there, a little later; and distances are
 * counted once their counters are near.
 */
enum {
	BEL_LRU_MANY = 1 << 15,
	BEL_LRU_LATE = 32,
	BEL_LRU_ENTRY_AHEAD = 48,
	BEL_LRU_LINE_AHEAD = 20
};

struct bel_lru_late {
	uint32_t distance[BEL_LRU_LATE]; /* 0, which is not looked at, at first */
	unsigned turn;
};

BEL_INLINE void bel_lru_stack_prefetch(
	const struct bel_lru_stack *stack, const struct bel_batch *batch, size_t i)
{
	if (i + BEL_LRU_ENTRY_AHEAD < batch->count) {
		const uint32_t soon = stack->place[batch->runs[i + BEL_LRU_LINE_AHEAD].page];

		__builtin_prefetch(&stack->place[batch->runs[i + BEL_LRU_ENTRY_AHEAD].page], 1);
		if (stack->level)
			__builtin_prefetch(
				&stack->level[batch->runs[i + BEL_LRU_LINE_AHEAD].page], 1);
		if (soon) {
			__builtin_prefetch(&stack->map.word[(soon - 1) / BEL_RANK_LINE * 8], 1);
			__builtin_prefetch(&stack->map.line[(soon - 1) / BEL_RANK_LINE], 1);
		}
	}
}

BEL_INLINE void bel_lru_stack_count_late(
	struct bel_lru_stack *stack, struct bel_lru_late *late, uint32_t d)
{
	uint32_t *const slot = &late->distance[late->turn++ % BEL_LRU_LATE];

	__builtin_prefetch(&stack->distance[d], 1);
	stack->distance[*slot]++;
	*slot = d;
}

BEL_INLINE void bel_lru_stack_count_rest(
	struct bel_lru_stack *stack, const struct bel_lru_late *late)
{
	for (unsigned k = 0; k < BEL_LRU_LATE; k++)
		stack->distance[late->distance[k]]++;
}

/* Counts a reference at distance d (0: the first to its page). */
BEL_INLINE void bel_lru_stack_count_writes(
	struct bel_lru_stack *stack, struct bel_run run, uint32_t d)
{
	const uint32_t level = stack->level[run.page];

	if (d > level) { /* not clean: that level is above all distances */
		stack->step[level]++;
		stack->step[d]--;
		stack->level[run.page] = d;
	}
	if (run.info & BEL_RUN_WRITE)
		stack->level[run.page] = 1;
}

#endif

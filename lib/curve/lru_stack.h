/* SPDX-License-Identifier: MIT */
/*
 * lru_stack.h: the state of an LRU stack, and its counters. The loops over it are in lru_stack.c
 * (portable) and lru_stack_avx512.c.
 *
 * The 16 most recently used pages are "near": they are searched directly. All other pages hold
 * places in a rank bitmap, in order of their last use; the distance of such a page is 17 plus the
 * number of set places behind its own. Sources: R. L. Mattson et al., 1970, for the stack; M.
 * Bennett and V. J. Kruskal, 1975, for counting with a bitmap.
 *
 * Write-backs at every size (J. G. Thompson and A. J. Smith, ACM TOCS 7(1), 1989): after a write,
 * a page is dirty at size c until it is referenced at a distance above c. The largest distance
 * since the write is the page's level. A reference at distance d > level means that the page was
 * written back at the sizes level .. d - 1.
 */
#ifndef BEL_LRU_STACK_H
#define BEL_LRU_STACK_H

#include "curve.h"
#include "rank_bitmap.h"

enum { BEL_NEAR = 16 };

#define BEL_CLEAN UINT32_MAX /* level of a page that was not written */
#define BEL_NO_PAGE UINT32_MAX

struct bel_lru_stack {
	/*
	 * Portable: in order of last use. AVX-512: `time` gives the order. Empty: BEL_NO_PAGE,
	 * time 0.
	 */
	uint32_t page[BEL_NEAR] __attribute__((aligned(64)));
	uint32_t time[BEL_NEAR] __attribute__((aligned(64)));
	uint32_t now;

	struct bel_rank_bitmap map;
	size_t next;     /* the next place to give */
	uint32_t *place; /* of each page: 1 + place; 0: near, or never seen */
	uint32_t *level; /* of each page; NULL: write-backs are not counted */
	/*
	 * For a slice (lru_slice.h), or NULL: of each page the largest distance from its first
	 * reference to its first write; the pages in order of their first references.
	 */
	uint32_t *entry, *first;
	uint32_t pages, capacity;

	/*
	 * By distance, 0 .. pages. Near distances have four copies of their counters, to avoid
	 * stalls.
	 */
	uint64_t *distance;
	int64_t *step; /* write-backs: the difference from one size to the next */
	uint64_t near_distance[4][BEL_NEAR + 1];
	uint64_t runs, references, compulsory;
	bool timed; /* the AVX-512 loop ran: `time` orders the near pages */
};

int bel_lru_stack_init(struct bel_lru_stack *stack, bool portable, struct bel_err *err);
void bel_lru_stack_release(struct bel_lru_stack *stack);

/* Makes room for pages 0 .. pages - 1. */
int bel_lru_stack_reserve(struct bel_lru_stack *stack, uint32_t pages, struct bel_err *err);

/* From now on write-backs are counted: all pages are clean. After bel_lru_stack_reserve(). */
int bel_lru_stack_keep_levels(struct bel_lru_stack *stack, struct bel_err *err);

/* The same, and what a slice needs; before the first batch. */
int bel_lru_stack_keep_entries(struct bel_lru_stack *stack, struct bel_err *err);

/* The depth of near page k in the stack, from 1. */
uint32_t bel_lru_stack_near_depth(const struct bel_lru_stack *stack, unsigned k);

/* Puts the counts of near distances into `distance`. Feeding may go on. */
void bel_lru_stack_join_near(struct bel_lru_stack *stack);

/* Feed a batch. The caller has reserved its pages. Both functions give the same counts. */
int bel_lru_stack_feed(
	struct bel_lru_stack *stack, const struct bel_batch *batch, struct bel_err *err);
int bel_lru_stack_feed_avx512(
	struct bel_lru_stack *stack, const struct bel_batch *batch, struct bel_err *err);

/*
 * Refers to one page, whose room is reserved, in a portable stack. Gives its distance; 0: its first
 * reference. Counts nothing.
 */
int bel_lru_stack_refer(
	struct bel_lru_stack *stack, uint32_t page, uint32_t *distance, struct bel_err *err);

/* Gives new places, from 0 on, to the pages that hold one. Their order stays the same. */
int bel_lru_stack_renumber(struct bel_lru_stack *stack, struct bel_err *err);

/* A page leaves the near pages and gets a place. */
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
 * With many pages, far places miss the processor's caches. So a page's entry is prefetched early,
 * and its line of the bitmap a little later, when the entry has arrived. Distances are counted
 * later too, when their counters have arrived.
 */
enum {
	BEL_LRU_MANY = 1 << 15,
	BEL_LRU_LATE = 32,
	BEL_LRU_ENTRY_AHEAD = 48,
	BEL_LRU_LINE_AHEAD = 20
};

struct bel_lru_late {
	uint32_t distance[BEL_LRU_LATE]; /* starts as 0; the counter of distance 0 is not used */
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

/* What a slice must know of its pages, before bel_lru_stack_count_writes(). */
BEL_INLINE void bel_lru_stack_note_entry(
	struct bel_lru_stack *stack, struct bel_run run, uint32_t d)
{
	if (!d)
		stack->first[stack->compulsory - 1] = run.page;
	else if (stack->level[run.page] == BEL_CLEAN && d > stack->entry[run.page])
		stack->entry[run.page] = d;
}

/* Counts the write-backs of a reference at distance d (0: the page's first). */
BEL_INLINE void bel_lru_stack_count_writes(
	struct bel_lru_stack *stack, struct bel_run run, uint32_t d)
{
	const uint32_t level = stack->level[run.page];

	if (d > level) { /* BEL_CLEAN is above all distances */
		stack->step[level]++;
		stack->step[d]--;
		stack->level[run.page] = d;
	}
	if (run.info & BEL_RUN_WRITE)
		stack->level[run.page] = 1;
}

#endif

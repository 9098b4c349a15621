/* SPDX-License-Identifier: MIT */
/* lru_stack.c: LRU stack distances: memory, the portable loop, and renumbering. */
#include "lru_stack.h"

#include <stdlib.h>
#include <string.h>

#include "grow.h"

int bel_lru_stack_init(struct bel_lru_stack *s, bool portable, struct bel_err *err)
{
	memset(s, 0, sizeof(*s));
	memset(s->page, 0xff, sizeof(s->page));
	s->timed = !portable && bel_has_avx512();
	return bel_rank_bitmap_init(&s->map, 1, err);
}

void bel_lru_stack_release(struct bel_lru_stack *s)
{
	bel_rank_bitmap_release(&s->map);
	free(s->place);
	free(s->level);
	free(s->entry);
	free(s->first);
	free(s->distance);
	free(s->step);
}

static int grow(void *array, size_t width, size_t from, size_t to, int byte, struct bel_err *err)
{
	return bel_curve_grow(array, width, from, to, byte, "stack distances", err);
}

static int grow_levels(struct bel_lru_stack *s, size_t from, size_t to, struct bel_err *err)
{
	return grow(&s->step, sizeof(*s->step), from, to, 0, err) < 0
		       ? BEL_FAIL
		       : grow(&s->level, sizeof(*s->level), from, to, 0xff, err);
}

static int grow_entries(struct bel_lru_stack *s, size_t from, size_t to, struct bel_err *err)
{
	return grow(&s->entry, sizeof(*s->entry), from, to, 0, err) < 0
		       ? BEL_FAIL
		       : grow(&s->first, sizeof(*s->first), from, to, 0, err);
}

int bel_lru_stack_keep_levels(struct bel_lru_stack *s, struct bel_err *err)
{
	return grow_levels(s, 0, s->capacity, err);
}

int bel_lru_stack_keep_entries(struct bel_lru_stack *s, struct bel_err *err)
{
	return s->level || grow_levels(s, 0, s->capacity, err) == BEL_OK
		       ? grow_entries(s, 0, s->capacity, err)
		       : BEL_FAIL;
}

int bel_lru_stack_reserve(struct bel_lru_stack *s, uint32_t pages, struct bel_err *err)
{
	const size_t from = s->capacity;
	size_t to = from ? from : 4096;

	if (s->pages < pages)
		s->pages = pages;
	if (pages + (size_t)2 <= from)
		return BEL_OK;
	while (to < pages + (size_t)2)
		to += to / 4; /* at most 30 bytes per page, with write-backs */
	if (to > UINT32_MAX)
		to = UINT32_MAX;
	if (grow(&s->place, sizeof(*s->place), from, to, 0, err) < 0 ||
		grow(&s->distance, sizeof(*s->distance), from, to, 0, err) < 0 ||
		(s->level && grow_levels(s, from, to, err) < 0) ||
		(s->entry && grow_entries(s, from, to, err) < 0))
		return BEL_FAIL;
	s->capacity = (uint32_t)to;
	return BEL_OK;
}

uint32_t bel_lru_stack_near_depth(const struct bel_lru_stack *s, unsigned k)
{
	uint32_t depth = 1;

	if (!s->timed)
		return k + 1;
	for (unsigned j = 0; j < BEL_NEAR; j++)
		depth += s->time[j] > s->time[k];
	return depth;
}

void bel_lru_stack_join_near(struct bel_lru_stack *s)
{
	for (unsigned d = 1; s->distance && d <= BEL_NEAR; d++) {
		s->distance[d] = 0;
		for (int copy = 0; copy < 4; copy++)
			s->distance[d] += s->near_distance[copy][d];
	}
}

/*
 * Moves the page to the front of the near pages. Returns its old position from 1, or 0 with the
 * page that left in *left.
 */
BEL_INLINE uint32_t move_to_front(uint32_t *near, uint32_t page, uint32_t *left)
{
	uint32_t carry = page;

	for (uint32_t k = 0; k < BEL_NEAR; k++) {
		const uint32_t here = near[k];

		near[k] = carry;
		if (here == page)
			return k + 1;
		carry = here;
	}
	*left = carry;
	return 0;
}

/* The distance of a page that is not near; 0: it was never seen. The page gives up its place. */
BEL_INLINE uint32_t leave_place(struct bel_lru_stack *stack, uint32_t page)
{
	const uint32_t place = stack->place[page];
	uint32_t d;

	if (!place)
		return 0;
	d = BEL_NEAR + 1 + (uint32_t)bel_rank_bitmap_behind(&stack->map, place - 1, stack->next);
	bel_rank_bitmap_unset(&stack->map, place - 1);
	stack->place[page] = 0;
	return d;
}

BEL_INLINE int feed(struct bel_lru_stack *stack, const struct bel_batch *batch, const bool many,
	const bool slice, struct bel_err *err)
{
	struct bel_lru_late late = {.turn = 0};
	uint64_t references = 0;

	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_run run = batch->runs[i];
		uint32_t left = BEL_NO_PAGE, d = move_to_front(stack->page, run.page, &left);

		if (many)
			bel_lru_stack_prefetch(stack, batch, i);
		references += bel_run_count(run);
		if (d) {
			stack->near_distance[i & 3][d]++;
		} else {
			d = leave_place(stack, run.page);
			if (!d)
				stack->compulsory++;
			else if (many)
				bel_lru_stack_count_late(stack, &late, d);
			else
				stack->distance[d]++;
			if (left != BEL_NO_PAGE && bel_lru_stack_push(stack, left, err) < 0)
				return BEL_FAIL;
		}
		if (slice)
			bel_lru_stack_note_entry(stack, run, d);
		if (stack->level)
			bel_lru_stack_count_writes(stack, run, d);
	}
	if (many)
		bel_lru_stack_count_rest(stack, &late);
	stack->runs += batch->count;
	stack->references += references;
	return BEL_OK;
}

int bel_lru_stack_feed(
	struct bel_lru_stack *stack, const struct bel_batch *batch, struct bel_err *err)
{
	const bool many = stack->pages > BEL_LRU_MANY;

	if (stack->entry)
		return many ? feed(stack, batch, true, true, err)
			    : feed(stack, batch, false, true, err);
	return many ? feed(stack, batch, true, false, err) : feed(stack, batch, false, false, err);
}

int bel_lru_stack_refer(
	struct bel_lru_stack *stack, uint32_t page, uint32_t *distance, struct bel_err *err)
{
	uint32_t left = BEL_NO_PAGE;

	*distance = move_to_front(stack->page, page, &left);
	if (*distance)
		return BEL_OK;
	*distance = leave_place(stack, page);
	return left == BEL_NO_PAGE ? BEL_OK : bel_lru_stack_push(stack, left, err);
}

/*
 * Gives every page its rank among the set places, by a sum over the lines before it. The bitmap
 * grows when it is more than a quarter full. So this happens at most once in three times as many
 * references as there are pages.
 */
int bel_lru_stack_renumber(struct bel_lru_stack *stack, struct bel_err *err)
{
	struct bel_rank_bitmap *map = &stack->map;
	uint32_t *before = map->line; /* set bits before each line; computed in place */
	size_t live = 0;

	for (size_t line = 0; line < map->places / BEL_RANK_LINE; line++) {
		const uint32_t own = map->line[line];

		before[line] = (uint32_t)live;
		live += own;
	}
	for (uint32_t page = 0; page < stack->pages; page++) {
		const size_t place = stack->place[page] - (size_t)1;
		uint32_t rank;

		if (!stack->place[page])
			continue;
		rank = before[place / BEL_RANK_LINE];
		for (size_t w = place / BEL_RANK_LINE * (BEL_RANK_LINE / 64); w < place / 64; w++)
			rank += (uint32_t)__builtin_popcountll(map->word[w]);
		rank += (uint32_t)__builtin_popcountll(
			map->word[place / 64] & ((UINT64_C(1) << place % 64) - 1));
		stack->place[page] = rank + 1;
	}
	if (live > map->places / 4) {
		size_t places = live * 4;

		if (places > UINT32_MAX - BEL_RANK_BLOCK)
			places = UINT32_MAX - BEL_RANK_BLOCK;
		if (live >= places)
			return bel_fail(err, "lru: trace has too many pages for stack distances");
		bel_rank_bitmap_release(map);
		if (bel_rank_bitmap_init(map, places, err) < 0)
			return BEL_FAIL;
	} else {
		bel_rank_bitmap_clear(map);
	}
	for (size_t place = 0; place < live; place++)
		bel_rank_bitmap_set(map, place);
	stack->next = live;
	return BEL_OK;
}

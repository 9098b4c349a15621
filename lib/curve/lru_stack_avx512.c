/* SPDX-License-Identifier: MIT */
/*
 * lru_stack_avx512.c: LRU stack distances with the near pages in two vectors: page and time of
 * last use. A page's distance is one plus the number of lanes with a later time. Using it again
 * writes only one lane, so runs do not wait for each other.
 */
#include "lru_stack.h"

#if defined(__x86_64__)

/* Times have 32 bits. Reduces them so that the lowest is 1; empty lanes stay at 0. */
static BEL_AVX512 __m512i renew_times(__m512i time, uint32_t *now)
{
	const __mmask16 used = _mm512_test_epi32_mask(time, time);
	const uint32_t least = _mm512_mask_reduce_min_epu32(used, time);

	*now -= least - 1;
	return _mm512_mask_sub_epi32(time, used, time, _mm512_set1_epi32((int)least - 1));
}

/* Removes a page that is not near from the bitmap. Returns its distance; 0: never seen. */
static BEL_AVX512 uint32_t take_far(struct bel_lru_stack *stack, uint32_t page)
{
	const uint32_t place = stack->place[page];
	uint32_t d;

	if (!place) {
		stack->compulsory++;
		return 0;
	}
	d = BEL_NEAR + 1 +
	    (uint32_t)bel_rank_bitmap_behind_avx512(&stack->map, place - 1, stack->next);
	bel_rank_bitmap_unset(&stack->map, place - 1);
	stack->place[page] = 0;
	return d;
}

BEL_INLINE BEL_AVX512 int feed(struct bel_lru_stack *stack, const struct bel_batch *batch,
	const bool writes, const bool many, const bool slice, struct bel_err *err)
{
	__m512i page = _mm512_load_si512(stack->page), time = _mm512_load_si512(stack->time);
	uint64_t references = 0;
	uint32_t now = stack->now;
	struct bel_lru_late late = {.turn = 0};

	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_run run = batch->runs[i];
		const __mmask16 lane =
			_mm512_cmpeq_epi32_mask(page, _mm512_set1_epi32((int)run.page));
		uint32_t d;

		if (many)
			bel_lru_stack_prefetch(stack, batch, i);
		references += bel_run_count(run);
		if (__builtin_expect(++now == UINT32_MAX, 0))
			time = renew_times(time, &now);
		if (__builtin_expect(lane, 1)) {
			const __m512i own = _mm512_permutexvar_epi32(
				_mm512_set1_epi32(__builtin_ctz(lane)), time);

			d = 1 + (uint32_t)__builtin_popcount(_mm512_cmpgt_epu32_mask(time, own));
			time = _mm512_mask_set1_epi32(time, lane, (int)now);
			stack->near_distance[i & 3][d]++;
		} else {
			const __m512i oldest =
				_mm512_set1_epi32((int)_mm512_reduce_min_epu32(time));
			const unsigned all = _mm512_cmpeq_epi32_mask(time, oldest);
			const __mmask16 one = (__mmask16)(all & -all);
			const uint32_t left = (uint32_t)_mm_cvtsi128_si32(
				_mm512_castsi512_si128(_mm512_maskz_compress_epi32(one, page)));

			d = take_far(stack, run.page);
			if (many)
				bel_lru_stack_count_late(stack, &late, d);
			else
				stack->distance[d]++;
			page = _mm512_mask_set1_epi32(page, one, (int)run.page);
			time = _mm512_mask_set1_epi32(time, one, (int)now);
			if (left != BEL_NO_PAGE && bel_lru_stack_push(stack, left, err) < 0)
				return BEL_FAIL;
		}
		if (slice)
			bel_lru_stack_note_entry(stack, run, d);
		if (writes)
			bel_lru_stack_count_writes(stack, run, d);
	}
	if (many)
		bel_lru_stack_count_rest(stack, &late);
	_mm512_store_si512(stack->page, page);
	_mm512_store_si512(stack->time, time);
	stack->now = now;
	stack->runs += batch->count;
	stack->references += references;
	return BEL_OK;
}

BEL_AVX512 int bel_lru_stack_feed_avx512(
	struct bel_lru_stack *stack, const struct bel_batch *batch, struct bel_err *err)
{
	const bool many = stack->pages > BEL_LRU_MANY;

	if (stack->entry)
		return many ? feed(stack, batch, true, true, true, err)
			    : feed(stack, batch, true, false, true, err);
	if (stack->level)
		return many ? feed(stack, batch, true, true, false, err)
			    : feed(stack, batch, true, false, false, err);
	return many ? feed(stack, batch, false, true, false, err)
		    : feed(stack, batch, false, false, false, err);
}

#else

int bel_lru_stack_feed_avx512(
	struct bel_lru_stack *stack, const struct bel_batch *batch, struct bel_err *err)
{
	return bel_lru_stack_feed(stack, batch, err);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * due_stack.h: a stack of numbers with one operation: a carried number walks down. It is exchanged
 * for every larger number that it meets, until the number `now` is found. The carried number
 * takes the place of `now`.
 *
 * A walk of 1,000 steps makes about 5 exchanges. So each line of 16 places has its latest and its
 * soonest number beside it, and each group of 16 lines, too. Lines and groups in which nothing
 * would be exchanged are skipped. Memory: 4.5 bytes per place.
 *
 * Empty places hold BEL_DUE_NEVER, as pages do that are never used again. So a number that is
 * carried to the end takes the first empty place.
 *
 * Threads: one at a time. The SIMD and the portable form give the same results.
 */
#ifndef BEL_DUE_STACK_H
#define BEL_DUE_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "policy.h"
#include "simd.h"

#define BEL_DUE_NEVER UINT32_MAX

enum { BEL_DUE_LINE = 16, BEL_DUE_NEAR = 3 * BEL_DUE_LINE };

struct bel_due_stack {
	/* The first places. Most walks of captured programs end here, so they are kept simple. */
	uint32_t near[BEL_DUE_NEAR] __attribute__((aligned(64)));
	uint32_t *number;    /* the others: whole groups, aligned to lines */
	uint32_t *latest[2]; /* of each line, of each group */
	uint32_t *soonest[2];
	size_t groups; /* a multiple of 16 */
};

/* All places are empty. */
int bel_due_stack_init(struct bel_due_stack *stack, size_t places, struct bel_err *err);
void bel_due_stack_release(struct bel_due_stack *stack);

/*
 * Carries a number down. Returns 1 + the place where `now` was, or 0 if it is not in the stack.
 * No two numbers are equal, except BEL_DUE_NEVER, and none is below `now`.
 */
size_t bel_due_stack_walk(struct bel_due_stack *stack, uint32_t now, uint32_t carry);

/*
 * A number walks through a line. Returns 1 + the lane where `now` was, or 0 if it is not here; then
 * *carry is the number that leaves the line.
 */
BEL_INLINE unsigned bel_due_line_sink(uint32_t *line, uint32_t now, uint32_t *carry)
{
	for (unsigned k = 0; k < BEL_DUE_LINE; k++) {
		const uint32_t here = line[k];

		if (here == now) {
			line[k] = *carry;
			return k + 1;
		}
		line[k] = here < *carry ? here : *carry;
		*carry = here < *carry ? *carry : here;
	}
	return 0;
}

#if defined(__x86_64__)
size_t bel_due_stack_walk_avx512(struct bel_due_stack *stack, uint32_t now, uint32_t carry);

static inline BEL_AVX512 unsigned bel_due_line_sink_avx512(
	uint32_t *line, uint32_t now, uint32_t *carry)
{
	const __m512i numbers = _mm512_load_si512(line), none = _mm512_setzero_si512();
	const unsigned found = _mm512_cmpeq_epi32_mask(numbers, _mm512_set1_epi32((int)now));
	/* The number carried to each lane: the latest of all numbers before it. */
	__m512i later = _mm512_alignr_epi32(numbers, _mm512_set1_epi32((int)*carry), 15);

	later = _mm512_max_epu32(later, _mm512_alignr_epi32(later, none, 15));
	later = _mm512_max_epu32(later, _mm512_alignr_epi32(later, none, 14));
	later = _mm512_max_epu32(later, _mm512_alignr_epi32(later, none, 12));
	later = _mm512_max_epu32(later, _mm512_alignr_epi32(later, none, 8));
	if (found) {
		const __m512i sooner =
			_mm512_mask_min_epu32(numbers, (__mmask16)(found - 1), numbers, later);

		_mm512_store_si512(line, _mm512_mask_mov_epi32(sooner, (__mmask16)found, later));
		return (unsigned)__builtin_ctz(found) + 1;
	}
	_mm512_store_si512(line, _mm512_min_epu32(numbers, later));
	*carry = (uint32_t)_mm_extract_epi32(
		_mm512_extracti32x4_epi32(_mm512_max_epu32(numbers, later), 3), 3);
	return 0;
}
#endif

#endif

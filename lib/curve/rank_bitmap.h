/* SPDX-License-Identifier: MIT */
/*
 * rank_bitmap.h: a bitmap that counts the set bits behind a place in a few vector operations.
 *
 * Bits are set at ever higher places and cleared anywhere. There are counters for each 512, 8192
 * and 131072 bits. So a count needs three partial sums of at most 16 terms, and a sum over the
 * largest counters. Memory: 1.1 bits per place.
 *
 * The SIMD and the portable form give the same results. A loop gets its form as a constant, so
 * that one source serves both.
 */
#ifndef BEL_RANK_BITMAP_H
#define BEL_RANK_BITMAP_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "policy.h"
#include "simd.h"

enum {
	BEL_RANK_LINE = 512,        /* bits per line: one vector */
	BEL_RANK_LINES = 16,        /* lines per group, and groups per block */
	BEL_RANK_BLOCK = 512 * 256, /* bits per block */
};

struct bel_rank_bitmap {
	uint64_t *word;  /* places / 64, aligned to a line */
	uint32_t *line;  /* set bits per line */
	uint32_t *group; /* set bits in 16 lines */
	uint32_t *block; /* set bits in 16 groups */
	size_t places;   /* a multiple of BEL_RANK_BLOCK */
};

/* All bits are clear. `places` is rounded up to whole blocks. */
int bel_rank_bitmap_init(struct bel_rank_bitmap *map, size_t places, struct bel_err *err);
void bel_rank_bitmap_release(struct bel_rank_bitmap *map);
void bel_rank_bitmap_clear(struct bel_rank_bitmap *map);

BEL_INLINE void bel_rank_bitmap_set(struct bel_rank_bitmap *map, size_t place)
{
	map->word[place / 64] |= UINT64_C(1) << (place % 64);
	map->line[place / BEL_RANK_LINE]++;
	map->group[place / (BEL_RANK_LINE * BEL_RANK_LINES)]++;
	map->block[place / BEL_RANK_BLOCK]++;
}

BEL_INLINE void bel_rank_bitmap_unset(struct bel_rank_bitmap *map, size_t place)
{
	map->word[place / 64] &= ~(UINT64_C(1) << (place % 64));
	map->line[place / BEL_RANK_LINE]--;
	map->group[place / (BEL_RANK_LINE * BEL_RANK_LINES)]--;
	map->block[place / BEL_RANK_BLOCK]--;
}

/* Set bits in the blocks behind the block of `place`, up to place `end` (exclusive). */
BEL_INLINE size_t bel_rank_bitmap_blocks(
	const struct bel_rank_bitmap *map, size_t place, size_t end)
{
	size_t sum = 0;

	for (size_t b = place / BEL_RANK_BLOCK + 1; b * BEL_RANK_BLOCK < end; b++)
		sum += map->block[b];
	return sum;
}

/* Set bits at places above `place`. No bit may be set at or above `end`. */
BEL_INLINE size_t bel_rank_bitmap_behind(
	const struct bel_rank_bitmap *map, size_t place, size_t end)
{
	const size_t line = place / BEL_RANK_LINE, group = line / BEL_RANK_LINES;
	const size_t last_line = group * BEL_RANK_LINES + BEL_RANK_LINES;
	const size_t last_group = group / BEL_RANK_LINES * BEL_RANK_LINES + BEL_RANK_LINES;
	size_t sum = bel_rank_bitmap_blocks(map, place, end);

	sum += (size_t)__builtin_popcountll(map->word[place / 64] >> (place % 64) >> 1);
	for (size_t w = place / 64 + 1; w % 8; w++)
		sum += (size_t)__builtin_popcountll(map->word[w]);
	for (size_t l = line + 1; l < last_line; l++)
		sum += map->line[l];
	for (size_t g = group + 1; g < last_group; g++)
		sum += map->group[g];
	return sum;
}

#if defined(__x86_64__)
static inline BEL_AVX512 size_t bel_rank_bitmap_behind_avx512(
	const struct bel_rank_bitmap *map, size_t place, size_t end)
{
	const size_t line = place / BEL_RANK_LINE, group = line / BEL_RANK_LINES;
	const unsigned word = place / 64 % 8;
	const __mmask16 lines = (__mmask16)(0xfffeu << line % BEL_RANK_LINES);
	const __mmask16 groups = (__mmask16)(0xfffeu << group % BEL_RANK_LINES);
	const __m512i words = _mm512_load_si512(map->word + line * 8);
	const __m512i own = _mm512_maskz_mov_epi64((__mmask8)(0xffu << word), words);
	const uint64_t below = map->word[place / 64] & (UINT64_MAX >> (63 - place % 64));
	const __m512i counts = _mm512_add_epi32(
		_mm512_maskz_load_epi32(lines, map->line + line / BEL_RANK_LINES * BEL_RANK_LINES),
		_mm512_maskz_load_epi32(
			groups, map->group + group / BEL_RANK_LINES * BEL_RANK_LINES));

	return bel_rank_bitmap_blocks(map, place, end) +
	       (size_t)_mm512_reduce_add_epi32(_mm512_add_epi32(counts, _mm512_popcnt_epi64(own))) -
	       (size_t)__builtin_popcountll(below);
}
#endif

#endif

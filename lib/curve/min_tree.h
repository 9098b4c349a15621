/* SPDX-License-Identifier: MIT */
/*
 * min_tree.h: an array of small numbers that finds the nearest smaller number before a place in a
 * few vector operations.
 *
 * It is a 64-ary tree of minima over bytes: each byte of a level is the minimum of 64 bytes of the
 * level below. Values are at most BEL_MT_EMPTY, which marks an empty place. Memory: 1.02 bytes per
 * place.
 *
 * The SIMD and the portable form give the same results. A loop gets its form as a constant, so
 * that one source serves both.
 */
#ifndef BEL_MIN_TREE_H
#define BEL_MIN_TREE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "err.h"
#include "policy.h"
#include "simd.h"

enum {
	BEL_MT_LINE = 64,
	BEL_MT_EMPTY = 127,
	BEL_MT_LEVELS = 6, /* 64^6 places and more */
};

struct bel_min_tree {
	uint8_t *level[BEL_MT_LEVELS]; /* level[0] holds the values; whole, aligned lines */
	unsigned levels;               /* the last is one line */
	size_t places;                 /* a multiple of BEL_MT_LINE */
};

/* All places are empty. */
int bel_min_tree_init(struct bel_min_tree *tree, size_t places, struct bel_err *err);
void bel_min_tree_release(struct bel_min_tree *tree);

/* The bytes of a line that are below `value`; bit 0 is the first. */
BEL_INLINE uint64_t bel_line_below(const uint8_t *line, uint8_t value)
{
	uint64_t mask = 0;

	for (unsigned w = 0; w < 8; w++) {
		uint64_t bytes, below;

		/* Both are below 128, so no byte borrows from its neighbour. */
		memcpy(&bytes, line + w * 8, 8);
		below = ~((bytes | UINT64_C(0x8080808080808080)) -
				value * UINT64_C(0x0101010101010101)) &
			UINT64_C(0x8080808080808080);
		mask |= ((below >> 7) * UINT64_C(0x0102040810204080) >> 56) << (w * 8);
	}
	return mask;
}

BEL_INLINE uint8_t bel_line_least(const uint8_t *line)
{
	uint8_t least = BEL_MT_EMPTY;

	for (unsigned k = 0; k < BEL_MT_LINE; k++)
		least = line[k] < least ? line[k] : least;
	return least;
}

#if defined(__x86_64__)
static inline BEL_AVX512 uint64_t bel_line_below_avx512(const uint8_t *line, uint8_t value)
{
	return _mm512_cmplt_epu8_mask(_mm512_load_si512(line), _mm512_set1_epi8((char)value));
}

static inline BEL_AVX512 uint8_t bel_line_least_avx512(const uint8_t *line)
{
	const __m256i half = _mm256_min_epu8(_mm256_load_si256((const __m256i *)line),
		_mm256_load_si256((const __m256i *)(line + 32)));
	const __m128i quarter =
		_mm_min_epu8(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
	/* The least of 8 pairs: bytes widened from either half of each 16 bits. */
	const __m128i pairs = _mm_min_epu8(quarter, _mm_srli_epi16(quarter, 8));

	return (uint8_t)_mm_extract_epi16(
		_mm_minpos_epu16(_mm_and_si128(pairs, _mm_set1_epi16(0xff))), 0);
}
#endif

/* The operations on lines. They are constants in each loop. */
struct bel_line_ops {
	uint64_t (*below)(const uint8_t *line, uint8_t value);
	uint8_t (*least)(const uint8_t *line);
};

BEL_INLINE void bel_min_tree_set(
	struct bel_min_tree *tree, size_t place, uint8_t value, struct bel_line_ops ops)
{
	for (unsigned l = 0;; l++) {
		uint8_t *const at = &tree->level[l][place];
		const uint8_t was = *at, above = l + 1 < tree->levels
							 ? tree->level[l + 1][place / BEL_MT_LINE]
							 : value;

		*at = value;
		if (l + 1 == tree->levels)
			return;
		if (value < above) {
			place /= BEL_MT_LINE;
			continue;
		}
		if (was != above)
			return;
		value = ops.least(tree->level[l] + place / BEL_MT_LINE * BEL_MT_LINE);
		if (value == above)
			return;
		place /= BEL_MT_LINE;
	}
}

/* The nearest place before `place` whose value is below `value`; SIZE_MAX: none. */
BEL_INLINE size_t bel_min_tree_before(
	const struct bel_min_tree *tree, size_t place, uint8_t value, struct bel_line_ops ops)
{
	unsigned l = 0;
	uint64_t mask;

	for (;; l++, place /= BEL_MT_LINE) {
		if (l == tree->levels)
			return SIZE_MAX;
		mask = ops.below(tree->level[l] + place / BEL_MT_LINE * BEL_MT_LINE, value) &
		       ((UINT64_C(1) << place % BEL_MT_LINE) - 1);
		if (mask)
			break;
	}
	for (;; l--) {
		place = place / BEL_MT_LINE * BEL_MT_LINE + 63 - (size_t)__builtin_clzll(mask);
		if (!l)
			return place;
		place *= BEL_MT_LINE;
		mask = ops.below(tree->level[l - 1] + place, value);
	}
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * exchange_tree.h: an array of numbers, some places empty, with one operation: a number "sinks".
 * From a given place on, the carried number is exchanged for every smaller number that it meets.
 *
 * The numbers are in a 16-ary tree of minima: each element of a level is the minimum of one line
 * of the level below. Lines in which nothing would be exchanged are skipped. Lines are whole and
 * aligned. Memory: 4.3 bytes per place.
 *
 * The SIMD and the portable form give the same results. A loop gets its form as a constant, so
 * that one source serves both.
 */
#ifndef BEL_EXCHANGE_TREE_H
#define BEL_EXCHANGE_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "policy.h"
#include "simd.h"

#define BEL_NO_NUMERAL UINT32_MAX /* marks an empty place; above all numbers */

enum {
	BEL_NM_LINE = 16,
	BEL_NM_LEVELS = 8, /* 16^8 places */
	BEL_NM_BITS = 6,   /* significant bits of a rounded number */
};

struct bel_exchange_tree {
	uint32_t *level[BEL_NM_LEVELS]; /* level[0] holds the numbers */
	unsigned levels;                /* the last is one line */
	size_t places;                  /* a multiple of BEL_NM_LINE */
	uint32_t least;                 /* of all places */
};

/* All places are empty. */
int bel_exchange_tree_init(struct bel_exchange_tree *numerals, size_t places, struct bel_err *err);
void bel_exchange_tree_release(struct bel_exchange_tree *numerals);

/* Recomputes the minima from level[0], which the caller has filled. */
void bel_exchange_tree_build(struct bel_exchange_tree *numerals);

/* Rounds all numbers up. Different numbers may become equal, but never change order. */
void bel_exchange_tree_round(struct bel_exchange_tree *numerals);

/* Rounds up to the next number that has BEL_NM_BITS bits followed by zeros. */
BEL_INLINE uint32_t bel_exchange_round(uint32_t number)
{
	const unsigned bits = number > 1 ? 32 - (unsigned)__builtin_clz(number - 1) : 0;
	const unsigned shift = bits > BEL_NM_BITS ? bits - BEL_NM_BITS : 0;

	return number == BEL_NO_NUMERAL ? number : (((number - 1) >> shift) + 1) << shift;
}

/* A number sinks through a line from lane `from` on. 16: the line is not touched. */
BEL_INLINE void bel_exchange_tree_line_sink(uint32_t *line, unsigned from, uint32_t *carry)
{
	for (unsigned k = from; k < BEL_NM_LINE; k++) {
		const uint32_t here = line[k];

		line[k] = here < *carry ? *carry : here;
		*carry = here < *carry ? here : *carry;
	}
}

/* The first lane at or after `from` whose value is below `value`; 16: none. */
BEL_INLINE unsigned bel_exchange_tree_line_first(
	const uint32_t *line, unsigned from, uint32_t value)
{
	while (from < BEL_NM_LINE && line[from] >= value)
		from++;
	return from;
}

BEL_INLINE uint32_t bel_exchange_tree_line_least(const uint32_t *line)
{
	uint32_t least = BEL_NO_NUMERAL;

	for (unsigned k = 0; k < BEL_NM_LINE; k++)
		least = line[k] < least ? line[k] : least;
	return least;
}

#if defined(__x86_64__)
static inline BEL_AVX512 void bel_exchange_tree_line_sink_avx512(
	uint32_t *line, unsigned from, uint32_t *carry)
{
	const __m512i all = _mm512_load_si512(line), none = _mm512_set1_epi32(-1);
	const __mmask16 open = (__mmask16)(0xffffu << from);
	const __m512i keys = _mm512_mask_mov_epi32(none, open, all);
	/* The number carried to each lane: the minimum of all numbers before it. */
	__m512i least = _mm512_alignr_epi32(keys, _mm512_set1_epi32((int)*carry), 15);

	least = _mm512_min_epu32(least, _mm512_alignr_epi32(least, none, 15));
	least = _mm512_min_epu32(least, _mm512_alignr_epi32(least, none, 14));
	least = _mm512_min_epu32(least, _mm512_alignr_epi32(least, none, 12));
	least = _mm512_min_epu32(least, _mm512_alignr_epi32(least, none, 8));
	_mm512_store_si512(line, _mm512_mask_max_epu32(all, open, all, least));
	*carry = (uint32_t)_mm_extract_epi32(
		_mm512_extracti32x4_epi32(_mm512_min_epu32(keys, least), 3), 3);
}

static inline BEL_AVX512 unsigned bel_exchange_tree_line_first_avx512(
	const uint32_t *line, unsigned from, uint32_t value)
{
	const unsigned below =
		_mm512_cmplt_epu32_mask(_mm512_load_si512(line), _mm512_set1_epi32((int)value));

	return (unsigned)__builtin_ctz((below >> from << from) | 0x10000u);
}

static inline BEL_AVX512 uint32_t bel_exchange_tree_line_least_avx512(const uint32_t *line)
{
	return _mm512_reduce_min_epu32(_mm512_load_si512(line));
}
#endif

/* The operations on lines. They are constants in each loop. */
struct bel_exchange_ops {
	void (*sink)(uint32_t *line, unsigned from, uint32_t *carry);
	unsigned (*first)(const uint32_t *line, unsigned from, uint32_t value);
	uint32_t (*least)(const uint32_t *line);
	/* bel_exchange_tree_under() with these operations. */
	uint32_t (*under)(
		struct bel_exchange_tree *numerals, unsigned level, size_t line, uint32_t carry);
};

/*
 * A number sinks through all places below a line of minima, from lane `from` on. A line that a
 * number sinks through gives up its minimum, so the next carried number is known before the line
 * is processed.
 */
BEL_INLINE void bel_exchange_tree_above(struct bel_exchange_tree *numerals, unsigned level,
	size_t line, unsigned from, uint32_t *carry, const struct bel_exchange_ops ops)
{
	uint32_t *const least = numerals->level[level] + line * BEL_NM_LINE;

	while ((from = ops.first(least, from, *carry)) < BEL_NM_LINE) {
		const uint32_t next = least[from];

		least[from] = ops.under(numerals, level - 1, line * BEL_NM_LINE + from, *carry);
		*carry = next;
		from++;
	}
}

/* A number sinks through a whole line and everything below it. Returns the line's new minimum. */
BEL_INLINE uint32_t bel_exchange_tree_under_line(struct bel_exchange_tree *numerals, unsigned level,
	size_t line, uint32_t carry, const struct bel_exchange_ops ops)
{
	uint32_t *const least = numerals->level[level] + line * BEL_NM_LINE;

	if (level)
		bel_exchange_tree_above(numerals, level, line, 0, &carry, ops);
	else
		ops.sink(least, 0, &carry);
	return ops.least(least);
}

/*
 * Empties a place; its number sinks through the places after it. Returns the number carried at the
 * end.
 */
BEL_INLINE uint32_t bel_exchange_tree_take(
	struct bel_exchange_tree *numerals, size_t place, const struct bel_exchange_ops ops)
{
	size_t line = place / BEL_NM_LINE;
	uint32_t *at = numerals->level[0] + line * BEL_NM_LINE, carry = at[place % BEL_NM_LINE];

	at[place % BEL_NM_LINE] = BEL_NO_NUMERAL;
	ops.sink(at, place % BEL_NM_LINE + 1, &carry);
	for (unsigned l = 1; l < numerals->levels; l++) {
		const unsigned lane = line % BEL_NM_LINE;
		const uint32_t least = ops.least(at);

		line /= BEL_NM_LINE;
		at = numerals->level[l] + line * BEL_NM_LINE;
		at[lane] = least;
		bel_exchange_tree_above(numerals, l, line, lane + 1, &carry, ops);
	}
	numerals->least = ops.least(at);
	return carry;
}

/* A number sinks through all places. Returns the number carried at the end: the minimum. */
BEL_INLINE uint32_t bel_exchange_tree_sink(
	struct bel_exchange_tree *numerals, uint32_t number, const struct bel_exchange_ops ops)
{
	const uint32_t least = numerals->least;

	if (number <= least)
		return number;
	numerals->least = ops.under(numerals, numerals->levels - 1, 0, number);
	return least;
}

/* Stores a number in an empty place. */
BEL_INLINE void bel_exchange_tree_put(
	struct bel_exchange_tree *numerals, size_t place, uint32_t number)
{
	numerals->level[0][place] = number;
	if (number < numerals->least)
		numerals->least = number;
	for (unsigned l = 1; l < numerals->levels; l++) {
		place /= BEL_NM_LINE;
		if (numerals->level[l][place] <= number)
			return;
		numerals->level[l][place] = number;
	}
}

#endif

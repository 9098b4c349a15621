/* SPDX-License-Identifier: MIT */
/*
 * newlines.h: lists the newlines of a block of text.
 *
 * 64 bytes give one bit mask, and a mask gives its first positions without a branch on their
 * number. A reader that knows where lines begin does not wait for the end of one before it starts
 * the next: the CPU works on several at once.
 *
 * Private to lib/formats. A scanner with variants for the CPU's instructions, such as lackey_scan.c,
 * inlines these functions.
 */
#ifndef BEL_NEWLINES_H
#define BEL_NEWLINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BEL_NEWLINES_BLOCK 4096 /* bytes of text whose newlines are listed together */
#define BEL_NEWLINES_USUAL 5    /* newlines in 64 bytes of usual records, at most */
#define BEL_NEWLINES_MOST (BEL_NEWLINES_BLOCK + BEL_NEWLINES_USUAL) /* room for positions */

#define BEL_ALWAYS_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)

#include <immintrin.h>

BEL_ALWAYS_INLINE size_t bel_first_bit(uint64_t mask)
{
	return (size_t)__builtin_ctzll(mask);
}

/* Lists the positions of newlines in `length` (a multiple of 64, at most BEL_NEWLINES_BLOCK) bytes. */
BEL_ALWAYS_INLINE size_t bel_newlines_vector(
	const uint8_t *text, size_t length, uint16_t *places, uint64_t (*newlines)(const uint8_t *))
{
	size_t count = 0;

	for (size_t at = 0; at < length; at += 64) {
		uint64_t mask = newlines(text + at);
		const size_t found = (size_t)__builtin_popcountll(mask);

		/* Always write BEL_NEWLINES_USUAL positions: a branch on their number would be mispredicted. */
#pragma GCC unroll 5
		for (size_t i = 0; i < BEL_NEWLINES_USUAL; i++) {
			places[count + i] = (uint16_t)(at + bel_first_bit(mask | 1ull << 63));
			mask &= mask - 1;
		}
		for (size_t i = BEL_NEWLINES_USUAL; i < found; i++) {
			places[count + i] = (uint16_t)(at + bel_first_bit(mask));
			mask &= mask - 1;
		}
		count += found;
	}
	return count;
}

BEL_ALWAYS_INLINE uint64_t bel_newlines_sse2(const uint8_t *text)
{
	const __m128i newline = _mm_set1_epi8('\n');
	uint64_t mask = 0;

	for (int i = 0; i < 4; i++) {
		const __m128i part = _mm_loadu_si128((const void *)(text + 16 * i));

		mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part, newline))
			<< 16 * i;
	}
	return mask;
}

#define BEL_WITH_AVX2 __attribute__((target("avx2,bmi,popcnt")))

BEL_WITH_AVX2 BEL_ALWAYS_INLINE uint64_t bel_newlines_avx2(const uint8_t *text)
{
	const __m256i newline = _mm256_set1_epi8('\n');
	const __m256i low = _mm256_loadu_si256((const void *)text);
	const __m256i high = _mm256_loadu_si256((const void *)(text + 32));

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, newline)) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, newline)) << 32;
}

static inline bool bel_newlines_avx2_usable(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("popcnt");
}

#endif

#endif

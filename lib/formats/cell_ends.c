/* SPDX-License-Identifier: MIT */
/* cell_ends.c: lists ends of cells by the best instructions of the CPU. */
#include "cell_ends.h"

#include "newlines.h"

#if defined(__x86_64__)

BEL_ALWAYS_INLINE uint64_t ends_sse2(const uint8_t *text, uint8_t separator)
{
	const __m128i newline = _mm_set1_epi8('\n'), other = _mm_set1_epi8((char)separator);
	uint64_t mask = 0;

	for (int i = 0; i < 4; i++) {
		const __m128i part = _mm_loadu_si128((const void *)(text + 16 * i));
		const __m128i is_end =
			_mm_or_si128(_mm_cmpeq_epi8(part, newline), _mm_cmpeq_epi8(part, other));

		mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(is_end) << 16 * i;
	}
	return mask;
}

BEL_WITH_AVX2 BEL_ALWAYS_INLINE uint64_t ends_avx2(const uint8_t *text, uint8_t separator)
{
	const __m256i newline = _mm256_set1_epi8('\n'), other = _mm256_set1_epi8((char)separator);
	uint64_t mask = 0;

	for (int i = 0; i < 2; i++) {
		const __m256i part = _mm256_loadu_si256((const void *)(text + 32 * i));
		const __m256i is_end = _mm256_or_si256(
			_mm256_cmpeq_epi8(part, newline), _mm256_cmpeq_epi8(part, other));

		mask |= (uint64_t)(uint32_t)_mm256_movemask_epi8(is_end) << 32 * i;
	}
	return mask;
}

/* Lists the positions in `length` bytes, rounded up to a multiple of 64. */
BEL_ALWAYS_INLINE size_t list(const uint8_t *text, size_t length, uint8_t separator,
	uint16_t *places, uint64_t (*ends)(const uint8_t *, uint8_t))
{
	size_t count = 0;

	for (size_t at = 0; at < length; at += 64) {
		uint64_t mask = ends(text + at, separator);
		const size_t found = (size_t)__builtin_popcountll(mask);
		size_t i = 0;

		/* Several positions for one branch: a branch on their number is mispredicted. */
		do {
#pragma GCC unroll 8
			for (size_t k = 0; k < BEL_CELL_ENDS_ONCE / 2; k++) {
				places[count + i + k] =
					(uint16_t)(at + bel_first_bit(mask | 1ull << 63));
				mask &= mask - 1;
			}
			i += BEL_CELL_ENDS_ONCE / 2;
		} while (i < found);
		count += found;
	}
	return count;
}

BEL_WITH_AVX2 static size_t list_avx2(
	const uint8_t *text, size_t length, uint8_t separator, uint16_t *places)
{
	return list(text, length, separator, places, ends_avx2);
}

static size_t list_any(const uint8_t *text, size_t length, uint8_t separator, uint16_t *places)
{
	return bel_newlines_avx2_usable() ? list_avx2(text, length, separator, places)
					  : list(text, length, separator, places, ends_sse2);
}

#else

static size_t list_any(const uint8_t *text, size_t length, uint8_t separator, uint16_t *places)
{
	size_t count = 0;

	for (size_t at = 0; at < length; at++) {
		places[count] = (uint16_t)at;
		count += text[at] == separator || text[at] == '\n';
	}
	return count;
}

#endif

size_t bel_cell_ends_list(const uint8_t *text, size_t length, uint8_t separator, uint16_t *places)
{
	size_t count = list_any(text, length, separator, places);

	/* Ends in the bytes after the text, and cells of a row that goes on there. */
	while (count && (places[count - 1] >= length || text[places[count - 1]] != '\n'))
		count--;
	return count;
}

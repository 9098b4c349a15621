/* SPDX-License-Identifier: MIT */
/* newlines.c: lists newlines by the best instructions of the CPU. */
#include "newlines.h"

#include <string.h>

#if defined(__x86_64__)

BEL_WITH_AVX2 static size_t list_avx2(const uint8_t *text, size_t length, uint16_t *places)
{
	return bel_newlines_vector(text, length, places, bel_newlines_avx2);
}

size_t bel_newlines_list(const uint8_t *text, size_t length, uint16_t *places)
{
	const size_t whole = (length + 63) & ~(size_t)63;
	size_t count = bel_newlines_avx2_usable()
			       ? list_avx2(text, whole, places)
			       : bel_newlines_vector(text, whole, places, bel_newlines_sse2);

	/* Newlines in the bytes after the text. */
	while (count && places[count - 1] >= length)
		count--;
	return count;
}

#else

size_t bel_newlines_list(const uint8_t *text, size_t length, uint16_t *places)
{
	const uint8_t *at = text, *const stop = text + length;
	size_t count = 0;

	while (at < stop && (at = memchr(at, '\n', (size_t)(stop - at)))) {
		places[count++] = (uint16_t)(at - text);
		at++;
	}
	return count;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * lackey_scan.c: turns plain lackey records into references, one block of text at a time.
 *
 * First, the newlines of a block are listed (newlines.h). Then each line is
 * read backwards from its newline: the size, the comma, and the 16 bytes before
 * the comma, whose hexadecimal digits are converted together. No line depends on
 * the previous one, so the CPU works on several lines at once.
 */
#include "lackey_scan.h"

#include <string.h>

#include "newlines.h"
#include "text_words.h"

#define ALWAYS BEL_ALWAYS_INLINE

/* "I  ", " L ", " S ", " M " as little-endian numbers; index: low three bits of byte 0 | byte 1. */
static const uint32_t heads[8] = {[1] = 0x202049, [4] = 0x204c20, [3] = 0x205320, [5] = 0x204d20};
static const uint8_t kinds[8] = {
	[1] = BEL_FETCH, [4] = BEL_LOAD, [3] = BEL_STORE, [5] = BEL_MODIFY};

/* The kind of the line that starts with these four bytes, or -1. */
ALWAYS int line_kind(uint32_t start)
{
	const uint32_t head = start & 0xffffff, slot = (start | start >> 8) & 7;

	return heads[slot] == head ? kinds[slot] : -1;
}

static bool always_usable(void)
{
	return true;
}

static int digit_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool scalar_line(const uint8_t *start, const uint8_t *end, struct bel_access *access)
{
	const uint8_t *at = start + 3;
	uint64_t address = 0;
	uint32_t size;
	int kind, digit;

	if (end - start < 6)
		return false;
	kind = line_kind(start[0] | (uint32_t)start[1] << 8 | (uint32_t)start[2] << 16);
	for (; at < end && (digit = digit_value(*at)) >= 0; at++)
		address = address << 4 | (uint64_t)digit;
	if (kind < 0 || at == start + 3 || at - start > 3 + 16 || at >= end || *at != ',')
		return false;
	at++;
	if (end - at < 1 || end - at > 2 || (uint8_t)(at[0] - '0') > 9)
		return false;
	size = at[0] - '0';
	if (end - at == 2) {
		if ((uint8_t)(at[1] - '0') > 9)
			return false;
		size = size * 10 + (at[1] - '0');
	}
	*access = (struct bel_access){address, size, (uint8_t)kind};
	return size > 0;
}

static size_t scan_scalar(
	const uint8_t *text, size_t length, struct bel_access *out, size_t capacity, size_t *taken)
{
	const uint8_t *at = text, *const stop = text + length, *end;
	size_t count = 0;

	while (count < capacity && at < stop) {
		end = memchr(at, '\n', (size_t)(stop - at));
		if (!end || !scalar_line(at, end, &out[count]))
			break;
		count++;
		at = end + 1;
	}
	*taken = (size_t)(at - text);
	return count;
}

#if defined(__x86_64__)

ALWAYS bool vector_line(const uint8_t *start, const uint8_t *end, const struct bel_hex_patterns *p,
	struct bel_access *access)
{
	const bool two = end[-2] != ',';
	const uint8_t *comma = end - 2 - two;
	const size_t digits = (size_t)(comma - start) - 3;
	uint32_t size = (uint8_t)(end[-1] - '0');
	uint64_t address;
	uint32_t head;
	int kind;

	memcpy(&head, start, sizeof(head));
	kind = line_kind(head);
	/* For lines shorter than a record, the digit count wraps to a huge number. */
	if (digits - 1 >= 16 || kind < 0 || size > 9)
		return false;
	if (two) {
		const uint32_t tens = (uint8_t)(end[-2] - '0');

		if (tens > 9 || *comma != ',')
			return false;
		size += tens * 10;
	}
	if (!bel_hex_before(comma, digits, p, &address) || size == 0)
		return false;
	*access = (struct bel_access){address, size, (uint8_t)kind};
	return true;
}

ALWAYS size_t scan_vector(const uint8_t *text, size_t length, struct bel_access *out,
	size_t capacity, size_t *taken, uint64_t (*newlines)(const uint8_t *))
{
	const struct bel_hex_patterns patterns = bel_hex_patterns_make();
	uint16_t places[BEL_NEWLINES_MOST];
	const uint8_t *start = text;
	size_t count = 0;

	for (size_t block = 0; block < length; block += BEL_NEWLINES_BLOCK) {
		const uint8_t *const base = text + block;
		const size_t left = length - block,
			     here = left < BEL_NEWLINES_BLOCK ? left : BEL_NEWLINES_BLOCK;
		const size_t found =
			bel_newlines_vector(base, (here + 63) & ~63ul, places, newlines);

		for (size_t i = 0; i < found; i++) {
			const uint8_t *const end = base + places[i];

			/* Ignore newlines in the bytes after the text. */
			if (places[i] >= here || count == capacity ||
				!vector_line(start, end, &patterns, &out[count])) {
				*taken = (size_t)(start - text);
				return count;
			}
			count++;
			start = end + 1;
		}
	}
	*taken = (size_t)(start - text);
	return count;
}

static size_t scan_sse2(
	const uint8_t *text, size_t length, struct bel_access *out, size_t capacity, size_t *taken)
{
	return scan_vector(text, length, out, capacity, taken, bel_newlines_sse2);
}

BEL_WITH_AVX2 static size_t scan_avx2(
	const uint8_t *text, size_t length, struct bel_access *out, size_t capacity, size_t *taken)
{
	return scan_vector(text, length, out, capacity, taken, bel_newlines_avx2);
}

#endif

static const struct bel_lackey_scanner scanners[] = {
#if defined(__x86_64__)
	{"avx2", bel_newlines_avx2_usable, scan_avx2},
	{"sse2", always_usable, scan_sse2},
#endif
	{"scalar", always_usable, scan_scalar},
};

const struct bel_lackey_scanner *bel_lackey_scanner_at(size_t index)
{
	return index < sizeof(scanners) / sizeof(*scanners) ? &scanners[index] : NULL;
}

const struct bel_lackey_scanner *bel_lackey_scanner_best(void)
{
	size_t i = 0;

	while (!scanners[i].usable())
		i++;
	return &scanners[i];
}

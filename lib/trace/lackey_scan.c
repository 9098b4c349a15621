/* SPDX-License-Identifier: MIT */
/*
 * lackey_scan.c: turns plain lackey records into references, one block of text at a time.
 *
 * First, the newlines of a block are listed: 64 bytes give one bit mask, and a mask
 * gives its first positions without a branch on their number. Then each line is
 * read backwards from its newline: the size, the comma, and the 16 bytes before
 * the comma, whose hexadecimal digits are converted together. No line depends on
 * the previous one, so the CPU works on several lines at once.
 */
#include "lackey_scan.h"

#include <string.h>

#define ALWAYS static inline __attribute__((always_inline))

#define BLOCK 4096 /* bytes of text whose newlines are listed together */
#define USUAL 5    /* maximum newlines in 64 bytes of usual records */

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

#include <immintrin.h>

/* The 16 bytes from [n] on are a mask that keeps the last n bytes of a vector. */
static const uint8_t last_bytes[32] = {[16] = 0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff,
	0xff};

struct patterns {
	__m128i zero, nine, a, five, low_nibble, low_byte;
};

/* Hides constants from the compiler, which would otherwise load them again for each line. */
ALWAYS struct patterns make_patterns(void)
{
	struct patterns p = {_mm_set1_epi8('0'), _mm_set1_epi8(9), _mm_set1_epi8('a'),
		_mm_set1_epi8(5), _mm_set1_epi8(15), _mm_set1_epi16(0xff)};

	__asm__("" : "+x"(p.zero), "+x"(p.nine), "+x"(p.a), "+x"(p.five));
	__asm__("" : "+x"(p.low_nibble), "+x"(p.low_byte));
	return p;
}

/* The number in the `digits` (1 to 16) characters before `comma`; false if one is not a digit. */
ALWAYS bool hex_before(
	const uint8_t *comma, size_t digits, const struct patterns *p, uint64_t *value)
{
	const __m128i text = _mm_loadu_si128((const void *)(comma - 16));
	const __m128i keep = _mm_loadu_si128((const void *)(last_bytes + digits));
	const __m128i number = _mm_sub_epi8(text, p->zero), letter = _mm_sub_epi8(text, p->a);
	const __m128i is_number = _mm_cmpeq_epi8(number, _mm_min_epu8(number, p->nine));
	const __m128i is_letter = _mm_cmpeq_epi8(letter, _mm_min_epu8(letter, p->five));
	const __m128i wrong = _mm_andnot_si128(_mm_or_si128(is_number, is_letter), keep);
	__m128i nibbles, bytes;

	/* The low four bits of 'a' are 1, so add 9 for letters. */
	nibbles =
		_mm_add_epi8(_mm_and_si128(text, p->low_nibble), _mm_and_si128(is_letter, p->nine));
	nibbles = _mm_and_si128(nibbles, keep);
	bytes = _mm_or_si128(_mm_slli_epi16(nibbles, 4), _mm_srli_epi16(nibbles, 8));
	bytes = _mm_and_si128(bytes, p->low_byte);
	bytes = _mm_packus_epi16(bytes, bytes);
	*value = __builtin_bswap64((uint64_t)_mm_cvtsi128_si64(bytes));
	return _mm_movemask_epi8(wrong) == 0;
}

ALWAYS bool vector_line(const uint8_t *start, const uint8_t *end, const struct patterns *p,
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
	if (!hex_before(comma, digits, p, &address) || size == 0)
		return false;
	*access = (struct bel_access){address, size, (uint8_t)kind};
	return true;
}

ALWAYS size_t first_bit(uint64_t mask)
{
	return (size_t)__builtin_ctzll(mask);
}

/* Lists the positions of newlines in `length` (a multiple of 64, at most BLOCK) bytes. */
ALWAYS size_t list_newlines(
	const uint8_t *text, size_t length, uint16_t *places, uint64_t (*newlines)(const uint8_t *))
{
	size_t count = 0;

	for (size_t at = 0; at < length; at += 64) {
		uint64_t mask = newlines(text + at);
		const size_t found = (size_t)__builtin_popcountll(mask);

		/* Always write USUAL positions: a branch on their number would be mispredicted. */
#pragma GCC unroll 5
		for (size_t i = 0; i < USUAL; i++) {
			places[count + i] = (uint16_t)(at + first_bit(mask | 1ull << 63));
			mask &= mask - 1;
		}
		for (size_t i = USUAL; i < found; i++) {
			places[count + i] = (uint16_t)(at + first_bit(mask));
			mask &= mask - 1;
		}
		count += found;
	}
	return count;
}

ALWAYS size_t scan_vector(const uint8_t *text, size_t length, struct bel_access *out,
	size_t capacity, size_t *taken, uint64_t (*newlines)(const uint8_t *))
{
	const struct patterns patterns = make_patterns();
	uint16_t places[BLOCK + USUAL];
	const uint8_t *start = text;
	size_t count = 0;

	for (size_t block = 0; block < length; block += BLOCK) {
		const uint8_t *const base = text + block;
		const size_t left = length - block, here = left < BLOCK ? left : BLOCK;
		const size_t found = list_newlines(base, (here + 63) & ~63ul, places, newlines);

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

ALWAYS uint64_t newlines_sse2(const uint8_t *text)
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

static size_t scan_sse2(
	const uint8_t *text, size_t length, struct bel_access *out, size_t capacity, size_t *taken)
{
	return scan_vector(text, length, out, capacity, taken, newlines_sse2);
}

#define WITH_AVX2 __attribute__((target("avx2,bmi,popcnt")))

WITH_AVX2 ALWAYS uint64_t newlines_avx2(const uint8_t *text)
{
	const __m256i newline = _mm256_set1_epi8('\n');
	const __m256i low = _mm256_loadu_si256((const void *)text);
	const __m256i high = _mm256_loadu_si256((const void *)(text + 32));

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, newline)) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, newline)) << 32;
}

WITH_AVX2 static size_t scan_avx2(
	const uint8_t *text, size_t length, struct bel_access *out, size_t capacity, size_t *taken)
{
	return scan_vector(text, length, out, capacity, taken, newlines_avx2);
}

static bool avx2_usable(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("popcnt");
}

#endif

static const struct bel_lackey_scanner scanners[] = {
#if defined(__x86_64__)
	{"avx2", avx2_usable, scan_avx2},
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

/* SPDX-License-Identifier: MIT */
/*
 * text_words.h: numbers and words of text, 8 bytes at a time. No branch depends on their length,
 * which the CPU would often predict wrongly: addresses of a heap and of a stack alternate.
 *
 * Private to lib/formats. 16 bytes before and after the start of a number or word must be readable, which
 * is so for the lines of struct bel_text.
 */
#ifndef BEL_TEXT_WORDS_H
#define BEL_TEXT_WORDS_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "newlines.h"

#define BEL_WORD_EACH UINT64_C(0x0101010101010101)
#define BEL_WORD_HIGH UINT64_C(0x8080808080808080)

/* 8 bytes; the first one is the lowest. */
static inline uint64_t bel_word_load(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

/* The number of 8 digits, the first one the highest. */
static inline uint64_t bel_word_decimal(uint64_t digits)
{
	const uint64_t pairs = digits * 10 + (digits >> 8);
	const uint64_t low = UINT64_C(0x000000ff000000ff);

	return ((pairs & low) * (100 + (UINT64_C(1000000) << 32)) +
		       ((pairs >> 16) & low) * (1 + (UINT64_C(10000) << 32))) >>
	       32;
}

#if defined(__x86_64__)

/* The 16 bytes from [n] on are a mask that keeps the last n bytes of a vector. */
static const uint8_t bel_last_bytes[32] = {[16] = 0xff,
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

struct bel_hex_patterns {
	__m128i zero, nine, a, five, low_nibble, low_byte;
};

/* Hides constants from the compiler, which would otherwise load them again for each line. */
BEL_ALWAYS_INLINE struct bel_hex_patterns bel_hex_patterns_make(void)
{
	struct bel_hex_patterns p = {_mm_set1_epi8('0'), _mm_set1_epi8(9), _mm_set1_epi8('a'),
		_mm_set1_epi8(5), _mm_set1_epi8(15), _mm_set1_epi16(0xff)};

	__asm__("" : "+x"(p.zero), "+x"(p.nine), "+x"(p.a), "+x"(p.five));
	__asm__("" : "+x"(p.low_nibble), "+x"(p.low_byte));
	return p;
}

/* The number in the `digits` (1 to 16) characters before `comma`; false if one is not a digit. */
BEL_ALWAYS_INLINE bool bel_hex_before(
	const uint8_t *comma, size_t digits, const struct bel_hex_patterns *p, uint64_t *value)
{
	const __m128i text = _mm_loadu_si128((const void *)(comma - 16));
	const __m128i keep = _mm_loadu_si128((const void *)(bel_last_bytes + digits));
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

/* The same in base 10. */
BEL_ALWAYS_INLINE bool bel_decimal_before(
	const uint8_t *end, size_t digits, const struct bel_hex_patterns *p, uint64_t *value)
{
	const __m128i text = _mm_loadu_si128((const void *)(end - 16));
	const __m128i keep = _mm_loadu_si128((const void *)(bel_last_bytes + digits));
	const __m128i number = _mm_and_si128(_mm_sub_epi8(text, p->zero), keep);
	const __m128i right = _mm_cmpeq_epi8(number, _mm_min_epu8(number, p->nine));

	*value = bel_word_decimal((uint64_t)_mm_cvtsi128_si64(number)) * 100000000 +
		 bel_word_decimal((uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(number, number)));
	return _mm_movemask_epi8(right) == 0xffff;
}

#else

/*
 * The high bits of bytes whose low 7 bits are at least `least` (1 to 127), or whose high bit is
 * set: no carry between bytes.
 */
static inline uint64_t bel_word_at_least(uint64_t word, uint8_t least)
{
	return (((word & ~BEL_WORD_HIGH) + BEL_WORD_EACH * (uint8_t)(0x80 - least)) | word) &
	       BEL_WORD_HIGH;
}

/* The bytes that are no decimal digit; *digits: their values. */
static inline uint64_t bel_word_not_decimal(uint64_t word, uint64_t *digits)
{
	*digits = word ^ BEL_WORD_EACH * '0';
	return bel_word_at_least(*digits, 10);
}

/* The bytes that are no hexadecimal digit. */
static inline uint64_t bel_word_not_hex(uint64_t word, uint64_t *digits)
{
	/* 1 to 6 for letters. */
	const uint64_t letter = (word | BEL_WORD_EACH * 0x20) ^ BEL_WORD_EACH * 0x60;
	const uint64_t no_letter = bel_word_at_least(letter, 7) | ~bel_word_at_least(letter, 1);

	*digits = (word & BEL_WORD_EACH * 15) + (word >> 6 & BEL_WORD_EACH) * 9;
	return bel_word_at_least(word ^ BEL_WORD_EACH * '0', 10) & no_letter & BEL_WORD_HIGH;
}

static inline uint64_t bel_word_hex(uint64_t digits)
{
	uint64_t pairs = (digits << 4 | digits >> 8) & UINT64_C(0x00ff00ff00ff00ff);

	pairs = (pairs | pairs >> 8) & UINT64_C(0x0000ffff0000ffff);
	return __builtin_bswap32((uint32_t)(pairs | pairs >> 16));
}

struct bel_hex_patterns {
	char none; /* other CPUs need no vectors of constants */
};

static inline struct bel_hex_patterns bel_hex_patterns_make(void)
{
	return (struct bel_hex_patterns){0};
}

/* A mask that keeps the last n (0 to 8) of 8 bytes. */
static inline uint64_t bel_word_last(size_t n)
{
	/* Twice by half: 64 at once is not possible. */
	return ~UINT64_C(0) << 4 * (8 - n) << 4 * (8 - n);
}

/* The number in the `digits` (1 to 16) characters before `end`; false if one is not a digit. */
static inline bool bel_hex_before(
	const uint8_t *end, size_t digits, const struct bel_hex_patterns *p, uint64_t *value)
{
	const uint64_t keep_low = bel_word_last(digits < 8 ? digits : 8);
	const uint64_t keep_high = bel_word_last(digits < 8 ? 0 : digits - 8);
	uint64_t low, high;
	const uint64_t wrong = (bel_word_not_hex(bel_word_load(end - 8), &low) & keep_low) |
			       (bel_word_not_hex(bel_word_load(end - 16), &high) & keep_high);

	(void)p;
	*value = bel_word_hex(high & keep_high) << 32 | bel_word_hex(low & keep_low);
	return !wrong;
}

/* The same in base 10. */
static inline bool bel_decimal_before(
	const uint8_t *end, size_t digits, const struct bel_hex_patterns *p, uint64_t *value)
{
	const uint64_t keep_low = bel_word_last(digits < 8 ? digits : 8);
	const uint64_t keep_high = bel_word_last(digits < 8 ? 0 : digits - 8);
	uint64_t low, high;
	const uint64_t wrong = (bel_word_not_decimal(bel_word_load(end - 8), &low) & keep_low) |
			       (bel_word_not_decimal(bel_word_load(end - 16), &high) & keep_high);

	(void)p;
	*value = bel_word_decimal(high & keep_high) * 100000000 + bel_word_decimal(low & keep_low);
	return !wrong;
}

#endif

#endif

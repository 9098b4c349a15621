/* SPDX-License-Identifier: MIT */
/* lackey_record.c: lackey records in any spacing, and lines that nearly are records. */
#include "lackey_record.h"

#include <string.h>

#include "text.h"

#define VALGRIND_DIGITS 8 /* lackey prints addresses with %08lx */
#define ADDRESS_DIGITS 16
#define SIZE_DIGITS 9
#define LARGEST_SIZE 999999999u /* also in hexadecimal: it must be writable in decimal */

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool is_digit(uint8_t c)
{
	return (uint8_t)(c - '0') <= 9;
}

static bool is_hex(uint8_t c)
{
	return !(bel_text_digits[c] & 0x80);
}

static const uint8_t *skip_blanks(const uint8_t *p, const uint8_t *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static const uint8_t *skip_hex(const uint8_t *p, const uint8_t *end)
{
	while (p < end && is_hex(*p))
		p++;
	return p;
}

static const uint8_t *skip_digits(const uint8_t *p, const uint8_t *end)
{
	while (p < end && is_digit(*p))
		p++;
	return p;
}

/* The kind of a letter, or -1. */
static int kind_of(uint8_t letter)
{
	switch (letter | 0x20) {
	case 'i':
		return BEL_FETCH;
	case 'l':
		return BEL_LOAD;
	case 's':
		return BEL_STORE;
	case 'm':
		return BEL_MODIFY;
	default:
		return -1;
	}
}

static bool has_prefix(const uint8_t *p, const uint8_t *end)
{
	return end - p > 2 && p[0] == '0' && (p[1] | 0x20) == 'x' && is_hex(p[2]);
}

/* Skips 1 to 16 hexadecimal digits; NULL if there are none, or more. */
static const uint8_t *take_hex(const uint8_t *p, const uint8_t *end, uint64_t *value)
{
	const uint8_t *const start = p += has_prefix(p, end) ? 2 : 0;

	*value = 0;
	for (; p < end && is_hex(*p); p++)
		*value = *value << 4 | bel_text_digits[*p];
	return p == start || p - start > ADDRESS_DIGITS ? NULL : p;
}

/* Skips a size that is not 0; NULL if there is none. */
static const uint8_t *take_size(const uint8_t *p, const uint8_t *end, uint32_t *size)
{
	const uint8_t *const start = p;
	uint64_t value = 0;

	if (has_prefix(p, end)) {
		p = take_hex(p, end, &value);
	} else {
		for (; p < end && is_digit(*p) && p - start <= SIZE_DIGITS; p++)
			value = value * 10 + (uint64_t)(*p - '0');
		if (p - start > SIZE_DIGITS)
			return NULL;
	}
	*size = (uint32_t)value;
	return value && value <= LARGEST_SIZE ? p : NULL;
}

const uint8_t *bel_lackey_record_first(
	const uint8_t *line, const uint8_t *end, struct bel_access *access)
{
	const uint8_t *p = skip_blanks(line, end);
	const int kind = p < end ? kind_of(*p) : -1;

	if (kind < 0 || end - p < 2 || !is_blank(p[1]))
		return NULL;
	p = take_hex(skip_blanks(p + 1, end), end, &access->address);
	if (!p)
		return NULL;
	p = skip_blanks(p, end);
	if (p == end || *p != ',')
		return NULL;
	p = take_size(skip_blanks(p + 1, end), end, &access->size);
	access->kind = (uint8_t)kind;
	return p ? skip_blanks(p, end) : NULL;
}

bool bel_lackey_record_alone(const uint8_t *line, const uint8_t *end, struct bel_access *access)
{
	const uint8_t *const p = bel_lackey_record_first(line, end, access);

	return p && (p == end || (*p == '\r' && p + 1 == end));
}

/* Where the record with an address at p starts; NULL: there is no record. */
static const uint8_t *glued_head(const uint8_t *line, const uint8_t *p, size_t digits)
{
	static const char heads[][4] = {"I  ", " L ", " S ", " M "};

	for (size_t i = 0; p - line >= 3 && i < sizeof(heads) / sizeof(*heads); i++) {
		if (memcmp(p - 3, heads[i], 3) == 0)
			return p - 3;
	}
	if (digits < VALGRIND_DIGITS || p - line < 2 || !is_blank(p[-1]))
		return NULL;
	while (p > line && is_blank(p[-1]))
		p--;
	if (p == line || kind_of(p[-1]) < 0)
		return NULL;
	/* In Valgrind's lines, the letters of other kinds follow a blank. */
	if (p[-1] == 'I' || p - 1 == line || is_blank(p[-2]))
		return p - 1;
	return NULL;
}

const uint8_t *bel_lackey_record_last(
	const uint8_t *line, const uint8_t *end, struct bel_access *access)
{
	const uint8_t *p = end, *comma, *head;

	while (p > line && is_digit(p[-1]))
		p--;
	if (p == line || p == end || p[-1] != ',')
		return end;
	comma = --p;
	while (p > line && is_hex(p[-1]) && comma - p < ADDRESS_DIGITS)
		p--;
	head = p == comma ? NULL : glued_head(line, p, (size_t)(comma - p));
	return head && bel_lackey_record_first(head, end, access) == end ? head : end;
}

static bool is_separator(uint8_t c)
{
	return is_blank(c) || (c && strchr(":;=,|", c));
}

/* Whether the text after a kind's letter is an address, and the line thus nearly a record. */
static bool near_address(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *const start = p;
	const uint8_t *last;
	bool decimal = false;

	while (p < end && is_separator(*p))
		p++;
	if (p == end)
		return false;
	if (end - p > 1 && p[0] == '0' && (p[1] | 0x20) == 'x')
		return true;
	last = skip_hex(p, end);
	if (last == p)
		return false;
	for (const uint8_t *c = p; c < last; c++)
		decimal = decimal || is_digit(*c);
	/* "L04010180,8": without a blank, only a complete record cannot be a word. */
	if (p == start)
		return last - p >= 4 && last < end && *last == ',' && end - last > 1 &&
		       is_digit(last[1]);
	if (last - p > 4 && decimal)
		return true;
	p = skip_blanks(last, end);
	if (p < end && *p == ',')
		return skip_blanks(p + 1, end) == end || is_digit(*skip_blanks(p + 1, end));
	while (p < end && is_separator(*p))
		p++;
	return p > last && p < end && skip_digits(p, end) == end;
}

/* "...04010180,4" or, cut, "...I  04010180," at the end of a line. */
static bool near_end(const uint8_t *line, const uint8_t *end, bool kind_needed)
{
	const uint8_t *p = end, *comma;

	while (p > line && is_digit(p[-1]))
		p--;
	comma = p > line && p[-1] == ',' ? p - 1 : end;
	for (p = comma; p > line && is_hex(p[-1]); p--)
		;
	if (comma - p < VALGRIND_DIGITS || (p > line && !is_blank(p[-1])))
		return false;
	if (!kind_needed && end - comma > 1 && end - comma <= 4)
		return true;
	return glued_head(line, p, (size_t)(comma - p)) != NULL;
}

/* "I  ?4001000,3", "L?04001000,3": only one byte before most of the address is wrong. */
static bool near_front(const uint8_t *kind, const uint8_t *end)
{
	const uint8_t *const gap = skip_blanks(kind + 1, end);
	const uint8_t *digits, *comma;

	if (end - gap < VALGRIND_DIGITS || is_blank(gap[1]))
		return false;
	digits = gap + 1;
	comma = skip_hex(digits, end);
	return comma - digits >= VALGRIND_DIGITS - 1 && end - comma > 1 && *comma == ',' &&
	       is_digit(comma[1]);
}

bool bel_lackey_record_near(const uint8_t *line, const uint8_t *words, const uint8_t *end)
{
	const uint8_t *const p = skip_blanks(line, words);

	while (end > p && (is_blank(end[-1]) || end[-1] == '\r'))
		end--;
	if (words > end)
		words = end;
	/* With Valgrind's own spacing, one digit is enough. */
	if (words - line > 3 && is_hex(line[3]) &&
		(!memcmp(line, "I  ", 3) || !memcmp(line, " L ", 3) || !memcmp(line, " S ", 3) ||
			!memcmp(line, " M ", 3)))
		return true;
	if (words - p > 1 && kind_of(*p) >= 0 &&
		(near_address(p + 1, words) || near_front(p, words)))
		return true;
	return near_end(p, end, words < end);
}

size_t bel_lackey_record_scan(
	const uint8_t *text, size_t length, struct bel_access *out, size_t capacity, size_t *taken)
{
	const uint8_t *at = text, *const stop = text + length;
	size_t count = 0;

	while (count < capacity && at < stop) {
		const uint8_t *const end = memchr(at, '\n', (size_t)(stop - at));

		if (!end || !bel_lackey_record_alone(at, end, &out[count]))
			break;
		count++;
		at = end + 1;
	}
	*taken = (size_t)(at - text);
	return count;
}

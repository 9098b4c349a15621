/* SPDX-License-Identifier: MIT */
/*
 * number.c: counts and sizes as people type them.
 */
#include "number.h"

#include <string.h>
#include <strings.h>

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* The logarithm of a suffix; negative if the text is not a suffix. */
static int suffix_bits(const char *suffix)
{
	static const char letters[] = "kmgtpe";
	const char *found;

	if (!*suffix)
		return 0;
	if (!strcmp(suffix, "B"))
		return 0;
	/* Setting this bit makes an ASCII letter lower-case. */
	found = memchr(letters, *suffix | 0x20, sizeof(letters) - 1);
	if (!found || (suffix[1] && strcmp(suffix + 1, "iB")))
		return -1;
	return 10 * (int)(found - letters + 1);
}

/* What people write who do not know the suffixes, or forgot the number. */
static int not_a_number(const char *text, const char *what, const char *noun, struct bel_err *err)
{
	const size_t digits = strspn(text, "0123456789");

	if (!*text)
		return bel_usage(err, "%s: a %s is missing", what, noun);
	if (text[0] == '-' && digit_value(text[1]) < 10)
		return bel_usage(err, "%s: '%s' is negative", what, text);
	if (digits && strchr("kKmMgGtT", text[digits]) && !strcasecmp(text + digits + 1, "b"))
		return bel_usage(err, "%s: '%s': units are powers of 1024: %.*s%ciB", what, text,
			(int)digits, text, text[digits] & ~0x20);
	return bel_usage(err, "%s: '%s' is not a %s", what, text, noun);
}

static int parse(
	const char *text, const char *what, const char *noun, uint64_t *value, struct bel_err *err)
{
	const int hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const int base = hex ? 16 : 10;
	const char *p = hex ? text + 2 : text;
	const char *const first = p;
	uint64_t number = 0;
	int overflow = 0, bits;

	for (; digit_value(*p) < base; p++) {
		overflow |= __builtin_mul_overflow(number, (uint64_t)base, &number);
		overflow |= __builtin_add_overflow(number, (uint64_t)digit_value(*p), &number);
	}
	bits = suffix_bits(p);
	if (p == first || bits < 0)
		return not_a_number(text, what, noun, err);
	if (overflow || (number && bits > __builtin_clzll(number)))
		return bel_usage(err, "%s: '%s' is too large", what, text);
	*value = number << bits;
	return 0;
}

int bel_parse_number(const char *text, const char *what, uint64_t *value, struct bel_err *err)
{
	return parse(text, what, "whole number", value, err);
}

int bel_parse_page_size(const char *text, const char *what, unsigned *bits, struct bel_err *err)
{
	uint64_t size;
	const int r = parse(text, what, "size", &size, err);

	if (r < 0)
		return r;
	if (!size || size & (size - 1))
		return bel_usage(err, "%s: '%s' is not a power of two", what, text);
	*bits = (unsigned)__builtin_ctzll(size);
	return 0;
}

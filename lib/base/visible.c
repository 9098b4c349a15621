/* SPDX-License-Identifier: MIT */
/* visible.c: makes untrusted text safe to show. */
#include "visible.h"

#include <ctype.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

size_t bel_utf8_length(const char *text)
{
	const unsigned char *const s = (const unsigned char *)text;
	const size_t n = *s < 0x80 ? 1 : *s < 0xc2 ? 0 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;

	if (*s > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong sequences, surrogates, and values above the last code point. */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
		(s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* The code point of a valid sequence of n bytes. */
static uint32_t code_point(const char *text, size_t n)
{
	static const unsigned char lead[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t c = (unsigned char)*text & lead[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)text[i] & 0x3f);
	return c;
}

static bool steers(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
	       (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

size_t bel_visible_char(const char *text, char visible[static BEL_VISIBLE_CHAR])
{
	static const char digit[] = "0123456789abcdef";
	const size_t n = bel_utf8_length(text), taken = n ? n : 1;

	if (n && !steers(code_point(text, n))) {
		memcpy(visible, text, n);
		visible[n] = 0;
		return n;
	}
	for (size_t i = 0; i < taken; i++) {
		const unsigned char byte = (unsigned char)text[i];
		const char shown[4] = {'\\', 'x', digit[byte >> 4], digit[byte & 15]};

		memcpy(visible + 4 * i, shown, sizeof(shown));
	}
	visible[4 * taken] = 0;
	return taken;
}

/* Appends the whole text, or nothing of it if there is no room. */
static bool append(char *to, size_t capacity, size_t *used, const char *text)
{
	const size_t length = strlen(text);

	if (*used + length >= capacity)
		return false;
	memcpy(to + *used, text, length + 1);
	*used += length;
	return true;
}

const char *bel_visible_copy(char *to, size_t capacity, const char *text)
{
	char visible[BEL_VISIBLE_CHAR];
	size_t used = 0;

	*to = 0;
	while (*text) {
		text += bel_visible_char(text, visible);
		if (!append(to, capacity, &used, visible))
			break;
	}
	return to;
}

void bel_visible_put(FILE *file, const char *text)
{
	char visible[BEL_VISIBLE_CHAR];

	while (*text) {
		text += bel_visible_char(text, visible);
		fputs(visible, file);
	}
}

/* The last byte of what is quoted at `quote`, or `quote` if it is not closed. */
static const char *quote_end(const char *quote)
{
	const char *end = quote;

	/* Behind an apostrophe there is a letter. */
	while ((end = strchr(end + 1, '\'')))
		if (!isalnum((unsigned char)end[1]))
			return end;
	return quote;
}

/* The end of the word at `text`. Blanks may be in what is quoted. */
static const char *word_end(const char *text)
{
	for (bool letter = false; *text && *text != ' '; text++) {
		if (*text == '\'' && !letter)
			text = quote_end(text);
		letter = isalnum((unsigned char)*text);
	}
	return text;
}

/* Whether a word and the next one are of one command: "bel-info -q", "--top 5", "string '1 2'". */
static bool is_command(const char *word, const char *end, const char *next)
{
	if (end == word || strchr(":;,)", end[-1]))
		return false;
	word += *word == '(';
	return *word == '-' || !strncmp(word, "bel-", 4) || *next == '-' || *next == '\'';
}

/* The end of the words at `text` that stay on one line. */
static const char *unit_end(const char *text)
{
	while (true) {
		const char *const end = word_end(text), *const next = end + strspn(end, " ");

		if (!*next || !is_command(text, end, next))
			return end;
		text = next;
	}
}

const char *bel_visible_lines(char *to, size_t capacity, const char *text, size_t width)
{
	size_t used = 0, column = 0;

	*to = 0;
	while (*text) {
		/* What stays together, with the blanks before it. */
		const size_t blanks = strspn(text, " ");
		const char *const end = unit_end(text + blanks);
		const size_t columns = bel_visible_columns(text, (size_t)(end - text));

		column += columns;
		if (width && column > width && column > columns) {
			column = 2 + columns - blanks;
			text += blanks;
			if (!append(to, capacity, &used, "\n  "))
				return to;
		}
		while (text < end) {
			char visible[BEL_VISIBLE_CHAR];

			text += bel_visible_char(text, visible);
			if (!append(to, capacity, &used, visible))
				return to;
		}
	}
	return to;
}

char *bel_visible_dup(const char *text)
{
	char visible[BEL_VISIBLE_CHAR], *copy;
	size_t capacity = 1;

	for (const char *at = text; *at; capacity += strlen(visible))
		at += bel_visible_char(at, visible);
	copy = malloc(capacity);
	if (copy)
		bel_visible_copy(copy, capacity, text);
	return copy;
}

/* Columns of one shown character: those of its "\xNN", or those that the C library gives. */
static size_t columns_of(const char *visible)
{
	const size_t n = bel_utf8_length(visible);
	int columns;

	if (n <= 1)
		return strlen(visible);
	columns = wcwidth((wchar_t)code_point(visible, n));
	return columns < 0 ? 1 : (size_t)columns;
}

static size_t sum_columns(const char *text, const char *end)
{
	char visible[BEL_VISIBLE_CHAR];
	size_t width = 0;

	while (text < end) {
		text += bel_visible_char(text, visible);
		width += columns_of(visible);
	}
	return width;
}

size_t bel_visible_columns(const char *text, size_t length)
{
	const char *const end = text + length;
	bool ascii = true;
	locale_t utf8, before;
	size_t width;

	for (size_t i = 0; i < length; i++)
		ascii = ascii && !((unsigned char)text[i] & 0x80);
	/* A fixed locale: a character's width does not depend on the user's language. */
	utf8 = ascii ? (locale_t)0 : newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!utf8)
		return sum_columns(text, end);
	before = uselocale(utf8);
	width = sum_columns(text, end);
	uselocale(before);
	freelocale(utf8);
	return width;
}

size_t bel_visible_width(const char *text)
{
	return bel_visible_columns(text, strlen(text));
}

size_t bel_visible_letters(const char *text)
{
	char visible[BEL_VISIBLE_CHAR];
	size_t n = 0;

	while (*text) {
		const size_t bytes = bel_visible_char(text, visible);

		n += *visible == *text ? 1 : strlen(visible);
		text += bytes;
	}
	return n;
}

/* SPDX-License-Identifier: MIT */
/* text_look.c: counts words per line, and which words are numbers. */
#include "text_look.h"

#include <string.h>

#define LINES_MAX 1000

/* The counts of one line. */
struct line {
	unsigned words, numbers, marks;
	bool mark_first;
	bool comma; /* it ends with a comma */
};

static bool is_gap(uint8_t c)
{
	return c == ' ' || c == ',' || c == '\t' || c == '\r' || c == '\n';
}

/* Skips digits of a base at p; a value that is too large saturates. */
static const uint8_t *digits(
	const uint8_t *p, const uint8_t *end, unsigned base, uint64_t *value, bool *wide)
{
	*value = 0;
	*wide = false;
	for (; p < end && bel_text_digits[*p] < base; p++)
		if (__builtin_mul_overflow(*value, base, value) ||
			__builtin_add_overflow(*value, bel_text_digits[*p], value))
			*wide = true;
	return p;
}

static bool is_mark(uint8_t c)
{
	return (c | 0x20) == 'r' || (c | 0x20) == 'w';
}

static bool is_letter(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

static void note_number(struct bel_text_look *look, unsigned *kind, uint64_t value, bool wide)
{
	if (wide) {
		look->wide++;
		return;
	}
	++*kind;
	if (value > look->largest)
		look->largest = value;
}

/* Counts a word of decimal digits, with or without a mark; false: it is neither. */
static bool note_decimal(struct bel_text_look *look, const uint8_t *word, const uint8_t *end)
{
	uint64_t value;
	bool wide;
	const uint8_t *const after = digits(word, end, 10, &value, &wide);

	if (after == word)
		return false;
	if (after == end) {
		look->zeros += *word == '0' && end - word >= 4;
		note_number(look, &look->decimal, value, wide);
		return true;
	}
	if (after + 1 == end && is_mark(*after)) {
		note_number(look, &look->attached, value, wide);
		return true;
	}
	return false;
}

static bool note_prefixed(struct bel_text_look *look, const uint8_t *word, const uint8_t *end)
{
	uint64_t value;
	bool wide;
	const uint8_t *after;

	if (end - word < 3 || word[0] != '0' || (word[1] | 0x20) != 'x')
		return false;
	after = digits(word + 2, end, 16, &value, &wide);
	if (after == word + 2 || (after != end && (after + 1 != end || !is_mark(*after))))
		return false;
	note_number(look, after == end ? &look->prefixed : &look->attached, value, wide);
	return true;
}

static bool note_hex(struct bel_text_look *look, const uint8_t *word, const uint8_t *end)
{
	uint64_t value;
	bool wide;

	if (end - word < 2 || digits(word, end, 16, &value, &wide) != end)
		return false;
	note_number(look, &look->hex, value, wide);
	return true;
}

static void note_word(struct bel_text_look *look, const uint8_t *word, const uint8_t *end)
{
	uint64_t value;
	bool wide;

	look->words++;
	if (note_decimal(look, word, end) || note_prefixed(look, word, end))
		return;
	if (end - word == 1 && is_mark(*word))
		look->marks++;
	else if (end - word == 1 && is_letter(*word))
		look->letters++;
	else if (end - word == 1 && *word == '*')
		look->stars++;
	else if (end - word > 1 && *word == '-' && digits(word + 1, end, 10, &value, &wide) == end)
		look->wide++;
	else if (!note_hex(look, word, end))
		look->others++;
}

/* Counts the words of a line, [p, end). */
static struct line look_at_line(
	struct bel_text_look *look, const uint8_t *p, const uint8_t *end, uint32_t column)
{
	struct line line = {0};

	while (p < end) {
		const uint8_t *const word = p;

		if (is_gap(*p)) {
			line.comma = *p == ',' || (line.comma && *p != ',');
			look->commas += *p == ',';
			p++;
			continue;
		}
		if (*p == '#' || (*p == '/' && p + 1 < end && p[1] == '/'))
			break;
		while (p < end && !is_gap(*p))
			p++;
		line.comma = false;
		line.numbers += (uint8_t)(*word - '0') <= 9;
		line.marks += p - word == 1 && is_mark(*word);
		line.mark_first = line.mark_first || (!line.words && line.marks);
		if (column == BEL_TEXT_ALL_COLUMNS || column == line.words)
			note_word(look, word, p);
		line.words++;
	}
	return line;
}

static void add_line(struct bel_text_look *look, const struct line *line, unsigned *last)
{
	if (!line->words)
		return;
	if (!look->lines)
		look->columns_first = look->columns_min = line->words;
	else if (!look->columns_least || *last < look->columns_least)
		look->columns_least = *last;
	*last = line->words;
	look->lines++;
	look->continued_lines += line->comma;
	look->marks_first += line->mark_first;
	look->marked_lines += line->words == 2 && line->numbers && line->marks && !line->mark_first;
	if (line->words < look->columns_min)
		look->columns_min = line->words;
	if (line->words > look->columns_max)
		look->columns_max = line->words;
}

struct bel_text_look bel_text_look(const struct bel_probe *probe, uint32_t column)
{
	struct bel_text_look look = {0};
	const uint8_t *p = probe->data, *const stop = p + probe->have;
	unsigned last = 0;

	while (p < stop && look.lines < LINES_MAX) {
		const uint8_t *const newline = memchr(p, '\n', (size_t)(stop - p));
		const uint8_t *end = newline ? newline : stop;
		struct line line;

		if (!newline && !probe->whole && look.lines)
			break;
		if (!newline) {
			/* The only line is cut, so its last word is, too. */
			while (!probe->whole && end > p && !is_gap(end[-1]))
				end--;
		}
		line = look_at_line(&look, p, end, column);
		add_line(&look, &line, &last);
		p = newline ? newline + 1 : stop;
	}
	return look;
}

bool bel_text_look_is_table(const struct bel_text_look *look)
{
	if (look->columns_max < 2 || look->lines < 2)
		return false;
	if (look->columns_min == look->columns_max)
		return true;
	return look->lines > 2 && look->columns_least == look->columns_max;
}

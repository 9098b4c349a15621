/* SPDX-License-Identifier: MIT */
/*
 * format_nearest.c: compares a line with the formats' examples.
 *
 * The shape of a line has one letter per word (number, hexadecimal number, name, other), and the
 * line's commas, colons and similar characters. The distance of two shapes is the cost of the
 * edits from one to the other.
 */
#include "format_nearest.h"

#include <ctype.h>
#include <string.h>

#define SHAPE_MAX 16
/* Costs of edits: another kind of number costs half as much as another word. */
#define COST_NUMBER 1
#define COST_WORD 2

static bool is_alnum(uint8_t c)
{
	return (uint8_t)(c - '0') <= 9 || (uint8_t)((c | 0x20) - 'a') < 26;
}

static char class_of(const uint8_t *word, size_t length)
{
	size_t digits = 0, hex = 0, letters = 0;

	if (length > 2 && word[0] == '0' && (word[1] | 0x20) == 'x')
		return 'x';
	for (size_t i = 0; i < length; i++) {
		digits += (uint8_t)(word[i] - '0') <= 9;
		hex += isxdigit(word[i]) != 0;
		letters += (uint8_t)((word[i] | 0x20) - 'a') < 26;
	}
	return digits == length ? 'd' : letters == length ? 'k' : hex == length ? 'h' : 'w';
}

static size_t shape_of(char shape[SHAPE_MAX], const uint8_t *line, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length && count < SHAPE_MAX;) {
		const size_t start = i;

		while (i < length && is_alnum(line[i]))
			i++;
		if (i > start)
			shape[count++] = class_of(line + start, i - start);
		else if (line[i] != ' ' && line[i] != '\t')
			shape[count++] = (char)line[i++];
		else
			i++;
	}
	return count;
}

static bool is_number(char c)
{
	return c == 'd' || c == 'x' || c == 'h';
}

static unsigned substitution(char a, char b)
{
	if (a == b)
		return 0;
	return is_number(a) && is_number(b) ? COST_NUMBER : COST_WORD;
}

/* Levenshtein distance, with these costs. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned row[SHAPE_MAX + 1];

	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j * COST_WORD;
	for (size_t i = 1; i <= n; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i * COST_WORD;
		for (size_t j = 1; j <= m; j++) {
			unsigned least = diagonal + substitution(a[i - 1], b[j - 1]);

			if (row[j] + COST_WORD < least)
				least = row[j] + COST_WORD;
			if (row[j - 1] + COST_WORD < least)
				least = row[j - 1] + COST_WORD;
			diagonal = row[j];
			row[j] = least;
		}
	}
	return row[m];
}

void bel_format_nearest(char *text, size_t capacity, const uint8_t *line, size_t length)
{
	const struct bel_format *format, *first = NULL, *second = NULL;
	char shape[SHAPE_MAX], other[SHAPE_MAX];
	const size_t n = shape_of(shape, line, length);
	/* At most half of the line may differ. */
	unsigned best = (unsigned)n * COST_WORD / 2 + 1, next = best;
	bool any_number = false;

	*text = '\0';
	for (size_t i = 0; i < n; i++)
		any_number = any_number || is_number(shape[i]);
	for (size_t i = 0; any_number && (format = bel_format_at(i)); i++) {
		const char *const example = format->example;
		size_t m;
		unsigned far;

		if (!example || !format->open)
			continue;
		m = shape_of(other, (const uint8_t *)example, strlen(example));
		far = distance(shape, n, other, m);
		if (far < best) {
			second = first;
			next = best;
			first = format;
			best = far;
		} else if (far < next) {
			second = format;
			next = far;
		}
	}
	if (first)
		snprintf(text, capacity, "%s (\"%s\", --from %s)", first->name, first->example,
			first->name);
	if (second)
		snprintf(text + strlen(text), capacity - strlen(text), ", %s (\"%s\", --from %s)",
			second->name, second->example, second->name);
}

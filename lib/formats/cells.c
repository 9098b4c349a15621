/* SPDX-License-Identifier: MIT */
/* cells.c: splits a line into cells. */
#include "cells.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"

bool bel_fault_say(struct bel_fault *fault, struct bel_cell cell, const char *format, ...)
{
	va_list values;

	if (!fault)
		return false;
	fault->cell = cell;
	va_start(values, format);
	vsnprintf(fault->why, sizeof(fault->why), format, values);
	va_end(values);
	return false;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* A cell without the blanks around it. */
static struct bel_cell trim(const uint8_t *from, const uint8_t *to)
{
	while (from < to && is_blank(*from))
		from++;
	while (from < to && is_blank(to[-1]))
		to--;
	return (struct bel_cell){from, (size_t)(to - from)};
}

unsigned bel_cells_split(const uint8_t *line, const uint8_t *end, char separator,
	struct bel_cell *cells, unsigned most)
{
	const bool blanks = separator == ' ';
	unsigned count = 0;

	cells[0] = (struct bel_cell){line, 0};
	while (line < end && (is_blank(end[-1]) || end[-1] == '\r'))
		end--;
	for (;;) {
		const uint8_t *p;

		if (blanks)
			line = trim(line, end).text;
		if (line == end && (blanks || !count))
			return count;
		if (count == most)
			return most + 1;
		for (p = line; p < end && (blanks ? !is_blank(*p) : *p != (uint8_t)separator);)
			p++;
		cells[count++] = trim(line, p);
		if (p == end)
			return count;
		line = p + 1;
	}
}

bool bel_cell_is(struct bel_cell cell, const char *word)
{
	return cell.length == strlen(word) &&
	       !strncasecmp((const char *)cell.text, word, cell.length);
}

bool bel_cell_starts(struct bel_cell cell, const char *text)
{
	const size_t length = strlen(text);

	return cell.length >= length && !memcmp(cell.text, text, length);
}

bool bel_cell_is_digits(struct bel_cell cell)
{
	for (size_t i = 0; i < cell.length; i++)
		if ((uint8_t)(cell.text[i] - '0') > 9)
			return false;
	return cell.length > 0;
}

bool bel_cell_is_seconds(struct bel_cell cell)
{
	const uint8_t *const point = cell.length ? memchr(cell.text, '.', cell.length) : NULL;
	struct bel_cell whole = cell, part = cell;

	if (!point)
		return false;
	whole.length = (size_t)(point - cell.text);
	part.text = point + 1;
	part.length = cell.length - whole.length - 1;
	return bel_cell_is_digits(whole) && bel_cell_is_digits(part);
}

bool bel_cell_to_decimal(struct bel_cell cell, uint64_t *value)
{
	return cell.length && bel_text_decimal(cell.text, value) == cell.text + cell.length;
}

bool bel_cell_to_hex(struct bel_cell cell, uint64_t *value)
{
	return cell.length && bel_text_hex(cell.text, value) == cell.text + cell.length;
}

bool bel_cell_need_decimal(const struct bel_cell *cells, unsigned at, const char *name,
	uint64_t *value, struct bel_fault *fault)
{
	if (bel_cell_to_decimal(cells[at], value))
		return true;
	if (!fault)
		return false;
	if (bel_cell_is_digits(cells[at]))
		return bel_fault_say(
			fault, cells[at], "column %u (%s) does not fit in 64 bits", at + 1, name);
	return bel_fault_say(
		fault, cells[at], "column %u (%s) is not a decimal number", at + 1, name);
}

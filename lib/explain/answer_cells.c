/* SPDX-License-Identifier: MIT */
/* answer_cells.c: rows in Markdown are split at bars, rows of text at spaces. */
#include "answer_cells.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define GAPS " \t\r|"

char *bel_answer_label(struct bel_answer_cells *cells, char *line)
{
	char *label = line + strspn(line, GAPS), *bar = strchr(label, '|');

	if (!bar)
		return NULL;
	cells->bars = label > line && memchr(line, '|', (size_t)(label - line));
	cells->rest = bar + 1;
	while (bar > label && strchr(GAPS, bar[-1]))
		bar--;
	*bar = 0;
	return label;
}

/* Removes spaces, Markdown's **strong**, and the backslashes before its special characters. */
static char *undress(char *cell)
{
	char *to = cell;
	size_t length;

	for (const char *from = cell; *from; from++)
		if (!strchr(" \t\r", *from))
			*to++ = *from;
	*to = 0;
	length = strlen(cell);
	if (length > 4 && !strncmp(cell, "**", 2) && !strcmp(cell + length - 2, "**")) {
		cell[length - 2] = 0;
		cell += 2;
	}
	to = cell;
	for (const char *from = cell; *from; from++)
		if (*from != '\\')
			*to++ = *from;
	*to = 0;
	return cell[strspn(cell, "_")] ? cell : cell + strlen(cell);
}

/* The next cell between bars; nothing after the last bar is no cell. */
static char *barred(struct bel_answer_cells *cells)
{
	char *const cell = cells->rest;
	char *bar = cell;

	if (!cell || (!cell[strspn(cell, " \t\r")]))
		return NULL;
	while (*bar && (*bar != '|' || (bar > cell && bar[-1] == '\\')))
		bar++;
	cells->rest = *bar ? bar + 1 : NULL;
	*bar = 0;
	return undress(cell);
}

static char *word(struct bel_answer_cells *cells)
{
	char *found = cells->next;

	cells->next = NULL;
	while (!found && cells->rest) {
		found = strsep(&cells->rest, GAPS);
		if (!*found)
			found = NULL;
	}
	return found;
}

/* Whether the words are one cell: "3 w", "3 *", "> 3", "3, 4". */
static bool together(const char *first, const char *second)
{
	return !strcasecmp(second, "w") || !strcmp(second, "*") || *second == ',' ||
	       !strcmp(first, ">") || first[strlen(first) - 1] == ',';
}

char *bel_answer_cell(struct bel_answer_cells *cells)
{
	char *cell;

	if (cells->bars)
		return barred(cells);
	cell = word(cells);
	if (!cell)
		return NULL;
	while ((cells->next = word(cells)) && cells->marks && together(cell, cells->next)) {
		memmove(cell + strlen(cell), cells->next, strlen(cells->next) + 1);
		cells->next = NULL;
	}
	return undress(cell);
}

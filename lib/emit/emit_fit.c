/* SPDX-License-Identifier: MIT */
/* emit_fit.c: makes columns fit a line: some are left out if need be, and texts are elided. */
#include <stdlib.h>
#include <string.h>

#include "elide.h"
#include "emit_table.h"
#include "visible.h"

/* Texts that are no names, such as policies and ends of processes, are elided only beyond this. */
enum { TEXT_LEAST = 24 };

void bel_fit_widths(struct bel_fit *fit, size_t count, size_t room)
{
	size_t used = 2 * (count - 1);

	for (size_t i = 0; i < count; i++)
		used += fit[i].width;
	while (used > room) {
		struct bel_fit *widest = NULL;

		for (size_t i = 0; i < count; i++)
			if (fit[i].width > fit[i].least &&
				(!widest || fit[i].width > widest->width))
				widest = &fit[i];
		if (!widest)
			return;
		widest->width--;
		used--;
	}
}

struct bel_fit bel_fit_of(size_t width, const char *heading, enum bel_fit_kind kind)
{
	const size_t head = bel_visible_width(heading);
	size_t least = kind == BEL_FIT_NAME ? BEL_ELIDE_LEAST : TEXT_LEAST;

	if (least < head)
		least = head;
	return (struct bel_fit){width, kind == BEL_FIT_NUMBER || width < least ? width : least};
}

static bool same_in_all_rows(const struct column *column, size_t rows)
{
	for (size_t i = 1; i < rows; i++)
		if (strcmp(column->cell[i], column->cell[0]) != 0)
			return false;
	return rows > 1;
}

/* Which of the shown columns is left out first. */
static size_t least_wanted(const struct table *table, struct column *const *shown, size_t count)
{
	for (size_t c = count; c-- > 0;)
		if (same_in_all_rows(shown[c], table->rows))
			return c;
	return count - 1;
}

/* Puts its name before those of other such columns, which stood right of it; and its value, if one. */
static void name_hidden(struct table *table, const struct column *column)
{
	const bool constant = same_in_all_rows(column, table->rows) &&
			      bel_visible_width(column->cell[0]) <= TEXT_LEAST;
	const size_t before = strlen(table->names);
	char text[sizeof(column->path) + 8 * TEXT_LEAST];
	const size_t length = (size_t)snprintf(text, sizeof(text), "%s%s%s%s", column->heading,
		constant ? " " : "", constant ? column->cell[0] : "", before ? ", " : "");

	if (length >= sizeof(text) || before + length >= table->names_size)
		return;
	memmove(table->names + length, table->names, before + 1);
	memcpy(table->names, text, length);
}

/* Leaves out columns until the others can fit. */
static void drop_columns(
	struct table *table, struct column **shown, struct bel_fit *fit, size_t *count)
{
	for (;;) {
		size_t used = 0, out;

		for (size_t c = 0; c < *count; c++)
			used += fit[c].least + (c ? 2 : 0);
		if (used <= table->width || *count < 2)
			return;
		out = least_wanted(table, shown, *count);
		--*count;
		table->hidden++;
		name_hidden(table, shown[out]);
		memmove(shown + out, shown + out + 1, (*count - out) * sizeof(*shown));
		memmove(fit + out, fit + out + 1, (*count - out) * sizeof(*fit));
	}
}

int bel_table_fit(struct table *table, struct column **shown, size_t *count)
{
	struct bel_fit *const fit = calloc(*count + 1, sizeof(*fit));
	int status = fit ? 0 : -1;

	if (!fit || !*count)
		goto done;
	for (size_t c = 0; c < *count; c++)
		fit[c] = bel_fit_of(shown[c]->width, shown[c]->heading,
			shown[c]->right  ? BEL_FIT_NUMBER
			: shown[c]->name ? BEL_FIT_NAME
					 : BEL_FIT_TEXT);
	drop_columns(table, shown, fit, count);
	bel_fit_widths(fit, *count, table->width);
	for (size_t c = 0; status == 0 && c < *count; c++) {
		if (fit[c].width == shown[c]->width)
			continue;
		status = bel_elide(shown[c]->cell, table->rows, fit[c].width);
		shown[c]->width = fit[c].width;
	}
done:
	free(fit);
	return status;
}

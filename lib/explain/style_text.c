/* SPDX-License-Identifier: MIT */
/* style_text.c: step tables for terminals, printers and students' editors. */
#include <string.h>

#include "style.h"
#include "visible.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* Wraps words at the width, because a reason may be longer than the line. */
static void text(const struct bel_step_table *table, const char *text, unsigned indent)
{
	char visible[BEL_VISIBLE_CHAR];
	size_t column = 0;

	while (*text) {
		const size_t width = bel_visible_columns(text, strcspn(text, " "));

		if (column && column + 1 + width > table->width)
			column = (size_t)fprintf(table->file, "\n%*s", (int)indent, "") - 1;
		else if (column)
			column += (size_t)fprintf(table->file, " ");
		while (*text && *text != ' ') {
			text += bel_visible_char(text, visible);
			fputs(visible, table->file);
		}
		column += width;
		text += strspn(text, " ");
	}
}

static void section(const struct bel_step_table *table, const char *what, size_t columns)
{
	(void)columns;
	fputs(table->colour ? "\n" BOLD : "\n", table->file);
	bel_visible_put(table->file, what);
	fputs(table->colour ? PLAIN "\n" : "\n", table->file);
}

static void pad(const struct bel_step_table *table, const char *what, unsigned width)
{
	const size_t columns = bel_visible_width(what);

	fprintf(table->file, "%*s", columns < width ? (int)(width - columns) : 0, "");
}

static void row(const struct bel_step_table *table, const char *label)
{
	bel_visible_put(table->file, label);
	pad(table, label, table->label_width);
	fputs(" |", table->file);
}

static void cell(const struct bel_step_table *table, const char *what, bool strong)
{
	strong = strong && table->colour;
	fputc(' ', table->file);
	pad(table, what, table->cell_width);
	fputs(strong ? BOLD : "", table->file);
	bel_visible_put(table->file, what);
	fputs(strong ? PLAIN : "", table->file);
}

static void answer(
	const struct bel_step_table *table, const char *label, size_t now, const char *code)
{
	(void)code;
	(void)label;
	(void)now;
	cell(table, "_", false);
}

static void field(const struct bel_step_table *table, const char *label, const char *value)
{
	fprintf(table->file, "%s: ", label);
	bel_visible_put(table->file, value ? value : "______________________________");
	fputc('\n', table->file);
}

const struct bel_style bel_style_text = {
	.name = "text",
	.wraps = true,
	.line = 80,
	.unit = 1,
	.gap = 1,
	.fill = " Replace each _ with the state after the reference.",
	.heading = {NULL, "\n\n", 0},
	.paragraph = {NULL, "\n\n", 0},
	.list = {NULL, "\n", 0},
	.item = {NULL, "\n", 4},
	.row_end = "\n",
	.table_end = "\n",
	.bold = BOLD,
	.plain = PLAIN,
	.text = text,
	.section = section,
	.row = row,
	.cell = cell,
	.answer = answer,
	.field = field,
};

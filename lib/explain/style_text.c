/* SPDX-License-Identifier: MIT */
/* style_text.c: sheets for terminals, printers and students' editors. */
#include <string.h>

#include "style.h"
#include "visible.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* Words set to the width: a reason is longer than a narrow terminal. */
static void text(const struct bel_step_table *sheet, const char *text, unsigned indent)
{
	char visible[BEL_VISIBLE_CHAR];
	size_t column = 0;

	while (*text) {
		const size_t width = bel_visible_columns(text, strcspn(text, " "));

		if (column && column + 1 + width > sheet->width)
			column = (size_t)fprintf(sheet->file, "\n%*s", (int)indent, "") - 1;
		else if (column)
			column += (size_t)fprintf(sheet->file, " ");
		while (*text && *text != ' ') {
			text += bel_visible_char(text, visible);
			fputs(visible, sheet->file);
		}
		column += width;
		text += strspn(text, " ");
	}
}

static void section(const struct bel_step_table *sheet, const char *what, size_t columns)
{
	(void)columns;
	fputs(sheet->colour ? "\n" BOLD : "\n", sheet->file);
	bel_visible_put(sheet->file, what);
	fputs(sheet->colour ? PLAIN "\n" : "\n", sheet->file);
}

static void pad(const struct bel_step_table *sheet, const char *what, unsigned width)
{
	const size_t columns = bel_visible_width(what);

	fprintf(sheet->file, "%*s", columns < width ? (int)(width - columns) : 0, "");
}

static void row(const struct bel_step_table *sheet, const char *label)
{
	bel_visible_put(sheet->file, label);
	pad(sheet, label, sheet->label_width);
	fputs(" |", sheet->file);
}

static void cell(const struct bel_step_table *sheet, const char *what, bool strong)
{
	strong = strong && sheet->colour;
	fputc(' ', sheet->file);
	pad(sheet, what, sheet->cell_width);
	fputs(strong ? BOLD : "", sheet->file);
	bel_visible_put(sheet->file, what);
	fputs(strong ? PLAIN : "", sheet->file);
}

const struct bel_style bel_style_text = {
	.name = "text",
	.wraps = true,
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
};

/* SPDX-License-Identifier: MIT */
/* style_text.c: sheets for terminals, printers and students' editors. */
#include <string.h>

#include "style.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* Words set to the width: a reason is longer than a narrow terminal. */
static void text(const struct bel_sheet *sheet, const char *text, unsigned indent)
{
	size_t column = 0;

	while (*text) {
		const size_t word = strcspn(text, " ");

		if (column && column + 1 + word > sheet->width)
			column = (size_t)fprintf(sheet->file, "\n%*s", (int)indent, "") - 1;
		else if (column)
			column += (size_t)fprintf(sheet->file, " ");
		fwrite(text, 1, word, sheet->file);
		column += word;
		text += word;
		text += strspn(text, " ");
	}
}

static void section(const struct bel_sheet *sheet, const char *what, size_t columns)
{
	(void)columns;
	fprintf(sheet->file, sheet->colour ? "\n" BOLD "%s" PLAIN "\n" : "\n%s\n", what);
}

static void row(const struct bel_sheet *sheet, const char *label)
{
	fprintf(sheet->file, "%-*s |", (int)sheet->label_width, label);
}

static void cell(const struct bel_sheet *sheet, const char *what, bool strong)
{
	const int pad = (int)(sheet->cell_width - strlen(what));

	strong = strong && sheet->colour;
	fprintf(sheet->file, " %*s%s%s%s", pad, "", strong ? BOLD : "", what, strong ? PLAIN : "");
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

/* SPDX-License-Identifier: MIT */
/* style_text.c: sheets for terminals, printers and students' editors. */
#include <string.h>

#include "style.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

static void heading(const struct bel_sheet *sheet, const char *text)
{
	fprintf(sheet->file, sheet->colour ? BOLD "%s" PLAIN "\n\n" : "%s\n\n", text);
}

static void table(const struct bel_sheet *sheet, size_t columns)
{
	(void)sheet;
	(void)columns;
}

static void section(const struct bel_sheet *sheet, const char *text, size_t columns)
{
	(void)columns;
	fputc('\n', sheet->file);
	fprintf(sheet->file, sheet->colour ? BOLD "%s" PLAIN "\n" : "%s\n", text);
}

static void row(const struct bel_sheet *sheet, const char *label, bool head)
{
	(void)head;
	fprintf(sheet->file, "%-*s |", (int)sheet->label_width, label);
}

static void cell(const struct bel_sheet *sheet, const char *text, bool strong)
{
	const int pad = (int)(sheet->cell_width - strlen(text));

	strong = strong && sheet->colour;
	fprintf(sheet->file, " %*s%s%s%s", pad, "", strong ? BOLD : "", text, strong ? PLAIN : "");
}

static void row_end(const struct bel_sheet *sheet)
{
	fputc('\n', sheet->file);
}

static void rule(const struct bel_sheet *sheet, size_t columns)
{
	(void)sheet;
	(void)columns;
}

/* Words set to the width: a reason is longer than a narrow terminal. */
static void fill(const struct bel_sheet *sheet, const char *text, unsigned indent)
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
	fputc('\n', sheet->file);
}

static void paragraph(const struct bel_sheet *sheet, const char *text)
{
	fill(sheet, text, 0);
	fputc('\n', sheet->file);
}

static void item(const struct bel_sheet *sheet, const char *text)
{
	fill(sheet, text, 4);
}

const struct bel_style bel_style_text = {
	.name = "text",
	.wraps = true,
	.heading = heading,
	.table = table,
	.section = section,
	.row = row,
	.cell = cell,
	.row_end = row_end,
	.rule = rule,
	.table_end = row_end,
	.paragraph = paragraph,
	.item = item,
	.list_end = row_end,
};

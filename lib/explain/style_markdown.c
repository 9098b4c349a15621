/* SPDX-License-Identifier: MIT */
/* style_markdown.c: sheets as Markdown with tables. */
#include "style.h"

static void text(const struct bel_sheet *sheet, const char *text, unsigned indent)
{
	(void)indent;
	for (; *text; text++) {
		if (*text == '*' || *text == '>' || *text == '<' || *text == '|' || *text == '\\')
			fputc('\\', sheet->file);
		fputc(*text, sheet->file);
	}
}

static void section(const struct bel_sheet *sheet, const char *what, size_t columns)
{
	fprintf(sheet->file, "| **%s** |", what);
	for (size_t i = 0; i < columns; i++)
		fputs(" |", sheet->file);
	fputc('\n', sheet->file);
}

static void row(const struct bel_sheet *sheet, const char *label)
{
	fprintf(sheet->file, "| %s |", label);
}

static void cell(const struct bel_sheet *sheet, const char *what, bool strong)
{
	fputs(strong ? " **" : " ", sheet->file);
	text(sheet, what, 0);
	fputs(strong ? "** |" : " |", sheet->file);
}

static void rule(const struct bel_sheet *sheet, size_t columns)
{
	fputs("|---|", sheet->file);
	for (size_t i = 0; i < columns; i++)
		fputs("---:|", sheet->file);
	fputc('\n', sheet->file);
}

const struct bel_style bel_style_markdown = {
	.name = "markdown",
	.wraps = true,
	.heading = {"## ", "\n\n", 0},
	.paragraph = {NULL, "\n\n", 0},
	.list = {NULL, "\n", 0},
	.item = {"- ", "\n", 0},
	.row_end = "\n",
	.table_end = "\n",
	.text = text,
	.section = section,
	.row = row,
	.cell = cell,
	.rule = rule,
};

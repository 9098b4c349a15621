/* SPDX-License-Identifier: MIT */
/* style_markdown.c: sheets as Markdown with tables. */
#include "style.h"

static void escape(const struct bel_sheet *sheet, const char *text)
{
	for (; *text; text++) {
		if (*text == '*' || *text == '>' || *text == '<' || *text == '|' || *text == '\\')
			fputc('\\', sheet->file);
		fputc(*text, sheet->file);
	}
}

static void heading(const struct bel_sheet *sheet, const char *text)
{
	fprintf(sheet->file, "## %s\n\n", text);
}

static void table(const struct bel_sheet *sheet, size_t columns)
{
	(void)sheet;
	(void)columns;
}

static void section(const struct bel_sheet *sheet, const char *text, size_t columns)
{
	fprintf(sheet->file, "| **%s** |", text);
	for (size_t i = 0; i < columns; i++)
		fputs(" |", sheet->file);
	fputc('\n', sheet->file);
}

static void row(const struct bel_sheet *sheet, const char *label, bool head)
{
	(void)head;
	fprintf(sheet->file, "| %s |", label);
}

static void cell(const struct bel_sheet *sheet, const char *text, bool strong)
{
	fputs(strong ? " **" : " ", sheet->file);
	escape(sheet, text);
	fputs(strong ? "** |" : " |", sheet->file);
}

static void row_end(const struct bel_sheet *sheet)
{
	fputc('\n', sheet->file);
}

static void rule(const struct bel_sheet *sheet, size_t columns)
{
	fputs("|---|", sheet->file);
	for (size_t i = 0; i < columns; i++)
		fputs("---:|", sheet->file);
	fputc('\n', sheet->file);
}

static void paragraph(const struct bel_sheet *sheet, const char *text)
{
	escape(sheet, text);
	fputs("\n\n", sheet->file);
}

static void item(const struct bel_sheet *sheet, const char *text)
{
	fputs("- ", sheet->file);
	escape(sheet, text);
	fputc('\n', sheet->file);
}

const struct bel_style bel_style_markdown = {
	.name = "markdown",
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

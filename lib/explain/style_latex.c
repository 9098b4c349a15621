/* SPDX-License-Identifier: MIT */
/* style_latex.c: sheets as LaTeX to be read in with \input; no package is needed. */
#include <string.h>

#include "style.h"

static void escape(const struct bel_sheet *sheet, const char *text)
{
	for (; *text; text++) {
		if (strchr("#$%&_{}", *text))
			fprintf(sheet->file, "\\%c", *text);
		else if (*text == '<' || *text == '>')
			fprintf(sheet->file, "$%c$", *text);
		else if (*text == '\\' || *text == '~' || *text == '^')
			fprintf(sheet->file, "\\char`\\%c ", *text);
		else
			fputc(*text, sheet->file);
	}
}

static void heading(const struct bel_sheet *sheet, const char *text)
{
	fputs("\\subsection*{", sheet->file);
	escape(sheet, text);
	fputs("}\n\n", sheet->file);
}

static void table(const struct bel_sheet *sheet, size_t columns)
{
	fprintf(sheet->file, "\\noindent\\begin{tabular}{l|*{%zu}{r}}\n", columns);
}

static void section(const struct bel_sheet *sheet, const char *text, size_t columns)
{
	fprintf(sheet->file, "\\hline\n\\multicolumn{%zu}{l}{", columns + 1);
	escape(sheet, text);
	fputs("} \\\\\n", sheet->file);
}

static void row(const struct bel_sheet *sheet, const char *label, bool head)
{
	(void)head;
	escape(sheet, label);
}

static void cell(const struct bel_sheet *sheet, const char *text, bool strong)
{
	fputs(strong ? " & \\textbf{" : " & ", sheet->file);
	escape(sheet, text);
	fputs(strong ? "}" : "", sheet->file);
}

static void row_end(const struct bel_sheet *sheet)
{
	fputs(" \\\\\n", sheet->file);
}

static void rule(const struct bel_sheet *sheet, size_t columns)
{
	(void)columns;
	fputs("\\hline\n", sheet->file);
}

static void table_end(const struct bel_sheet *sheet)
{
	fputs("\\end{tabular}\n\\medskip\n\n", sheet->file);
}

static void paragraph(const struct bel_sheet *sheet, const char *text)
{
	escape(sheet, text);
	fputs("\n\n", sheet->file);
}

static void list(const struct bel_sheet *sheet)
{
	fputs("\\begin{itemize}\n", sheet->file);
}

static void item(const struct bel_sheet *sheet, const char *text)
{
	fputs("\\item ", sheet->file);
	escape(sheet, text);
	fputc('\n', sheet->file);
}

static void list_end(const struct bel_sheet *sheet)
{
	fputs("\\end{itemize}\n\n", sheet->file);
}

const struct bel_style bel_style_latex = {
	.name = "latex",
	.wraps = true,
	.heading = heading,
	.table = table,
	.section = section,
	.row = row,
	.cell = cell,
	.row_end = row_end,
	.rule = rule,
	.table_end = table_end,
	.paragraph = paragraph,
	.list = list,
	.item = item,
	.list_end = list_end,
};

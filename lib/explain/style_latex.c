/* SPDX-License-Identifier: MIT */
/* style_latex.c: step tables as LaTeX, for \input; no package is needed. */
#include <string.h>

#include "style.h"
#include "visible.h"

/* LaTeX turns two of these in a row into another character: -- into a dash, ?` into an inverted
 * question mark. */
static bool joins(char first, char second)
{
	return second && strchr("-'`,<>", second) && strchr("-'`,<>?!", first);
}

/* All text goes through here. Characters that are not ASCII are left to LaTeX's input encoding. */
static void text(const struct bel_step_table *table, const char *text, unsigned indent)
{
	char visible[BEL_VISIBLE_CHAR];

	(void)indent;
	while (*text) {
		const char first = *text;

		text += bel_visible_char(text, visible);
		for (const char *c = visible; *c; c++) {
			if (strchr("#$%&_{}", *c))
				fprintf(table->file, "\\%c", *c);
			else if (strchr("<>|", *c))
				fprintf(table->file, "$%c$", *c);
			else if (strchr("\\~^\"", *c))
				fprintf(table->file, "\\char`\\%c ", *c);
			else
				fputc(*c, table->file);
		}
		if (joins(first, *text))
			fputs("{}", table->file);
	}
}

static void table(const struct bel_step_table *table, size_t columns)
{
	fprintf(table->file,
		"{\\setlength{\\tabcolsep}{0.4em}%s\n\\noindent\\begin{tabular}{l|*{%zu}{r}}\n",
		table->quiz ? "\\renewcommand{\\arraystretch}{1.4}" : "", columns);
}

static void section(const struct bel_step_table *table, const char *what, size_t columns)
{
	fprintf(table->file, "\\hline\n\\multicolumn{%zu}{l}{", columns + 1);
	text(table, what, 0);
	fputs("} \\\\\n", table->file);
}

/* In twentieths of an em, as in bold Computer Modern, whose digits have 0.575 em. */
static size_t units(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += strchr("0123456789*", *text)                ? 12
			 : strchr(" -,:", *text)                     ? 8
			 : strchr("abcdefghijklnopqrstuvxyz", *text) ? 13
								     : 18;
	return width;
}

static void row(const struct bel_step_table *table, const char *label)
{
	text(table, label, 0);
}

static void cell(const struct bel_step_table *table, const char *what, bool strong)
{
	fputs(strong ? " & \\textbf{" : " & ", table->file);
	text(table, what, 0);
	fputs(strong ? "}" : "", table->file);
}

static void rule(const struct bel_step_table *table, size_t columns)
{
	(void)columns;
	fputs("\\hline\n", table->file);
}

static void answer(
	const struct bel_step_table *table, const char *label, size_t now, const char *code)
{
	(void)code;
	(void)label;
	(void)now;
	fputs(" & \\underline{\\hspace{1.5em}}", table->file);
}

static void field(const struct bel_step_table *table, const char *label, const char *value)
{
	fprintf(table->file, "\\noindent %s: ", label);
	if (value)
		text(table, value, 0);
	else
		fputs("\\underline{\\hspace{18em}}", table->file);
	fputs("\\par\\medskip\n", table->file);
}

const struct bel_style bel_style_latex = {
	.name = "latex",
	.wraps = true,
	.line = 68, /* the article class has a \textwidth of 345pt, and an em of 10pt */
	.unit = 10,
	.gap = 16,
	.blank = 30,
	.fill = " Write the state after the reference on each line.",
	.units = units,
	.heading = {"\\subsection*{", "}\n\n", 0},
	.paragraph = {"\\noindent ", "\n\n", 0},
	.list = {"\\begin{itemize}\n", "\\end{itemize}\n\n", 0},
	.item = {"\\item ", "\n", 0},
	.row_end = " \\\\\n",
	.table_end = "\\end{tabular}\\par}\n\\medskip\n\n",
	.text = text,
	.table = table,
	.section = section,
	.row = row,
	.cell = cell,
	.answer = answer,
	.field = field,
	.rule = rule,
};

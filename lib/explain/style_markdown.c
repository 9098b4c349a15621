/* SPDX-License-Identifier: MIT */
/* style_markdown.c: sheets as Markdown with tables. */
#include <string.h>
#include <strings.h>

#include "style.h"
#include "visible.h"

/* Characters that begin markup wherever they stand; in addresses, what makes a link of them. */
static bool is_special(const char *at, bool after_www)
{
	return strchr("*_[]<>|`~#&!\\@", *at) || (*at == ':' && at[1] == '/') ||
	       (*at == '.' && after_www);
}

/* The only way for text into the document. */
static void text(const struct bel_step_table *sheet, const char *text, unsigned indent)
{
	const char *const begin = text;
	char visible[BEL_VISIBLE_CHAR];

	(void)indent;
	while (*text) {
		const bool after_www = text - begin >= 3 && !strncasecmp(text - 3, "www", 3);
		const bool special = is_special(text, after_www);

		text += bel_visible_char(text, visible);
		if (special || *visible == '\\')
			fputc('\\', sheet->file);
		fputs(visible, sheet->file);
	}
}

static void put(
	const struct bel_step_table *sheet, const char *before, const char *what, const char *after)
{
	fputs(before, sheet->file);
	text(sheet, what, 0);
	fputs(after, sheet->file);
}

static void section(const struct bel_step_table *sheet, const char *what, size_t columns)
{
	put(sheet, "| **", what, "** |");
	for (size_t i = 0; i < columns; i++)
		fputs(" |", sheet->file);
	fputc('\n', sheet->file);
}

static void row(const struct bel_step_table *sheet, const char *label)
{
	put(sheet, "| ", label, " |");
}

static void cell(const struct bel_step_table *sheet, const char *what, bool strong)
{
	put(sheet, strong ? " **" : " ", what, strong ? "** |" : " |");
}

static void rule(const struct bel_step_table *sheet, size_t columns)
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

/* SPDX-License-Identifier: MIT */
/* style_markdown.c: step tables as Markdown. */
#include <string.h>
#include <strings.h>

#include "style.h"
#include "visible.h"

/* Characters that begin markup anywhere, and those that turn an address into a link. */
static bool is_special(const char *at, bool after_www)
{
	return strchr("*_[]<>|`~#&!\\@", *at) || (*at == ':' && at[1] == '/') ||
	       (*at == '.' && after_www);
}

/* All text goes through here. */
static void text(const struct bel_step_table *table, const char *text, unsigned indent)
{
	const char *const begin = text;
	char visible[BEL_VISIBLE_CHAR];

	(void)indent;
	while (*text) {
		const bool after_www = text - begin >= 3 && !strncasecmp(text - 3, "www", 3);
		const bool special = is_special(text, after_www);

		text += bel_visible_char(text, visible);
		if (special || *visible == '\\')
			fputc('\\', table->file);
		fputs(visible, table->file);
	}
}

static void put(
	const struct bel_step_table *table, const char *before, const char *what, const char *after)
{
	fputs(before, table->file);
	text(table, what, 0);
	fputs(after, table->file);
}

static void section(const struct bel_step_table *table, const char *what, size_t columns)
{
	put(table, "| **", what, "** |");
	for (size_t i = 0; i < columns; i++)
		fputs(" |", table->file);
	fputc('\n', table->file);
}

static void row(const struct bel_step_table *table, const char *label)
{
	put(table, "| ", label, " |");
}

static void cell(const struct bel_step_table *table, const char *what, bool strong)
{
	put(table, strong ? " **" : " ", what, strong ? "** |" : " |");
}

static void rule(const struct bel_step_table *table, size_t columns)
{
	fputs("|---|", table->file);
	for (size_t i = 0; i < columns; i++)
		fputs("---:|", table->file);
	fputc('\n', table->file);
}

static void answer(
	const struct bel_step_table *table, const char *label, size_t now, const char *code)
{
	(void)code;
	(void)label;
	(void)now;
	cell(table, "_", false);
}

/* Items of a list, because Markdown would join lines. Underscores alone are not markup. */
static void field(const struct bel_step_table *table, const char *label, const char *value)
{
	fprintf(table->file, "- %s: ", label);
	if (value)
		text(table, value, 0);
	else
		fputs("______________________________", table->file);
	fputc('\n', table->file);
}

const struct bel_style bel_style_markdown = {
	.name = "markdown",
	.wraps = true,
	.line = 80,
	.unit = 1,
	.gap = 1,
	.fill = " Replace each _ with the state after the reference.",
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
	.answer = answer,
	.field = field,
	.rule = rule,
};

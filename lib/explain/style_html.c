/* SPDX-License-Identifier: MIT */
/* style_html.c: step tables as one HTML page that needs no other file. */
#include "markup.h"
#include "style.h"

/* All text goes through here, so that it is shown as it is and never becomes markup. */
static void text(const struct bel_step_table *table, const char *text, unsigned indent)
{
	(void)indent;
	bel_markup_text(table->file, text);
}

static void put(
	const struct bel_step_table *table, const char *before, const char *what, const char *after)
{
	fputs(before, table->file);
	text(table, what, 0);
	fputs(after, table->file);
}

static void table(const struct bel_step_table *table, size_t columns)
{
	(void)columns;
	fputs("<table>\n", table->file);
}

static void section(const struct bel_step_table *table, const char *what, size_t columns)
{
	fprintf(table->file, "<tr><th colspan=\"%zu\" style=\"text-align: left\">", columns + 1);
	put(table, "", what, "</th></tr>\n");
}

static void row(const struct bel_step_table *table, const char *label)
{
	put(table, "<tr><th scope=\"row\">", label, "</th>");
}

static void cell(const struct bel_step_table *table, const char *what, bool strong)
{
	put(table, strong ? "<td class=\"fault\">" : "<td>", what, "</td>");
}

static void answer(
	const struct bel_step_table *table, const char *label, size_t now, const char *code)
{
	fputs("<td><input size=\"3\" autocomplete=\"off\" aria-label=\"", table->file);
	text(table, label, 0);
	fprintf(table->file, " at time %zu\"", now);
	if (*code)
		fprintf(table->file, " data-code=\"%s\"", code);
	fputs("></td>", table->file);
}

static void field(const struct bel_step_table *table, const char *label, const char *value)
{
	fprintf(table->file, "<p class=\"field\">%s: ", label);
	if (value)
		text(table, value, 0);
	else
		fputs("<input size=\"30\">", table->file);
	fputs("</p>\n", table->file);
}

const struct bel_style bel_style_html = {
	.name = "html",
	.fill = " Fill in each field with the state after the reference, or -.",
	.form = bel_html_form,
	.begin = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		 "<title>Page replacement, step by step</title>\n<style>\n"
		 "table { border-collapse: collapse; font-family: monospace; margin: 1em 0 }\n"
		 "th, td { border: 1px solid #999; padding: 0.2em 0.5em; text-align: right }\n"
		 "th { background: #eee }\n"
		 "th { white-space: nowrap }\n"
		 "td:has(input) { padding: 0 }\n"
		 "td input { width: 2.8em; font: inherit; text-align: right; border: 0 }\n"
		 "td input.right { background: #dfd }\n"
		 "td input.wrong { background: #fdd; outline: 2px solid #a00 }\n"
		 "td.fault { font-weight: bold; background: #fdd }\n"
		 "</style>\n</head>\n<body>\n",
	.end = "</body>\n</html>\n",
	.heading = {"<h2>", "</h2>\n", 0},
	.paragraph = {"<p>", "</p>\n", 0},
	.list = {"<ul>\n", "</ul>\n", 0},
	.item = {"<li>", "</li>\n", 0},
	.row_end = "</tr>\n",
	.table_end = "</table>\n",
	.text = text,
	.table = table,
	.section = section,
	.row = row,
	.cell = cell,
	.answer = answer,
	.field = field,
};

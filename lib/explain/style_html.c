/* SPDX-License-Identifier: MIT */
/* style_html.c: sheets as one HTML page that needs no other file. */
#include "style.h"

static void escape(const struct bel_sheet *sheet, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", sheet->file);
		else if (*text == '>')
			fputs("&gt;", sheet->file);
		else if (*text == '&')
			fputs("&amp;", sheet->file);
		else
			fputc(*text, sheet->file);
	}
}

static void put(
	const struct bel_sheet *sheet, const char *before, const char *text, const char *after)
{
	fputs(before, sheet->file);
	escape(sheet, text);
	fputs(after, sheet->file);
}

static void begin(const struct bel_sheet *sheet)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<title>Page replacement, step by step</title>\n<style>\n"
	      "table { border-collapse: collapse; font-family: monospace; margin: 1em 0 }\n"
	      "th, td { border: 1px solid #999; padding: 0.2em 0.5em; text-align: right }\n"
	      "th { background: #eee }\n"
	      "td.fault { font-weight: bold; background: #fdd }\n"
	      "</style>\n</head>\n<body>\n",
		sheet->file);
}

static void heading(const struct bel_sheet *sheet, const char *text)
{
	put(sheet, "<h2>", text, "</h2>\n");
}

static void table(const struct bel_sheet *sheet, size_t columns)
{
	(void)columns;
	fputs("<table>\n", sheet->file);
}

static void section(const struct bel_sheet *sheet, const char *text, size_t columns)
{
	fprintf(sheet->file, "<tr><th colspan=\"%zu\" style=\"text-align: left\">", columns + 1);
	put(sheet, "", text, "</th></tr>\n");
}

static void row(const struct bel_sheet *sheet, const char *label, bool head)
{
	(void)head;
	put(sheet, "<tr><th scope=\"row\">", label, "</th>");
}

static void cell(const struct bel_sheet *sheet, const char *text, bool strong)
{
	put(sheet, strong ? "<td class=\"fault\">" : "<td>", text, "</td>");
}

static void row_end(const struct bel_sheet *sheet)
{
	fputs("</tr>\n", sheet->file);
}

static void rule(const struct bel_sheet *sheet, size_t columns)
{
	(void)sheet;
	(void)columns;
}

static void table_end(const struct bel_sheet *sheet)
{
	fputs("</table>\n", sheet->file);
}

static void paragraph(const struct bel_sheet *sheet, const char *text)
{
	put(sheet, "<p>", text, "</p>\n");
}

static void list(const struct bel_sheet *sheet)
{
	fputs("<ul>\n", sheet->file);
}

static void item(const struct bel_sheet *sheet, const char *text)
{
	put(sheet, "<li>", text, "</li>\n");
}

static void list_end(const struct bel_sheet *sheet)
{
	fputs("</ul>\n", sheet->file);
}

static void end(const struct bel_sheet *sheet)
{
	fputs("</body>\n</html>\n", sheet->file);
}

const struct bel_style bel_style_html = {
	.name = "html",
	.begin = begin,
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
	.end = end,
};

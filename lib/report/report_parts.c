/* SPDX-License-Identifier: MIT */
/* report_parts.c: what all sections are made of: figures, tables, cells. */
#include "report_parts.h"

#include "html.h"
#include "markup.h"

void bel_report_figure(struct bel_report *report, FILE *file)
{
	fprintf(file, "<figure id=\"figure-%zu\">\n", ++report->figures);
}

void bel_report_figure_end(FILE *file)
{
	fputs("</figure>\n", file);
}

void bel_report_table(FILE *file, const char *summary, const char *const *columns)
{
	fprintf(file, "<details><summary>%s</summary>\n<div class=\"wide\"><table>\n<thead><tr>",
		summary);
	for (; *columns; columns++)
		fprintf(file, "<th scope=\"col\">%s</th>", *columns);
	fputs("</tr></thead>\n<tbody>\n", file);
}

void bel_report_table_end(FILE *file)
{
	fputs("</tbody></table></div></details>\n", file);
}

void bel_report_cell_text(FILE *file, const char *text)
{
	fputs("<td class=\"text\">", file);
	bel_markup_text(file, text);
	fputs("</td>", file);
}

void bel_report_cell_count(FILE *file, uint64_t value)
{
	fputs("<td>", file);
	bel_html_count(file, value);
	fputs("</td>", file);
}

/* SPDX-License-Identifier: MIT */
/* report_blame.c: who causes the faults: a flame graph and its table. */
#include <inttypes.h>
#include <string.h>

#include "blame_picture.h"
#include "html.h"
#include "markup.h"
#include "report_parts.h"
#include "report_trace.h"

enum { LETTERS = 70 }; /* of a part of a key in a sentence */

/* "region,mapping" of a row, as one text each. */
static void put_key(
	FILE *file, const struct bel_blame_table *table, const struct bel_blame_row *row)
{
	if (!row->key) {
		fprintf(file, "<td class=\"text\" colspan=\"%u\">", table->by.count);
		bel_html_count(file, row->keys);
		fputs(" other keys</td>", file);
		return;
	}
	for (unsigned i = 0; i < table->by.count; i++)
		bel_report_cell_text(file, bel_blame_row_part(table, row, i));
}

static void put_row(
	FILE *file, const struct bel_blame_table *table, const struct bel_blame_row *row)
{
	const double all = table->sum.faults ? (double)table->sum.faults : 1;
	char text[BEL_HTML_SIZE];

	fputs("<tr>", file);
	put_key(file, table, row);
	bel_report_cell_count(file, row->faults);
	fprintf(file, "<td>%s %%</td>", bel_html_real(text, 100 * (double)row->faults / all));
	if (table->has_opt) {
		bel_report_cell_count(file, row->opt_faults);
		fprintf(file, "<td>%" PRId64 "</td>", bel_blame_row_value(row, BEL_BLAME_REGRET));
	}
	bel_report_cell_count(file, row->references);
	bel_report_cell_count(file, row->writebacks);
	fputs("</tr>\n", file);
}

static void table(FILE *file, const struct bel_blame_table *table)
{
	fputs("<details><summary>Table: who causes the faults</summary>\n"
	      "<div class=\"wide\"><table>\n<thead><tr>",
		file);
	for (unsigned i = 0; i < table->by.count; i++)
		fprintf(file, "<th scope=\"col\" class=\"text\">%s</th>",
			bel_blame_part_name((enum bel_blame_part)table->by.part[i]));
	fputs("<th scope=\"col\">faults</th><th scope=\"col\">share</th>", file);
	if (table->has_opt)
		fputs("<th scope=\"col\">OPT's faults</th><th scope=\"col\">regret</th>", file);
	fputs("<th scope=\"col\">references</th><th scope=\"col\">write-backs</th></tr></thead>\n"
	      "<tbody>\n",
		file);
	for (uint32_t i = 0; i < table->rows; i++)
		put_row(file, table, &table->row[i]);
	bel_report_table_end(file);
}

/* The functions at the end of a long stack, which made the reference: as many as there is room for. */
static const char *innermost(const char *stack)
{
	const char *next;

	while (strlen(stack) > LETTERS && (next = strchr(stack, ';')) != NULL)
		stack = next + 1;
	return stack;
}

/* The key with the most faults, in words. Those in sums have fewer than it. */
static void largest(FILE *file, const struct bel_blame_table *table)
{
	const struct bel_blame_row *row = table->row;
	const struct bel_blame_row *const end = row + table->rows;
	char text[BEL_HTML_SIZE];

	while (row < end && (!row->key || row->keys > 1))
		row++;
	if (row == end || !row->faults)
		return;
	fputs("<p>The most faults, <b>", file);
	bel_html_count(file, row->faults);
	fprintf(file, "</b> or %s %%, are at references of ",
		bel_html_real(text, 100 * (double)row->faults / (double)table->sum.faults));
	for (unsigned i = 0; i < table->by.count; i++) {
		const char *const part = bel_blame_row_part(table, row, i);
		const char *const end_of_stack =
			table->by.part[i] == BEL_BLAME_STACK ? innermost(part) : part;

		fprintf(file, "%s%s <b>%s", i ? ", " : "",
			bel_blame_part_name((enum bel_blame_part)table->by.part[i]),
			end_of_stack > part ? "...;" : "");
		bel_markup_short(file, end_of_stack, LETTERS);
		fputs("</b>", file);
	}
	fputs(".</p>\n", file);
}

static int one(
	struct bel_report *report, struct bel_blame_result *result, FILE *file, struct bel_err *err)
{
	const uint64_t frames = bel_report_count(result->head, "frames");
	const char *const spec = bel_report_text(result->head, "spec");
	struct bel_blame_below below;
	char title[160];
	int r;

	if (frames)
		snprintf(title, sizeof(title), "Faults of %.80s with %" PRIu64 " frames",
			spec ? spec : "the policy", frames);
	else
		snprintf(title, sizeof(title), "Faults of %.80s", spec ? spec : "the policy");
	bel_blame_table_sum(&result->table);
	r = bel_blame_table_order(&result->table, BEL_BLAME_FAULTS, 0, err);
	if (r < 0)
		return r;
	largest(file, &result->table);
	bel_report_figure(report, file);
	fputs("<div class=\"flame\" role=\"img\" aria-label=\"Flame graph: a frame is as wide as "
	      "its share of the faults. The table below has the numbers.\">\n",
		file);
	r = bel_blame_svg(file, &result->table, BEL_BLAME_FAULTS, title, &below, err);
	fputs("</div>\n<figcaption>", file);
	bel_markup_text(file, title);
	for (size_t i = 0; i < result->table.by.count; i++)
		fprintf(file, ", %s%s", i ? "" : "by ",
			bel_blame_part_name((enum bel_blame_part)result->table.by.part[i]));
	fputs(". A rectangle is as wide as its share of the faults.</figcaption>\n", file);
	if (r == BEL_OK)
		r = bel_blame_table_order(&result->table, BEL_BLAME_FAULTS, BEL_REPORT_KEYS, err);
	table(file, &result->table);
	bel_report_figure_end(file);
	return r;
}

int bel_report_blame(
	struct bel_report *report, struct bel_report_trace *trace, FILE *file, struct bel_err *err)
{
	int r = BEL_OK;

	if (!trace->blames.count)
		return BEL_OK;
	fputs("<section>\n<h2>Who causes the faults</h2>\n", file);
	for (size_t i = 0; r == BEL_OK && i < trace->blames.count; i++)
		r = one(report, &trace->blames.result[i], file, err);
	fputs("</section>\n", file);
	return r;
}

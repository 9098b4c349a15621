/* SPDX-License-Identifier: MIT */
/* report_sets.c: the working set over time, and the pages touched so far. */
#include <math.h>
#include <stdlib.h>

#include "html.h"
#include "report_parts.h"

enum { MARKS_MOST = 64 }; /* more lines would fill the figure */

/* The columns of the figure, one value for each part of the trace. */
struct parts {
	double *start, *end, *pages, *touched;
	size_t count;
};

static int read_parts(const struct bel_report_list *sets, struct parts *parts, struct bel_err *err)
{
	double *const all = calloc(4 * sets->count, sizeof(*all));

	if (!all)
		return bel_err_memory(err, "a figure");
	*parts = (struct parts){
		all, all + sets->count, all + 2 * sets->count, all + 3 * sets->count, sets->count};
	for (size_t i = 0; i < sets->count; i++) {
		const struct bel_record *const row = sets->record[i];
		uint64_t start, references, pages, touched;

		if (bel_record_get_count(row, "start_reference", &start, err) < 0 ||
			bel_record_get_count(row, "references", &references, err) < 0 ||
			bel_record_get_count(row, "pages", &pages, err) < 0 ||
			bel_record_get_count(row, "touched_pages", &touched, err) < 0) {
			free(all);
			return BEL_FAIL;
		}
		if (fmax(fmax((double)start, (double)references),
			    fmax((double)pages, (double)touched)) > REPORT_MOST) {
			free(all);
			return bel_fail(err, "%s: line %lu: a number is above 2^53",
				bel_record_source(row), bel_record_line(row));
		}
		parts->start[i] = (double)start;
		parts->end[i] = (double)start + (double)references;
		parts->pages[i] = (double)pages;
		parts->touched[i] = (double)touched;
	}
	return BEL_OK;
}

static void draw(struct bel_report *report, const struct bel_report_trace *trace,
	const struct parts *parts, const struct chart_mark *mark, FILE *file)
{
	const size_t first = trace->sets.first, last = first + parts->count - 1;
	/* A short rest at the end has few pages, which says nothing about the working set. */
	const bool rest =
		parts->count > 1 && parts->end[parts->count - 1] - parts->start[parts->count - 1] <
					    (parts->end[0] - parts->start[0]) / 2;
	const struct chart_line line[] = {
		{.name = "working set",
			.x = parts->start,
			.y = parts->pages,
			.count = parts->count - rest,
			.steps = true,
			.first = first,
			.last = last - rest,
			.x_member = "start_reference",
			.y_member = "pages"},
		{.name = "touched so far",
			.x = parts->start,
			.y = parts->touched,
			.count = parts->count,
			.steps = true,
			.first = first,
			.last = last,
			.x_member = "start_reference",
			.y_member = "touched_pages"},
	};
	const struct chart chart = {
		.alt = "Over virtual time: the distinct pages that each part of the trace "
		       "references, and the pages touched so far. The table below has the numbers.",
		.x_label = "virtual time: references",
		.y_label = "pages",
		.x_to = fmax(1, parts->end[parts->count - 1]),
		.line = line,
		.lines = 2,
		.mark = mark,
		.marks = mark ? (trace->marks.count < MARKS_MOST ? trace->marks.count : MARKS_MOST)
			      : 0,
	};

	bel_report_figure(report, file);
	bel_chart_key(file, &chart);
	bel_chart_write(file, &chart);
}

static void table(const struct bel_report_trace *trace, const struct parts *parts, FILE *file)
{
	static const char *const columns[] = {
		"from reference", "to reference", "working set", "memory", "touched so far", NULL};
	char text[BEL_HTML_SIZE];

	bel_report_table(file, "Table: pages in each part of the trace", columns);
	for (size_t i = 0; i < parts->count; i++) {
		fputs("<tr>", file);
		bel_report_cell_count(file, (uint64_t)parts->start[i]);
		bel_report_cell_count(file, (uint64_t)parts->end[i]);
		bel_report_cell_count(file, (uint64_t)parts->pages[i]);
		fprintf(file, "<td>%s</td>",
			bel_html_bytes(text, parts->pages[i] * (double)trace->page_bytes));
		bel_report_cell_count(file, (uint64_t)parts->touched[i]);
		fputs("</tr>\n", file);
	}
	bel_report_table_end(file);
}

/* The marks that the program set. NULL: there are none. */
static struct chart_mark *read_marks(const struct bel_report_list *marks)
{
	struct chart_mark *const mark = calloc(marks->count + 1, sizeof(*mark));

	for (size_t i = 0; mark && i < marks->count; i++) {
		const char *const name = bel_report_text(marks->record[i], "name");

		mark[i] = (struct chart_mark){name ? name : "mark",
			(double)bel_report_count(marks->record[i], "reference")};
	}
	return mark;
}

int bel_report_sets(struct bel_report *report, const struct bel_report_trace *trace, FILE *file,
	struct bel_err *err)
{
	struct chart_mark *mark;
	struct parts parts = {.count = 0};

	if (!trace->sets.count)
		return BEL_OK;
	if (read_parts(&trace->sets, &parts, err) < 0)
		return BEL_FAIL;
	mark = read_marks(&trace->marks);
	fputs("<section>\n<h2>The working set over time</h2>\n", file);
	if (mark)
		draw(report, trace, &parts, mark, file);
	fputs("<p class=\"readout\" role=\"status\" hidden></p>\n<figcaption>The distinct pages "
	      "that each part of "
	      "the trace references, and all pages touched so far. A part has ",
		file);
	bel_html_count(file, (uint64_t)(parts.end[0] - parts.start[0]));
	fputs(" references.</figcaption>\n", file);
	table(trace, &parts, file);
	bel_report_figure_end(file);
	fputs("</section>\n", file);
	free(parts.start);
	free(mark);
	return mark ? BEL_OK : bel_err_memory(err, "a figure");
}

/* SPDX-License-Identifier: MIT */
/* report_curves.c: faults at each memory size: a figure and its table. */
#include <math.h>
#include <stdlib.h>

#include "html.h"
#include "markup.h"
#include "report_parts.h"

/* Ends of the x axis. */
static void x_range(const struct bel_report_trace *trace, struct chart *chart)
{
	chart->x_from = INFINITY;
	chart->x_to = fmax(2, (double)trace->pages);
	for (size_t i = 0; i < trace->curves; i++) {
		const struct bel_report_curve *const curve = &trace->curve[i];

		for (size_t k = 0; k < curve->count; k++) {
			chart->x_from = fmin(chart->x_from, curve->x[k]);
			chart->x_to = fmax(chart->x_to, curve->x[k]);
		}
	}
	chart->x_from = fmax(1, chart->x_from);
	if (chart->x_from >= chart->x_to)
		chart->x_from = 1;
}

static int draw(struct bel_report *report, const struct bel_report_trace *trace, FILE *file,
	struct bel_err *err)
{
	struct chart_line *const line = calloc(trace->curves, sizeof(*line));
	struct chart chart = {
		.alt = "Page faults at each memory size, one line for each policy. Both scales are "
		       "logarithmic. The table below has the numbers.",
		.x_label = "memory: frames, and their size",
		.y_label = "faults",
		.log_x = true,
		.log_y = true,
		.x_bytes = (double)trace->page_bytes,
		.line = line,
		.lines = trace->curves,
	};

	if (!line)
		return bel_err_memory(err, "a figure");
	for (size_t i = 0; i < trace->curves; i++) {
		const struct bel_report_curve *const curve = &trace->curve[i];

		line[i] = (struct chart_line){
			.name = curve->spec,
			.x = curve->drawn_x,
			.y = curve->drawn_faults,
			.count = curve->drawn_count,
			.first = trace->first_curve + i,
			.last = trace->first_curve + i,
			.x_member = curve->windows ? "mean_resident_pages" : "frames",
			.y_member = "faults",
		};
	}
	x_range(trace, &chart);
	bel_report_figure(report, file);
	bel_chart_key(file, &chart);
	bel_chart_write(file, &chart);
	fputs("<p class=\"readout\" role=\"status\" hidden></p>\n<figcaption>Page faults at each "
	      "memory size. "
	      "A lower line is a better policy.</figcaption>\n",
		file);
	free(line);
	return BEL_OK;
}

/* ---- the table ---- */

static int by_size(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* The rows: powers of two, shares of the footprint, and knees; ascending, each once. */
static size_t choose_sizes(const struct bel_report_trace *trace, double *size)
{
	static const double shares[] = {0.1, 0.25, 0.5, 0.75, 1};
	const double pages = (double)trace->pages;
	size_t count = 0, kept = 0;

	for (double x = 1; x <= pages && count < 64; x *= 2)
		size[count++] = x;
	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++)
		size[count++] = fmax(1, floor(pages * shares[i]));
	for (size_t i = 0; i < trace->curves; i++)
		if (trace->curve[i].knee < trace->curve[i].count)
			size[count++] = ceil(trace->curve[i].x[trace->curve[i].knee]);
	qsort(size, count, sizeof(*size), by_size);
	for (size_t i = 0; i < count; i++)
		if (!kept || size[i] > size[kept - 1])
			size[kept++] = size[i];
	return kept;
}

/* The faults of a curve with so many frames, or with the next smaller size that it has. */
static void put_faults(FILE *file, const struct bel_report_curve *curve, double frames)
{
	const size_t at = bel_report_curve_at(curve, frames);
	char text[BEL_HTML_SIZE];

	fputs("<td>", file);
	if (at == curve->count) {
		fputs("-</td>", file);
		return;
	}
	bel_html_count(file, (uint64_t)curve->faults[at]);
	if (curve->x[at] < frames && at + 1 < curve->count)
		fprintf(file, " <small>at %s</small>", bel_html_real(text, curve->x[at]));
	if (at == curve->knee)
		fputs(" <small>knee</small>", file);
	fputs("</td>", file);
}

static int table(const struct bel_report_trace *trace, FILE *file, struct bel_err *err)
{
	double *const size = calloc(trace->curves + 80, sizeof(*size));
	char text[BEL_HTML_SIZE];
	size_t count;

	if (!size)
		return bel_err_memory(err, "a table");
	count = choose_sizes(trace, size);
	fputs("<details><summary>Table: faults at chosen memory sizes</summary>\n"
	      "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">frames</th>"
	      "<th scope=\"col\">memory</th><th scope=\"col\">of the footprint</th>",
		file);
	for (size_t i = 0; i < trace->curves; i++) {
		fputs("<th scope=\"col\">", file);
		bel_markup_text(file, trace->curve[i].spec);
		fputs("</th>", file);
	}
	fputs("</tr></thead>\n<tbody>\n", file);
	for (size_t k = 0; k < count; k++) {
		fputs("<tr>", file);
		bel_report_cell_count(file, (uint64_t)size[k]);
		fprintf(file, "<td>%s</td>",
			bel_html_bytes(text, size[k] * (double)trace->page_bytes));
		fprintf(file, "<td>%s %%</td>",
			bel_html_real(text, 100 * size[k] / fmax(1, (double)trace->pages)));
		for (size_t i = 0; i < trace->curves; i++)
			put_faults(file, &trace->curve[i], size[k]);
		fputs("</tr>\n", file);
	}
	bel_report_table_end(file);
	free(size);
	return BEL_OK;
}

static void note(FILE *file, const struct bel_report_curve *curve, const char *text)
{
	fputs("<p class=\"soft\">", file);
	bel_markup_text(file, curve->spec);
	fprintf(file, ": %s</p>\n", text);
}

/* What the figure does not say of a curve. */
static void notes(const struct bel_report_trace *trace, FILE *file)
{
	char text[160];

	for (size_t i = 0; i < trace->curves; i++) {
		const struct bel_report_curve *const curve = &trace->curve[i];

		if (bel_record_has(curve->record, "sample"))
			note(file, curve, "estimated from a sample of the pages.");
		if (bel_record_is_true(curve->record, "partial"))
			note(file, curve, "the run was interrupted before the end of the trace.");
		if (curve->drawn_count == curve->count)
			continue;
		snprintf(text, sizeof(text),
			"the figure and the JSON of this page have %zu of %zu sizes; bel-curve "
			"gives all.",
			curve->drawn_count, curve->count);
		note(file, curve, text);
	}
}

int bel_report_curves(struct bel_report *report, const struct bel_report_trace *trace, FILE *file,
	struct bel_err *err)
{
	int r;

	if (!trace->curves)
		return BEL_OK;
	fputs("<section>\n<h2>Faults and memory</h2>\n", file);
	r = draw(report, trace, file, err);
	if (r == BEL_OK)
		r = table(trace, file, err);
	bel_report_figure_end(file);
	notes(trace, file);
	fputs("</section>\n", file);
	return r;
}

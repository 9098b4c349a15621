/* SPDX-License-Identifier: MIT */
/* report_maps.c: maps of memory over time: a cell is darker the more it counts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "markup.h"
#include "report_parts.h"

enum {
	WIDTH = 860,
	LEFT = 250, /* for the names of rows */
	ROW = 12,
	BOTTOM = 40,
	NAME_LETTERS = 36,
	LEVELS = 8, /* shades; they grow by equal factors of counts */
};

/* One map: consecutive records, from the one with row 0 on. */
struct map {
	struct bel_record *const *row;
	size_t rows, columns, first; /* first: number of row 0 in the page's JSON */
	double most;                 /* largest count of a cell */
};

static size_t rows_of(const struct bel_report_list *list, size_t from)
{
	size_t to = from + 1;

	while (to < list->count && bel_report_count(list->record[to], "row"))
		to++;
	return to - from;
}

static int bad(const struct bel_record *row, const char *what, struct bel_err *err)
{
	return bel_fail(
		err, "%s: line %lu: %s", bel_record_source(row), bel_record_line(row), what);
}

static int read_row(struct map *map, const struct bel_record *row, struct bel_err *err)
{
	const struct bel_record_column cell = bel_record_column(row, "counts");
	const struct bel_record_column start = bel_record_column(row, "start_reference");
	double value, at;

	if (!cell.length || cell.length != map->columns || start.length != map->columns)
		return bad(row, "the rows of a map need equal numbers of columns, and at least one",
			err);
	for (size_t c = 0; c < cell.length; c++) {
		if (!bel_record_column_get(&cell, c, &value) ||
			!bel_record_column_get(&start, c, &at) || value < 0 || at < 0 ||
			value > REPORT_MOST || at > REPORT_MOST)
			return bad(row, "counts and start_reference must be numbers from 0 to 2^53",
				err);
		map->most = fmax(map->most, value);
	}
	return BEL_OK;
}

static int read_map(
	const struct bel_report_list *list, size_t from, struct map *map, struct bel_err *err)
{
	*map = (struct map){.row = list->record + from,
		.rows = rows_of(list, from),
		.columns = bel_record_length(list->record[from], "counts"),
		.first = list->first + from};
	for (size_t r = 0; r < map->rows; r++)
		if (read_row(map, map->row[r], err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

/* 0 for 0; 1 to LEVELS. */
static unsigned level_of(const struct map *map, double value)
{
	if (value < 1)
		return 0;
	if (map->most < 2)
		return LEVELS;
	return 1 + (unsigned)((LEVELS - 1) * log(value) / log(map->most) + 1e-9);
}

/* All cells of one shade are one path; neighbours in a row are one rectangle. */
static void draw_level(const struct map *map, unsigned level, FILE *file)
{
	fprintf(file, "<path class=\"m%u\" d=\"", level);
	for (size_t r = 0; r < map->rows; r++) {
		const struct bel_record_column cell = bel_record_column(map->row[r], "counts");
		size_t from = SIZE_MAX;

		for (size_t c = 0; c <= cell.length; c++) {
			double value = 0;

			if (c < cell.length)
				bel_record_column_get(&cell, c, &value);
			if (c < cell.length && level_of(map, value) == level) {
				from = from == SIZE_MAX ? c : from;
			} else if (from != SIZE_MAX) {
				fprintf(file, "M%zu %zuh%zuv1h-%zuz", from, r, c - from, c - from);
				from = SIZE_MAX;
			}
		}
	}
	fputs("\"/>\n", file);
}

static void draw_names(const struct map *map, FILE *file)
{
	for (size_t r = 0; r < map->rows; r++) {
		const char *const name = bel_report_text(map->row[r], "name");

		fprintf(file, "<text class=\"end row\" x=\"%d\" y=\"%zu\">", LEFT - 6,
			r * ROW + ROW - 2);
		bel_markup_short(file, name ? name : "", NAME_LETTERS);
		fputs("<title>", file);
		bel_markup_text(file, name ? name : "");
		fputs("</title></text>\n", file);
	}
}

static void draw_time(const struct map *map, FILE *file)
{
	const struct bel_record_column start = bel_record_column(map->row[0], "start_reference");
	const uint64_t references = bel_report_count(map->row[0], "references");
	const size_t y = map->rows * ROW;
	double from = 0;

	bel_record_column_get(&start, 0, &from);
	fprintf(file, "<path class=\"axis\" d=\"M%d 0V%zuH%d\"/>\n", LEFT, y, WIDTH);
	fprintf(file, "<text class=\"time\" x=\"%d\" y=\"%zu\">", LEFT, y + 16);
	bel_html_count(file, (uint64_t)from);
	fprintf(file, "</text><text class=\"end time\" x=\"%d\" y=\"%zu\">", WIDTH, y + 16);
	bel_html_count(file, (uint64_t)from + references);
	fprintf(file,
		"</text><text class=\"mid\" x=\"%d\" y=\"%zu\">virtual time: references</text>\n",
		(LEFT + WIDTH) / 2, y + 32);
}

static void draw(struct bel_report *report, const struct map *map, FILE *file)
{
	const char *const what = bel_report_text(map->row[0], "what");

	bel_report_figure(report, file);
	fprintf(file, "<p class=\"zoom\" hidden><button type=\"button\" data-zoom=\"in\">Zoom "
		      "in</button> "
		      "<button type=\"button\" data-zoom=\"out\">Zoom out</button> "
		      "<button type=\"button\" data-zoom=\"all\">Whole map</button> "
		      "<span class=\"soft\">Or drag over a part of the map.</span></p>\n");
	fprintf(file,
		"<svg class=\"map\" role=\"img\" viewBox=\"0 0 %d %zu\" data-first=\"%zu\" "
		"data-rows=\"%zu\" data-columns=\"%zu\" aria-label=\"Map: ",
		WIDTH, map->rows * ROW + BOTTOM, map->first, map->rows, map->columns);
	bel_markup_text(file, what ? what : "counts");
	fputs(" by address, from top to bottom, and by virtual time, from left to right. The table "
	      "below has the sum of each row.\">\n",
		file);
	draw_names(map, file);
	draw_time(map, file);
	fprintf(file,
		"<svg class=\"cells\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%zu\" "
		"viewBox=\"0 0 %zu %zu\" preserveAspectRatio=\"none\">\n"
		"<rect class=\"m0\" width=\"%zu\" height=\"%zu\"/>\n",
		LEFT, WIDTH - LEFT, map->rows * ROW, map->columns, map->rows, map->columns,
		map->rows);
	for (unsigned level = 1; level <= LEVELS; level++)
		draw_level(map, level, file);
	fputs("</svg>\n</svg>\n", file);
}

/* The key of the shades: the least count of each. */
static void key(const struct map *map, FILE *file)
{
	fputs("<p class=\"shades\">0 <svg viewBox=\"0 0 180 14\" aria-hidden=\"true\">", file);
	for (unsigned level = 0; level <= LEVELS; level++)
		fprintf(file, "<rect class=\"m%u\" x=\"%u\" width=\"20\" height=\"14\"/>", level,
			level * 20);
	fputs("</svg> ", file);
	bel_html_count(file, (uint64_t)map->most);
	fputs(" in a cell; equal steps are equal factors</p>\n", file);
}

static void table(const struct map *map, FILE *file)
{
	static const char *const columns[] = {
		"memory", "address", "length", "pages", "sum", "share", NULL};
	char text[BEL_HTML_SIZE];

	bel_report_table(file, "Table: sums of the rows of the map", columns);
	for (size_t r = 0; r < map->rows; r++) {
		const struct bel_record *const row = map->row[r];
		const char *const name = bel_report_text(row, "name");
		const char *const start = bel_report_text(row, "start");
		const double share = bel_report_number(row, "share");

		fputs("<tr>", file);
		bel_report_cell_text(file, name ? name : "");
		bel_report_cell_text(file, start ? start : "");
		fprintf(file, "<td>%s</td>",
			bel_html_bytes(text, (double)bel_report_count(row, "bytes")));
		bel_report_cell_count(file, bel_report_count(row, "pages"));
		bel_report_cell_count(file, bel_report_count(row, "sum"));
		fprintf(file, "<td>%s %%</td></tr>\n",
			bel_html_real(text, isnan(share) ? 0 : 100 * share));
	}
	bel_report_table_end(file);
}

static void caption(const struct map *map, FILE *file)
{
	const char *const what = bel_report_text(map->row[0], "what");
	const char *const spec = bel_report_text(map->row[0], "spec");

	fputs("<p class=\"readout\" role=\"status\" hidden></p>\n<figcaption>", file);
	if (what && !strcmp(what, "faults"))
		fputs("Faults of ", file), bel_markup_text(file, spec ? spec : "the policy");
	else
		fputs(what && !strcmp(what, "writes") ? "Runs that write" : "References", file);
	fputs(" by address and time. A row is a range of addresses, a column has ", file);
	bel_html_count(file, bel_report_count(map->row[0], "column_references"));
	fputs(" references.</figcaption>\n", file);
}

int bel_report_maps(struct bel_report *report, const struct bel_report_trace *trace, FILE *file,
	struct bel_err *err)
{
	struct map map;

	if (!trace->map.count)
		return BEL_OK;
	fputs("<section>\n<h2>Which memory, and when</h2>\n", file);
	for (size_t from = 0; from < trace->map.count; from += map.rows) {
		if (read_map(&trace->map, from, &map, err) < 0)
			return BEL_FAIL;
		draw(report, &map, file);
		key(&map, file);
		caption(&map, file);
		table(&map, file);
		bel_report_figure_end(file);
	}
	fputs("</section>\n", file);
	return BEL_OK;
}

/* SPDX-License-Identifier: MIT */
/*
 * script.c: writes a figure as a gnuplot script.
 */
#include "script.h"

#include <math.h>
#include <string.h>

#include "quote.h"
#include "thin.h"

/* Default size of pictures; text keeps its size. */
#define PIXELS_WIDE 900
#define PIXELS_HIGH 540
#define COLUMNS_WIDE 79
#define LINES_HIGH 24
#define PIXELS_PER_INCH 96.0
#define MARKS_A_LINE 16

/* How finely long lines are thinned (thin.h): a line's edge is drawn to parts of a pixel. */
#define STRIPS_A_PIXEL 4
#define STRIPS_A_LETTER 128

static const struct {
	const char *name, *suffix;
	unsigned least, most;
} terminals[] = {
	{"svg", ".svg", 100, 20000},
	{"png", ".png", 100, 20000},
	{"pdf", ".pdf", 100, 20000},
	{"dumb", ".txt", 20, 1000},
};

#define TERMINALS (sizeof(terminals) / sizeof(*terminals))

const char *bel_terminal_of(const char *path)
{
	const size_t length = strlen(path);

	for (size_t i = 0; i < TERMINALS; i++) {
		const size_t n = strlen(terminals[i].suffix);

		if (length > n && !strcmp(path + length - n, terminals[i].suffix))
			return terminals[i].name;
	}
	return NULL;
}

int bel_script_check(const struct bel_script *script, struct bel_err *err)
{
	for (size_t i = 0; i < TERMINALS; i++) {
		const unsigned least = terminals[i].least, most = terminals[i].most;

		if (strcmp(script->terminal, terminals[i].name) != 0)
			continue;
		if (!script->width && !script->height)
			return 0;
		if (script->width >= least && script->width <= most &&
			script->height >= least / 2 && script->height <= most)
			return 0;
		return bel_usage(err, "%s pictures are %ux%u to %ux%u, not %ux%u", script->terminal,
			least, least / 2, most, most, script->width, script->height);
	}
	return bel_usage(
		err, "'%s' is not a terminal: use svg, png, pdf or dumb", script->terminal);
}

static bool is_dumb(const struct bel_script *s)
{
	return !strcmp(s->terminal, "dumb");
}

/* In pixels, or in characters. */
static unsigned width_of(const struct bel_script *s)
{
	return s->width ? s->width : is_dumb(s) ? COLUMNS_WIDE : PIXELS_WIDE;
}

static unsigned strips_of(const struct bel_script *s)
{
	return width_of(s) * (is_dumb(s) ? STRIPS_A_LETTER : STRIPS_A_PIXEL);
}

static void put_terminal(const struct bel_script *s, FILE *file)
{
	const bool dumb = is_dumb(s);
	const unsigned width = width_of(s);
	const unsigned height = s->height ? s->height : dumb ? LINES_HIGH : PIXELS_HIGH;

	if (dumb)
		fprintf(file, "set terminal dumb feed size %u, %u %s\n", width, height,
			s->color ? "ansi" : "mono");
	else if (!strcmp(s->terminal, "svg"))
		fprintf(file,
			"set terminal svg size %u, %u dynamic background rgb 'white' "
			"font 'sans-serif,14'\n",
			width, height);
	else if (!strcmp(s->terminal, "png"))
		fprintf(file, "set terminal pngcairo size %u, %u font 'sans,11'\n", width, height);
	else
		fprintf(file, "set terminal pdfcairo size %.3fin, %.3fin font 'sans,10'\n",
			width / PIXELS_PER_INCH, height / PIXELS_PER_INCH);
	if (s->output) {
		fputs("set output ", file);
		bel_quote_path(file, s->output);
		putc('\n', file);
	}
}

static void put_point(
	const struct bel_figure *figure, double x, const struct bel_point *point, FILE *file)
{
	fprintf(file, "%.15g %.15g", x, point->y);
	for (size_t i = 0; figure->spec->columns.word[i]; i++)
		fprintf(file, " %.15g", point->column[i]);
	putc('\n', file);
}

/* A script while it is written. */
struct writing {
	const struct bel_figure *figure;
	struct bel_thin thin;
	FILE *file;
};

static void keep_point(void *context, const struct bel_point *point)
{
	const struct writing *const to = context;

	put_point(to->figure, point->x, point, to->file);
}

static void put_points(struct writing *to, const struct bel_series *series)
{
	const struct bel_figure *const figure = to->figure;
	const struct bel_point *last = &series->point[series->points - 1];
	FILE *const file = to->file;

	bel_thin(&to->thin, series, keep_point, to);
	/* A value that holds over a width is drawn to the end of it. */
	if (last->width > 0)
		put_point(figure, last->x + last->width, last, file);
}

static size_t count_kind(const struct bel_figure *figure, int kind)
{
	size_t n = 0;

	for (size_t i = 0; i < figure->count; i++)
		n += (int)figure->series[i].kind == kind;
	return n;
}

/* Writes the data of series to a block, with empty lines between them. */
static void put_block(struct writing *to, const char *name, bool (*has)(const struct bel_series *),
	void (*put)(struct writing *, const struct bel_series *))
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;
	const char *before = "";

	fprintf(file, "%s << END\n", name);
	for (size_t i = 0; i < figure->count; i++) {
		if (!has(&figure->series[i]))
			continue;
		fputs(before, file);
		put(to, &figure->series[i]);
		before = "\n\n";
	}
	fputs("END\n", file);
}

/* Writes how many series have something, and their numbers from 1. */
static void put_numbers(const struct bel_figure *figure, const char *name, const char *of,
	bool (*has)(const struct bel_series *), FILE *file)
{
	size_t n = 0;

	for (size_t i = 0; i < figure->count; i++)
		n += has(&figure->series[i]);
	fprintf(file, "%s = %zu\narray %s[%zu]", name, n, of, n ? n : 1);
	fputs(n ? " = [" : "\n", file);
	for (size_t i = 0; i < figure->count; i++)
		if (has(&figure->series[i]))
			fprintf(file, "%zu%s", i + 1, --n ? ", " : "]\n");
}

static bool is_any(const struct bel_series *series)
{
	return series != NULL;
}

static bool is_banded(const struct bel_series *series)
{
	return series->banded;
}

static bool is_marked(const struct bel_series *series)
{
	return series->marked;
}

/* The position of a value on the x axis; only differences matter. */
static double place(double x, bool log_x)
{
	return log_x ? log(x) : x;
}

/* Writes the points to mark: enough to distinguish the lines, evenly spread. */
static void put_dots(const struct bel_figure *figure, bool log_x, FILE *file)
{
	const double least = log_x ? figure->x_least : figure->x_min;
	const double width = place(figure->x_max, log_x) - place(least, log_x);

	fputs("$dots << END\n", file);
	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *series = &figure->series[i];
		double last = -INFINITY;

		fputs(i ? "\n\n" : "", file);
		for (size_t k = 0; k < series->points; k++) {
			const struct bel_point *point = &series->point[k];
			const double at = place(point->x, log_x);

			if (series->kind != BEL_SERIES_SPOT && at - last < width / MARKS_A_LINE)
				continue;
			last = at;
			put_point(figure, point->x, point, file);
		}
	}
	fputs("END\n", file);
}

static bool is_named(const struct bel_series *series, const struct bel_point *point)
{
	return series->kind == BEL_SERIES_SPOT && series->many_params && point->label;
}

/* Writes spots that differ in their parameters: the texts in an array, the positions in a block. */
static void put_spot_names(const struct bel_figure *figure, FILE *file)
{
	size_t n = 0;

	fputs("$spot_names << END\n", file);
	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *series = &figure->series[i];

		for (size_t k = 0; k < series->points; k++)
			if (is_named(series, &series->point[k]))
				fprintf(file, "%.15g %.15g %zu\n", series->point[k].x,
					series->point[k].y, ++n);
	}
	fprintf(file, "END\nspot_names = %zu\narray spot_name[%zu]\n", n, n ? n : 1);
	n = 0;
	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *series = &figure->series[i];

		for (size_t k = 0; k < series->points; k++) {
			if (!is_named(series, &series->point[k]))
				continue;
			fprintf(file, "spot_name[%zu] = ", ++n);
			bel_quote_text(file, series->point[k].label);
			fputc('\n', file);
		}
	}
}

static void keep_band(void *context, const struct bel_point *point)
{
	const struct writing *const to = context;

	if (point->low <= point->high)
		fprintf(to->file, "%.15g %.15g %.15g\n", point->x, point->low, point->high);
}

static void put_band(struct writing *to, const struct bel_series *series)
{
	bel_thin(&to->thin, series, keep_band, to);
}

static void put_mark(struct writing *to, const struct bel_series *series)
{
	fprintf(to->file, "%.15g %.15g\n", series->mark_x, series->mark_y);
}

static const char *label_of(const struct bel_figure *figure, size_t i)
{
	return figure->series[i].label;
}

static const char *name_of(const struct bel_figure *figure, size_t i)
{
	return figure->name[i];
}

static void put_array(FILE *file, const char *name, const struct bel_figure *figure, size_t count,
	const char *(*text)(const struct bel_figure *, size_t), void (*quote)(FILE *, const char *))
{
	fprintf(file, "array %s[%zu] = [", name, count);
	for (size_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", file);
		quote(file, text(figure, i));
	}
	fputs("]\n", file);
}

/* Writes labels for the key and, if names are along the axes, shorter ones for the ticks. */
static void put_labels(const struct bel_figure *figure, FILE *file)
{
	put_array(file, "label", figure, figure->count, label_of, bel_quote_text);
	fprintf(file, "names = %zu\n", figure->names);
	if (!figure->names)
		return;
	put_array(file, "name", figure, figure->names, name_of, bel_quote_text);
	put_array(file, "label_tick", figure, figure->count, label_of, bel_quote_tick);
	put_array(file, "name_tick", figure, figure->names, name_of, bel_quote_tick);
}

/* Writes counts, labels and data of all series, and their bands and marks. */
static void put_series(struct writing *to)
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;
	static const char *const name[] = {"lines", "spots", "floors"};

	for (int kind = 0; kind < BEL_SERIES_KINDS; kind++)
		fprintf(file, "%s = %zu\n", name[kind], count_kind(figure, kind));
	put_labels(figure, file);
	put_block(to, "$series", is_any, put_points);
	put_numbers(figure, "bands", "band_of", is_banded, file);
	put_block(to, "$bands", is_banded, put_band);
	put_numbers(figure, "marks", "mark_of", is_marked, file);
	put_block(to, "$marks", is_marked, put_mark);
	put_spot_names(figure, file);
}

static void put_units(const struct bel_figure *figure, FILE *file)
{
	static const char *const names[] = {"", "thousand ", "million ", "billion "};
	double unit = 1;
	size_t i = 0;

	while (i < 3 && figure->x_max >= 2000 * unit) {
		unit *= 1000;
		i++;
	}
	fprintf(file, "x_unit = %.15g\nx_unit_name = '%s'\n", unit, names[i]);
	fputs("page_unit = '", file);
	if (figure->page_bytes >= 1024 && figure->page_bytes % 1024 == 0)
		fprintf(file, "%llu KiB ", (unsigned long long)figure->page_bytes / 1024);
	else if (figure->page_bytes)
		fprintf(file, "%llu B ", (unsigned long long)figure->page_bytes);
	fputs("pages'\n", file);
}

/* As asked for, or as it suits the figure. Not possible if no value is above 0. */
static bool is_log_x(const struct bel_script *script, const struct bel_figure *figure)
{
	if (figure->names || figure->x_least == 0)
		return false;
	return script->x_axis == BEL_AXIS_LOG ||
	       (script->x_axis == BEL_AXIS_AUTO && figure->geometric);
}

int bel_script_fits(
	const struct bel_script *script, const struct bel_figure *figure, struct bel_err *err)
{
	const char *const what =
		script->log_y && figure->y_least == 0 ? figure->spec->y.word[0]
		: script->x_axis == BEL_AXIS_LOG && !figure->names && figure->x_least == 0
			? figure->spec->x.word[0]
			: NULL;

	if (!what)
		return 0;
	return bel_fail(err, "no %s is above 0, so a logarithmic axis is not possible", what);
}

/* Figures of names and of stacked columns compute with all points. */
static bool can_thin(const struct bel_script *script, const struct bel_figure *figure)
{
	return !script->whole && !figure->names && !figure->spec->columns.word[0];
}

void bel_script_write(const struct bel_script *script, const struct bel_figure *figure, FILE *file)
{
	const bool log_x = is_log_x(script, figure);
	struct writing to = {.figure = figure, .file = file};

	to.thin = (struct bel_thin){
		.from = place(log_x ? figure->x_least : figure->x_min, log_x),
		.to = place(figure->x_max, log_x),
		.log_x = log_x,
		.strips = can_thin(script, figure) ? strips_of(script) : 0,
	};
	fputs("# made by bel-plot; gnuplot alone draws it\n", file);
	put_terminal(script, file);
	fputs("title = ", file);
	bel_quote_text(file, script->title ? script->title : figure->title);
	fprintf(file, "\nlog_x = %d\nlog_y = %d\ndumb = %d\nlong_labels = %d\n", log_x,
		script->log_y, is_dumb(script), figure->long_labels);
	put_units(figure, file);
	fprintf(file, "x_pages = %d\npage_bytes = %llu\nx_min = %.15g\nx_max = %.15g\n",
		bel_figure_spec_axis_is(figure->spec, "pages"),
		(unsigned long long)figure->page_bytes, log_x ? figure->x_least : figure->x_min,
		figure->x_max);
	fprintf(file, "y_least = %.15g\ny_max = %.15g\n", figure->y_least, figure->y_max);
	put_series(&to);
	put_dots(figure, log_x, file);
	fprintf(file, "\n%s\n%s", script->look, figure->spec->text);
}

/* SPDX-License-Identifier: MIT */
/*
 * script.c: writes a figure as a gnuplot script.
 */
#include "script.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "quote.h"
#include "terminal.h"
#include "thin.h"

#define MARKS_A_LINE 16
#define TITLE_LINES 1.8

/* How finely long lines are thinned (thin.h): a line's edge is drawn to parts of a pixel. */
#define STRIPS_A_PIXEL 4
#define STRIPS_A_LETTER 128

/* Bars that are easy to see. */
#define PIXELS_A_BAR 5
#define LETTERS_A_BAR 1

static size_t strips_of(const struct bel_script *s)
{
	struct bel_canvas canvas;

	bel_canvas_get(&canvas, s);
	return (size_t)canvas.width * (bel_terminal_is_dumb(s) ? STRIPS_A_LETTER : STRIPS_A_PIXEL);
}

static size_t bars_of(const struct bel_script *s)
{
	struct bel_canvas canvas;

	bel_canvas_get(&canvas, s);
	return (size_t)canvas.width / (bel_terminal_is_dumb(s) ? LETTERS_A_BAR : PIXELS_A_BAR);
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
	const struct bel_script *script;
	const struct bel_figure *figure; /* of one panel: all series have this panel */
	const struct bel_layout *layout;
	void (*text)(FILE *file, const char *text);
	void (*tick)(FILE *file, const char *text);
	struct bel_thin thin;
	FILE *file;
};

static void keep_point(void *context, const struct bel_point *point)
{
	const struct writing *const to = context;

	put_point(to->figure, point->x, point, to->file);
}

/* Both upper corners of a bar. */
static void keep_bar(void *context, const struct bel_point *bar)
{
	const struct writing *const to = context;

	put_point(to->figure, bar->x, bar, to->file);
	put_point(to->figure, bar->x + bar->width, bar, to->file);
}

static void put_points(struct writing *to, const struct bel_series *series)
{
	const struct bel_figure *const figure = to->figure;
	const struct bel_point *last = &series->point[series->points - 1];
	FILE *const file = to->file;

	if (to->thin.bar > 0) {
		bel_thin_join(&to->thin, series, keep_bar, to);
		return;
	}
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
		/* Lines with many points have their marks at different places. */
		double last = series->points <= MARKS_A_LINE
				      ? -INFINITY
				      : place(least, log_x) -
						width / MARKS_A_LINE *
							(1 - (double)i / (double)figure->count);

		fputs(i ? "\n\n" : "", file);
		for (size_t k = 0; k < series->points; k++) {
			const struct bel_point *point = &series->point[k];
			const double at = place(point->x, log_x);

			if (series->kind != BEL_SERIES_SPOT &&
				(at < last || at - last < width / MARKS_A_LINE))
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
static void put_spot_names(const struct writing *to)
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;
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
			to->text(file, series->point[k].label);
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
	const struct bel_series *const series = &figure->series[i];

	return figure->panels > 1 ? series->name : series->label;
}

static void put_array(FILE *file, const char *name, char *const *text, size_t count,
	void (*quote)(FILE *, const char *))
{
	fprintf(file, "array %s[%zu] = [", name, count);
	for (size_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", file);
		quote(file, text[i]);
	}
	fputs("]\n", file);
}

/* The margins and the names of a map. */
static void put_map(const struct writing *to)
{
	const struct bel_map *const map = &to->layout->map;
	FILE *const file = to->file;

	put_array(file, "name", to->figure->name, to->figure->names, to->text);
	put_array(file, "label_tick", map->label, to->layout->labels, to->tick);
	put_array(file, "name_tick", map->name, to->layout->names, to->tick);
	fprintf(file, "map_left = %.4f\nmap_right = %.4f\nmap_bottom = %.4f\nmap_top = %.4f\n",
		map->left, map->right, map->bottom, map->top);
	fprintf(file, "map_angle = %d\nmap_stagger = %zu\n", map->angle, map->stagger);
}

/* Writes labels, looks and, if names are along the axes, shorter texts for the ticks. */
static void put_labels(const struct writing *to)
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;

	fprintf(file, "array label[%zu] = [", figure->count);
	for (size_t i = 0; i < figure->count; i++) {
		fputs(i ? ", " : "", file);
		to->text(file, label_of(figure, i));
	}
	fputs("]\n", file);
	fprintf(file, "names = %zu\n", figure->names);
	fprintf(file, "array style_of[%zu] = [", figure->count);
	for (size_t i = 0; i < figure->count; i++)
		fprintf(file, "%s%u", i ? ", " : "", figure->series[i].style);
	fputs("]\n", file);
	if (figure->names)
		put_map(to);
}

/* Writes counts, labels and data of all series, and their bands and marks. */
static void put_series(struct writing *to)
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;
	static const char *const name[] = {"lines", "spots", "floors"};

	for (int kind = 0; kind < BEL_SERIES_KINDS; kind++)
		fprintf(file, "%s = %zu\n", name[kind], count_kind(figure, kind));
	put_labels(to);
	put_block(to, "$series", is_any, put_points);
	put_numbers(figure, "bands", "band_of", is_banded, file);
	put_block(to, "$bands", is_banded, put_band);
	put_numbers(figure, "marks", "mark_of", is_marked, file);
	put_block(to, "$marks", is_marked, put_mark);
	put_spot_names(to);
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

/* Writes the entries of the key, and the place of this panel. */
static void put_layout(const struct writing *to, size_t panel)
{
	static const char *const places[] = {"right", "below", "none"};
	const struct bel_layout *const l = to->layout;
	const size_t named = l->named, room = named ? named : 1, row = panel / l->columns;
	FILE *const file = to->file;
	struct bel_canvas canvas;
	double top = 1, wide, high;

	bel_canvas_get(&canvas, to->script);
	if (to->figure->panels > 1 && to->script->title && *to->script->title)
		top -= TITLE_LINES * canvas.letter_height / canvas.height;
	wide = (l->place == BEL_KEY_RIGHT ? 1 - l->key_share : 1) / (double)l->columns;
	high = (l->place == BEL_KEY_BELOW ? top - l->key_share : top) / (double)l->rows;
	fprintf(file,
		"keys = %zu\narray key_text[%zu]\narray key_style[%zu]\narray key_kind[%zu]\n",
		named, room, room, room);
	for (size_t k = 0; k < named; k++) {
		fprintf(file, "key_text[%zu] = ", k + 1);
		to->text(file, l->key[k].text);
		fprintf(file, "\nkey_style[%zu] = %u\nkey_kind[%zu] = %d\n", k + 1,
			l->key[k].series->style, k + 1, (int)l->key[k].series->kind);
	}
	fputs("key_more = '", file);
	if (named < l->keys)
		fprintf(file, "and %zu more", l->keys - named);
	fprintf(file, "'\nkey_place = '%s'\nkey_columns = %zu\nkey_rows = %zu\nkey_share = %.4f\n",
		places[l->place], l->key_columns, l->key_rows, l->key_share);
	fprintf(file, "panel = %zu\npanels = %zu\npanel_wide = %.4f\npanel_high = %.4f\n",
		panel + 1, to->figure->panels, wide, high);
	fprintf(file, "panel_left = %.4f\npanel_bottom = %.4f\n",
		wide * (double)(panel % l->columns), top - high * (double)(row + 1));
	fprintf(file, "letters_wide = %.4g\nlines_high = %.4g\n", l->letters_wide, l->lines_high);
}

/* Writes the variables that describe a panel as a whole. */
static void put_variables(const struct writing *to, size_t panel)
{
	const struct bel_script *const script = to->script;
	const struct bel_figure *const figure = to->figure;
	const bool log_x = to->thin.log_x, many = figure->panels > 1;
	FILE *const file = to->file;

	fputs("title = ", file);
	to->text(file, many            ? to->layout->title[panel]
		       : script->title ? script->title
				       : figure->title);
	fprintf(file, "\nlog_x = %d\nlog_y = %d\ndumb = %d\nlatex = %d\n", log_x, script->log_y,
		bel_terminal_is_dumb(script), bel_terminal_is_latex(script));
	put_units(figure, file);
	fprintf(file, "x_pages = %d\npage_bytes = %llu\nx_min = %.15g\nx_max = %.15g\n",
		bel_figure_spec_axis_is(figure->spec, "pages"),
		(unsigned long long)figure->page_bytes, log_x ? figure->x_least : figure->x_min,
		figure->x_max);
	fprintf(file, "y_least = %.15g\ny_max = %.15g\nbar = %.15g\n", figure->y_least,
		figure->y_max, to->thin.bar);
	put_layout(to, panel);
}

static void put_panel(struct writing *to, size_t panel)
{
	const struct bel_script *const script = to->script;

	put_variables(to, panel);
	put_series(to);
	put_dots(to->figure, to->thin.log_x, to->file);
	fprintf(to->file, "\n%s\n%s", script->look, to->figure->spec->text);
}

/* The key of several panels, beside or below them. */
static const char common_key[] =
	"\nif (key_place ne 'none') {\n"
	"\tunset border\n\tunset tics\n\tunset grid\n\tunset logscale\n\tunset title\n"
	"\tunset xlabel\n\tunset ylabel\n"
	"\tset size 1, 1\n\tset origin 0, 0\n\tset margins 0, 0, 0, 0\n\tset key on\n"
	"\tset xrange [0:1]\n\tset yrange [0:1]\n"
	"\tplot -1 notitle @key_of_lines @key_of_marks\n"
	"}\nunset multiplot\n";

/* All panels are one picture, with its title above. */
static void put_frame(const struct writing *to)
{
	fputs("set multiplot\n", to->file);
	if (to->figure->panels == 1 || !to->script->title || !*to->script->title)
		return;
	fputs("set label 1 ", to->file);
	to->text(to->file, to->script->title);
	fputs(" at screen 0.5, 1 center offset 0, -0.8 noenhanced\n", to->file);
}

int bel_script_write(const struct bel_script *script, const struct bel_figure *figure,
	const struct bel_layout *layout, FILE *file, struct bel_err *err)
{
	const bool log_x = is_log_x(script, figure), latex = bel_terminal_is_latex(script);
	bool framed;
	struct bel_figure part = *figure;
	struct writing to = {.script = script,
		.figure = &part,
		.layout = layout,
		.text = latex ? bel_quote_latex : bel_quote_text,
		.tick = latex ? bel_quote_latex_tick : bel_quote_tick,
		.file = file};

	part.series = calloc(figure->count, sizeof(*part.series));
	if (!part.series)
		return bel_err_memory(err, "a figure");
	to.thin = (struct bel_thin){
		.bar = bel_figure_spec_axis_is(figure->spec, "sums")
			       ? bel_thin_bar(figure, bars_of(script))
			       : 0,
		.from = place(log_x ? figure->x_least : figure->x_min, log_x),
		.to = place(figure->x_max, log_x),
		.log_x = log_x,
		.strips = can_thin(script, figure) ? strips_of(script) : 0,
	};
	fputs("# made by bel-plot; gnuplot alone draws it\n", file);
	bel_terminal_write(script, file);
	/* Of a picture for LaTeX, gnuplot cuts off what the first plot does not take. */
	framed = figure->panels > 1 || layout->place == BEL_KEY_BELOW ||
		 (latex && layout->place != BEL_KEY_NONE);
	if (framed)
		put_frame(&to);
	for (size_t panel = 0; panel < figure->panels; panel++) {
		part.count = 0;
		for (size_t i = 0; i < figure->count; i++)
			if (figure->series[i].panel == panel)
				part.series[part.count++] = figure->series[i];
		if (part.count)
			put_panel(&to, panel);
	}
	if (framed)
		fputs(figure->panels > 1 || layout->place == BEL_KEY_BELOW ? common_key
									   : "unset multiplot\n",
			file);
	free(part.series);
	return 0;
}

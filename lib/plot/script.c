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
#include "script_data.h"
#include "terminal.h"

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

static void put_units(const struct bel_figure *figure, FILE *file)
{
	static const char *const names[] = {"", "thousand ", "million ", "billion "};
	double unit = 1;
	size_t i = 0;

	while (i < 3 && figure->x_max >= 2000 * unit) {
		unit *= 1000;
		i++;
	}
	/* A real number: gnuplot divides whole numbers without a rest. */
	fprintf(file, "x_unit = %.1f\nx_unit_name = '%s'\n", unit, names[i]);
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
static void put_layout(const struct bel_script_writing *to, size_t panel)
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
	wide = ((l->place == BEL_KEY_RIGHT ? 1 - l->key_share : 1) - l->names_left) /
	       (double)l->columns;
	high = ((l->place == BEL_KEY_BELOW ? top - l->key_share : top) - l->names_below) /
	       (double)l->rows;
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
		l->names_left + wide * (double)(panel % l->columns),
		top - high * (double)(row + 1));
	fprintf(file, "panels_wide = %.4f\npanels_high = %.4f\n", wide * (double)l->columns,
		high * (double)l->rows);
	fprintf(file, "panels_left = %.4f\npanels_bottom = %.4f\n", l->names_left,
		top - high * (double)l->rows);
	fprintf(file, "names_left = %.4f\nnames_below = %.4f\n", l->names_left, l->names_below);
	fprintf(file, "picture_letters = %.4g\n", canvas.height / canvas.letter_width);
	/* Real numbers, as gnuplot divides whole numbers without a rest. */
	fprintf(file, "letters_wide = %.2f\nlines_high = %.2f\n", l->letters_wide, l->lines_high);
}

/* Writes the variables that describe a panel as a whole. */
static void put_variables(const struct bel_script_writing *to, size_t panel)
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
	if (figure->spec->rows.word[0]) {
		fputs("rows_of = ", file);
		to->text(file, figure->series[0].params);
		putc('\n', file);
	}
	bel_script_put_events(to);
	put_layout(to, panel);
}

static void put_panel(struct bel_script_writing *to, size_t panel)
{
	const struct bel_script *const script = to->script;

	put_variables(to, panel);
	bel_script_put_series(to);
	bel_script_put_dots(to);
	bel_script_put_errors(to);
	fprintf(to->file, "\n%s\n%s", script->look, to->figure->spec->text);
}

/* The names of the axes of several panels, and their key, beside or below them. */
static const char common_key[] =
	"\nif (key_place ne 'none' || panels > 1) {\n"
	"\tunset border\n\tunset tics\n\tunset grid\n\tunset logscale\n\tunset title\n"
	"\tunset xlabel\n\tunset ylabel\n"
	"\tif (panels > 1) {\n\t\tunset arrow\n\t\tunset label\n"
	"\t\tset label 1 common_x.(dumb && common_y ne '' ? '; y: '.common_y : '') at screen "
	"panels_left + panels_wide / 2, panels_bottom - names_below / 2 center\n"
	"\t\tif (!dumb) { set label 2 common_y at screen names_left / 2, "
	"panels_bottom + panels_high / 2 center rotate font ''.small_font("
	"strlen(common_y) > picture_letters ? 1.0 * picture_letters / strlen(common_y) : 1) }\n"
	"\t}\n"
	"\tset size 1, 1\n\tset origin 0, 0\n\tset margins 0, 0, 0, 0\n"
	"\tif (key_place ne 'none') { set key on } else { set key off }\n"
	"\tset xrange [0:1]\n\tset yrange [0:1]\n"
	"\tplot -1 notitle @key_of_lines @key_of_marks\n"
	"}\nunset multiplot\n";

/* All panels are one picture, with its title above. */
static void put_frame(const struct bel_script_writing *to)
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
	struct bel_script_writing to = {.script = script,
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
		.from = bel_script_place(log_x ? figure->x_least : figure->x_min, log_x),
		.to = bel_script_place(figure->x_max, log_x),
		.log_x = log_x,
		.strips = can_thin(script, figure) ? strips_of(script) : 0,
	};
	fputs("# made by bel-plot; gnuplot alone draws it\n", file);
	bel_terminal_write(script, file);
	/* Of a picture for LaTeX, gnuplot cuts off what the first plot does not take. */
	framed = figure->panels > 1 || layout->place == BEL_KEY_BELOW ||
		 figure->spec->measured.word[0] || (latex && layout->place != BEL_KEY_NONE);
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

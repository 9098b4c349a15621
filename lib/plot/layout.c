/* SPDX-License-Identifier: MIT */
/* layout.c: where the key and the panels of a figure go. */
#include "layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "elide.h"
#include "terminal.h"
#include "visible.h"

/* The key takes at most these parts of the picture's width, or of its height. */
#define KEY_WIDTH_MOST 0.4
#define KEY_HEIGHT_MOST 0.5

#define SAMPLE_LETTERS 7 /* a line with its mark before the text, and a gap after it */
#define AXES_LINES 7     /* title, two axes with their names */
#define KEY_SPACING 1.3  /* lines of text that an entry takes */
#define MORE_LETTERS 9   /* "and 9 more" without a line before it */
#define TEXT_LEAST 8     /* letters of an entry that are always kept */
#define PANEL_LINES 13   /* height of a panel that is easy to read */
#define BARS_LINES 8     /* of a machine's bars; and what is above and below them */
#define PANEL_LEAST 12   /* lines of the lowest panel with two axes */
#define PANEL_READABLE 9 /* of the lowest one that can be read: title, plot, one axis */
#define ROW_READABLE 0.7 /* of the lowest row of a map of names, if it is not of letters */
#define NAME_STRIP 1.5   /* lines of text that the name of an axis takes beside all panels */
#define PANEL_LETTERS 26 /* letters of the narrowest one */
#define ALONE_LEAST 14   /* the same for a plot that is alone in its picture */
#define ALONE_LETTERS 36
#define OWN_LEAST 20 /* the same for a map, or bars with their legend below: they have more text */
#define OWN_LETTERS 60
#define LOW_LINES 26 /* a picture so low has its key below several panels, which stand in a row */
#define PANEL_SHAPE 1.6 /* width / height of a panel that is easy to read */
#define NAMES_LINES 9   /* of a map: title, names below */
#define ROW_LINES 0.45  /* height of a row of a map of addresses */
#define NAME_LINES 0.9  /* and of its name; map.gp has both numbers, too */

/* A copy that has at most `most` letters: names begin alike, so the middle is left out. */
static char *shorten(const char *text, size_t most)
{
	const size_t count = bel_visible_letters(text), head = most / 2, tail = most - head - 2;
	char visible[BEL_VISIBLE_CHAR], *copy = calloc(strlen(text) + 3, 1), *to = copy;

	if (!copy || count <= most)
		return copy ? strcpy(copy, text) : NULL;
	for (size_t i = 0; *text; i++) {
		const size_t bytes = bel_visible_char(text, visible);

		if (i < head || i >= count - tail)
			to = mempcpy(to, text, bytes);
		else if (i == head)
			to = stpcpy(to, "..");
		text += bytes;
	}
	return copy;
}

static const char *text_of(const struct bel_figure *figure, const struct bel_series *series)
{
	return figure->panels > 1 ? series->name : series->label;
}

/* "sieve (= fifo)": the line of sieve covers that of fifo. */
static char *twin_text(const struct bel_figure *figure, const struct bel_series *series)
{
	const char *const text = text_of(figure, series);
	char *both;

	if (!series->twin || figure->panels > 1)
		return strdup(text);
	return asprintf(&both, "%s (= %s)", text,
		       text_of(figure, &figure->series[series->twin - 1])) < 0
		       ? NULL
		       : both;
}

/* One entry for each text; in panels, many series share one. */
static int find_keys(
	struct bel_layout *layout, const struct bel_figure *figure, struct bel_err *err)
{
	layout->key = calloc(figure->count, sizeof(*layout->key));
	if (!layout->key)
		return bel_err_memory(err, "a figure");
	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *const series = &figure->series[i];
		size_t k = 0;

		while (figure->panels > 1 && k < layout->keys &&
			strcmp(layout->key[k].series->name, series->name) != 0)
			k++;
		if (figure->panels > 1 && k < layout->keys)
			continue;
		layout->key[layout->keys].series = series;
		layout->key[layout->keys].text = twin_text(figure, series);
		if (!layout->key[layout->keys++].text)
			return bel_err_memory(err, "a figure");
	}
	return 0;
}

static size_t longest_key(const struct bel_layout *layout)
{
	size_t longest = 0;

	for (size_t i = 0; i < layout->keys; i++) {
		const size_t n = bel_visible_letters(layout->key[i].text);

		longest = n > longest ? n : longest;
	}
	return longest;
}

static int shorten_keys(struct bel_layout *layout, size_t most, struct bel_err *err)
{
	for (size_t i = 0; i < layout->keys; i++) {
		char *const text = shorten(layout->key[i].text, most);

		if (!text)
			return bel_err_memory(err, "a figure");
		free(layout->key[i].text);
		layout->key[i].text = text;
	}
	return 0;
}

/* Finds the place of the key, and how many entries it has room for. */
static int place_key(struct bel_layout *layout, const struct bel_figure *figure,
	const struct bel_script *script, const struct bel_canvas *canvas, struct bel_err *err)
{
	const double row = KEY_SPACING * canvas->letter_height;
	const size_t entries = layout->keys + (figure->spec->mark.word[0] ? 1 : 0);
	/* gnuplot makes no key taller than the plot, or than the picture if there are panels. */
	const double tall =
		canvas->height - (figure->panels > 1 ? 1 : AXES_LINES) * canvas->letter_height;
	size_t longest = longest_key(layout), most;
	double width;

	most = (size_t)fmax(TEXT_LEAST, canvas->width / canvas->letter_width - SAMPLE_LETTERS - 2);
	if (longest > most && shorten_keys(layout, most, err) < 0)
		return BEL_FAIL;
	longest = longest > most ? most : longest < MORE_LETTERS ? MORE_LETTERS : longest;
	width = (double)(longest + SAMPLE_LETTERS) * canvas->letter_width;
	layout->named = layout->keys;
	layout->place = figure->names || figure->spec->rows.word[0] ||
					bel_figure_spec_axis_is(figure->spec, "panels")
				? BEL_KEY_NONE
			: script->key_place == BEL_PLACE_RIGHT ? BEL_KEY_RIGHT
			: script->key_place == BEL_PLACE_BELOW ? BEL_KEY_BELOW
			: script->key_place == BEL_PLACE_NONE  ? BEL_KEY_NONE
			: figure->panels > 1 && canvas->height < LOW_LINES * canvas->letter_height
				? BEL_KEY_BELOW
			: width <= KEY_WIDTH_MOST * canvas->width && (double)entries * row <= tall
				? BEL_KEY_RIGHT
				: BEL_KEY_BELOW;
	layout->key_columns = layout->key_rows = 1;
	if (layout->place == BEL_KEY_RIGHT) {
		layout->key_rows = (size_t)fmax(1, floor(tall / row));
		layout->key_share = width / canvas->width;
	} else if (layout->place == BEL_KEY_BELOW) {
		layout->key_columns = (size_t)fmax(1, floor(canvas->width / width));
		layout->key_rows = (size_t)fmax(1, floor(KEY_HEIGHT_MOST * tall / row));
		if (layout->key_rows * layout->key_columns >= entries)
			layout->key_rows =
				(entries + layout->key_columns - 1) / layout->key_columns;
		layout->key_share = ((double)layout->key_rows + 0.5) * row / canvas->height;
	}
	if (layout->key_rows * layout->key_columns < entries && layout->place != BEL_KEY_NONE) {
		const size_t room = layout->key_rows * layout->key_columns;

		/* The last entry says how many have no name. */
		layout->named = room - 1;
		if (room == 1)
			layout->place = BEL_KEY_NONE;
	}
	return 0;
}

/* Panels of about the shape of a whole figure. */
static void place_panels(
	struct bel_layout *layout, const struct bel_figure *figure, const struct bel_canvas *canvas)
{
	const double right = layout->place == BEL_KEY_RIGHT ? layout->key_share : 0;
	const double below = layout->place == BEL_KEY_BELOW ? layout->key_share : 0;
	const double strip = figure->panels > 1 && !figure->spec->rows.word[0]
				     ? NAME_STRIP * canvas->letter_height
				     : 0;
	const double width = fmax(1, canvas->width * (1 - right) - strip);
	const double height = fmax(1, canvas->height * (1 - below) - strip);
	double best = INFINITY;

	layout->names_left = strip / canvas->width;
	layout->names_below = strip / canvas->height;
	for (size_t columns = 1; columns <= figure->panels; columns++) {
		const size_t rows = (figure->panels + columns - 1) / columns;
		const double shape = (width / (double)columns) / (height / (double)rows);
		const double empty =
			(double)(rows * columns - figure->panels) / (double)figure->panels;
		const double off = fabs(log(shape / PANEL_SHAPE)) + empty;

		if (off >= best)
			continue;
		best = off;
		layout->columns = columns;
		layout->rows = rows;
	}
	layout->letters_wide = width / (double)layout->columns / canvas->letter_width;
	layout->lines_high = height / (double)layout->rows / canvas->letter_height;
}

/* The names of the traces above their panels, no longer than a panel is wide. */
static int title_panels(
	struct bel_layout *layout, const struct bel_figure *figure, struct bel_err *err)
{
	const double most = fmax(layout->letters_wide, BEL_ELIDE_LEAST);

	layout->panels = figure->panels;
	layout->title = calloc(figure->panels, sizeof(*layout->title));
	if (!layout->title)
		return bel_err_memory(err, "a figure");
	for (size_t i = 0; i < figure->count; i++) {
		char **const title = &layout->title[figure->series[i].panel];

		if (!*title && !(*title = strdup(figure->series[i].trace)))
			return bel_err_memory(err, "a figure");
	}
	return bel_elide(layout->title, layout->panels, (size_t)most) < 0
		       ? bel_err_memory(err, "a figure")
		       : 0;
}

/* map.gp leaves a gap between two processes, and a smaller one for a hole. */
static double gap_above(const struct bel_series *series, const struct bel_series *before)
{
	const double *const column = series->point[0].column;

	return ROW_LINES * (column[1] != before->point[0].column[1] ? 1.5
				   : column[0] > 0                  ? 0.7
								    : 0);
}

/* The most lines that the rows of a panel need. Neighbours with the same name share it. */
static double lines_of_rows(const struct bel_figure *figure, bool dumb)
{
	double most = 0;

	for (size_t panel = 0; panel < figure->panels; panel++) {
		const struct bel_series *before = NULL;
		double lines = 0, group = 0;

		for (size_t i = 0; i < figure->count; i++) {
			const struct bel_series *const series = &figure->series[i];

			if (series->panel != panel)
				continue;
			if (before && strcmp(before->name, series->name) != 0) {
				lines += fmax(group, dumb ? 1 : NAME_LINES);
				group = 0;
			}
			if (before && !dumb)
				lines += gap_above(series, before);
			group += dumb ? 1 : ROW_LINES;
			before = series;
		}
		most = fmax(most, lines + fmax(group, NAME_LINES));
	}
	return most;
}

void bel_layout_grow(struct bel_script *script, const struct bel_figure *figure)
{
	const bool dumb = bel_terminal_is_dumb(script);
	struct bel_canvas canvas;
	struct bel_layout layout = {.keys = 0};
	double high;

	bel_canvas_get(&canvas, script);
	place_panels(&layout, figure, &canvas);
	high = (double)layout.rows * PANEL_LINES;
	if (figure->spec->rows.word[0])
		high = (double)layout.rows * (lines_of_rows(figure, dumb) + NAMES_LINES);
	else if (figure->names)
		high = bel_map_height(figure, &canvas, dumb) / canvas.letter_height;
	else if (bel_figure_spec_axis_is(figure->spec, "sums"))
		high = (double)(figure->count + 1) * BARS_LINES;
	if (high <= canvas.height / canvas.letter_height)
		return;
	script->width = (unsigned)canvas.width;
	script->height = (unsigned)fmin(high * canvas.letter_height, dumb ? 1000 : 20000);
}

int bel_layout_make(struct bel_layout *layout, const struct bel_figure *figure,
	const struct bel_script *script, struct bel_err *err)
{
	struct bel_canvas canvas;

	memset(layout, 0, sizeof(*layout));
	bel_canvas_get(&canvas, script);
	if (find_keys(layout, figure, err) < 0 ||
		place_key(layout, figure, script, &canvas, err) < 0) {
		bel_layout_release(layout);
		return BEL_FAIL;
	}
	place_panels(layout, figure, &canvas);
	if (title_panels(layout, figure, err) < 0) {
		bel_layout_release(layout);
		return BEL_FAIL;
	}
	if (!figure->names)
		return 0;
	layout->labels = figure->count;
	layout->names = figure->names;
	if (bel_map_make(&layout->map, figure, &canvas,
		    *(script->title ? script->title : figure->title), bel_terminal_is_dumb(script),
		    err) == 0)
		return 0;
	bel_layout_release(layout);
	return BEL_FAIL;
}

int bel_layout_fit(struct bel_script *script, const struct bel_figure *figure, struct bel_err *err)
{
	static const double scales[] = {1, 0.85, 0.7};
	struct bel_layout layout;
	const bool alone = figure->panels == 1;
	const bool own = figure->names || figure->spec->rows.word[0] ||
			 bel_figure_spec_axis_is(figure->spec, "panels");
	const double least = own ? OWN_LEAST : alone ? ALONE_LEAST : PANEL_LEAST;
	const double letters = own ? OWN_LETTERS : alone ? ALONE_LETTERS : PANEL_LETTERS;
	bool fits = false;

	/* In LaTeX the document has the font. */
	if (bel_terminal_is_dumb(script) || bel_terminal_is_latex(script))
		return 0;
	for (size_t i = 0; i < sizeof(scales) / sizeof(*scales) && !fits; i++) {
		script->scale = scales[i];
		if (bel_layout_make(&layout, figure, script, err) < 0)
			return BEL_FAIL;
		fits = layout.lines_high >= least && layout.letters_wide >= letters;
		bel_layout_release(&layout);
	}
	return 0;
}

bool bel_layout_is_readable(const struct bel_layout *layout)
{
	if (layout->names)
		return (1 - layout->map.top - layout->map.bottom) * layout->lines_high >=
		       (layout->map.angle ? ROW_READABLE : 1) * (double)layout->labels;
	return layout->panels < 2 || layout->lines_high >= PANEL_READABLE;
}

bool bel_layout_make_readable(struct bel_script *script, const struct bel_figure *figure)
{
	struct bel_err err;
	struct bel_canvas canvas;
	struct bel_layout layout;
	bool readable = false;

	bel_canvas_get(&canvas, script);
	script->width = (unsigned)canvas.width;
	script->height = (unsigned)canvas.height / 10 * 10;
	while (!readable && script->height < (bel_terminal_is_dumb(script) ? 1000 : 20000)) {
		script->height += 10;
		if (bel_layout_make(&layout, figure, script, &err) < 0)
			return false;
		readable = bel_layout_is_readable(&layout);
		bel_layout_release(&layout);
	}
	return readable;
}

void bel_layout_release(struct bel_layout *layout)
{
	for (size_t i = 0; i < layout->keys; i++)
		free(layout->key[i].text);
	free(layout->key);
	bel_map_texts_free(layout->title, layout->panels);
	bel_map_texts_free(layout->map.label, layout->labels);
	bel_map_texts_free(layout->map.name, layout->names);
	memset(layout, 0, sizeof(*layout));
}

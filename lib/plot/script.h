/* SPDX-License-Identifier: MIT */
/*
 * script.h: writes a figure as a complete gnuplot script with its data inline.
 *
 * The script is: terminal, variables, data blocks, the common look, then the figure's own .gp
 * text. If there are several panels, variables, data, look and text follow for each of them, with
 * its own series. The .gp text can use
 *
 *	lines, spots, floors      number of series of each kind; series are in this order
 *	label[i]                  a series' text for the key, i from 1
 *	$series                   index i-1: its columns x, y and those that the figure spec names
 *				  (a long line only has the points that can be seen: thin.h)
 *	$dots                     the same, but only the points to mark: some, evenly along x
 *	bands, $bands             series with a band, index b-1: x, low, high
 *	band_of[b]                the series that the band belongs to
 *	marks, $marks, mark_of[m] the same for special points, index m-1: x, y
 *	spot_names, $spot_names   labelled spots: x, y, n ...
 *	spot_name[n]              ... and their texts
 *	x_pages, page_bytes       x counts pages (0 or 1); page size, 0 if sizes differ
 *	x_min, x_max              range of all series; x_min is above 0 if log_x
 *	bar                       width of a bar if the figure draws sums, else 0; then $series has
 *				  the two upper corners of each bar
 *	y_least, y_max            the same for y, bands and columns; y_least: lowest above 0
 *	names, name[n]            names along x, from 1, if x numbers names; then there are also
 *	label_tick, name_tick     both as texts for ticks, cut where there is no room for them; and
 *	map_left, map_right, map_bottom, map_top     margins, in parts of the picture
 *	map_angle, map_stagger    degrees of the names; for dumb, lines that they take in turn
 *	rows_of                   if each record is a row: what it counts; then there is label_tick
 *	events, event_x[k], event_name[k]   moments along x, in order, k from 1; look.gp draws them
 *	title                     "" if there is none
 *	style_of[i]               number of a series' look: colour, dash and mark (line_style.h)
 *	keys, key_text[k], key_style[k], key_kind[k]    the entries of the key, which are those of
 *				  all panels; kind 0 line, 1 spot, 2 floor
 *	key_more                  says how many lines the key does not name; "": it names all
 *	key_place                 "right", "below" or "none"; then key_columns, key_rows, key_share
 *	panel, panels             number of this panel from 1, and how many there are
 *	panel_left, panel_bottom, panel_wide, panel_high     its place, in parts of the picture
 *	letters_wide, lines_high  its size in letters and in lines of text
 *	scale, mark_scale, letter_points      as asked for with --scale; size of the letters in points
 *	dash_scale                what dashes are multiplied by, so that all formats have the same
 *	page_unit                 "4 KiB pages", or "pages" if sizes differ
 *	log_x, log_y, dumb, latex           0 or 1
 *	x_unit, x_unit_name       a power of 1000 that suits x, and "", "thousand ", "million "...
 *
 * gnuplot interprets nothing in the texts (quote.h), and data blocks contain only numbers. So no
 * record can inject a command.
 */
#ifndef BEL_SCRIPT_H
#define BEL_SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

#include "err.h"
#include "figure.h"

#define BEL_EVENTS_DRAWN 1000 /* further ones are not */

enum bel_axis { BEL_AXIS_AUTO, BEL_AXIS_LINEAR, BEL_AXIS_LOG };

/* Where the key goes; AUTO: where there is room for it. */
enum bel_place { BEL_PLACE_AUTO, BEL_PLACE_RIGHT, BEL_PLACE_BELOW, BEL_PLACE_NONE };

struct bel_script {
	const char *terminal;   /* "svg", "png", "pdf", "cairolatex", "tikz" or "dumb" */
	unsigned width, height; /* pixels, or characters for dumb; 0: default */
	const char *font_name;  /* NULL: default */
	double font_points;     /* 0: default; at 96 pixels per inch */
	double scale;           /* of letters, marks and lines together: 0.1 to 20 */
	enum bel_place key_place;
	bool color;         /* dumb: use escape sequences */
	const char *output; /* output file named in the script; NULL: standard output */
	const char *title;  /* NULL: the traces' names */
	const char *look;   /* text common to all figures */
	enum bel_axis x_axis;
	bool log_y;
	bool whole; /* all points, though the picture shows no difference (thin.h) */
};

/* The terminal that suits the ending of a file name, or NULL. */
const char *bel_terminal_of(const char *path);

/* BEL_USAGE for an unknown terminal or an impossible size. */
int bel_script_check(const struct bel_script *script, struct bel_err *err);

/* BEL_FAIL if a logarithmic axis was asked for, but no value is above 0. */
int bel_script_fits(
	const struct bel_script *script, const struct bel_figure *figure, struct bel_err *err);

struct bel_layout;

/* BEL_FAIL: no memory. The owner of the file checks for write errors (ferror). */
int bel_script_write(const struct bel_script *script, const struct bel_figure *figure,
	const struct bel_layout *layout, FILE *file, struct bel_err *err);

#endif

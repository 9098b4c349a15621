/* SPDX-License-Identifier: MIT */
/*
 * script.h: a figure as a complete gnuplot script with its data inline.
 *
 * The script is: terminal, variables, data blocks, the common look, then the
 * figure's own .gp text. The .gp finds
 *
 *	lines, spots, floors      how many series of each kind, which stand in that order
 *	label[i]                  a series' text for the key, i from 1
 *	$series                   index i-1: its columns x, y and those that the figure specification names
 *	$dots                     the same, only the points to mark: some, evenly along x
 *	bands, $bands             those that have one, index b-1: x, low, high
 *	band_of[b]                and which series it is of
 *	marks, $marks, mark_of[m] the same for points that stand out, index m-1: x, y
 *	spot_names, $spot_names   spots that are labelled: x, y, n ...
 *	spot_name[n]              ... and the text
 *	x_pages, page_bytes       x counts pages (0 or 1); their size, 0 where sizes differ
 *	x_min, x_max              of all series; x_min above 0 if log_x
 *	y_least, y_max            the same of y, bands and columns; y_least: above 0, if anything is
 *	names, name[n]            what x numbers, from 1, if it is names; then there are also
 *	label_tick, name_tick     both as texts of ticks, short
 *	title                     "" without one
 *	page_unit                 "4 KiB pages", or "pages" where sizes differ
 *	log_x, log_y, dumb, long_labels     0 or 1
 *	x_unit, x_unit_name       a power of 1000 that suits x, and "", "thousand ", "million "...
 *
 * Texts are strings that gnuplot evaluates nothing in (quote.h), and data blocks hold numbers
 * alone: whatever a record says, it is no command.
 */
#ifndef BEL_SCRIPT_H
#define BEL_SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

#include "err.h"
#include "figure.h"

enum bel_axis { BEL_AXIS_AUTO, BEL_AXIS_LINEAR, BEL_AXIS_LOG };

struct bel_script {
	const char *terminal;   /* "svg", "png", "pdf" or "dumb" */
	unsigned width, height; /* pixels, or characters for dumb; 0: a default */
	bool color;             /* dumb: with escape sequences */
	const char *output;     /* named in the script; NULL: gnuplot's standard output */
	const char *title;      /* NULL: the traces' names */
	const char *look;       /* text common to all figures */
	enum bel_axis x_axis;
	bool log_y;
};

/* The terminal for a file name by its ending, or NULL. */
const char *bel_terminal_of(const char *path);

/* BEL_USAGE for an unknown terminal or a size it cannot have. */
int bel_script_check(const struct bel_script *script, struct bel_err *err);

/* BEL_FAIL if a logarithmic axis was asked for where nothing is above 0. */
int bel_script_fits(
	const struct bel_script *script, const struct bel_figure *figure, struct bel_err *err);

/* Write errors are left to the file's owner (ferror). */
void bel_script_write(const struct bel_script *script, const struct bel_figure *figure, FILE *file);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * plot_options.h: options of bel-plot that need taking apart, and one message. The texts are of the command
 * line, or NULL if the option was not given. All return 0 or BEL_USAGE; plot_fail_other() BEL_FAIL.
 */
#ifndef BEL_PLOT_OPTIONS_H
#define BEL_PLOT_OPTIONS_H

#include "figure.h"
#include "plots.h"
#include "script.h"
#include "tool.h"

/* --size WIDTHxHEIGHT in pixels, or in cm, mm or in; for dumb, in characters. After the terminal. */
int plot_choose_size(struct bel_script *script, const char *size, struct bel_err *err);

/* --font NAME,SIZE; either may be missing. */
int plot_choose_font(struct bel_script *script, const char *font, struct bel_err *err);

/* --legend PLACE */
int plot_choose_legend(struct bel_script *script, const char *legend, struct bel_err *err);

/* --label NAME=TEXT,...: call it before the figure is finished, once in a program. */
int plot_take_labels(struct bel_figure *figure, const char *label, struct bel_err *err);

/* Call it when the figure is finished: each NAME must be there. */
int plot_check_labels(const struct bel_figure *figure, struct bel_err *err);

/* No record can be drawn: says what there is instead, and which kinds draw that. */
int plot_fail_other(const struct bel_plots *plots, const struct bel_figure *figure,
	const char *kind, const struct bel_figure_tally *tally, struct bel_err *err);

/* Computes the errors of the lines, and says where there are none. */
void plot_compute_errors(struct tool *tool, struct bel_figure *figure);

#endif

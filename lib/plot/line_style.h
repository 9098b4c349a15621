/* SPDX-License-Identifier: MIT */
/*
 * line_style.h: the look of each policy, the same in all figures, private to lib/plot and its tests.
 *
 * A style is a number. look.gp makes a colour, a dash and a mark of it, and no two numbers have the
 * same three.
 */
#ifndef BEL_LINE_STYLE_H
#define BEL_LINE_STYLE_H

#include "figure.h"

#define BEL_STYLES 320

/* The style of a policy by its name; other names than the built-in ones get one by their letters. */
unsigned bel_style_of(const char *policy);

/*
 * Gives each series its style. Series of one policy, with other parameters or frames, have its
 * colour, and other dashes and marks, in order of their names. Call it when the series have names.
 */
void bel_style_series(struct bel_figure *figure);

#endif

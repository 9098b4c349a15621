/* SPDX-License-Identifier: MIT */
/*
 * thin.h: leaves out points of a long line that cannot be seen, private to lib/plot.
 *
 * The x axis is cut into strips, each a part of a pixel. Of the points in a strip, these are kept:
 * the first, the last, and those with the lowest and the highest y, low and high. So a line enters
 * and leaves each strip where it did, and reaches as far up and down. A line with at most 4 points
 * for each strip is kept as it is.
 *
 * Counts that add up are drawn as bars instead. Intervals that begin in the same bar are joined.
 */
#ifndef BEL_THIN_H
#define BEL_THIN_H

#include "figure.h"

struct bel_thin {
	double from, to; /* ends of the x axis; with log_x their logarithms */
	bool log_x;
	size_t strips; /* 0: keep all points */
	double bar;    /* width of a bar along x; 0: no bars */
};

/*
 * The width of bars of whole intervals so that there are at most `most` of them in every series; 0
 * if no point has a width.
 */
double bel_thin_bar(const struct bel_figure *figure, size_t most);

/* Gives the points that are kept to keep(), in order. */
void bel_thin(const struct bel_thin *thin, const struct bel_series *series,
	void (*keep)(void *context, const struct bel_point *point), void *context);

/* The same, but the points of a bar become one: y, width and columns are their sums. */
void bel_thin_join(const struct bel_thin *thin, const struct bel_series *series,
	void (*keep)(void *context, const struct bel_point *point), void *context);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * thin.h: leaves out points of a long line that cannot be seen, private to lib/plot.
 *
 * The x axis is cut into strips, each a part of a pixel. Of the points in a strip, these are kept:
 * the first, the last, and those with the lowest and the highest y, low and high. So a line enters
 * and leaves each strip where it did, and reaches as far up and down. A line with at most 4 points
 * for each strip is kept as it is.
 */
#ifndef BEL_THIN_H
#define BEL_THIN_H

#include "figure.h"

struct bel_thin {
	double from, to; /* ends of the x axis; with log_x their logarithms */
	bool log_x;
	size_t strips; /* 0: keep all points */
};

/* Gives the points that are kept to keep(), in order. */
void bel_thin(const struct bel_thin *thin, const struct bel_series *series,
	void (*keep)(void *context, const struct bel_point *point), void *context);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * convex.h: bounds of a convex curve between its exact points.
 *
 * OPT's faults are convex in the number of frames (P. Michaud, Some mathematical facts about
 * optimal cache replacement, ACM TACO 13(4), 2016). So between two points the curve lies on or
 * below the straight line through them. It also lies on or above the two lines through the
 * neighbouring pairs of points, extended.
 */
#ifndef BEL_CONVEX_H
#define BEL_CONVEX_H

#include "curve.h"

/* Where a convex curve may lie farthest below the straight line between points i and i + 1. */
struct bel_convex_gap {
	double x, low, high; /* the size, its lowest possible faults, and those on the line */
};

/* False if the points leave no gap between the bounds, or if i is the last point. */
bool bel_convex_gap(const struct bel_curve *curve, size_t i, struct bel_convex_gap *gap);

/*
 * Adds a point in each gap that is wider than one frame and where the bounds differ by at least
 * one fault. The new point is the size where the bounds differ most. Its faults are half way
 * between them. `low` and `high` hold the bounds; at exact points both equal the faults. If a
 * point was added, the curve is no longer exact.
 */
int bel_convex_band(struct bel_curve *curve, struct bel_err *err);

#endif

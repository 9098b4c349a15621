/* SPDX-License-Identifier: MIT */
/*
 * convex.h: what exact points of a convex curve say of the sizes between them.
 *
 * OPT's faults are convex in the number of frames (P. Michaud, Some mathematical facts about
 * optimal cache replacement, ACM TACO 13(4), 2016): between two points they lie on the straight
 * line or below it, and above the lines of either neighbouring pair, prolonged.
 */
#ifndef BEL_CONVEX_H
#define BEL_CONVEX_H

#include "curve.h"

/* Where, between points i and i + 1, a convex curve may lie farthest below the straight line. */
struct bel_convex_gap {
	double x, low, high; /* the size, the least faults there, and those on the line */
};

/* False where the points leave no room, or i is the last. */
bool bel_convex_gap(const struct bel_curve *curve, size_t i, struct bel_convex_gap *gap);

/*
 * Adds, in each gap wider than a frame that leaves room for a fault or more, the size where the
 * room is largest, its faults half way between the bounds; low and high hold the bounds, which
 * at the exact points are the faults. The curve is no longer exact if any was added.
 */
int bel_convex_band(struct bel_curve *curve, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/* points.h: the points of a curve: the requested sizes, or every size. */
#ifndef BEL_POINTS_H
#define BEL_POINTS_H

#include "curve.h"

/*
 * Fills *curve with x (the setup's sizes, or 1 .. pages; one point for an empty trace) and
 * allocates the faults; with setup->counts also write-backs and dirty pages. All are zero. On failure
 * nothing is left to release.
 */
int bel_points_init(struct bel_curve *curve, const struct bel_curve_setup *setup, uint32_t pages,
	struct bel_err *err);

#endif

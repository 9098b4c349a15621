/* SPDX-License-Identifier: MIT */
/* points.h: the points of a curve: the requested sizes, or every size. */
#ifndef BEL_POINTS_H
#define BEL_POINTS_H

#include "curve.h"

/*
 * Fills *curve with x (the setup's sizes, or 1 .. pages; one point for an empty trace) and
 * allocates the faults. All are zero. On failure nothing is left to release.
 */
int bel_points_init(struct bel_curve *curve, const struct bel_curve_setup *setup, uint32_t pages,
	struct bel_err *err);

/* The same, and with setup->writebacks it allocates write-backs and dirty pages. */
int bel_points_init_writebacks(struct bel_curve *curve, const struct bel_curve_setup *setup,
	uint32_t pages, struct bel_err *err);

/* A page is dirty at the points whose bits are set: it counts there. */
BEL_INLINE void bel_points_count_dirty(struct bel_curve *curve, uint64_t points)
{
	for (; points; points &= points - 1)
		curve->dirty[__builtin_ctzll(points)]++;
}

/* Makes the masks of dirty points longer, from `from` to `to` pages; new ones are clear. */
int bel_points_reserve_dirty(uint64_t **dirty, size_t from, size_t to, struct bel_err *err);

#endif

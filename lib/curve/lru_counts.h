/* SPDX-License-Identifier: MIT */
/*
 * lru_counts.h: what LRU at every size has counted, and the curve that follows from it.
 *
 * The arrays are indexed by distance or size, from 0 to `pages`, and belong to the caller.
 */
#ifndef BEL_LRU_COUNTS_H
#define BEL_LRU_COUNTS_H

#include "curve.h"

struct bel_lru_counts {
	uint64_t references, runs, compulsory;
	uint32_t pages;
	const uint64_t *distance; /* runs at each distance; element 0 is not used */
	/* What changes from one size to the next; NULL: nothing was written. */
	const int64_t *writebacks;
	const int64_t *dirty; /* pages that are dirty at the end */
};

/* Fills *curve at the setup's sizes, or at every size. */
int bel_lru_counts_curve(const struct bel_lru_counts *counts, const struct bel_curve_setup *setup,
	struct bel_curve *curve, struct bel_err *err);

/*
 * A page was written back, or will be, at the sizes from `level` to below `depth`, its depth in the
 * stack at the end. From the larger of the two on, it is resident and dirty. (level BEL_CLEAN:
 * never written.)
 */
void bel_lru_count_left(int64_t *writebacks, int64_t *dirty, uint32_t level, uint32_t depth);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * blame_compare.h: two results by key, before and after, as records belady.blame-compare/1.
 *
 *	bel_blame_compare_emit(emit, &setup, &before, &after, &err);
 *
 * Rows are in order of the size of the change, largest first. A key that one side lacks has zeros
 * there.
 */
#ifndef BEL_BLAME_COMPARE_H
#define BEL_BLAME_COMPARE_H

#include "blame_result.h"

struct bel_blame_compare_setup {
	const char *tool;
	enum bel_blame_measure measure; /* its change orders the rows */
	uint64_t top;                   /* 0: all rows; else the others become one row */
};

/* BEL_USAGE if the two sides have different parts in their keys. */
int bel_blame_compare_emit(struct bel_emit *emit, const struct bel_blame_compare_setup *setup,
	const struct bel_blame_result *before, const struct bel_blame_result *after,
	struct bel_err *err);

/*
 * The result of `after` that belongs to result `index` of `before`: the same policy and frames, or
 * the only one if both sides have one. NULL: there is none.
 */
const struct bel_blame_result *bel_blame_compare_find(const struct bel_blame_results *before,
	size_t index, const struct bel_blame_results *after);

#endif

/* SPDX-License-Identifier: MIT */
/* lru_counts.c: the curve of LRU from the counts at each distance. */
#include "lru_counts.h"

#include "lru_stack.h"
#include "points.h"

void bel_lru_count_left(int64_t *writebacks, int64_t *dirty, uint32_t level, uint32_t depth)
{
	if (depth > level) {
		writebacks[level]++;
		writebacks[depth]--;
	}
	if (level != BEL_CLEAN)
		dirty[depth > level ? depth : level]++;
}

/* Adds up what changes from size to size. */
static void fill_points(const struct bel_lru_counts *counts, struct bel_curve *curve)
{
	/* References of one run follow each other, at distance 1. */
	uint64_t hits = counts->references - counts->runs, size = 0;
	int64_t writebacks = 0, dirty = 0;

	for (size_t i = 0; i < curve->count; i++) {
		for (; size < curve->x[i] && size < counts->pages; size++) {
			hits += counts->distance[size + 1];
			writebacks += counts->writebacks ? counts->writebacks[size + 1] : 0;
			dirty += counts->dirty ? counts->dirty[size + 1] : 0;
		}
		curve->faults[i] = counts->references - hits;
		if (!curve->writebacks)
			continue;
		curve->writebacks[i] = (uint64_t)writebacks;
		curve->dirty[i] = (uint64_t)dirty;
	}
}

int bel_lru_counts_curve(const struct bel_lru_counts *counts, const struct bel_curve_setup *setup,
	struct bel_curve *curve, struct bel_err *err)
{
	if (bel_points_init_writebacks(curve, setup, counts->pages, err) < 0)
		return BEL_FAIL;
	fill_points(counts, curve);
	curve->policy = "lru";
	curve->algorithm = "stack distances";
	curve->exact = true;
	curve->references = counts->references;
	curve->pages = counts->pages;
	curve->compulsory = counts->compulsory;
	return BEL_OK;
}

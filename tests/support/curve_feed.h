/* SPDX-License-Identifier: MIT */
/*
 * curve_feed.h: runs through a curve algorithm, in batches of random sizes, as tests want it.
 *
 *	const struct bel_curve_algorithm *a = curve_algorithm("lru", "stack");
 *	struct bel_curve curve;
 *
 *	if (!curve_feed(a, &setup, &runs, seed, &curve, why))
 *		... why says what failed ...
 *	bel_curve_release(&curve);
 */
#ifndef CURVE_FEED_H
#define CURVE_FEED_H

#include "curve.h"
#include "random_trace.h"

enum { CURVE_WHY = 400 };

/* The algorithm of that name; ends the test program if there is none. */
const struct bel_curve_algorithm *curve_algorithm(const char *policy, const char *name);

/*
 * Feeds all runs. Where the algorithm gives snapshots, takes one on the way and
 * compares it with what a second instance says at its end that was fed the first runs alone.
 */
bool curve_feed(const struct bel_curve_algorithm *a, const struct bel_curve_setup *setup,
	const struct run_list *runs, uint64_t seed, struct bel_curve *curve, char why[CURVE_WHY]);

/* Whether two curves hold the same points; they may be of different algorithms. */
bool curve_same(const struct bel_curve *a, const struct bel_curve *b, char why[CURVE_WHY]);

/* Whether the engine counts the same for `policy` at `sizes` points of the curve. */
bool curve_is_engines(const struct bel_curve *curve, const char *policy,
	const struct run_list *runs, uint32_t pages, size_t sizes, char why[CURVE_WHY]);

/*
 * `count` runs over 100 to 50,000 pages with locality and writes, complete with times and
 * next uses; too long for a list-scanning simulator. run_list_release() frees them.
 */
void curve_long_runs(struct run_list *runs, struct bel_rng *rng, size_t count, uint32_t *pages);

#endif

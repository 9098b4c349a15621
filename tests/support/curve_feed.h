/* SPDX-License-Identifier: MIT */
/*
 * curve_feed.h: feeds runs to a curve algorithm, in batches of random sizes, for tests.
 *
 *	const struct bel_curve_algorithm *a = curve_algorithm("lru", "stack");
 *	struct bel_curve curve;
 *
 *	if (!curve_feed(a, &setup, &runs, seed, &curve, why))
 *		... why says what failed ...
 *	bel_curve_release(&curve);
 */
#ifndef BEL_CURVE_FEED_H
#define BEL_CURVE_FEED_H

#include "curve.h"
#include "random_trace.h"

enum { CURVE_WHY = 400 };

/* The algorithm with this name; ends the test program if there is none. */
const struct bel_curve_algorithm *curve_algorithm(const char *policy, const char *name);

/*
 * Feeds all runs. If the algorithm gives snapshots, takes one on the way. It must equal the final
 * curve of a second instance that is fed only the runs so far.
 */
bool curve_feed(const struct bel_curve_algorithm *a, const struct bel_curve_setup *setup,
	const struct run_list *runs, uint64_t seed, struct bel_curve *curve, char why[CURVE_WHY]);

/* Whether two curves have the same points; their algorithms may differ. */
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

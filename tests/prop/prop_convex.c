/* SPDX-License-Identifier: MIT */
/*
 * prop_convex.c: OPT's true faults, by a list-scanning simulator, lie within the bounds that the
 * convexity of its curve gives from some exact sizes; and the curve is convex.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convex.h"
#include "prop.h"
#include "random_trace.h"

enum { SIZES = 41 }; /* 1 to 40 pages, and one more */

/* A curve of the sizes that chance picks among all; 1 and the last are in. */
static struct bel_curve some_of(const uint64_t faults[SIZES + 1], struct prop *p)
{
	struct bel_curve curve = {
		.policy = "opt",
		.exact = true,
		.x = test_alloc(SIZES, sizeof(*curve.x)),
		.faults = test_alloc(SIZES, sizeof(*curve.faults)),
	};
	const uint64_t one_in = 1 + bel_rng_below(&p->rng, 8);

	for (uint64_t x = 1; x <= SIZES; x++)
		if (x == 1 || x == SIZES || bel_rng_below(&p->rng, one_in) == 0) {
			curve.x[curve.count] = x;
			curve.faults[curve.count++] = faults[x];
		}
	return curve;
}

static bool within(const struct bel_curve *curve, const uint64_t faults[SIZES + 1], size_t exact)
{
	size_t met = 0;

	for (size_t i = 0; i < curve->count; i++) {
		const uint64_t truth = faults[curve->x[i]];

		met += curve->low[i] == curve->high[i];
		if ((i && curve->x[i] <= curve->x[i - 1]) || truth < curve->low[i] ||
			truth > curve->high[i] || curve->faults[i] < curve->low[i] ||
			curve->faults[i] > curve->high[i] ||
			(curve->low[i] == curve->high[i] && curve->faults[i] != truth)) {
			printf("at %" PRIu64 ": %" PRIu64 " faults; bounds %" PRIu64 " to %" PRIu64
			       ", estimate %" PRIu64 "\n",
				curve->x[i], truth, curve->low[i], curve->high[i],
				curve->faults[i]);
			return false;
		}
	}
	/* What was added has room between its bounds; only then is the curve no longer exact. */
	if (met == exact && curve->exact == (met == curve->count))
		return true;
	printf("%zu points of %zu have bounds that meet, %zu were exact\n", met, curve->count,
		exact);
	return false;
}

static bool holds(struct prop *p)
{
	uint64_t faults[SIZES + 1] = {0};
	struct random_trace t;
	struct bel_curve curve;
	struct bel_err err;
	size_t exact;
	bool held = true;

	random_trace_make(&t, &p->rng, p->seed % 8 ? 100 : 0, 900);
	for (uint64_t x = 1; x <= SIZES; x++) {
		const struct naive_setup opt = {NAIVE_OPT, .frames = x};

		faults[x] = naive_run(&opt, t.ref, t.count).faults;
	}
	for (uint64_t x = 2; x < SIZES && held; x++)
		held = 2 * faults[x] <= faults[x - 1] + faults[x + 1];
	if (!held)
		printf("the curve is not convex\n");
	curve = some_of(faults, p);
	exact = curve.count;
	held = held && bel_convex_band(&curve, &err) == 0 && within(&curve, faults, exact);
	if (!held)
		random_trace_print(&t, stdout);
	bel_curve_release(&curve);
	random_trace_release(&t);
	return held;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 300, 5000);
	while (prop_round(&p))
		if (!holds(&p))
			return prop_failed(&p);
	return prop_passed(&p);
}

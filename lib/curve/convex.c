/* SPDX-License-Identifier: MIT */
/* convex.c: bounds of a convex curve between its exact points. */
#include "convex.h"

#include <math.h>
#include <stdlib.h>

/* The slope between points i and i + 1. */
static double slope(const struct bel_curve *curve, size_t i)
{
	return ((double)curve->faults[i + 1] - (double)curve->faults[i]) /
	       (double)(curve->x[i + 1] - curve->x[i]);
}

/*
 * The bounds at a size between points i and i + 1. Before the first point nothing is known. After
 * the last point the faults no longer fall.
 */
static struct bel_convex_gap bounds(const struct bel_curve *curve, size_t i, double x)
{
	const double from = x - (double)curve->x[i], to = (double)curve->x[i + 1] - x;
	const double before = i ? (double)curve->faults[i] + slope(curve, i - 1) * from : -INFINITY;
	const double after = (double)curve->faults[i + 1] -
			     (i + 2 < curve->count ? slope(curve, i + 1) : 0) * to;

	return (struct bel_convex_gap){
		.x = x,
		.low = fmax(before, after),
		.high = (double)curve->faults[i] + slope(curve, i) * from,
	};
}

bool bel_convex_gap(const struct bel_curve *curve, size_t i, struct bel_convex_gap *gap)
{
	double width, own, before, after;

	if (i + 1 >= curve->count)
		return false;
	width = (double)(curve->x[i + 1] - curve->x[i]);
	own = slope(curve, i);
	before = i ? slope(curve, i - 1) : -INFINITY;
	after = i + 2 < curve->count ? slope(curve, i + 1) : 0;
	if (!(before < own && own < after))
		return false;
	/*
	 * Where the neighbouring lines meet. If there is no line on the left: directly after the
	 * point.
	 */
	*gap = bounds(
		curve, i, (double)curve->x[i] + (i ? width * (after - own) / (after - before) : 0));
	return true;
}

/*
 * Finds the whole size nearest to where the bounds differ most, and its bounds. False if they
 * leave no gap.
 */
static bool widest(const struct bel_curve *curve, size_t i, struct bel_convex_gap *gap)
{
	double x;

	if (i + 1 >= curve->count || curve->x[i + 1] - curve->x[i] < 2 ||
		!bel_convex_gap(curve, i, gap))
		return false;
	x = fmax(round(gap->x), (double)curve->x[i] + 1);
	*gap = bounds(curve, i, fmin(x, (double)curve->x[i + 1] - 1));
	gap->low = ceil(gap->low - 1e-6); /* faults are whole numbers */
	gap->high = floor(gap->high + 1e-6);
	return gap->high - gap->low >= 1;
}

int bel_convex_band(struct bel_curve *curve, struct bel_err *err)
{
	const size_t most = 2 * curve->count;
	struct bel_curve wide = *curve;
	struct bel_convex_gap gap;

	wide.count = 0;
	wide.x = calloc(most, sizeof(*wide.x));
	wide.faults = calloc(most, sizeof(*wide.faults));
	wide.low = calloc(most, sizeof(*wide.low));
	wide.high = calloc(most, sizeof(*wide.high));
	wide.writebacks = NULL; /* known only at the exact points */
	wide.dirty = NULL;
	wide.mean_resident = NULL;
	if (!wide.x || !wide.faults || !wide.low || !wide.high) {
		bel_curve_release(&wide);
		return bel_err_memory(err, "a curve");
	}
	for (size_t i = 0; i < curve->count; i++) {
		size_t n = wide.count++;

		wide.x[n] = curve->x[i];
		wide.faults[n] = wide.low[n] = wide.high[n] = curve->faults[i];
		if (!widest(curve, i, &gap))
			continue;
		n = wide.count++;
		wide.x[n] = (uint64_t)gap.x;
		wide.low[n] = (uint64_t)gap.low;
		wide.high[n] = (uint64_t)gap.high;
		wide.faults[n] = wide.low[n] + (wide.high[n] - wide.low[n]) / 2;
		wide.exact = false;
	}
	bel_curve_release(curve);
	*curve = wide;
	return BEL_OK;
}

/* SPDX-License-Identifier: MIT */
/* curve_sizes.c: at which sizes a curve is counted when nobody can count all of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "curve_job.h"
#include "number.h"

enum {
	FIRST = 56,  /* sizes to begin with, about */
	PIECES = 64, /* that a gap is cut into at once, at most */
};

int curve_sizes_first(uint64_t pages, uint64_t **x, size_t *count, struct bel_err *err)
{
	const uint64_t last = pages ? pages : 1;
	const double factor = fmax(1.02, pow((double)last, 1.0 / FIRST));
	char text[96];

	snprintf(text, sizeof(text), "1:%llu:*%.6f,%llu", (unsigned long long)last, factor,
		(unsigned long long)last);
	return bel_parse_frames(text, last, x, count, err);
}

static uint64_t difference(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* How steep the curve is between points i and i + 1; beyond its ends it is not known. */
static double slope(const struct bel_curve *curve, size_t i)
{
	return ((double)curve->faults[i + 1] - (double)curve->faults[i]) /
	       (double)(curve->x[i + 1] - curve->x[i]);
}

/*
 * How far below the straight line from point i to i + 1 a convex curve may lie: it is above both
 * neighbouring lines, prolonged, which are farthest below where they meet.
 */
static double sag(const struct bel_curve *curve, size_t i)
{
	const double width = (double)(curve->x[i + 1] - curve->x[i]), own = slope(curve, i);
	const double before = i ? slope(curve, i - 1) : -INFINITY;
	const double after = i + 2 < curve->count ? slope(curve, i + 1) : 0;
	double meet;

	if (!(before < own && own < after))
		return 0;
	if (isinf(before))
		return (after - own) * width;
	meet = width * (after - own) / (after - before);
	return (own - before) * meet;
}

/* Sizes between points i and i + 1 that are likely to be enough. */
static size_t pieces(const struct bel_curve *curve, size_t i, double most, bool convex)
{
	const uint64_t gap = curve->x[i + 1] - curve->x[i];
	const double step =
		convex ? sag(curve, i) : (double)difference(curve->faults[i], curve->faults[i + 1]);
	double wanted = 1;

	/* The sag shrinks with the square of the distance, a step with the distance. */
	if (step > most)
		wanted = convex ? 1 + ceil(sqrt(step / most)) : ceil(step / most);
	if (wanted > PIECES)
		wanted = PIECES;
	return gap < (uint64_t)wanted ? gap : (size_t)wanted;
}

int curve_sizes_between(const struct bel_curve *curve, double step, bool convex, uint64_t **x,
	size_t *count, struct bel_err *err)
{
	uint64_t least = UINT64_MAX, largest = 0;
	size_t room = 1;
	double most;

	for (size_t i = 0; i < curve->count; i++) {
		least = curve->faults[i] < least ? curve->faults[i] : least;
		largest = curve->faults[i] > largest ? curve->faults[i] : largest;
	}
	most = curve->count ? step * (double)(largest - least) : 0;
	for (size_t i = 0; i + 1 < curve->count; i++)
		room += pieces(curve, i, most, convex);
	*x = malloc(room * sizeof(**x));
	*count = 0;
	if (!*x)
		return bel_err_memory(err, "sizes");
	for (size_t i = 0; i + 1 < curve->count; i++) {
		const size_t parts = pieces(curve, i, most, convex);
		const uint64_t from = curve->x[i], gap = curve->x[i + 1] - from;

		for (size_t k = 1; k < parts; k++)
			(*x)[(*count)++] =
				from + (uint64_t)((double)gap * (double)k / (double)parts);
	}
	return BEL_OK;
}

/* SPDX-License-Identifier: MIT */
/* curve_sizes.c: chooses the sizes of a curve if not all sizes can be counted. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "convex.h"
#include "curve_job.h"
#include "number.h"

enum {
	FIRST = 56,  /* number of sizes to start with, about */
	PIECES = 64, /* pieces that a gap is cut into at once, at most */
};

int bel_curve_sizes_first(
	uint64_t least, uint64_t pages, uint64_t **x, size_t *count, struct bel_err *err)
{
	const uint64_t first = least ? least : 1, last = pages > first ? pages : first;
	const double factor = fmax(1.02, pow((double)last / (double)first, 1.0 / FIRST));
	char text[96];

	snprintf(text, sizeof(text), "%llu:%llu:*%.6f,%llu", (unsigned long long)first,
		(unsigned long long)last, factor, (unsigned long long)last);
	return bel_parse_frames(text, last, x, count, err);
}

static uint64_t difference(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* The number of sizes between points i and i + 1 that is probably enough. */
static size_t pieces(const struct bel_curve *curve, size_t i, double most, bool convex)
{
	const uint64_t gap = curve->x[i + 1] - curve->x[i];
	struct bel_convex_gap sag = {.low = 0};
	double step, wanted = 1;

	if (convex)
		step = bel_convex_gap(curve, i, &sag) ? sag.high - sag.low : 0;
	else
		step = (double)difference(curve->faults[i], curve->faults[i + 1]);

	/*
	 * The sag shrinks with the square of the distance between sizes, a step with the distance.
	 */
	if (step > most)
		wanted = convex ? 1 + ceil(sqrt(step / most)) : ceil(step / most);
	if (wanted > PIECES)
		wanted = PIECES;
	return gap < (uint64_t)wanted ? gap : (size_t)wanted;
}

int bel_curve_sizes_between(const struct bel_curve *curve, double step, bool convex, uint64_t **x,
	size_t *count, struct bel_err *err)
{
	uint64_t least = UINT64_MAX, largest = 0;
	size_t capacity = 1;
	double most;

	for (size_t i = 0; i < curve->count; i++) {
		least = curve->faults[i] < least ? curve->faults[i] : least;
		largest = curve->faults[i] > largest ? curve->faults[i] : largest;
	}
	most = curve->count ? step * (double)(largest - least) : 0;
	for (size_t i = 0; i + 1 < curve->count; i++)
		capacity += pieces(curve, i, most, convex);
	*x = malloc(capacity * sizeof(**x));
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

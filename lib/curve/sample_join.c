/* SPDX-License-Identifier: MIT */
/* sample_join.c: what samples counted, as estimates for the whole trace, and their mean. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

static uint64_t clamp(double value, uint64_t least, uint64_t most)
{
	return value <= (double)least  ? least
	       : value >= (double)most ? most
				       : (uint64_t)llround(value);
}

void bel_sample_scale(struct bel_curve *curve, double rate, uint64_t references, uint64_t pages)
{
	for (size_t i = 0; i < curve->count; i++) {
		const uint64_t again = curve->faults[i] - curve->compulsory;

		curve->x[i] = (uint64_t)llround((double)curve->x[i] / rate);
		curve->faults[i] = clamp((double)pages + (double)again / rate, pages, references);
		if (curve->writebacks)
			curve->writebacks[i] =
				clamp((double)curve->writebacks[i] / rate, 0, references);
		if (curve->mean_resident)
			curve->mean_resident[i] /= rate;
	}
	curve->sampled_rate = rate;
	curve->sampled_pages = (double)curve->compulsory;
	curve->exact = rate == 1;
	curve->references = references;
	curve->pages = pages;
	curve->compulsory = pages;
}

/*
 * The sizes of all curves, ascending, each once. *cursor, one a curve, are zeros; they are at
 * the curves' ends afterwards.
 */
static size_t merge_sizes(
	const struct bel_curve *curves, size_t count, size_t *cursor, uint64_t *to)
{
	size_t n = 0;

	for (;;) {
		uint64_t next = UINT64_MAX;
		bool left = false;

		for (size_t c = 0; c < count; c++)
			if (cursor[c] < curves[c].count) {
				left = true;
				if (curves[c].x[cursor[c]] < next)
					next = curves[c].x[cursor[c]];
			}
		if (!left)
			return n;
		for (size_t c = 0; c < count; c++)
			while (cursor[c] < curves[c].count && curves[c].x[cursor[c]] == next)
				cursor[c]++;
		to[n++] = next;
	}
}

/* Where a size lies among a curve's: between points `from` and `to`, a `part` of the way. */
struct place {
	size_t from, to;
	double part;
};

/* *cursor: a point of the curve that is not above x; it follows. */
static struct place find_place(const struct bel_curve *curve, size_t *cursor, uint64_t x)
{
	const size_t last = curve->count - 1;

	while (*cursor < last && curve->x[*cursor + 1] <= x)
		(*cursor)++;
	if (x <= curve->x[*cursor] || *cursor == last)
		return (struct place){*cursor, *cursor, 0};
	return (struct place){*cursor, *cursor + 1,
		(double)(x - curve->x[*cursor]) /
			(double)(curve->x[*cursor + 1] - curve->x[*cursor])};
}

static double count_at(const uint64_t *value, struct place at)
{
	const double from = (double)value[at.from], to = (double)value[at.to];

	return from + at.part * (to - from);
}

static double real_at(const double *value, struct place at)
{
	return value[at.from] + at.part * (value[at.to] - value[at.from]);
}

/* Student's t, two-sided 95%, by degrees of freedom; from 30 on, an expansion about 1.96. */
static double student(size_t degrees)
{
	static const double table[] = {0, 12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646,
		2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098,
		2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518,
		2.0484, 2.0452};

	return degrees < sizeof(table) / sizeof(*table) ? table[degrees]
							: 1.95996 + 2.37227 / (double)degrees;
}

/* Fills point i of the mean. */
static void join_point(const struct bel_curve *curves, size_t count, size_t *cursor, size_t i,
	struct bel_curve *mean)
{
	double sum = 0, squares = 0, writebacks = 0, resident = 0, half, middle;

	for (size_t c = 0; c < count; c++) {
		const struct place at = find_place(&curves[c], &cursor[c], mean->x[i]);

		sum += count_at(curves[c].faults, at);
		if (mean->writebacks)
			writebacks += count_at(curves[c].writebacks, at);
		if (mean->mean_resident)
			resident += real_at(curves[c].mean_resident, at);
	}
	middle = sum / (double)count;
	mean->faults[i] = (uint64_t)llround(middle);
	if (mean->writebacks)
		mean->writebacks[i] = (uint64_t)llround(writebacks / (double)count);
	if (mean->mean_resident)
		mean->mean_resident[i] = resident / (double)count;
	if (!mean->low)
		return;
	for (size_t c = 0; c < count; c++) {
		const struct place at = find_place(&curves[c], &cursor[c], mean->x[i]);
		const double off = count_at(curves[c].faults, at) - middle;

		squares += off * off;
	}
	half = student(count - 1) * sqrt(squares / (double)(count - 1) / (double)count);
	mean->low[i] = clamp(middle - half, mean->compulsory, mean->references);
	mean->high[i] = clamp(middle + half, mean->compulsory, mean->references);
}

/* Room for `points` of everything that the first curve has, and for a band. */
static int reserve(const struct bel_curve *first, size_t points, bool band, struct bel_curve *mean,
	struct bel_err *err)
{
	*mean = *first;
	mean->x = calloc(points + 1, sizeof(*mean->x));
	mean->faults = calloc(points + 1, sizeof(*mean->faults));
	mean->writebacks = first->writebacks ? calloc(points + 1, sizeof(*mean->writebacks)) : NULL;
	mean->mean_resident =
		first->mean_resident ? calloc(points + 1, sizeof(*mean->mean_resident)) : NULL;
	mean->low = band ? calloc(points + 1, sizeof(*mean->low)) : NULL;
	mean->high = band ? calloc(points + 1, sizeof(*mean->high)) : NULL;
	if (mean->x && mean->faults && (!first->writebacks || mean->writebacks) &&
		(!first->mean_resident || mean->mean_resident) &&
		(!band || (mean->low && mean->high)))
		return BEL_OK;
	bel_curve_release(mean);
	return bel_err_memory(err, "curves");
}

int bel_sample_join(
	const struct bel_curve *curves, size_t count, struct bel_curve *mean, struct bel_err *err)
{
	size_t points = 0, *cursor = calloc(count, sizeof(*cursor));

	for (size_t c = 0; c < count; c++)
		points += curves[c].count;
	if (!cursor || reserve(&curves[0], points, count > 1, mean, err) < 0) {
		free(cursor);
		return bel_err_memory(err, "curves");
	}
	mean->count = merge_sizes(curves, count, cursor, mean->x);
	mean->sampled_rate = mean->sampled_pages = 0;
	for (size_t c = 0; c < count; c++) {
		mean->exact &= curves[c].exact;
		mean->sampled_rate += curves[c].sampled_rate / (double)count;
		mean->sampled_pages += curves[c].sampled_pages / (double)count;
	}
	memset(cursor, 0, count * sizeof(*cursor));
	for (size_t i = 0; i < mean->count; i++)
		join_point(curves, count, cursor, i, mean);
	free(cursor);
	return BEL_OK;
}

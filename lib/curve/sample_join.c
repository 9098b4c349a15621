/* SPDX-License-Identifier: MIT */
/*
 * sample_join.c: turns samples' counts into estimates for the whole trace, and takes their mean.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

enum {
	MIN_SAMPLES = 4, /* minimum for a correction by the known mean */
	FAR = 16,        /* square of the number of standard errors that a mean may be off */
};

static uint64_t clamp(double value, uint64_t least, uint64_t most)
{
	return value <= (double)least  ? least
	       : value >= (double)most ? most
				       : (uint64_t)llround(value);
}

void bel_sample_scale(struct bel_curve *curve, double rate, uint64_t references, uint64_t pages)
{
	const uint64_t sampled = curve->compulsory;
	const double factor = sampled ? (double)pages / (double)sampled : 1 / rate;

	for (size_t i = 0; i < curve->count; i++) {
		const uint64_t again = curve->faults[i] - sampled;

		curve->x[i] = (uint64_t)llround((double)curve->x[i] / rate);
		curve->faults[i] = pages + (uint64_t)llround((double)again * factor);
		if (curve->writebacks)
			curve->writebacks[i] =
				(uint64_t)llround((double)curve->writebacks[i] * factor);
		if (curve->mean_resident)
			curve->mean_resident[i] /= rate;
	}
	curve->sampled_rate = rate;
	curve->sampled_pages = (double)sampled;
	curve->sampled_again = (double)(curve->references - sampled) * factor;
	curve->exact = rate == 1;
	curve->references = references;
	curve->pages = pages;
	curve->compulsory = pages;
}

/*
 * Merges the sizes of all curves, ascending, each once. `cursor` has one zero for each curve;
 * afterwards each is at its curve's end.
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

/*
 * The position of a size on a curve: between points `from` and `to`, a fraction `part` of the way.
 */
struct place {
	size_t from, to;
	double part;
};

/* *cursor is a point of the curve that is not above x. It is moved forward. */
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

/* How far a curve that is not straight may leave the line between two points. */
static double sag_at(const uint64_t *value, struct place at)
{
	return at.part * (1 - at.part) * fabs((double)value[at.from] - (double)value[at.to]);
}

/* The weights of samples in a mean, and its standard error as a multiple of that of one sample. */
struct weights {
	double of[BEL_SAMPLE_MOST];
	double off[BEL_SAMPLE_MOST]; /* deviation of the known variable from its mean; 0: none */
	double squares;              /* sum of their squares */
	double error;
	size_t known; /* number of known variables: 0 or 1 */
};

/*
 * Each sample also estimates the number of references that are not first touches, whose true value
 * is known. Faults that correlate with this estimate are corrected by it: regression on a variable
 * with a known mean (W. G. Cochran, Sampling Techniques, 1977, chapter 7). No correction is made
 * if the mean is far off: for example, if no sample has a page that gets many of the references.
 */
static struct weights weigh(const struct bel_sample_set *set)
{
	const double count = (double)set->count;
	const double truth = (double)(set->curve[0].references - set->curve[0].pages);
	struct weights weights = {.squares = 0};
	double mean = 0, far;

	for (size_t c = 0; c < set->count; c++)
		mean += set->curve[c].sampled_again / count;
	for (size_t c = 0; c < set->count; c++) {
		weights.of[c] = 1 / count;
		weights.off[c] = set->curve[c].sampled_again - mean;
		weights.squares += weights.off[c] * weights.off[c];
	}
	far = (truth - mean) * (truth - mean) / weights.squares;
	weights.error = sqrt(1 / count);
	if (set->count < MIN_SAMPLES || !(weights.squares > 1e-9 * truth * truth / count) ||
		far > FAR / (count * (count - 1)))
		return weights;
	weights.known = 1;
	weights.error = sqrt(1 / count + far);
	for (size_t c = 0; c < set->count; c++)
		weights.of[c] += (truth - mean) * weights.off[c] / weights.squares;
	return weights;
}

static struct bel_sample_mean mean_of(
	const struct weights *weights, const double *value, size_t count)
{
	struct bel_sample_mean of = {.mean = 0};
	double plain = 0, slope = 0, squares = 0;

	for (size_t i = 0; i < count; i++) {
		of.mean += weights->of[i] * value[i];
		plain += value[i] / (double)count;
	}
	for (size_t i = 0; i < count && weights->known; i++)
		slope += weights->off[i] * value[i] / weights->squares;
	for (size_t i = 0; i < count; i++) {
		const double rest = value[i] - plain - slope * weights->off[i];

		squares += rest * rest;
	}
	if (count > 1 + weights->known)
		of.error = weights->error * sqrt(squares / (double)(count - 1 - weights->known));
	return of;
}

/* `cursor` has one element for each curve, then one for each check. */
static struct bel_sample_point point_at(
	const struct bel_sample_set *set, const struct weights *weights, size_t *cursor, uint64_t x)
{
	const size_t count = set->count;
	struct bel_sample_point point = {.degrees = count - 1 - weights->known};
	double faults[BEL_SAMPLE_MOST], more[BEL_SAMPLE_MOST], rate = 0;

	for (size_t c = 0; c < count; c++) {
		const struct place at = find_place(&set->curve[c], &cursor[c], x);

		faults[c] = count_at(set->curve[c].faults, at);
		point.between += sag_at(set->curve[c].faults, at) / (double)count;
		rate += set->curve[c].sampled_rate;
		if (set->check)
			more[c] = count_at(set->check[c].faults,
					  find_place(&set->check[c], &cursor[count + c], x)) -
				  faults[c];
	}
	point.faults = mean_of(weights, faults, count);
	if (set->check)
		point.more = mean_of(weights, more, count);
	if (set->error)
		point.between += set->error->grain *
				 fmax(point.faults.mean - (double)set->curve[0].compulsory, 0);
	/*
	 * Events that no sample has shown may be three times as frequent as one event in a sample
	 * (the rule of three).
	 */
	point.between += 3 / rate;
	return point;
}

/* Why a curve has no band below size *from. *from is UINT64_MAX if it has none at all. */
static const char *lack_of_band(
	const struct bel_sample_set *set, const struct bel_curve *mean, uint64_t *from)
{
	const struct bel_sample_error *error = set->error;

	*from = UINT64_MAX;
	if (mean->exact)
		return NULL;
	if (!error)
		return "the error of its samples has not been measured";
	if (set->count == 1)
		return "one sample gives no band; give --seeds 2 or more";
	*from = (uint64_t)llround(error->min_frames / mean->sampled_rate);
	return error->few_frames;
}

/* Fills point i of the mean. `cursor` is as for point_at(). */
static void join_point(const struct bel_sample_set *set, const struct weights *weights,
	size_t *cursor, size_t i, struct bel_curve *mean)
{
	const struct bel_sample_point point = point_at(set, weights, cursor, mean->x[i]);
	double writebacks = 0, resident = 0, low, high;

	for (size_t c = 0; c < set->count; c++) {
		const struct place at = find_place(&set->curve[c], &cursor[c], mean->x[i]);

		if (mean->writebacks)
			writebacks += weights->of[c] * count_at(set->curve[c].writebacks, at);
		if (mean->mean_resident)
			resident += real_at(set->curve[c].mean_resident, at);
	}
	mean->faults[i] = clamp(point.faults.mean, mean->compulsory, mean->references);
	if (mean->writebacks)
		mean->writebacks[i] = clamp(writebacks, 0, mean->references);
	if (mean->mean_resident)
		mean->mean_resident[i] = resident / (double)set->count;
	if (!mean->low)
		return;
	mean->low[i] = mean->high[i] = BEL_NO_BAND;
	if (mean->x[i] < mean->band_from)
		return;
	bel_sample_band(set->error, &point, &low, &high);
	mean->low[i] = clamp(low, mean->compulsory, mean->references);
	mean->high[i] = clamp(high, mean->compulsory, mean->references);
}

/* Allocates `points` elements of each array that the first curve has, and of a band. */
static int reserve(
	const struct bel_curve *first, size_t points, struct bel_curve *mean, struct bel_err *err)
{
	*mean = *first;
	mean->dirty = NULL;
	mean->x = calloc(points + 1, sizeof(*mean->x));
	mean->faults = calloc(points + 1, sizeof(*mean->faults));
	mean->writebacks = first->writebacks ? calloc(points + 1, sizeof(*mean->writebacks)) : NULL;
	mean->mean_resident =
		first->mean_resident ? calloc(points + 1, sizeof(*mean->mean_resident)) : NULL;
	mean->low = calloc(points + 1, sizeof(*mean->low));
	mean->high = calloc(points + 1, sizeof(*mean->high));
	if (mean->x && mean->faults && (!first->writebacks || mean->writebacks) &&
		(!first->mean_resident || mean->mean_resident) && mean->low && mean->high)
		return BEL_OK;
	bel_curve_release(mean);
	return bel_err_memory(err, "curves");
}

/* Fills the members that are not points, and decides whether the mean can have a band. */
static void join_heads(const struct bel_sample_set *set, struct bel_curve *mean)
{
	const double count = (double)set->count;

	mean->sampled_rate = mean->sampled_pages = 0;
	for (size_t c = 0; c < set->count; c++) {
		mean->exact &= set->curve[c].exact;
		mean->sampled_rate += set->curve[c].sampled_rate / count;
		mean->sampled_pages += set->curve[c].sampled_pages / count;
	}
	mean->no_band = lack_of_band(set, mean, &mean->band_from);
	if (!mean->count || mean->x[0] >= mean->band_from)
		mean->no_band = NULL;
	if (!mean->count || mean->x[mean->count - 1] < mean->band_from) {
		free(mean->low);
		free(mean->high);
		mean->low = mean->high = NULL;
	}
}

int bel_sample_join(const struct bel_sample_set *set, struct bel_curve *mean, struct bel_err *err)
{
	const size_t count = set->count;
	const struct weights weights = weigh(set);
	size_t points = 0, *cursor = calloc(2 * count, sizeof(*cursor));

	for (size_t c = 0; c < count; c++)
		points += set->curve[c].count;
	if (!cursor || reserve(&set->curve[0], points, mean, err) < 0) {
		free(cursor);
		return bel_err_memory(err, "curves");
	}
	mean->count = merge_sizes(set->curve, count, cursor, mean->x);
	join_heads(set, mean);
	memset(cursor, 0, 2 * count * sizeof(*cursor));
	for (size_t i = 0; i < mean->count; i++)
		join_point(set, &weights, cursor, i, mean);
	free(cursor);
	return BEL_OK;
}

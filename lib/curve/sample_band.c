/* SPDX-License-Identifier: MIT */
/* sample_band.c: how far an estimate may be from the true value. */
#include <math.h>
#include <string.h>

#include "sample.h"

/*
 * The sampling error shows as the spread of the samples. An error that all samples share does not
 * show. It exists because a miniature has whole frames: a working set that just fits the memory
 * may fit one miniature and not another. The smaller the miniatures, the larger this error.
 *
 * LRU, FIFO, Clock  negligible beside the sampling error from `min_frames` on.
 * OPT, S3-FIFO      compared with smaller miniatures: the change from a sample to a quarter of it
 *                   may occur again from the whole trace to the sample.
 * SIEVE             smaller miniatures do not help; the slow hand of sample_sieve.c errs the other
 *                   way. Its faults jump from one size to the next where the hand moves in step
 *                   with a loop; `grain` allows for that.
 *
 * min_frames and the kind of check were chosen on traces of bel-gen (zipf, uniform, loop, stack,
 * phases), on requests for runs of blocks, and on captures of sort, gzip and awk at 16 bytes per
 * page. spread was raised and grain added after tests on other traces, among them ARC's P3 and
 * CloudPhysics. bel-curve(1) says how often the bands hold; tests/bench/bench_sample measures it
 * for any trace.
 */
#define LEAST(N) N, "a sample has fewer than " #N " of them"

static const struct bel_sample_error known[] = {
	{"lru", BEL_SAMPLE_CHANCE, NULL, LEAST(32), 1.4, 0},
	{"fifo", BEL_SAMPLE_CHANCE, NULL, LEAST(32), 1.4, 0},
	{"clock", BEL_SAMPLE_CHANCE, NULL, LEAST(32), 1.4, 0},
	{"opt", BEL_SAMPLE_QUARTER, NULL, LEAST(32), 1.3, 0},
	{"s3-fifo", BEL_SAMPLE_QUARTER, NULL, LEAST(64), 1.3, 0},
	{"sieve", BEL_SAMPLE_BRACKET, &bel_sample_sieve, LEAST(32), 1.4, 0.015},
};

const struct bel_sample_error *bel_sample_error(const char *policy)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(known[i].policy, policy))
			return &known[i];
	return NULL;
}

/* Student's t, two-sided 95%, by degrees of freedom. From 30 on, an expansion about 1.96. */
static double student(size_t degrees)
{
	static const double table[] = {0, 12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646,
		2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098,
		2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518,
		2.0484, 2.0452};

	return degrees < sizeof(table) / sizeof(*table) ? table[degrees]
							: 1.95996 + 2.37227 / (double)degrees;
}

void bel_sample_band(const struct bel_sample_error *error, const struct bel_sample_point *point,
	double *low, double *high)
{
	const double chance = error->spread * student(point->degrees) * point->faults.error;
	const double most = fmax(point->more.mean + point->more.error, 0);
	const double least = fmin(point->more.mean - point->more.error, 0);
	double below = chance, above = chance;

	/* If a smaller miniature faults more, the sample faults more than the whole trace, too. */
	if (error->check == BEL_SAMPLE_QUARTER) {
		below = hypot(chance, most);
		above = hypot(chance, least);
	} else if (error->check == BEL_SAMPLE_BRACKET) {
		below = chance - least;
		above = chance + most;
	}
	*low = point->faults.mean - below - point->between;
	*high = point->faults.mean + above + point->between;
}

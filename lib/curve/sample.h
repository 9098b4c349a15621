/* SPDX-License-Identifier: MIT */
/*
 * sample.h: curves estimated from a sample of the pages.
 *
 * A page is in a sample, with all its references, if its hash is below a threshold. So the number
 * of pages between two uses of a page shrinks, on average, by the sampling rate. Therefore a
 * memory that is smaller by the same rate (a "miniature") faults on the sample as the whole memory
 * does on the whole trace. Sources: for LRU, C. A. Waldspurger, N. Park, A. Garthwaite, I. Ahmad,
 * Efficient MRC construction with SHARDS, FAST 2015; for any policy, C. Waldspurger, T.
 * Saemundsson, I. Ahmad, N. Park, Cache modeling and optimization using miniature simulations, ATC
 * 2017.
 *
 *	struct bel_sample *sample = bel_sample_new(&setup, &err);
 *	bel_sample_take(sample, runs, count, &part, &err);     feed part to an algorithm or engine
 *	bel_sample_scale(&curve, rate, references, pages);     its curve becomes an estimate
 *	bel_sample_join(&set, &mean, &err);                    several seeds: mean and band
 *	bel_sample_free(sample);
 *
 * Samples with different seeds are independent. Memory: 40 bytes per sampled page, and the runs of
 * one call.
 */
#ifndef BEL_SAMPLE_H
#define BEL_SAMPLE_H

#include "curve.h"

enum {
	BEL_SAMPLE_TRUSTED = 10000, /* pages that a trace should have if it is sampled */
	BEL_SAMPLE_LEAST = 16,      /* minimum size of a sample with a fixed number of pages */
};

struct bel_sample_setup {
	double rate; /* share of the pages: above 0, at most 1 */
	uint64_t seed;
	bool portable; /* no SIMD beyond the baseline */
};

/* The sampled part of some runs. It belongs to the sample and is valid until the next call. */
struct bel_sample_part {
	const struct bel_run *runs; /* pages are numbered by their first touch in the sample */
	size_t count;
	uint64_t references; /* in these runs */
	uint32_t pages;      /* in the sample so far */
};

struct bel_sample;

struct bel_sample *bel_sample_new(const struct bel_sample_setup *setup, struct bel_err *err);
void bel_sample_free(struct bel_sample *sample); /* NULL is allowed */
int bel_sample_take(struct bel_sample *sample, const struct bel_run *runs, size_t count,
	struct bel_sample_part *part, struct bel_err *err);

/*
 * Pages are in the sample if their hash is below the threshold. A threshold of 2^32 takes all
 * pages.
 */
struct bel_sample_rule {
	uint64_t threshold;
	uint32_t seed; /* from bel_sample_mix() */
	bool vectors;
};

enum { BEL_SAMPLE_SLACK = 8 }; /* runs that are written at once, perhaps beyond those selected */

/*
 * Copies the runs on sampled pages. `to` has room for `count` runs and the slack. Returns the
 * number of runs copied.
 */
size_t bel_sample_select(const struct bel_sample_rule *rule, const struct bel_run *runs,
	size_t count, struct bel_run *to);

/* A page's hash under a seed: 32 bits, uniformly distributed. */
static inline uint32_t bel_sample_hash(uint32_t page, uint32_t mixed_seed)
{
	uint32_t h = page ^ mixed_seed;

	h = (h ^ h >> 16) * UINT32_C(0x85ebca6b); /* the end of A. Appleby's MurmurHash3 */
	h = (h ^ h >> 13) * UINT32_C(0xc2b2ae35);
	return h ^ h >> 16;
}

/* Mixes a seed, so that neighbouring seeds give unrelated hashes. */
uint32_t bel_sample_mix(uint64_t seed);

/*
 * Turns the counts of a sample into an estimate for the whole trace with `references` and `pages`.
 * Sizes grow by 1 / rate, faults by pages / (pages in the sample). First touches are known and not
 * estimated. The number of references in the sample is not used, so a sample with too many or too
 * few of the hottest pages does not distort the estimate (SHARDS-adj corrects the histogram's
 * first bucket to the same effect). An estimate may exceed the references; the mean of several is
 * capped.
 */
void bel_sample_scale(struct bel_curve *curve, double rate, uint64_t references, uint64_t pages);

/* How the error of a policy's miniatures is found, beyond the sampling error (chance). */
enum bel_sample_check {
	BEL_SAMPLE_CHANCE,  /* no check: it is negligible beside the sampling error */
	BEL_SAMPLE_QUARTER, /* compare with a quarter of each sample: errs the same way, but more */
	BEL_SAMPLE_BRACKET, /* compare with another algorithm: errs the other way */
};

struct bel_sample_error {
	const char *policy;
	enum bel_sample_check check;
	const struct bel_curve_algorithm *other; /* for BEL_SAMPLE_BRACKET; param[0]: the rate */
	unsigned min_frames;                     /* that a miniature needs */
	const char *few_frames;                  /* the message if it has fewer */
	double spread; /* factor by which bands from chance alone turned out too narrow */
	double grain;  /* difference of neighbouring sizes / faults except first touches */
};

/* NULL: the error of the policy's miniatures is not known. */
const struct bel_sample_error *bel_sample_error(const char *policy);

enum {
	BEL_SAMPLE_MOST = 64,    /* samples of one curve */
	BEL_SAMPLE_QUARTERS = 4, /* parts that a sample is divided into */
};

/* Estimates of the same curve. */
struct bel_sample_set {
	const struct bel_curve *curve;        /* from samples of several seeds */
	const struct bel_curve *check;        /* the check of each of them; NULL: none */
	size_t count;                         /* number of curves, 1 to BEL_SAMPLE_MOST */
	const struct bel_sample_error *error; /* the policy's; NULL: not known */
};

/*
 * The mean of the curves. It has a band that holds the true value in 95% of cases, or the reason
 * why it has no band. Its sizes are those of all curves; a curve is interpolated linearly between
 * its own sizes.
 */
int bel_sample_join(const struct bel_sample_set *set, struct bel_curve *mean, struct bel_err *err);

/* A mean over samples, and its standard error. */
struct bel_sample_mean {
	double mean, error;
};

struct bel_sample_point {
	size_t degrees; /* degrees of freedom of the standard errors */
	struct bel_sample_mean faults;
	struct bel_sample_mean more; /* how much the checks exceed the faults */
	double between; /* other uncertainty: interpolation between counted sizes, rare faults */
};

void bel_sample_band(const struct bel_sample_error *error, const struct bel_sample_point *point,
	double *low, double *high);

/*
 * LRU from a sample of a fixed number of pages. At first the sample takes all pages. When it is
 * full, the pages with the highest hashes leave, and the rate falls. The algorithm handles one
 * seed. It is fed the whole trace and its curve is an estimate for the whole trace. setup.param[0]
 * is the number of pages, at least BEL_SAMPLE_LEAST. Memory: about 90 bytes per sampled page.
 */
extern const struct bel_curve_algorithm bel_sample_lru;

/*
 * SIEVE on a sample at 1 to 64 sizes, with a bias: the true faults are at most these. param[0]:
 * the rate.
 */
extern const struct bel_curve_algorithm bel_sample_sieve;

#endif

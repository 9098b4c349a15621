/* SPDX-License-Identifier: MIT */
/*
 * sample.h: curves from a share of the pages that stands for all of them.
 *
 * A page is in a sample, with all its references, if its hash is below a threshold; so
 * the references between two uses of a page shrink, on average, by the sampling rate, and
 * a memory shrunk by that rate has the sample fault as the whole memory has the
 * whole trace. For LRU: C. A. Waldspurger, N. Park, A. Garthwaite, I. Ahmad, Efficient MRC
 * construction with SHARDS, FAST 2015. For any policy: C. Waldspurger, T. Saemundsson, I. Ahmad,
 * N. Park, Cache modeling and optimization using miniature simulations, ATC 2017.
 *
 *	struct bel_sample *sample = bel_sample_new(&setup, &err);
 *	bel_sample_take(sample, runs, count, &part, &err);     part to any algorithm or engine
 *	bel_sample_scale(&curve, rate, references, pages);     what that found, as of the whole
 *	bel_sample_join(&set, &mean, &err);                    several seeds: mean and band
 *	bel_sample_free(sample);
 *
 * Samples of several seeds are independent of each other. Memory: 40 bytes a page in the
 * sample, and the runs that are taken at a time.
 */
#ifndef BEL_SAMPLE_H
#define BEL_SAMPLE_H

#include "curve.h"

enum {
	BEL_SAMPLE_TRUSTED = 10000, /* pages that a trace should have to be sampled */
	BEL_SAMPLE_LEAST = 16,      /* pages that a sample of a fixed number of them has */
};

struct bel_sample_setup {
	double rate; /* share of the pages: above 0, at most 1 */
	uint64_t seed;
	bool portable; /* no SIMD beyond the baseline */
};

/* What a sample leaves of some runs; the sample's, until the next call. */
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

/* Which pages are in: those whose hash is below the threshold, up to 2^32, which is all. */
struct bel_sample_rule {
	uint64_t threshold;
	uint32_t seed; /* of bel_sample_mix() */
	bool vectors;
};

enum { BEL_SAMPLE_SLACK = 8 }; /* runs that are written at a time */

/* Copies the runs on pages that are in, to room for `count` and the slack; returns their number. */
size_t bel_sample_select(const struct bel_sample_rule *rule, const struct bel_run *runs,
	size_t count, struct bel_run *to);

/* A page's hash under a seed: equally likely to be any 32 bits. */
static inline uint32_t bel_sample_hash(uint32_t page, uint32_t mixed_seed)
{
	uint32_t h = page ^ mixed_seed;

	h = (h ^ h >> 16) * UINT32_C(0x85ebca6b); /* the end of A. Appleby's MurmurHash3 */
	h = (h ^ h >> 13) * UINT32_C(0xc2b2ae35);
	return h ^ h >> 16;
}

/* Makes neighbouring seeds unlike. */
uint32_t bel_sample_mix(uint64_t seed);

/*
 * Turns what was counted in a sample into an estimate for the whole trace of that many
 * references and pages: sizes grow by 1 / rate, faults by pages / pages in the sample. First
 * touches, which are known, are not estimated. Where the sample holds more of the hottest pages
 * than its share, the estimate is right all the same: it does not ask how many references the
 * sample has (SHARDS-adj says the same of the histogram's first bucket). An estimate may exceed the
 * references; the mean of several is cut.
 */
void bel_sample_scale(struct bel_curve *curve, double rate, uint64_t references, uint64_t pages);

/* What tells how a policy's miniatures err, beside what chance does. */
enum bel_sample_check {
	BEL_SAMPLE_CHANCE,  /* nothing: among chance it does not matter */
	BEL_SAMPLE_QUARTER, /* miniatures of a quarter of each sample err as these do, and more */
	BEL_SAMPLE_BRACKET, /* others on the same samples err to the other side */
};

struct bel_sample_error {
	const char *policy;
	enum bel_sample_check check;
	const struct bel_curve_algorithm *other; /* for BEL_SAMPLE_BRACKET; param[0]: the rate */
	unsigned min_frames;                     /* that a miniature must have */
	const char *few_frames;                  /* said where it has fewer */
	double spread; /* by which bands from chance alone turned out too narrow */
	double grain;  /* share of the faults that are no first touches by which neighbouring sizes
			  differ */
};

/* NULL: how the policy's miniatures err is not known. */
const struct bel_sample_error *bel_sample_error(const char *policy);

enum {
	BEL_SAMPLE_MOST = 64,    /* samples of one curve */
	BEL_SAMPLE_QUARTERS = 4, /* of a sample */
};

/* Estimates of the same curve. */
struct bel_sample_set {
	const struct bel_curve *curve;        /* from samples of several seeds */
	const struct bel_curve *check;        /* what checks each of these; NULL: nothing */
	size_t count;                         /* of them: 1 to BEL_SAMPLE_MOST */
	const struct bel_sample_error *error; /* of the policy; NULL: not known */
};

/*
 * The mean of the curves, with a band that holds the truth in 95% of cases, or the reason why it
 * has none. Sizes are those of all; between its own sizes a curve is taken as straight.
 */
int bel_sample_join(const struct bel_sample_set *set, struct bel_curve *mean, struct bel_err *err);

/* What samples say of one size: the mean, and the standard error of it. */
struct bel_sample_mean {
	double mean, error;
};

struct bel_sample_point {
	size_t degrees; /* of freedom that the errors have */
	struct bel_sample_mean faults;
	struct bel_sample_mean more; /* by which the checks exceed the faults */
	double between; /* what else is open: sizes that lie between those counted, rare faults */
};

void bel_sample_band(const struct bel_sample_error *error, const struct bel_sample_point *point,
	double *low, double *high);

/*
 * LRU from a sample of a fixed number of pages, which has all pages at first; as more come, those
 * with the highest hashes leave it, and the rate falls. An algorithm for one seed, which is fed
 * the whole trace: its curve is an estimate for that. setup.param[0] is the number of pages,
 * at least BEL_SAMPLE_LEAST. Memory: about 90 bytes a page of the sample.
 */
extern const struct bel_curve_algorithm bel_sample_lru;

/* SIEVE of samples, on whose curve the truth is or below, at 1 to 64 sizes; param[0]: the rate. */
extern const struct bel_curve_algorithm bel_sample_sieve;

#endif

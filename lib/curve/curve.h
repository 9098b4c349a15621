/* SPDX-License-Identifier: MIT */
/*
 * curve.h: whole fault curves in one pass: what a curve is, and what an
 * algorithm that computes one looks like. One file an algorithm, made known
 * with BEL_CURVE(); no list of algorithms exists anywhere.
 *
 *	const struct bel_curve_algorithm *a = bel_curve_find("lru", &need);
 *	void *self = a->create(&setup, &err);
 *	a->feed(self, &batch, pages, &err);        every batch of the trace, in order
 *	a->finish(self, &curve, &err);             or a->snapshot() at any time
 *	bel_curve_release(&curve);
 *	a->destroy(self);
 *
 * Runs are as in run.h; results count every reference (virtual time).
 * An instance belongs to one thread; instances share nothing.
 */
#ifndef BEL_CURVE_H
#define BEL_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "policy.h"

#define BEL_NO_BAND UINT64_MAX /* low and high of a point whose error is not bounded */

/* Points in ascending x; arrays of `count` elements, owned by the curve; NULL: not known. */
struct bel_curve {
	const char *policy;    /* "lru" */
	const char *algorithm; /* how it was computed: "stack distances, avx512" */
	bool windows;          /* x is a window tau in references, else frames */
	bool exact;            /* else low and high hold a band */
	uint64_t references, pages, compulsory;
	size_t count;
	uint64_t *x;
	uint64_t *faults;
	uint64_t *writebacks;
	double *mean_resident;
	uint64_t *low, *high; /* bounds or 95% band of faults */
	double sampled_rate;  /* share of the pages that stand for all; 0: none do (sample.h) */
	double sampled_pages; /* these pages; of several samples the mean */
	double sampled_again; /* estimate of references - pages from them; 0: none */
	const char *no_band;  /* why an estimate has no band, a literal; NULL: all of it has */
	uint64_t band_from;   /* but from this size on it has; UINT64_MAX: nowhere */
};

void bel_curve_release(struct bel_curve *curve);

struct bel_curve_setup {
	/* The sizes asked for, ascending; NULL: all that the algorithm gives by itself. */
	const uint64_t *x;
	size_t count;
	double param[8];      /* the policy's parameters, by its algorithm's table */
	bool writebacks;      /* count them too, where the algorithm can */
	bool every;           /* never fewer sizes than all, however long it takes */
	bool portable;        /* no SIMD beyond the baseline: tests, and comparison */
	uint64_t seed;        /* of a sample, or of a policy that draws numbers */
	uint64_t memory;      /* bytes that may be held before spilling; 0: 1 GiB */
	const char *temp_dir; /* for spilling */
};

enum bel_curve_cap {
	BEL_CURVE_ALL = 0x1,        /* gives every size, or many; asked sizes only select */
	BEL_CURVE_TWO_PASS = 0x2,   /* keeps the trace (spilled past `memory`) until finish() */
	BEL_CURVE_WINDOWS = 0x4,    /* x is a window */
	BEL_CURVE_WRITEBACKS = 0x8, /* can count write-backs */
	BEL_CURVE_SNAPSHOT = 0x10,  /* exact for what was fed, at any time */
};

struct bel_curve_algorithm {
	const char *policy; /* the policy's name as in policies/ */
	const char *name;   /* of the algorithm: "stack", "numerals", "rows", ... */
	const char *source; /* paper */
	uint32_t caps;      /* enum bel_curve_cap */
	unsigned rank;      /* of several for one policy, the lowest that can do is taken */
	uint64_t max_pages; /* beyond it is not to be chosen; 0: no limit */
	size_t most_sizes;  /* sizes a pass; 0: no limit */
	const struct bel_param *params; /* NULL: none */
	void *(*create)(const struct bel_curve_setup *setup, struct bel_err *err);
	/* `pages`: distinct pages seen by the end of the batch. */
	int (*feed)(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err);
	/* Fills *curve. After finish() only destroy() is allowed; after snapshot() all goes on. */
	int (*finish)(void *self, struct bel_curve *curve, struct bel_err *err);
	int (*snapshot)(void *self, struct bel_curve *curve, struct bel_err *err);
	void (*destroy)(void *self);
};

#define BEL_CURVE(NAME)                                                                            \
	__attribute__((used, section("bel_curves"))) static const struct bel_curve_algorithm       \
		*const NAME##_registered = &(NAME)

/* The registered algorithms in order of policy, then rank: 0, 1, ...; NULL past the last. */
const struct bel_curve_algorithm *bel_curve_at(size_t index);

#endif

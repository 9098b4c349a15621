/* SPDX-License-Identifier: MIT */
/*
 * curve.h: fault curves at many sizes, computed in one pass: the result (struct bel_curve) and the
 * interface of an algorithm. Each algorithm has its own file and registers itself with
 * BEL_CURVE(); there is no list of algorithms.
 *
 *	const struct bel_curve_algorithm *a = bel_curve_at(index);
 *	void *self = a->create(&setup, &err);
 *	a->feed(self, &batch, pages, &err);        every batch of the trace, in order
 *	a->finish(self, &curve, &err);             or a->snapshot() at any time
 *	bel_curve_release(&curve);
 *	a->destroy(self);
 *
 * Units:   results count every reference (virtual time). lib/api/run.h describes runs.
 * Threads: each instance belongs to one thread; instances share nothing.
 */
#ifndef BEL_CURVE_H
#define BEL_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "policy.h"

#define BEL_NO_BAND UINT64_MAX /* low and high of a point without a band */

/* Points in ascending x. Arrays have `count` elements and belong to the curve. NULL: not known. */
struct bel_curve {
	const char *policy;    /* "lru" */
	const char *algorithm; /* how it was computed: "stack distances, avx512" */
	bool windows;          /* x is a window tau in references, otherwise frames */
	bool exact;            /* otherwise low and high hold a band */
	uint64_t references, pages, compulsory;
	size_t count;
	uint64_t *x;
	uint64_t *faults;
	uint64_t *writebacks;
	uint64_t *dirty; /* resident pages that are dirty after the last reference */
	double *mean_resident;
	uint64_t *low, *high; /* bounds or 95% band of faults */
	double sampled_rate;  /* sampled share of the pages; 0: all were counted (sample.h) */
	double sampled_pages; /* pages in the sample, or the mean of several samples */
	double sampled_again; /* estimate of references - pages from the samples; 0: none */
	const char *no_band;  /* why an estimate has no band; a literal or NULL */
	uint64_t requests;    /* with BEL_CURVE_REQUESTS: how many requests began */
	uint64_t band_from;   /* but sizes from here on have one; UINT64_MAX: none has */
};

void bel_curve_release(struct bel_curve *curve);

struct bel_curve_setup {
	/* The requested sizes, ascending. NULL: the algorithm chooses. */
	const uint64_t *x;
	size_t count;
	double param[8];      /* the policy's parameters, in the order of the algorithm's table */
	bool writebacks;      /* fill writebacks and dirty too; for BEL_CURVE_WRITEBACKS */
	bool every;           /* compute every size, however long it takes */
	bool portable;        /* no SIMD beyond the baseline; for tests and comparison */
	uint64_t seed;        /* for a sample, or for a policy that draws random numbers */
	uint64_t memory;      /* bytes to hold in memory before spilling to a file; 0: 1 GiB */
	const char *temp_dir; /* for spilling */
};

enum bel_curve_cap {
	BEL_CURVE_ALL = 0x1,      /* computes every size, or many; requested sizes only select */
	BEL_CURVE_TWO_PASS = 0x2, /* keeps the trace (spilled past `memory`) until finish() */
	BEL_CURVE_WINDOWS = 0x4,  /* x is a window */
	/*
	 * With setup.writebacks, it fills writebacks and dirty. The policy evicts a page only if
	 * a page needs its frame, and each page that faults becomes resident. So all counts of an
	 * engine follow from the curve and from the first references to pages.
	 */
	BEL_CURVE_WRITEBACKS = 0x8,
	BEL_CURVE_SNAPSHOT = 0x10, /* snapshot() works at any time and is exact for what was fed */
	/*
	 * Counts a hit only if all earlier references of its request hit, too. It is used only
	 * where this is asked for, and then request() is called where a request begins.
	 */
	BEL_CURVE_REQUESTS = 0x20,
};

struct bel_curve_algorithm {
	const char *policy; /* the policy's name as in policies/ */
	const char *name;   /* the algorithm's name: "stack", "numerals", "rows", ... */
	const char *source; /* paper */
	uint32_t caps;      /* enum bel_curve_cap */
	unsigned rank; /* of several for one policy, the lowest rank that can do the job is used */
	uint64_t max_pages;    /* not used for traces with more pages; 0: no limit */
	size_t most_sizes;     /* sizes per pass; 0: no limit */
	size_t least_sizes;    /* with fewer sizes, one engine for each is cheaper (measured) */
	uint64_t least_frames; /* at smaller sizes, an engine for each is cheaper (measured) */
	const struct bel_param *params; /* NULL: none */
	void *(*create)(const struct bel_curve_setup *setup, struct bel_err *err);
	/* `pages`: distinct pages seen by the end of the batch. */
	int (*feed)(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err);
	/* What is fed from here on is a new request. NULL without BEL_CURVE_REQUESTS. */
	void (*request)(void *self);
	/*
	 * Both fill *curve. After finish(), only report() and destroy() are allowed. After
	 * snapshot(), feeding may go on.
	 */
	int (*finish)(void *self, struct bel_curve *curve, struct bel_err *err);
	int (*snapshot)(void *self, struct bel_curve *curve, struct bel_err *err);
	/*
	 * After finish(): the policy's own figures at requested size `index`, as the policy's
	 * report() gives them. NULL: the policy has none, or only an engine has them.
	 */
	void (*report)(const void *self, size_t index, struct bel_sink *sink);
	void (*destroy)(void *self);
};

/* Whether a run of the batch writes. Before the first write all pages are clean. */
BEL_INLINE bool bel_curve_writes(const struct bel_batch *batch)
{
	uint32_t any = 0;

	for (size_t i = 0; i < batch->count; i++)
		any |= batch->runs[i].info;
	return any & BEL_RUN_WRITE;
}

#define BEL_CURVE(NAME)                                                                            \
	__attribute__((used, section("bel_curves"))) static const struct bel_curve_algorithm       \
		*const NAME##_registered = &(NAME)

/* The registered algorithms in order of policy, then rank: 0, 1, ...; NULL past the last. */
const struct bel_curve_algorithm *bel_curve_at(size_t index);

#endif

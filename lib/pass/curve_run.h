/* SPDX-License-Identifier: MIT */
/*
 * curve_run.h: computes curves of a trace, at one page size or several, with as few readings as
 * possible.
 *
 * The source is read once. Jobs that know their sizes beforehand, or need none, count during this
 * reading. For other jobs the trace is kept (next_uses.h): adaptive sizes, shares of a footprint
 * that is not yet known, and policies that the engine simulates with knowledge of the future.
 */
#ifndef BEL_CURVE_RUN_H
#define BEL_CURVE_RUN_H

#include "curve_job.h"
#include "pass.h"

/* How pages are sampled. */
struct bel_curve_sampling {
	size_t seeds; /* number of samples; 0: all pages are counted */
	double rate;  /* share of the pages; 0: a fixed number, `pages` */
	uint64_t pages;
};

/* Other consumers of the same readings. */
struct bel_curve_company {
	/* Attaches them; NULL: there are none. */
	int (*attach)(void *host, struct bel_pass *pass, struct bel_err *err);
	/* After each reading; it may attach more. */
	int (*between)(void *host, struct bel_err *err);
	void *host;
};

struct bel_curve_request {
	/* The request owns its members, except texts: bel_curve_request_release(). */
	struct bel_policy_spec *policy;
	struct bel_curve_spec *spec; /* one for each policy */
	size_t specs;
	const char *frames; /* "all", or as bel_parse_frames() or bel_parse_memory() reads it */
	bool in_bytes;      /* the last */
	uint64_t *tau;      /* windows, ascending; NULL: the algorithm's choice */
	size_t taus;
	unsigned *page_bits; /* ascending, the first is the source's; NULL: only that */
	size_t page_sizes;
	double step;       /* of adaptive sizes: see bel_curve_sizes_between() */
	uint64_t interval; /* references; 0: no phases */
	/*
	 * LRU's hits count only while all earlier references of the request hit; the policies are
	 * lru and opt only, without intervals and samples. OPT counts each reference by itself.
	 */
	bool requests;
	struct bel_curve_sampling sample;
	uint64_t seed;             /* of random policies and of the first sample; then + 1, ... */
	uint64_t fault_references; /* cost of a fault, in references, for space-time products */
	unsigned threads;
	bool portable;
	struct bel_next_uses_setup keep;
	const volatile sig_atomic_t *stop; /* set: the trace ends here */
	/* See struct bel_pass_setup. */
	void (*progress)(void *progress_host, uint64_t references, double fraction);
	void *progress_host;
	struct bel_curve_company company; /* not with `interval` */
};

/* The trace at one page size. */
struct bel_curve_size {
	struct bel_stream *whole;
	struct bel_stream *reduced; /* for jobs that start at min_frames; NULL: there are none */
	uint64_t min_frames;
	struct bel_stream **sample;  /* one per seed; owned; NULL: no sample was asked for */
	struct bel_stream **quarter; /* a quarter of each sample */
	char digest[17];
};

struct bel_curve_run {
	const struct bel_curve_request *how;
	struct bel_source *source;
	struct bel_pass *pass;
	struct bel_curve_size *size; /* owned; ascending */
	size_t sizes;
	struct bel_curve_job *job; /* by page size, then in the order of the specs */
	size_t jobs;
	bool read;    /* the source has been read; further readings use what was kept */
	bool partial; /* stopped before the trace's end */
};

/*
 * Fills `spec` from the policies, and `tau` and `page_bits` from texts such as "4k,2M", which may
 * be NULL. The caller has set the policies and `frames`. Checks `frames` as far as possible
 * without a trace.
 */
int bel_curve_request_parse(struct bel_curve_request *request, const char *windows,
	const char *page_sizes, struct bel_err *err);
void bel_curve_request_release(struct bel_curve_request *request);

/* Reads the whole source. The run must be released whatever the result. */
int bel_curve_run(struct bel_curve_run *run, const struct bel_curve_request *how,
	struct bel_source *source, struct bel_err *err);
void bel_curve_run_release(struct bel_curve_run *run);

#endif

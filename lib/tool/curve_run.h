/* SPDX-License-Identifier: MIT */
/*
 * curve_run.h: a trace from its source through the jobs of curves, in as few readings as they
 * need, at one page size or several.
 *
 * The source is read once. Jobs that know their sizes beforehand, or need none, count while it
 * is read. For the others (adaptive sizes, shares of a footprint that is not known,
 * policies that the engine runs with the future) the trace is kept (lookahead.h).
 */
#ifndef BEL_CURVE_RUN_H
#define BEL_CURVE_RUN_H

#include <signal.h>
#include <xxhash.h>

#include "coarsen.h"
#include "curve_job.h"
#include "lookahead.h"
#include "reduce.h"
#include "sample.h"
#include "source.h"

/* Of what the trace's pages are counted. */
struct curve_sampling {
	size_t seeds; /* samples; 0: all pages */
	double rate;  /* share of the pages; 0: a number of them */
	uint64_t pages;
};

struct curve_request {
	/* What is no text is the request's: curve_request_release(). */
	struct bel_policy_spec *spec;
	struct curve_want *want; /* one for each spec */
	size_t wants;
	const char *frames; /* "all", or as bel_parse_frames() reads it */
	uint64_t *tau;      /* windows, ascending; NULL: the algorithm's choice */
	size_t taus;
	unsigned *page_bits; /* ascending, the first is the source's; NULL: only that */
	size_t page_sizes;
	double step;       /* of adaptive sizes: see curve_sizes_between() */
	uint64_t interval; /* references; 0: no phases */
	struct curve_sampling sample;
	uint64_t seed; /* of policies that draw, and of the first sample; the others' follow */
	uint64_t fault_references; /* that a fault takes as long as, for space-time products */
	unsigned threads;
	bool portable;
	struct bel_lookahead_setup keep;
	const char *progress;              /* the tool's name for a progress line; NULL: none */
	const volatile sig_atomic_t *stop; /* set: the trace ends here */
};

/*
 * Streams come as many a kind as there are page sizes: whole, reduced, then a kind a sample, then a
 * kind a quarter of a sample.
 */
enum { BEL_STREAM_WHOLE, BEL_STREAM_REDUCED, BEL_STREAM_SAMPLES };

/* The trace at one page size: whole, without what its jobs do not need, or some pages of it. */
struct curve_stream {
	struct bel_coarsen *coarsen; /* NULL: as the source gives it */
	uint64_t least_frames;       /* whose jobs count from there on; 0: the whole trace */
	struct bel_reducer *reducer; /* for these */
	bool whole;                  /* but it is not worth it */
	struct bel_sample *sample;   /* NULL: of all pages */
	XXH3_state_t *state;
	struct bel_lookahead *kept; /* NULL: nobody needs it again */
	bool turned;                /* and it knows the future */
	char digest[17];
	uint32_t pages;
	uint64_t now, page_bytes;
};

struct curve_run {
	const struct curve_request *how;
	struct bel_source *source;
	struct curve_stream *stream; /* whole ones by page size, then the other kinds */
	size_t sizes, streams;
	struct curve_job *job; /* by page size, then in the order of the wants */
	size_t jobs;
	uint64_t references;
	bool partial; /* stopped before the trace's end */
};

/*
 * Fills the wants from the specs, which are set, and the rest that the request owns from texts:
 * windows, and page sizes such as "4k,2M", which may be NULL. Checks `frames`, which is set, as far
 * as that goes without a trace.
 */
int curve_request_parse(struct curve_request *request, const char *windows, const char *page_sizes,
	struct bel_err *err);
void curve_request_release(struct curve_request *request);

/* Reads all of the source. The run is to be released whatever the result. */
int curve_run(struct curve_run *run, const struct curve_request *how, struct bel_source *source,
	struct bel_err *err);
void curve_run_release(struct curve_run *run);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * curve_job.h: one curve that is being computed: its sizes, the parts that count them, and the
 * points known so far.
 *
 * A job takes part in one reading of the trace or in several. In each reading it has parts, which
 * are independent of each other. A part is an instance of an algorithm, for some sizes or for all,
 * or an engine for one size. The results of the parts are merged into the curve.
 */
#ifndef BEL_CURVE_JOB_H
#define BEL_CURVE_JOB_H

#include "curve_spec.h"
#include "pass.h"
#include "sim.h"

struct bel_curve_job;
struct bel_curve_size;

/* One consumer of a stream of runs; one thread at a time. */
struct bel_curve_part {
	struct bel_curve_job *job;
	const uint64_t *x; /* points into the job's sizes; NULL: all sizes */
	size_t count;
	bool shared; /* the sizes are counted together, by the job's algorithm */
	void *self;  /* the algorithm's instance, or ... */
	struct bel_sim *sim;
	struct bel_curve curve; /* the result, once finished */
	struct bel_curve *mark; /* its counts at the ends of intervals; owned */
	size_t marks;
	struct bel_err err;
};

struct bel_curve_job {
	const struct bel_curve_spec *spec;
	const struct bel_curve_algorithm *algorithm; /* NULL: the engine */
	struct bel_curve_setup setup;
	struct bel_curve_size *size;
	struct bel_stream *stream; /* the references to count; one of the streams of `size` */
	uint64_t least;            /* the curve starts at this number of frames; 0: at 1 */
	bool windows;              /* x is a window */
	bool adaptive;             /* sizes are chosen while the curve becomes known */
	bool sampled;              /* one of several jobs, one per seed; curve_sample.h */
	double rate;               /* sampling rate; 0: the sample has a fixed number of pages */
	uint64_t *x;               /* sizes to count; owned */
	size_t count, taken;       /* number of x; how many had a reading */
	unsigned rounds;           /* rounds of adaptive sizes so far */
	bool all;                  /* the algorithm gives all sizes; x is not used */
	bool done;                 /* nothing is left to count */
	struct bel_curve curve;
	struct bel_curve *mark; /* the counts at the ends of intervals; owned */
	size_t marks;
	struct bel_curve_part *part;
	size_t parts;
	struct bel_err err; /* code 0: all is well */
};

/* Whether the job's engine needs batches with `next`. */
bool bel_curve_job_needs_future(const struct bel_curve_job *job);

/* Sets the sizes to count; takes ownership of x. */
void bel_curve_job_give(struct bel_curve_job *job, uint64_t *x, size_t count);

/* Makes the parts for a reading, for at most `most` sizes. */
int bel_curve_job_begin(struct bel_curve_job *job, size_t most, struct bel_err *err);

/* The consumer with which a pass feeds the job's parts. */
const struct bel_consumer *bel_curve_part_consumer(const struct bel_curve_job *job);

/*
 * Merges the counts of the parts, also those at the ends of intervals. A part's error becomes the
 * job's error.
 */
int bel_curve_job_end(struct bel_curve_job *job, struct bel_err *err);

void bel_curve_job_release(struct bel_curve_job *job);

/*
 * Sizes for an adaptive curve. bel_curve_sizes_first() gives the sizes to start with, from `least`
 * up. bel_curve_sizes_between() gives sizes between two known sizes whose faults differ by more
 * than `step` (a share of the largest difference on the curve). With `convex` (OPT's curve is
 * convex: P. Michaud, 2016), it gives sizes only where the curve may lie more than that below the
 * straight line. *count is 0 if no such gap is left.
 */
int bel_curve_sizes_first(
	uint64_t least, uint64_t pages, uint64_t **x, size_t *count, struct bel_err *err);
int bel_curve_sizes_between(const struct bel_curve *curve, double step, bool convex, uint64_t **x,
	size_t *count, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * curve_job.h: one curve in the making: its sizes, the parts that count them, the points
 * that are known.
 *
 * A job goes through one pass over the trace or several. In each it has parts, which are
 * independent of each other: an algorithm's instance for some sizes or for all,
 * or an engine for one size. What the parts found is merged into the curve.
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
	const uint64_t *x; /* points into the job's sizes; NULL: all */
	size_t count;
	void *self; /* an algorithm's instance, or ... */
	struct bel_sim *sim;
	struct bel_curve curve; /* when it is finished */
	struct bel_curve *mark; /* what it had counted at the ends of intervals; owned */
	size_t marks;
	struct bel_err err;
};

struct bel_curve_job {
	const struct bel_curve_spec *spec;
	const struct bel_curve_algorithm *algorithm; /* NULL: the engine */
	struct bel_curve_setup setup;
	struct bel_curve_size *size;
	struct bel_stream *stream; /* what it counts; one of that size */
	uint64_t least;            /* the curve starts at so many frames; 0: at 1 */
	bool windows;              /* x is a window */
	bool adaptive;             /* sizes are chosen as the curve gets known */
	bool sampled;              /* one of those of as many seeds; curve_sample.h */
	double rate;               /* of its sample; 0: of a number of pages */
	uint64_t *x;               /* sizes that are to be counted; owned */
	size_t count, taken;       /* of these; those that had their pass */
	unsigned rounds;           /* of adaptive sizes so far */
	bool all;                  /* the algorithm is to give all sizes, x is not used */
	bool done;                 /* nothing is left to count */
	struct bel_curve curve;
	struct bel_curve *mark; /* what was counted at the ends of phases; owned */
	size_t marks;
	struct bel_curve_part *part;
	size_t parts;
	struct bel_err err; /* code 0: all is well */
};

/* Whether its engine needs batches with `next`. */
bool bel_curve_job_needs_future(const struct bel_curve_job *job);

/* Gives it sizes to count; takes over x. */
void bel_curve_job_give(struct bel_curve_job *job, uint64_t *x, size_t count);

/* Makes the parts for a pass, over `most` sizes at most. */
int bel_curve_job_begin(struct bel_curve_job *job, size_t most, struct bel_err *err);

/* What a pass feeds the job's parts by. */
const struct bel_consumer *bel_curve_part_consumer(const struct bel_curve_job *job);

/* Merges what the parts found, also at the ends of intervals; an error of a part is the job's. */
int bel_curve_job_end(struct bel_curve_job *job, struct bel_err *err);

void bel_curve_job_release(struct bel_curve_job *job);

/*
 * The sizes to begin an adaptive curve with, from `least` on, and those to go on with: between two
 * known sizes whose faults differ by more than `step` (a share of the largest difference on the
 * curve). Of a convex curve (OPT's: P. Michaud, 2016), between two sizes where it may lie more than
 * that below the straight line. *count 0: there is no such gap left.
 */
int bel_curve_sizes_first(
	uint64_t least, uint64_t pages, uint64_t **x, size_t *count, struct bel_err *err);
int bel_curve_sizes_between(const struct bel_curve *curve, double step, bool convex, uint64_t **x,
	size_t *count, struct bel_err *err);

#endif

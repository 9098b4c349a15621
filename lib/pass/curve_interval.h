/* SPDX-License-Identifier: MIT */
/*
 * curve_interval.h: the curve of each interval of a trace. At the end of each interval a "mark"
 * stores what the job's parts have counted so far. An interval's curve is the difference of two
 * marks.
 */
#ifndef BEL_CURVE_INTERVAL_H
#define BEL_CURVE_INTERVAL_H

#include "curve_job.h"

/*
 * Whether marks can be taken: the job must count while the trace is read, and have counts at any
 * time.
 */
bool bel_curve_interval_allowed(const struct bel_curve_job *job, struct bel_err *err);

/* One interval: faults and write-backs at each size of the mark at its end. */
struct bel_curve_interval {
	uint64_t start, references;
	const struct bel_curve *end; /* gives the x; belongs to the mark */
	uint64_t *faults;            /* owned */
	uint64_t *writebacks;        /* owned; NULL: not counted */
};

/* Interval `index`: 1; 0 past the last, or negative. The caller frees the arrays with free(). */
int bel_curve_interval_at(const struct bel_curve_job *job, size_t index,
	struct bel_curve_interval *interval, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * curve_interval.h: the curve of each phase of a trace: what a job's parts counted so far is
 * marked at the end of each, and a phase is the difference of two marks.
 */
#ifndef BEL_CURVE_INTERVAL_H
#define BEL_CURVE_INTERVAL_H

#include "curve_job.h"

/* Whether marks can be taken: the job counts while the trace is read, and can tell any time. */
bool bel_curve_interval_allowed(const struct bel_curve_job *job, struct bel_err *err);

/* One phase: faults and write-backs at each size of its end. */
struct bel_curve_interval {
	uint64_t start, references;
	const struct bel_curve *end; /* its x; the mark's */
	uint64_t *faults;            /* owned */
	uint64_t *writebacks;        /* owned; NULL: not counted */
};

/* Phase `index`: 1; 0 past the last, or negative. free() the arrays. */
int bel_curve_interval_at(const struct bel_curve_job *job, size_t index,
	struct bel_curve_interval *interval, struct bel_err *err);

#endif

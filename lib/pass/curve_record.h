/* SPDX-License-Identifier: MIT */
/* curve_record.h: what jobs of curves counted, as records (members: lib/emit/schema). */
#ifndef BEL_CURVE_RECORD_H
#define BEL_CURVE_RECORD_H

#include "curve_run.h"
#include "emit.h"
#include "trace_record.h"

/*
 * The record belady.curve/1 of a job without an error, then belady.curve-interval/1 of its
 * phases.
 */
int bel_curve_record_emit(struct bel_emit *emit, const char *tool, const struct bel_curve_run *run,
	const struct bel_curve_job *job, struct bel_err *err);

/*
 * For a job whose curve counts requests: the record belady.requests/1, with the frames that OPT needs
 * for the same hits, if the run has OPT's curve at this page size. For other jobs: nothing.
 */
int bel_requests_record_emit(struct bel_emit *emit, const char *tool,
	const struct bel_curve_run *run, const struct bel_curve_job *job, struct bel_err *err);

/* The same for a curve that was not made by a run, but joined from summaries of slices. */
struct bel_curve_joined {
	const struct bel_trace_identity *trace;
	const struct bel_policy_spec *spec;
	uint64_t fault_references; /* cost of a fault, for the space-time product */
};
int bel_curve_record_joined(struct bel_emit *emit, const char *tool,
	const struct bel_curve_joined *joined, const struct bel_curve *curve, struct bel_err *err);

#endif

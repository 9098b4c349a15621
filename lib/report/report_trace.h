/* SPDX-License-Identifier: MIT */
/*
 * report_trace.h: reads a trace once, and emits all records that a report shows: belady.info/1,
 * curve/1, analysis/1 (working-set), mark/1 and map/1, blame/1 and vm/1.
 *
 *	bel_report_trace(emit, source, &request, &failed, &err);
 *
 * What needs the number of pages beforehand, or the future, reads what was kept of the trace, as
 * bel-curve does.
 */
#ifndef BEL_REPORT_TRACE_H
#define BEL_REPORT_TRACE_H

#include "blame.h"
#include "curve_run.h"
#include "emit.h"

#define BEL_REPORT_KEYS 40 /* most rows of the table of faults by key */

struct bel_report_request {
	const char *tool;                /* for the records */
	struct bel_curve_request *curve; /* `company` is set by this module */
	struct bel_blame_setup blame;    /* `by` without parts: chosen for the trace */
	uint64_t stored_bytes;           /* size of the trace's file; 0: not known */
};

/*
 * Curves and counts by key that failed have no record; the first failure is in *failed, whose code
 * is 0 if there is none. Negative: the trace cannot be read, or a record cannot be written.
 */
int bel_report_trace(struct bel_emit *emit, struct bel_source *source,
	const struct bel_report_request *request, struct bel_err *failed, struct bel_err *err);

#endif

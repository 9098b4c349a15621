/* SPDX-License-Identifier: MIT */
/* analysis_record.h: the rows of an analysis as records belady.analysis/1. */
#ifndef BEL_ANALYSIS_RECORD_H
#define BEL_ANALYSIS_RECORD_H

#include "analysis.h"
#include "emit.h"
#include "trace_record.h"

struct bel_analysis_about {
	const char *tool; /* "bel-info" */
	const struct bel_trace_identity *trace;
};

/*
 * Emits a record for each row of an analysis that has read the trace. A failure of the analysis
 * itself goes to *own; the rows before it are emitted. Negative: a record cannot be written.
 */
int bel_analysis_emit(struct bel_emit *emit, const struct bel_analysis *analysis, void *self,
	const struct bel_analysis_about *about, struct bel_err *own, struct bel_err *err);

#endif

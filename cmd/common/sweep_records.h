/* SPDX-License-Identifier: MIT */
/*
 * sweep_records.h: a sweep's configurations as records, those that failed as words on stderr.
 *
 * As everything in cmd/common, these functions print and exit.
 */
#ifndef BEL_SWEEP_RECORDS_H
#define BEL_SWEEP_RECORDS_H

#include "run_record.h"
#include "tool.h"

/* Records of all configurations; returns the number of those that failed. */
int sweep_records_emit(struct tool *tool, struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep);

/* Instead: records of the frame counts at which more frames gave more faults, *found of them. */
int sweep_anomalies_emit(struct tool *tool, struct bel_emit *emit,
	const struct bel_run_trace *trace, const struct bel_sweep *sweep, uint64_t *found);

#endif

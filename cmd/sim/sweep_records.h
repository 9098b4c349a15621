/* SPDX-License-Identifier: MIT */
/*
 * sweep_records.h: emits the configurations of a sweep as records; prints failures on stderr.
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_SWEEP_RECORDS_H
#define BEL_SWEEP_RECORDS_H

#include "run_record.h"
#include "tool.h"

/* Emits records of all configurations; returns the number of those that failed. */
int sweep_records_emit(struct tool *tool, struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep);

/* Instead emits the frame counts at which more frames gave more faults; *found is their number. */
int sweep_anomalies_emit(struct tool *tool, struct bel_emit *emit,
	const struct bel_run_trace *trace, const struct bel_sweep *sweep, uint64_t *found);

#endif

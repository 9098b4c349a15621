/* SPDX-License-Identifier: MIT */
/*
 * fleet_records.h: a fleet's members as records, those that failed as words on stderr.
 *
 * As everything in lib/tool, these functions print and exit.
 */
#ifndef BEL_FLEET_RECORDS_H
#define BEL_FLEET_RECORDS_H

#include "run_record.h"
#include "tool.h"

/* Records of all members; returns the number of those that failed. */
int fleet_records_emit(struct tool *tool, struct bel_emit *emit, const struct run_trace *trace,
	const struct bel_fleet *fleet);

/* Instead: records of the frame counts at which more frames gave more faults, *found of them. */
int fleet_anomalies_emit(struct tool *tool, struct bel_emit *emit, const struct run_trace *trace,
	const struct bel_fleet *fleet, uint64_t *found);

#endif

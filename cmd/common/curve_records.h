/* SPDX-License-Identifier: MIT */
/*
 * curve_records.h: finished jobs as records belady.curve/1, each followed by its phases,
 * belady.curve-interval/1 (members: lib/emit/schema).
 */
#ifndef BEL_CURVE_RECORDS_H
#define BEL_CURVE_RECORDS_H

#include "curve_run.h"
#include "emit.h"
#include "tool.h"

/*
 * All jobs of a run. Those that failed, and what else there is to say, are told on stderr;
 * returns the number of the failed. Ends the tool if records cannot be written.
 */
int bel_curve_records_emit(
	struct tool *tool, struct bel_emit *emit, const struct bel_curve_run *run);

#endif

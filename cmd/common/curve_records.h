/* SPDX-License-Identifier: MIT */
/*
 * curve_records.h: emits finished jobs as records belady.curve/1, each followed by the records of
 * its intervals, belady.curve-interval/1.
 */
#ifndef BEL_CURVE_RECORDS_H
#define BEL_CURVE_RECORDS_H

#include "curve_run.h"
#include "emit.h"
#include "tool.h"

/* The columns of a table of curves; the first is left out if there is only one trace. */
extern const char *const bel_curve_columns[];

/* Curves of sizes that nobody listed are long: a table has only some of their points. */
void bel_curve_records_summarise(struct bel_emit *emit, bool frames, bool windows);

/* Says how many points the table has left out. After output_commit(). */
void bel_curve_records_tell(const struct tool *tool);

/*
 * Emits all jobs of a run. Prints failures and notes on stderr, and returns the number of failures.
 * Ends the tool if records cannot be written.
 */
int bel_curve_records_emit(
	struct tool *tool, struct bel_emit *emit, const struct bel_curve_run *run);

#endif

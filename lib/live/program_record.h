/* SPDX-License-Identifier: MIT */
/*
 * program_record.h: programs under a memory limit as records belady.live-program/1; lib/emit/schema
 * gives their members. Each run of the program is one record.
 */
#ifndef BEL_PROGRAM_RECORD_H
#define BEL_PROGRAM_RECORD_H

#include "limited.h"
#include "live_record.h"
#include "sweep.h"

struct bel_program_run {
	const char *command; /* the command line, as text */
	uint64_t frames;
	uint64_t repetition; /* from 1 */
	uint64_t file_pages; /* with copies of files: their pages that the trace references */
	const struct bel_limited_counts *counts;
};

/*
 * `plan` has the copies of files. With copies, the first reference to a page of a file is a major
 * fault, too: the predictions include them.
 *
 * `trace` and `sweep`: the simulation beside it, of several numbers of frames; both may be NULL.
 */
int bel_program_record_emit(struct bel_emit *emit, const struct bel_live_plan *plan,
	const struct bel_program_run *run, const struct bel_trace_identity *trace,
	const struct bel_sweep *sweep, struct bel_err *err);

#endif

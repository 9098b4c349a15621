/* SPDX-License-Identifier: MIT */
/*
 * live_prediction.h: what simulations of a program's trace predict for bel-live run, and the files
 * that the trace names.
 *
 *	live_prediction_files(&tool, &prediction, &setup);      if files are copied
 *	live_prediction_simulate(&tool, &prediction, &setup);
 *	... prediction.sweep, prediction.trace ...
 *	live_prediction_release(&tool, &prediction);
 *
 * Each of the first two reads the trace once.
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_LIVE_PREDICTION_H
#define BEL_LIVE_PREDICTION_H

#include "program_files.h"
#include "run_record.h"
#include "sweep.h"
#include "trace_options.h"

struct live_prediction_setup {
	const char *path, *policies, *frames;
	const struct bel_source_options *trace;
};

/* A zero-initialised structure has no prediction. */
struct live_prediction {
	struct bel_policy_spec *specs;
	size_t spec_count;
	struct bel_source *source;
	struct bel_sweep *sweep; /* NULL: none */
	struct bel_run_trace trace;
	struct bel_program_files files;
	struct bel_copies copies;
};

/* Fills `files` and `copies`. */
void live_prediction_files(struct tool *tool, struct live_prediction *prediction,
	const struct live_prediction_setup *setup);

/* Every policy and size has to be one that the trace is valid for. */
void live_prediction_simulate(struct tool *tool, struct live_prediction *prediction,
	const struct live_prediction_setup *setup);

void live_prediction_release(struct tool *tool, struct live_prediction *prediction);

#endif

/* SPDX-License-Identifier: MIT */
/* live_prediction.c: simulates the trace of a program for bel-live run, and lists its files. */
#include "live_prediction.h"

#include <stdlib.h>
#include <string.h>

#include "policy_options.h"
#include "pool.h"
#include "temp_folder.h"

void live_prediction_files(struct tool *tool, struct live_prediction *prediction,
	const struct live_prediction_setup *setup)
{
	struct bel_source *source;

	if (!strcmp(setup->path, "-"))
		tool_usage(tool,
			"--copies reads the trace twice: give a file with --trace, not standard "
			"input");
	source = trace_open(tool, setup->trace, setup->path);
	tool_check(tool, bel_program_files_read(&prediction->files, source, &tool->err));
	bel_source_close(source);
	tool_check(tool,
		bel_program_files_choose(&prediction->files, &prediction->copies, &tool->err));
}

void live_prediction_simulate(struct tool *tool, struct live_prediction *prediction,
	const struct live_prediction_setup *setup)
{
	struct bel_sweep_setup sweep = {
		.frames = setup->frames,
		.seed = 1,
		.pass = {.threads = bel_pool_processors(),
			.keep = {.memory = (uint64_t)1 << 30, .dir = temp_folder(TEMP_LARGE)}},
	};

	if (policies_parse(tool, setup->policies, &prediction->specs, &prediction->spec_count))
		exit(tool_finish(tool, -BEL_FAIL));
	sweep.specs = prediction->specs;
	sweep.spec_count = prediction->spec_count;
	prediction->source = trace_open(tool, setup->trace, setup->path);
	prediction->sweep = bel_sweep_new(&sweep, &tool->err);
	if (!prediction->sweep)
		tool_die(tool);
	tool_check(tool, bel_sweep_source(prediction->sweep, prediction->source, &tool->err));
	prediction->trace.tool = "bel-live";
	bel_run_trace_identify(
		&prediction->trace, prediction->source, bel_sweep_references(prediction->sweep));
}

void live_prediction_release(struct tool *tool, struct live_prediction *prediction)
{
	if (prediction->sweep) {
		trace_close(tool, prediction->source);
		bel_sweep_free(prediction->sweep);
		bel_specs_free(prediction->specs, prediction->spec_count);
	}
	bel_program_files_release(&prediction->files);
	bel_copies_release(&prediction->copies);
}

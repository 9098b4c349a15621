/* SPDX-License-Identifier: MIT */
/*
 * live_run.c: bel-live run: a program in memory cgroups of several sizes, and what simulations of
 * its trace predict.
 *
 * Input: a program, and optionally its trace. Output: records belady.live-program/1.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command_text.h"
#include "live_command.h"
#include "live_session.h"
#include "number.h"
#include "policy_options.h"
#include "pool.h"
#include "program_record.h"
#include "run_record.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"

static struct {
	const char *frames, *format, *output, *policies, *path;
	uint64_t repeat, swap;
	bool dry_run, quiet;
	struct bel_source_options trace;
} opt = {
	.output = "-",
	.policies = "lru,clock,linux",
	.repeat = 1,
	.swap = (uint64_t)1 << 30,
	.trace = TRACE_OPTIONS_INIT_REDUCED,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to measure"),
	{"frames", 'f', "LIST", "frame counts: 1024,2048 512:8192:*2", BEL_OPT_TEXT, &opt.frames},
	{"repeat", 0, "N", "run the program N times with each frame count (default 1)",
		BEL_OPT_COUNT, &opt.repeat},
	{"swap", 0, "SIZE", "room for pages that are swapped out (default 1GiB)", BEL_OPT_NUMBER,
		&opt.swap},
	LIVE_DRY_RUN_OPTION(opt.dry_run),
	BEL_OPTION_GROUP("what to predict"),
	{"trace", 't', "FILE", "a trace of the program: simulate it with the same frame counts",
		BEL_OPT_TEXT, &opt.path},
	{"policies", 'p', "LIST", "policies to simulate (default lru,clock,linux)", BEL_OPT_TEXT,
		&opt.policies},
	TRACE_NAME_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	FORMAT_OPTION(opt.format),
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-live run",
	.synopsis = "--frames=LIST [OPTION...] [--] PROGRAM [ARGUMENT...]",
	.purpose = "Runs a program in real memory of N frames and counts its faults.",
	.options = options,
	.examples = "  sudo bel-live run -f 2048,4096 -- sort words.txt\n"
		    "  sudo bel-live run -f 2048 -t sort.bel -o sort.jsonl -- sort words.txt\n",
	.ordered = true,
};

static const char *const columns[] = {"?frames", "?repetition=run", "major_faults=major",
	"predicted_major_faults=predicted", "minor_faults=minor", "peak_anonymous_pages=anonymous",
	"peak_file_pages=file", "elapsed_seconds=seconds", "?status", "?signal", NULL};

/* The simulation of the trace. */
struct prediction {
	struct bel_policy_spec *specs;
	size_t spec_count;
	struct bel_source *source;
	struct bel_sweep *sweep; /* NULL: none */
	struct bel_run_trace trace;
};

/* Every policy and size has to be one that the trace is valid for. */
static void predict(struct tool *tool, struct prediction *prediction)
{
	struct bel_sweep_setup setup = {
		.frames = opt.frames,
		.seed = 1,
		.pass = {.threads = bel_pool_processors(),
			.keep = {.memory = (uint64_t)1 << 30, .dir = temp_folder(TEMP_LARGE)}},
	};

	if (policies_parse(tool, opt.policies, &prediction->specs, &prediction->spec_count))
		exit(-BEL_FAIL);
	setup.specs = prediction->specs;
	setup.spec_count = prediction->spec_count;
	prediction->source = trace_open(tool, &opt.trace, opt.path);
	prediction->sweep = bel_sweep_new(&setup, &tool->err);
	if (!prediction->sweep)
		tool_die(tool);
	tool_check(tool, bel_sweep_source(prediction->sweep, prediction->source, &tool->err));
	prediction->trace.tool = "bel-live";
	bel_run_trace_identify(
		&prediction->trace, prediction->source, bel_sweep_references(prediction->sweep));
}

static void say_ending(struct tool *tool, uint64_t frames, const struct bel_limited_counts *counts)
{
	const int status = counts->status;

	if (opt.quiet)
		return;
	/* Also if it was a child of the program. */
	if (counts->out_of_memory)
		tool_warn(tool,
			"%llu frames: the kernel killed a process because the group had no memory "
			"left",
			(unsigned long long)frames);
	if (WIFSIGNALED(status))
		tool_warn(tool, "%llu frames: the program was killed by signal %d (%s)",
			(unsigned long long)frames, WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		tool_warn(tool, "%llu frames: the program ended with status %d",
			(unsigned long long)frames, WEXITSTATUS(status));
}

static void measure(struct tool *tool, struct bel_emit *emit, const struct bel_live_plan *plan,
	struct bel_program_run *run, const struct prediction *prediction)
{
	const struct bel_limited setup = {
		.group = &plan->group,
		.frames = run->frames,
		.argv = tool->operands,
		/* Records and the program's output are not mixed. */
		.output = strcmp(opt.output, "-") ? -1 : STDERR_FILENO,
		.interrupt = live_session_interrupt(),
		.mask = *live_session_mask(),
	};
	struct bel_limited_counts counts;

	live_session_check(tool, bel_limited_run(&setup, &counts, &tool->err));
	say_ending(tool, run->frames, &counts);
	run->counts = &counts;
	tool_check(tool, bel_program_record_emit(emit, plan, run,
				 prediction->sweep ? &prediction->trace.identity : NULL,
				 prediction->sweep, &tool->err));
}

static void measure_all(struct tool *tool, const uint64_t *frames, size_t count,
	const struct prediction *prediction)
{
	const struct bel_live_need need = {
		.resident_bytes =
			frames[count - 1] * (uint64_t)sysconf(_SC_PAGESIZE) + ((uint64_t)16 << 20),
		.swap_bytes = opt.swap,
		.store_bytes = opt.swap,
	};
	const struct bel_live_plan *const plan = live_session_start(tool, &need, opt.dry_run);
	struct bel_emit *const emit = output_records(tool, opt.output, opt.format, columns);
	char *const text = bel_command_text(tool->operands);

	if (!text)
		tool_no_memory(tool, "the command line");
	for (size_t i = 0; i < count; i++)
		for (uint64_t k = 1; k <= opt.repeat; k++) {
			struct bel_program_run run = {
				.command = text, .frames = frames[i], .repetition = k};

			measure(tool, emit, plan, &run, prediction);
		}
	live_session_end(tool);
	output_commit(tool);
	free(text);
}

int live_run(int argc, char **argv)
{
	struct prediction prediction = {.sweep = NULL};
	struct tool tool;
	uint64_t *frames;
	size_t count;

	tool_start(&tool, &command, argc, argv);
	if (!opt.frames)
		tool_usage(&tool, "--frames is missing: give the frame counts to measure");
	if (!tool.count)
		tool_usage(&tool, "give a program to run");
	tool_check(&tool, bel_parse_frames(opt.frames, 0, &frames, &count, &tool.err));
	live_session_root(&tool, opt.dry_run);
	if (opt.path && !opt.dry_run)
		predict(&tool, &prediction);
	measure_all(&tool, frames, count, &prediction);
	free(frames);
	if (prediction.sweep) {
		trace_close(&tool, prediction.source);
		bel_sweep_free(prediction.sweep);
		bel_specs_free(prediction.specs, prediction.spec_count);
	}
	return tool_finish(&tool, 0);
}

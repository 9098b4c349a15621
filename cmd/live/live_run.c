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
#include "live_prediction.h"
#include "live_session.h"
#include "number.h"
#include "program_record.h"
#include "tool_output.h"

static struct {
	const char *frames, *format, *output, *policies, *path, *copies, *read_ahead;
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
	{"copies", 0, "FOLDER",
		"run the program with private copies, in FOLDER, of the files that its trace maps, "
		"so "
		"that their pages count",
		BEL_OPT_TEXT, &opt.copies},
	{"read-ahead", 0, "SIZE",
		"with --copies: read so much around a page of a file, or 'keep' what is set "
		"(default 0: one page)",
		BEL_OPT_TEXT, &opt.read_ahead},
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
		    "  sudo bel-live run -f 2048 -t sort.bel -o sort.jsonl -- sort words.txt\n"
		    "  sudo bel-live run -f 1024 -t sort.bel --copies /var/tmp -- sort words.txt\n",
	.ordered = true,
};

static const char *const columns[] = {"?frames", "?repetition=run", "major_faults=major",
	"predicted_major_faults=predicted", "minor_faults=minor", "peak_anonymous_pages=anonymous",
	"peak_file_pages=file", "elapsed_seconds=seconds", "?status", "?signal", NULL};

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
	struct bel_program_run *run, const struct live_prediction *prediction)
{
	const struct bel_limited setup = {
		.group = &plan->group,
		.copies = plan->need.copies,
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

/* "keep", or a size in whole KiB. */
static void parse_read_ahead(struct tool *tool, struct bel_live_need *need)
{
	uint64_t bytes = 0;

	need->keep_read_ahead = opt.read_ahead && !strcmp(opt.read_ahead, "keep");
	if (!opt.read_ahead || need->keep_read_ahead)
		return;
	tool_check(tool, bel_parse_number(opt.read_ahead, "--read-ahead", &bytes, &tool->err));
	if (bytes % 1024 || bytes > (uint64_t)1 << 30)
		tool_usage(tool,
			"--read-ahead: '%s' is not 'keep', nor a multiple of 1KiB, at most 1GiB",
			opt.read_ahead);
	need->read_ahead_kb = bytes / 1024;
}

static void measure_all(struct tool *tool, const uint64_t *frames, size_t count,
	const struct bel_live_need *need, const struct live_prediction *prediction)
{
	const struct bel_live_plan *const plan = live_session_start(tool, need, opt.dry_run);
	struct bel_emit *const emit = output_records(tool, opt.output, opt.format, columns);
	char *const text = bel_command_text(tool->operands);

	if (!text)
		tool_no_memory(tool, "the command line");
	for (size_t i = 0; i < count; i++)
		for (uint64_t k = 1; k <= opt.repeat; k++) {
			struct bel_program_run run = {.command = text,
				.frames = frames[i],
				.repetition = k,
				.file_pages = prediction->files.pages};

			measure(tool, emit, plan, &run, prediction);
		}
	live_session_end(tool);
	output_commit(tool);
	free(text);
}

int live_run(int argc, char **argv)
{
	struct live_prediction prediction = {.sweep = NULL};
	struct live_prediction_setup setup;
	struct bel_live_need need;
	struct tool tool;
	uint64_t *frames;
	size_t count;

	tool_start(&tool, &command, argc, argv);
	if (!opt.frames)
		tool_usage(&tool, "--frames is missing: give the frame counts to measure");
	if (!tool.count)
		tool_usage(&tool, "give a program to run");
	if (opt.copies && !opt.path)
		tool_usage(&tool, "--copies needs --trace: the trace says which files to copy");
	if (opt.read_ahead && !opt.copies)
		tool_usage(&tool, "--read-ahead needs --copies");
	tool_check(&tool, bel_parse_frames(opt.frames, 0, &frames, &count, &tool.err));
	need = (struct bel_live_need){
		.resident_bytes =
			frames[count - 1] * (uint64_t)sysconf(_SC_PAGESIZE) + ((uint64_t)16 << 20),
		.swap_bytes = opt.swap,
		.store_bytes = opt.swap,
		.copies = opt.copies ? &prediction.copies : NULL,
		.copies_folder = opt.copies,
	};
	parse_read_ahead(&tool, &need);
	live_session_root(&tool, opt.dry_run);
	setup = (struct live_prediction_setup){opt.path, opt.policies, opt.frames, &opt.trace};
	if (opt.copies)
		live_prediction_files(&tool, &prediction, &setup);
	if (opt.path && !opt.dry_run)
		live_prediction_simulate(&tool, &prediction, &setup);
	measure_all(&tool, frames, count, &need, &prediction);
	free(frames);
	live_prediction_release(&tool, &prediction);
	return tool_finish(&tool, 0);
}

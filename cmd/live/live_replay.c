/* SPDX-License-Identifier: MIT */
/*
 * live_replay.c: bel-live replay: touches a trace's pages in memory cgroups of several sizes.
 *
 * Input: a trace. Output: records belady.live/1.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "live_command.h"
#include "live_record.h"
#include "live_session.h"
#include "live_touches.h"
#include "number.h"
#include "run_record.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"

static struct {
	const char *frames, *format, *output;
	uint64_t repeat, memory;
	bool dry_run, quiet;
	struct bel_source_options trace;
} opt = {
	.output = "-",
	.repeat = 2,
	.memory = (uint64_t)1 << 30,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to measure"),
	{"frames", 'f', "LIST", "frame counts: 1024,2048 512:8192:*2 10%", BEL_OPT_TEXT,
		&opt.frames},
	{"repeat", 0, "N", "measure each frame count N times (default 2)", BEL_OPT_COUNT,
		&opt.repeat},
	LIVE_DRY_RUN_OPTION(opt.dry_run),
	TRACE_PAGE_SIZE_OPTION(opt.trace),
	BEL_OPTION_GROUP("input"),
	TRACE_NAME_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	FORMAT_OPTION(opt.format),
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	TRACE_MEMORY_OPTION(opt.memory),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-live replay",
	.synopsis = "--frames=LIST [OPTION...] [TRACE]",
	.purpose = "Touches the pages of a trace in real memory of N frames and counts the faults.",
	.options = options,
	.examples = "  bel-live replay --dry-run -f 1024 ls.bel\n"
		    "  sudo bel-live replay -f 512:8192:*2 gzip.bel\n",
};

static const char *const columns[] = {"frames", "faults", "faults_least=least", "faults_most=most",
	"spread", "major_faults=major", "refaults", "mean_resident_pages=mean",
	"peak_resident_pages=peak", NULL};

/* The largest group, and the pages that are swapped out from it. */
static struct bel_live_need need_of(uint64_t pages, uint64_t frames)
{
	const uint64_t bytes = (uint64_t)sysconf(_SC_PAGESIZE),
		       resident = frames < pages ? frames : pages;

	return (struct bel_live_need){
		/* With its page tables and structures of the kernel, and our own buffers. */
		.resident_bytes = resident * bytes + pages * 16 + ((uint64_t)16 << 20),
		.swap_bytes = pages * bytes,
		/* A page has only one word that is not zero, so it needs some 64 bytes. */
		.store_bytes = pages * bytes / 8 + ((uint64_t)1 << 20),
	};
}

static void measure(struct tool *tool, struct live_touches *touches,
	const struct bel_live_plan *plan, uint64_t pages, uint64_t frames, struct bel_touched *runs)
{
	for (uint64_t i = 0; i < opt.repeat; i++) {
		const struct bel_toucher setup = {
			.root = "",
			.group = &plan->group,
			.frames = frames,
			.pages = pages,
			.next = live_touches_next,
			.host = touches,
			.interrupt = live_session_interrupt(),
		};

		live_touches_start(touches);
		live_session_check(tool, bel_toucher_run(&setup, &runs[i], &tool->err));
	}
}

static void replay_all(struct tool *tool, struct live_touches *touches, struct bel_emit *emit,
	const struct bel_run_trace *trace, const uint64_t *frames, size_t count)
{
	const uint64_t pages = trace->identity.pages;
	const struct bel_live_need need = need_of(pages, frames[count - 1]);
	const struct bel_live_plan *const plan = live_session_start(tool, &need, opt.dry_run);
	struct bel_touched *const runs = calloc(opt.repeat, sizeof(*runs));
	struct bel_progress progress;

	if (!runs)
		tool_no_memory(tool, "repetitions");
	touches->progress = &progress;
	touches->all = bel_spool_count(touches->spool) * count * opt.repeat;
	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	for (size_t i = 0; i < count; i++) {
		measure(tool, touches, plan, pages, frames[i], runs);
		tool_check(tool, bel_live_record_emit(emit, &trace->identity, plan, frames[i], runs,
					 opt.repeat, &tool->err));
	}
	bel_progress_end(&progress);
	free(runs);
	live_session_end(tool);
}

int live_replay(int argc, char **argv)
{
	struct bel_spool_budget budget = {.dir = temp_folder(TEMP_LARGE)};
	struct bel_run_trace trace = {.tool = "bel-live"};
	struct bel_source *source;
	struct live_touches touches = {.sent = 0};
	struct bel_emit *emit;
	struct tool tool;
	uint64_t *frames;
	size_t count;

	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	if (!opt.frames)
		tool_usage(&tool, "--frames is missing: give the frame counts to measure");
	if (opt.repeat > 1000)
		tool_usage(&tool, "--repeat: at most 1000");
	if (!bel_frames_need_footprint(opt.frames)) {
		tool_check(&tool, bel_parse_frames(opt.frames, 0, &frames, &count, &tool.err));
		free(frames);
	}
	live_session_root(&tool, opt.dry_run);
	budget.memory = opt.memory;
	touches.spool = bel_spool_new(sizeof(uint32_t), &budget, &tool.err);
	if (!touches.spool)
		tool_die(&tool);
	source = trace_open(&tool, &opt.trace, trace_operand(&tool));
	tool_check(&tool, live_touches_read(&touches, source, &tool.err));
	bel_run_trace_identify(&trace, source, touches.references);
	tool_check(&tool,
		bel_parse_frames(opt.frames, trace.identity.pages, &frames, &count, &tool.err));
	emit = output_records(&tool, opt.output, opt.format, columns);
	replay_all(&tool, &touches, emit, &trace, frames, count);
	output_commit(&tool);
	free(frames);
	bel_spool_free(touches.spool);
	trace_close(&tool, source);
	return tool_finish(&tool, 0);
}

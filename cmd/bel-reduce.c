/* SPDX-License-Identifier: MIT */
/*
 * bel-reduce.c: writes a shorter trace that gives the same faults for some policies with enough
 * frames.
 *
 * Input: a trace (operand or standard input). Output: a native trace. Its header says for which
 * policies and frame counts it is valid.
 */
#include <inttypes.h>
#include <stdio.h>

#include "progress.h"
#include "reduce.h"
#include "tool_output.h"
#include "trace_options.h"
#include "writer.h"

static struct {
	uint64_t frames, level;
	const char *method, *output;
	bool quiet;
	struct bel_source_options trace;
} opt = {
	.method = "phase",
	.output = "-",
	.level = 3,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"min-frames", 'f', "N", "smallest frame count that the result will be used with",
		BEL_OPT_COUNT, &opt.frames},
	{"method", 0, "NAME", "phase or sad, for LRU and OPT; olr, for LRU only (default phase)",
		BEL_OPT_TEXT, &opt.method},
	TRACE_PAGE_SIZE_OPTION(opt.trace),
	BEL_OPTION_GROUP("input"),
	TRACE_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	OUTPUT_OPTION(opt.output),
	TRACE_STORED_NAME_OPTION(opt.trace),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	LEVEL_OPTION(opt.level, "3"),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-reduce",
	.synopsis = "--min-frames=N [OPTION...] [TRACE]",
	.purpose = "Removes from a trace what cannot matter to LRU and OPT with N frames or more.",
	.options = options,
	.examples = "  bel-reduce -f 64 ls.bel -o ls-64.bel\n"
		    "  bel-reduce -f 64 --method olr ls.bel | bel-curve -p lru\n"
		    "  bel-reduce -f 256 big.bel | bel-sim -p lru,opt -f 256:4096:*2\n",
};

struct work {
	struct tool *tool;
	struct bel_source *source;
	struct bel_reducer *reducer;
	struct bel_writer *writer;
};

static void put(struct work *work, const struct bel_chunk *chunk)
{
	tool_check(work->tool, bel_writer_chunk(work->writer, chunk, bel_source_pages(work->source),
				       &work->tool->err));
}

static void reduce(struct work *work)
{
	struct bel_err *const err = &work->tool->err;
	struct bel_progress progress;
	struct bel_chunk chunk;
	const struct bel_chunk *less;
	int r;

	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	while ((r = bel_source_next(work->source, &chunk, err)) > 0) {
		const uint32_t pages = bel_source_pages(work->source).count;

		do {
			r = bel_reducer_chunk(work->reducer, &chunk, pages, &less, err);
			tool_check(work->tool, r);
			put(work, less);
		} while (r > 0);
		bel_progress_update(
			&progress, chunk.now + chunk.references, bel_source_fraction(work->source));
	}
	bel_progress_end(&progress);
	tool_check(work->tool, r);
	tool_check(work->tool, bel_reducer_end(work->reducer, &less, err));
	put(work, less);
	tool_check(work->tool, bel_writer_end(work->writer, bel_source_damage(work->source), err));
	tool_note(work->tool, "kept %" PRIu64 " of %" PRIu64 " runs",
		bel_reducer_kept(work->reducer), bel_reducer_read(work->reducer));
}

static void check_options(struct tool *tool)
{
	if (!opt.frames)
		tool_usage(tool, "--min-frames is missing: give the smallest frame count");
	if (!bel_reduction_holds_for(opt.method))
		tool_usage(tool, "--method: '%s' is none of " BEL_REDUCE_METHODS, opt.method);
}

int main(int argc, char **argv)
{
	struct bel_writer_options out = {.format = NULL};
	struct bel_trace_info info;
	struct work work = {.tool = NULL};
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	check_options(&tool);

	work.tool = &tool;
	work.source = trace_open(&tool, &opt.trace, trace_operand(&tool));
	out.out = output_trace(&tool, opt.output, NULL);
	info = *bel_source_info(work.source);
	info.granule_bits = bel_source_page_bits(work.source);
	info.unit_bits = 0;
	info.near_pages = info.near_bits = 0;
	info.first_byte |= opt.trace.first_byte;
	info.command = bel_source_title(work.source);
	if (opt.trace.name)
		info.name = opt.trace.name;
	if (!info.tool)
		info.tool = "bel-reduce " BEL_VERSION;
	info.valid_policies = bel_reduction_holds_for(opt.method);
	info.min_frames = opt.frames;
	trace_describe_slice(&info, work.source);
	out.granule_bits = info.granule_bits;
	out.level = (int)opt.level;
	tool_check(&tool, bel_reducer_new(&work.reducer, opt.method, opt.frames, &tool.err));
	tool_check(&tool, bel_writer_open(&work.writer, &out, &info, &tool.err));

	reduce(&work);

	bel_writer_free(work.writer);
	output_commit(&tool);
	bel_reducer_free(work.reducer);
	trace_close(&tool, work.source);
	return tool_finish(&tool, 0);
}

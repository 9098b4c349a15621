/* SPDX-License-Identifier: MIT */
/*
 * bel-reduce.c: a shorter trace that is as good as the whole for some policies with enough frames.
 *
 * A trace in (operand, standard input), a native trace out whose head says what it holds for.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "progress.h"
#include "reduce.h"
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
	{"min-frames", 'k', "N", "the fewest frames that will be asked for", BEL_OPT_NUMBER,
		&opt.frames},
	{"method", 'm', "METHOD",
		"phase or sad, for LRU and OPT; olr, for LRU alone\n(default phase)", BEL_OPT_TEXT,
		&opt.method},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	{"level", 0, "N", "how hard to compress, 1 to 19 (default 3)", BEL_OPT_NUMBER, &opt.level},
	TRACE_NAME_OPTION(opt.trace),
	TRACE_OPTIONS(opt.trace),
	{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-reduce",
	.synopsis = "--min-frames=N [OPTION...] [TRACE]",
	.purpose = "Leaves out of a trace what cannot matter to LRU and OPT with N frames or more.",
	.options = options,
	.examples = "  bel-reduce --min-frames 64 ls.bel -o ls-64.bel\n"
		    "  bel-reduce -k 64 --method olr ls.bel | bel-curve -p lru\n"
		    "  bel-reduce -k 256 big.bel | bel-sim -p lru,opt -f 256:4096:*2\n",
};

/* What is open ends with the program. */
struct work {
	struct tool *tool;
	struct bel_source *source;
	struct bel_reducer *reducer;
	struct bel_writer *writer;
};

static void die(struct work *work)
{
	bel_writer_free(work->writer);
	tool_die(work->tool);
}

static void put(struct work *work, const struct bel_chunk *chunk)
{
	if (bel_writer_chunk(
		    work->writer, chunk, bel_source_pages(work->source), &work->tool->err) < 0)
		die(work);
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
			if (r < 0)
				die(work);
			put(work, less);
		} while (r > 0);
		bel_progress_update(
			&progress, chunk.now + chunk.references, bel_source_fraction(work->source));
	}
	bel_progress_end(&progress);
	if (r < 0 || bel_reducer_end(work->reducer, &less, err) < 0)
		die(work);
	put(work, less);
	if (bel_writer_end(work->writer, bel_source_damage(work->source), err) < 0)
		die(work);
	if (!opt.quiet)
		fprintf(stderr, "%s: kept %" PRIu64 " of %" PRIu64 " runs\n", command.name,
			bel_reducer_kept(work->reducer), bel_reducer_read(work->reducer));
}

static void check_options(struct tool *tool)
{
	if (!opt.frames)
		bel_usage(&tool->err, "--min-frames: say how many, at least 1");
	else if (!bel_reduction_holds_for(opt.method))
		bel_usage(&tool->err, "--method: '%s' is none of " BEL_REDUCE_METHODS, opt.method);
	else if (opt.level < 1 || opt.level > 19)
		bel_usage(&tool->err, "--level: it goes from 1 to 19");
	else
		return;
	tool_die(tool);
}

int main(int argc, char **argv)
{
	struct bel_writer_options out = {.format = NULL};
	struct bel_trace_info info;
	struct work work = {.tool = NULL};
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	check_options(&tool);

	work.tool = &tool;
	work.source = trace_open(&tool, &opt.trace, trace_operand(&tool));
	trace_output_check(&tool, opt.output);
	info = *bel_source_info(work.source);
	info.granule_bits = bel_source_page_bits(work.source);
	info.unit_bits = 0;
	info.first_byte |= opt.trace.first_byte;
	info.command = bel_source_title(work.source);
	if (opt.trace.name)
		info.name = opt.trace.name;
	if (!info.tool)
		info.tool = "bel-reduce " BEL_VERSION;
	info.valid_policies = bel_reduction_holds_for(opt.method);
	info.min_frames = opt.frames;
	out.path = opt.output;
	out.granule_bits = info.granule_bits;
	out.level = (int)opt.level;
	if (bel_reducer_new(&work.reducer, opt.method, opt.frames, &tool.err) < 0 ||
		bel_writer_open(&work.writer, &out, &info, &tool.err) < 0)
		die(&work);

	reduce(&work);

	bel_writer_free(work.writer);
	bel_reducer_free(work.reducer);
	trace_close(&tool, work.source);
	return tool_finish(&tool, 0);
}

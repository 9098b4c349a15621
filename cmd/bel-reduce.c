/* SPDX-License-Identifier: MIT */
/*
 * bel-reduce.c: a shorter trace that is as good as the whole for LRU and OPT with enough frames.
 *
 * A trace in (operand, standard input), a native trace out whose head says what it holds for.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "phase_filter.h"
#include "progress.h"
#include "trace_options.h"
#include "writer.h"

static struct {
	uint64_t frames, level;
	const char *output;
	bool quiet;
	struct bel_source_options trace;
} opt = {
	.output = "-",
	.level = 3,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	{"min-frames", 'k', "N", "the fewest frames that will be asked for", BEL_OPT_NUMBER,
		&opt.frames},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	{"level", 0, "N", "how hard to compress, 1 to 19 (default 3)", BEL_OPT_NUMBER, &opt.level},
	TRACE_OPTIONS(opt.trace),
	{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-reduce",
	.synopsis = "--min-frames=N [OPTION...] [TRACE]",
	.purpose =
		"Leaves out of a trace what cannot matter to LRU and OPT with N frames and more.",
	.options = options,
	.examples = "  bel-reduce --min-frames 64 ls.bel -o ls-64.bel\n"
		    "  bel-reduce -k 256 big.bel | bel-sim -p lru,opt -f 256:4096:*2\n",
};

static void die(struct tool *tool, struct bel_writer *writer)
{
	bel_writer_free(writer);
	tool_die(tool);
}

static void copy(struct tool *tool, struct bel_source *source, struct bel_phase_filter *filter,
	struct bel_writer *writer)
{
	struct bel_progress progress;
	struct bel_chunk chunk;
	uint64_t references = 0;
	int r;

	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	while ((r = bel_source_next(source, &chunk, &tool->err)) > 0) {
		const struct bel_granules pages = bel_source_pages(source);
		const struct bel_chunk *less;

		if (bel_phase_filter_chunk(filter, &chunk, pages.count, &less, &tool->err) < 0 ||
			bel_writer_chunk(writer, less, pages, &tool->err) < 0)
			die(tool, writer);
		references += chunk.references;
		bel_progress_update(&progress, references, bel_source_fraction(source));
	}
	bel_progress_end(&progress);
	if (r < 0 || bel_writer_end(writer, bel_source_damage(source), &tool->err) < 0)
		die(tool, writer);
	if (!opt.quiet)
		fprintf(stderr, "%s: kept %" PRIu64 " of %" PRIu64 " runs\n", command.name,
			bel_phase_filter_kept(filter), bel_phase_filter_read(filter));
}

static void check_options(struct tool *tool)
{
	if (!opt.frames)
		bel_usage(&tool->err, "--min-frames: say how many, at least 1");
	else if (opt.level < 1 || opt.level > 19)
		bel_usage(&tool->err, "--level: it goes from 1 to 19");
	else
		return;
	tool_die(tool);
}

int main(int argc, char **argv)
{
	struct bel_phase_filter *filter = NULL;
	struct bel_writer_options out = {.format = NULL};
	struct bel_writer *writer = NULL;
	struct bel_trace_info info;
	struct bel_source *source;
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	check_options(&tool);

	source = trace_open(&tool, &opt.trace, trace_operand(&tool));
	trace_output_check(&tool, opt.output);
	info = *bel_source_info(source);
	info.granule_bits = bel_source_page_bits(source);
	info.unit_bits = 0;
	info.first_byte |= opt.trace.first_byte;
	info.command = bel_source_title(source);
	if (!info.tool)
		info.tool = "bel-reduce " BEL_VERSION;
	info.holds_for = BEL_PHASE_FILTER_POLICIES;
	info.least_frames = opt.frames;
	out.path = opt.output;
	out.granule_bits = info.granule_bits;
	out.level = (int)opt.level;
	if (bel_phase_filter_new(&filter, opt.frames, &tool.err) < 0 ||
		bel_writer_open(&writer, &out, &info, &tool.err) < 0)
		die(&tool, writer);

	copy(&tool, source, filter, writer);

	bel_writer_free(writer);
	bel_phase_filter_free(filter);
	trace_close(&tool, source);
	return tool_finish(&tool, 0);
}

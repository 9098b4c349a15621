/* SPDX-License-Identifier: MIT */
/*
 * bel-info.c: what is in a trace, and whether it is sound.
 *
 * Traces in (operands, standard input), records belady.info/1 out.
 */
#include <string.h>
#include <sys/stat.h>

#include "emit.h"
#include "info_record.h"
#include "outfile.h"
#include "progress.h"
#include "summary.h"
#include "trace_options.h"

static struct {
	struct bel_source_options trace;
	const char *format, *output;
	bool verify, quiet;
} opt = {
	.trace = TRACE_OPTIONS_INIT_REDUCED,
	.output = "-",
};

static const struct bel_option options[] = {
	{"verify", 0, NULL,
		"check checksums, order and sums; exit 1 if they are\nwrong, print nothing else",
		BEL_OPT_FLAG, &opt.verify},
	{"format", 0, "FORMAT", "jsonl, csv or table (default: table on a terminal)", BEL_OPT_TEXT,
		&opt.format},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	TRACE_NAME_OPTION(opt.trace),
	TRACE_OPTIONS(opt.trace),
	{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
	{0},
};

static const struct bel_command command = {
	.name = "bel-info",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Tells what is in a trace: references, pages, processes, regions.",
	.options = options,
	.examples = "  bel-info ls.bel\n"
		    "  bel-info --verify *.bel\n"
		    "  bel-info --format jsonl ls.bel | jq .footprint_bytes\n",
};

/* 0: not known, as of a pipe. */
static uint64_t stored_bytes(const char *path)
{
	struct stat st;

	if (!strcmp(path, "-") || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	return (uint64_t)st.st_size;
}

/*
 * A trace that could not be read: of itself (what it says is wrong) it is not sound, 1; where
 * memory or the system failed, or a bound of ours, nobody knows, 3.
 */
static int verdict(const struct tool *tool)
{
	return tool->err.error || tool->err.code == BEL_USAGE ? -BEL_FAIL : -BEL_NO;
}

/*
 * Reads all of a trace: 0 or negative; where the question is whether it is sound, 1 if it is not
 * and 3 if that could not be found out.
 */
static int read_trace(
	struct tool *tool, struct bel_source *source, struct bel_summary *summary, const char *path)
{
	struct bel_progress progress;
	struct bel_chunk chunk;
	int r, bad = 0;

	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	while ((r = bel_source_next(source, &chunk, &tool->err)) > 0) {
		bad = bel_summary_chunk(summary, &chunk, bel_source_pages(source), &tool->err);
		if (bad)
			break;
		bel_progress_update(&progress, summary->references, bel_source_fraction(source));
	}
	bel_progress_end(&progress);
	if (!r)
		bad = bel_summary_end(summary, bel_source_damage(source) != NULL, &tool->err);
	if (!r && !bad)
		return 0;
	if (bad) { /* the summary does not know whose references it counts */
		const struct bel_err copy = tool->err;

		bel_fail(&tool->err, "%.200s: %.390s", path, copy.text);
		tool->err.error = copy.error;
	}
	if (!opt.verify)
		return BEL_FAIL;
	tool_warn(tool, "%s", tool->err.text);
	return verdict(tool);
}

static struct bel_emit *emit;

/* One trace; see trace_each(). */
static int examine(struct tool *tool, const char *path, void *host)
{
	struct bel_source *const source = trace_try(tool, &opt.trace, path);
	struct bel_summary *summary;
	struct bel_record *record;
	int status = BEL_FAIL;

	(void)host;
	if (!source && opt.verify && tool->err.code == BEL_NO) {
		tool_warn(tool, "%s", tool->err.text);
		return 1;
	}
	if (!source)
		return BEL_FAIL;
	summary = bel_summary_new(bel_source_page_bits(source), &tool->err);
	if (summary)
		status = read_trace(tool, source, summary, path);
	if (!status && !summary->references)
		tool_warn(tool, "%s: no references in the trace", path);
	if (!opt.verify && status >= 0) {
		record = info_record(source, summary, stored_bytes(path), &tool->err);
		if (!record || bel_emit(emit, record, &tool->err) < 0)
			tool_die(tool);
	}
	bel_summary_free(summary);
	if (status < 0)
		bel_source_close(source);
	else
		trace_close(tool, source);
	return status;
}

int main(int argc, char **argv)
{
	enum bel_emit_format format;
	struct bel_outfile out;
	struct tool tool;
	int status;

	/* What is in a trace can be asked of an empty one. */
	opt.trace.allow_empty = true;
	tool_start(&tool, &command, argc, argv);
	if (bel_emit_format_parse(opt.format, &format, &tool.err) < 0)
		tool_die(&tool);

	if (bel_outfile_open(&out, opt.output, &tool.err) < 0 ||
		bel_emit_open(&emit, out.file, format, NULL, &tool.err) < 0)
		tool_die(&tool);

	status = trace_each(&tool, examine, NULL);

	if (bel_emit_close(emit, &tool.err) < 0 || bel_outfile_commit(&out, &tool.err) < 0)
		tool_die(&tool);
	return tool_finish(&tool, status);
}

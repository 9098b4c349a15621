/* SPDX-License-Identifier: MIT */
/*
 * bel-info.c: what is in a trace, and whether it is sound.
 *
 * Traces in (operands, standard input), records belady.info/1 and belady.analysis/1 out.
 */
#include <string.h>
#include <sys/stat.h>

#include "emit.h"
#include "info_analyses.h"
#include "info_record.h"
#include "outfile.h"
#include "pool.h"
#include "progress.h"
#include "summary.h"
#include "trace_options.h"

static struct {
	struct bel_source_options trace;
	const char *analysis, *format, *output;
	bool verify, quiet;
} opt = {
	.trace = TRACE_OPTIONS_INIT_REDUCED,
	.output = "-",
};

static const struct bel_option options[] = {
	{"verify", 0, NULL,
		"check checksums, order and sums; exit 1 if they are\nwrong, print nothing else",
		BEL_OPT_FLAG, &opt.verify},
	{"analysis", 0, "LIST",
		"also count this, a record for each row; 'list' prints what\nthere is",
		BEL_OPT_TEXT, &opt.analysis},
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

static int feed(void *summary, const struct bel_chunk *chunk, struct bel_granules pages,
	struct bel_err *err)
{
	return bel_summary_chunk(summary, chunk, pages, err);
}

/* The summary and the analyses of one trace. */
static int run_pass(struct tool *tool, struct bel_source *source, struct bel_summary *summary,
	struct info_analyses *analyses, struct bel_err *bad)
{
	static const struct bel_consumer consumer = {.caps = BEL_CONSUMER_EVENTS, .feed = feed};
	const struct bel_pass_input input = bel_pass_source(source);
	struct bel_progress progress;
	const struct bel_pass_setup setup = {
		.threads = opt.analysis ? bel_pool_processors() : 1,
		.progress = bel_progress_report,
		.progress_host = &progress,
	};
	struct bel_pass *const pass = bel_pass_new(&setup, &input, &tool->err);
	int r = pass ? bel_pass_attach(
			       pass, bel_pass_input(pass), &consumer, summary, bad, &tool->err)
		     : BEL_FAIL;

	if (r == 0)
		r = info_analyses_attach(analyses, pass, &tool->err);
	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	if (r == 0)
		r = bel_pass_run(pass, &tool->err);
	bel_progress_end(&progress);
	bel_pass_free(pass);
	return r;
}

/*
 * Reads all of a trace: 0 or negative; where the question is whether it is sound, 1 if it is not
 * and 3 if that could not be found out.
 */
static int read_trace(struct tool *tool, struct bel_source *source, struct bel_summary *summary,
	struct info_analyses *analyses, const char *path)
{
	struct bel_err bad = {.code = BEL_OK};
	int r = run_pass(tool, source, summary, analyses, &bad);

	if (r == 0 && !bad.code)
		bel_summary_end(summary, bel_source_damage(source) != NULL, &bad);
	if (r == 0 && !bad.code)
		return 0;
	if (bad.code) { /* the summary does not know whose references it counts */
		bel_fail(&tool->err, "%.200s: %.390s", path, bad.text);
		tool->err.error = bad.error;
	}
	if (!opt.verify)
		return BEL_FAIL;
	tool_warn(tool, "%s", tool->err.text);
	return verdict(tool);
}

static struct bel_emit *emit;

/* One trace; see trace_each(). */
static int examine(struct tool *tool, const char *path, void *analyses)
{
	struct bel_source *const source = trace_try(tool, &opt.trace, path);
	struct bel_summary *summary;
	struct bel_record *record;
	struct bel_trace_identity identity;
	char digest[17];
	int status = BEL_FAIL;

	if (!source && opt.verify && tool->err.code == BEL_NO) {
		tool_warn(tool, "%s", tool->err.text);
		return 1;
	}
	if (!source)
		return BEL_FAIL;
	summary = bel_summary_new(bel_source_page_bits(source), &tool->err);
	if (summary)
		status = read_trace(tool, source, summary, analyses, path);
	if (!status && !summary->references)
		tool_warn(tool, "%s: no references in the trace", path);
	if (!opt.verify && status >= 0) {
		record = bel_info_record(source, summary, stored_bytes(path), &tool->err);
		if (!record || bel_emit(emit, record, &tool->err) < 0)
			tool_die(tool);
		bel_info_identify(&identity, digest, source, summary);
		if (info_analyses_emit(tool, analyses, emit, &identity))
			status = 3;
	}
	info_analyses_drop(analyses);
	bel_summary_free(summary);
	if (status < 0)
		bel_source_close(source);
	else
		trace_close(tool, source);
	return status;
}

int main(int argc, char **argv)
{
	struct info_analyses analyses;
	enum bel_emit_format format;
	struct bel_outfile out;
	struct tool tool;
	int status;

	/* What is in a trace can be asked of an empty one. */
	opt.trace.allow_empty = true;
	tool_start(&tool, &command, argc, argv);
	info_analyses_parse(&tool, opt.analysis, &analyses);
	if (opt.analysis && opt.verify)
		bel_usage(&tool.err, "--analysis and --verify: one at a time");
	if (tool.err.code || bel_emit_format_parse(opt.format, &format, &tool.err) < 0)
		tool_die(&tool);

	if (bel_outfile_open(&out, opt.output, &tool.err) < 0 ||
		bel_emit_open(&emit, out.file, format, NULL, &tool.err) < 0)
		tool_die(&tool);

	status = trace_each(&tool, examine, &analyses);

	if (bel_emit_close(emit, &tool.err) < 0 || bel_outfile_commit(&out, &tool.err) < 0)
		tool_die(&tool);
	info_analyses_release(&analyses);
	return tool_finish(&tool, status);
}

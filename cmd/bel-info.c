/* SPDX-License-Identifier: MIT */
/*
 * bel-info.c: prints what a trace contains; with --verify, checks it.
 *
 * Input: traces (operands or standard input). Output: records belady.info/1 and belady.analysis/1.
 */
#include <string.h>

#include "emit.h"
#include "info_analyses.h"
#include "info_record.h"
#include "input.h"
#include "pool.h"
#include "progress.h"
#include "summary.h"
#include "tool_output.h"
#include "trace_options.h"

static struct {
	struct bel_source_options trace;
	const char *analysis, *format, *output;
	uint64_t jobs;
	bool verify, quiet;
} opt = {
	.trace = TRACE_OPTIONS_INIT_REDUCED,
	.output = "-",
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"verify", 0, NULL,
		"instead, check checksums, order and sums; exit with 1 if the trace is damaged",
		BEL_OPT_FLAG, &opt.verify},
	{"analysis", 0, "LIST",
		"also run these analyses and print a record for each row; 'list' prints all",
		BEL_OPT_TEXT, &opt.analysis},
	TRACE_PAGE_SIZE_OPTION(opt.trace),
	BEL_OPTION_GROUP("input"),
	TRACE_NAME_OPTION(opt.trace),
	TRACE_NO_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	FORMAT_OPTION(opt.format),
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	JOBS_OPTION(opt.jobs),
	{0},
};

static const struct bel_command command = {
	.name = "bel-info",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Shows what is in a trace: references, pages, processes, regions.",
	.options = options,
	.examples = "  bel-info ls.bel\n"
		    "  bel-info --verify *.bel\n"
		    "  bel-info --format jsonl ls.bel | jq .footprint_bytes\n",
};

/* The table of several traces. A single trace is a list of all members. */
static const char *const columns[] = {"#belady.info/1", "@trace", "?stored_format=format",
	"?trace.page_bytes=page", "references", "?fetches", "loads", "stores", "?modifies", "pages",
	"process_count=processes", NULL};

/*
 * Exit status of --verify if a trace could not be read. 1: the trace is damaged. 3: unknown, since
 * memory, the system or one of our limits prevented the check.
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

/* Computes the summary and the analyses of one trace. *bad: why the summary failed. */
static int run_pass(struct tool *tool, struct bel_source *source, struct bel_summary *summary,
	struct info_analyses *analyses, struct bel_err *bad)
{
	static const struct bel_consumer consumer = {.caps = BEL_CONSUMER_EVENTS, .feed = feed};
	const struct bel_pass_input input = bel_pass_source(source);
	struct bel_progress progress;
	const struct bel_pass_setup setup = {
		.threads = !opt.analysis ? 1
			   : opt.jobs    ? (unsigned)opt.jobs
					 : bel_pool_processors(),
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
 * Reads a whole trace. Returns 0, or negative with tool->err. With --verify, prints the error
 * instead and returns verdict().
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
	if (bad.code) { /* the summary does not know the trace's name */
		bel_fail(&tool->err, "%.200s: %.390s", path, bad.text);
		tool->err.error = bad.error;
	}
	if (!opt.verify)
		return BEL_FAIL;
	tool_warn(tool, "%s", tool->err.text);
	return verdict(tool);
}

static struct bel_emit *emit;

/* Reports on one trace; see trace_each(). */
static int examine(struct tool *tool, const char *path, void *analyses)
{
	struct bel_source *const source = trace_try(tool, &opt.trace, path);
	struct bel_summary *summary;
	struct bel_record *record;
	struct bel_trace_identity identity;
	char digest[17];
	uint64_t stored;
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
		bel_input_is_file(path, &stored);
		record = bel_info_record(command.name, source, summary, stored, &tool->err);
		tool_check(tool, record ? bel_emit(emit, record, &tool->err) : BEL_FAIL);
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
	struct tool tool;
	int status;

	/* bel-info can describe an empty trace, so that is no error here. */
	opt.trace.allow_empty = true;
	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	trace_refuse_slice(&tool, &opt.trace, "the counts by kind and the regions",
		"bel-convert --skip N --limit N");
	info_analyses_parse(&tool, opt.analysis, &analyses);
	opt.trace.check_index = opt.verify;
	if (opt.analysis && opt.verify)
		tool_usage(&tool, "--analysis and --verify exclude each other");
	emit = output_records(&tool, opt.output, opt.format, columns);
	bel_emit_csv_of(emit, opt.analysis ? "belady.analysis/1" : "belady.info/1");
	status = trace_each(&tool, examine, &analyses);
	output_commit(&tool);
	info_analyses_release(&analyses);
	return tool_finish(&tool, status);
}

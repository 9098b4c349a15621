/* SPDX-License-Identifier: MIT */
/*
 * bel-report.c: one page of HTML about a trace, or about stored records.
 *
 * Input: a trace (operand or standard input), or files of records. Output: a file of HTML.
 */
#include <stdlib.h>

#include "blame_result.h"
#include "input.h"
#include "number.h"
#include "policy_options.h"
#include "pool.h"
#include "progress.h"
#include "report.h"
#include "report_trace.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"

static struct {
	const char *policies, *frames, *by, *output;
	uint64_t jobs, seed, memory;
	bool records, quiet;
	struct bel_source_options trace;
} opt = {
	.policies = "lru,opt",
	.frames = "10%",
	.output = "-",
	.seed = 1,
	.memory = (uint64_t)1 << 30,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"policies", 'p', "LIST",
		"policies of the curves: lru,clock:bit=0,./mine.so (default lru,opt); the first is "
		"also the one whose faults are counted by key; 'list' prints all, 'NAME:help' "
		"describes one",
		BEL_OPT_TEXT, &opt.policies},
	{"frames", 'f', "LIST", "frame counts of the faults by key: 64 or 10% (default 10%)",
		BEL_OPT_TEXT, &opt.frames},
	{"by", 0, "LIST",
		"parts of the key, as in bel-blame (default command,region,library, or "
		"command,stack if the trace has call stacks)",
		BEL_OPT_TEXT, &opt.by},
	TRACE_PAGE_SIZE_OPTION(opt.trace),
	SEED_OPTION(opt.seed),
	BEL_OPTION_GROUP("input"),
	{"records", 0, NULL,
		"the input has records (default: a file has them if it begins as a record does)",
		BEL_OPT_FLAG, &opt.records},
	TRACE_NAME_OPTION(opt.trace),
	TRACE_NO_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	JOBS_OPTION(opt.jobs),
	TRACE_MEMORY_OPTION(opt.memory),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-report",
	.synopsis = "[OPTION...] [TRACE | RECORDS...]",
	.purpose = "Writes a page of HTML about a trace: curves, working set, map, blame.",
	.options = options,
	.examples = "  bel-report -o ls.html ls.bel\n"
		    "  bel-report -p lru,clock,opt -f 64 -o ls.html ls.bel\n"
		    "  bel-curve -p lru,fifo,opt ls.bel | bel-report --records -o curves.html\n",
};

static struct bel_progress progress;

/* Fills the request from the options. */
static void fill(struct tool *tool, struct bel_report_request *request,
	const struct bel_policy_spec *optimal)
{
	struct bel_curve_request *const curve = request->curve;

	curve->frames = "all";
	curve->step = 0.005;
	curve->seed = opt.seed;
	curve->fault_references = 100000;
	curve->threads = opt.jobs ? (unsigned)opt.jobs : bel_pool_processors();
	curve->keep.memory = opt.memory;
	curve->keep.dir = temp_folder(TEMP_LARGE);
	curve->progress = bel_progress_report;
	curve->progress_host = &progress;
	tool_check(tool, bel_curve_request_parse(curve, NULL, NULL, &tool->err));
	if (opt.by)
		tool_check(tool, bel_blame_by_parse(opt.by, &request->blame.by, &tool->err));
	request->tool = command.name;
	request->blame.specs = curve->policy;
	request->blame.spec_count = 1;
	request->blame.opt = optimal;
	request->blame.frames = opt.frames;
	request->blame.seed = opt.seed;
}

/* A wrong list of frame counts is wrong usage, not a failure of the trace. */
static void check_frames(struct tool *tool)
{
	uint64_t *frames;
	size_t count;

	tool_check(tool, bel_parse_frames(opt.frames, UINT32_MAX, &frames, &count, &tool->err));
	free(frames);
}

/* Reads a trace, and its records into the report. Returns the exit status. */
static int take_trace(struct tool *tool, struct bel_report *report)
{
	const char *const path = trace_operand(tool);
	struct bel_curve_request curve = {.spec = NULL};
	struct bel_report_request request = {.curve = &curve};
	struct bel_policy_spec *optimal;
	struct bel_source *source;
	struct bel_emit *emit;
	struct bel_err failed;
	char *text = NULL;
	size_t length, count;
	FILE *file;
	size_t refused = policies_parse(tool, opt.policies, &curve.policy, &curve.specs);

	check_frames(tool);
	tool_check(tool, bel_specs_parse("opt", &optimal, &count, &tool->err));
	fill(tool, &request, optimal);
	source = trace_open(tool, &opt.trace, path);
	bel_input_is_file(path, &request.stored_bytes);
	file = open_memstream(&text, &length);
	if (!file)
		tool_no_memory(tool, "records");
	tool_check(tool, bel_emit_open(&emit, file, BEL_EMIT_JSONL, NULL, &tool->err));
	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	tool_check(tool, bel_report_trace(emit, source, &request, &failed, &tool->err));
	bel_progress_end(&progress);
	tool_check(tool, bel_emit_close(emit, &tool->err));
	if (fclose(file) || !(file = fmemopen(text, length, "r")))
		tool_no_memory(tool, "records");
	tool_check(tool, bel_report_read_file(report, file, path, &tool->err));
	fclose(file);
	free(text);
	if (failed.code)
		tool_warn(tool, "%s", failed.text);
	trace_close(tool, source);
	bel_curve_request_release(&curve);
	bel_specs_free(optimal, count);
	return failed.code || refused ? 3 : 0;
}

static void take_records(struct tool *tool, struct bel_report *report)
{
	const char *schema;
	size_t skipped;

	tool->reading = true;
	for (int i = 0; i < tool->count; i++)
		tool_check(tool, bel_report_read(report, tool->operands[i], &tool->err));
	if (!tool->count)
		tool_check(tool, bel_report_read(report, "-", &tool->err));
	skipped = bel_report_skipped(report, &schema);
	if (skipped)
		tool_note(tool, "%zu record%s that the page does not show (the last: %s)", skipped,
			skipped == 1 ? "" : "s", schema);
}

int main(int argc, char **argv)
{
	struct bel_report *report;
	struct bel_outfile *out;
	struct tool tool;
	int status = 0;

	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	trace_refuse_slice(&tool, &opt.trace,
		"the events before it, which make regions and processes",
		"bel-convert --skip N --limit N");
	report = bel_report_new(&tool.err);
	tool_check(&tool, report ? 0 : BEL_FAIL);
	out = output_open(&tool, opt.output);
	if (opt.records || (tool.count && bel_blame_is_records(tool.operands[0])))
		take_records(&tool, report);
	else
		status = take_trace(&tool, report);
	tool_check(&tool, bel_report_write(report, out->file, &tool.err));
	output_commit(&tool);
	bel_report_free(report);
	return tool_finish(&tool, status);
}

/* SPDX-License-Identifier: MIT */
/*
 * bel-blame.c: who causes the faults, by region, file, process, thread, mark or page.
 *
 * Input: a trace (operand or standard input), or two traces, or records belady.blame/1. Output:
 * records belady.blame/1 or belady.blame-compare/1, or a picture.
 */
#include <stdlib.h>

#include "blame_output.h"
#include "number.h"
#include "policy_options.h"
#include "pool.h"
#include "progress.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"

static struct {
	const char *policies, *frames, *ram, *by, *measure, *format, *output;
	uint64_t top, jobs, seed, memory;
	bool quiet;
	struct bel_source_options trace;
} opt = {
	.policies = "lru",
	.by = "region,mapping",
	.measure = "faults",
	.output = "-",
	.top = BLAME_TOP_UNSET,
	.seed = 1,
	.memory = (uint64_t)1 << 30,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"policies", 'p', "LIST",
		"policies with parameters: lru,clock:bit=0,./mine.so (default lru); 'list' prints "
		"all, 'NAME:help' describes one",
		BEL_OPT_TEXT, &opt.policies},
	{"frames", 'f', "LIST", "frame counts: 8,16 4:64 4:64:4 4:256:*2 10% all (default 10%)",
		BEL_OPT_TEXT, &opt.frames},
	RAM_OPTION(opt.ram),
	{"by", 0, "LIST",
		"parts of the key: process, command, thread, mark, region, mapping, library, page; "
		"with call stacks function, line, object, stack (default region,mapping)",
		BEL_OPT_TEXT, &opt.by},
	{"measure", 0, "NAME",
		"largest first by faults, regret, evictions, needed-evictions, writebacks or "
		"references (default faults)",
		BEL_OPT_TEXT, &opt.measure},
	{"top", 0, "N",
		"show N keys, and the sum of the others; 0: all (default: 20 in records and "
		"chrome, "
		"else all)",
		BEL_OPT_RECORD, &opt.top},
	TRACE_PAGE_SIZE_OPTION(opt.trace),
	SEED_OPTION(opt.seed),
	BEL_OPTION_GROUP("input"),
	TRACE_NAME_OPTION(opt.trace),
	TRACE_NO_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	{"format", 0, "FORMAT",
		"jsonl, csv, table, folded, callgrind, chrome or svg (default: table on a "
		"terminal, else jsonl)",
		BEL_OPT_TEXT, &opt.format},
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	JOBS_OPTION(opt.jobs),
	TRACE_MEMORY_OPTION(opt.memory),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-blame",
	.synopsis = "[OPTION...] [TRACE [TRACE]]",
	.purpose = "Shows who causes the page faults: regions, files, processes, threads, marks.",
	.options = options,
	.examples = "  bel-blame -f 64 ls.bel\n"
		    "  bel-blame -p clock,lru -m 1M --by process,region sh.bel\n"
		    "  bel-blame -f 10% --by page --measure regret --top 10 ls.bel\n"
		    "  bel-blame -f 64 --by process,mapping --format svg -o sh.svg sh.bel\n"
		    "  bel-blame -f 64 --by command,region before.bel after.bel\n",
};

static struct bel_progress progress;

/* Reads one trace. Returns the exit status. */
static int run(struct tool *tool, const char *path, const struct bel_blame_setup *setup,
	struct bel_blame_results *results)
{
	struct bel_source *const source = trace_open(tool, &opt.trace, path);
	struct bel_blame *const blame = bel_blame_new(setup, &tool->err);
	struct bel_run_trace trace = {.tool = command.name, .seed = opt.seed};
	const struct bel_blame_run *one;
	int status = 0;

	tool_check(tool, blame ? 0 : BEL_FAIL);
	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	tool_check(tool, bel_blame_source(blame, source, &tool->err));
	bel_progress_end(&progress);
	bel_run_trace_identify(&trace, source, bel_blame_references(blame));
	for (size_t i = 0; (one = bel_blame_at(blame, i)); i++) {
		if (!one->err.code) {
			tool_check(tool, bel_blame_results_run(results, blame, i, &trace,
						 bel_source_pages(source), &tool->err));
			continue;
		}
		tool_warn(tool, "%s", one->err.text);
		status = 3;
	}
	bel_blame_free(blame);
	trace_close(tool, source);
	return status;
}

/* Reads a trace, or records. */
static int take(struct tool *tool, const char *path, const struct bel_blame_setup *setup,
	struct bel_blame_results *results)
{
	if (!bel_blame_is_records(path))
		return run(tool, path, setup, results);
	tool->reading = true;
	tool_check(tool, bel_blame_results_read(results, path, &tool->err));
	return 0;
}

static int work(struct tool *tool, const struct bel_blame_setup *setup, struct blame_output *output)
{
	struct bel_blame_results one = {.count = 0}, other = {.count = 0};
	int status;

	if (tool->count > 2)
		tool_usage(tool, "unexpected operand '%s'; give one trace, or two to compare",
			tool->operands[2]);
	blame_output_open(tool, output, tool->count == 2);
	status = take(tool, tool->count ? tool->operands[0] : "-", setup, &one);
	if (tool->count == 2) {
		const int second = take(tool, tool->operands[1], setup, &other);

		status = second ? second : status;
		blame_output_compare(tool, output, &one, &other);
	} else {
		blame_output_results(tool, output, &one);
	}
	output_commit(tool);
	bel_blame_results_release(&one);
	bel_blame_results_release(&other);
	return status;
}

static void check_options(struct tool *tool)
{
	uint64_t *frames;
	size_t count;
	int r = 0;

	if (opt.ram && opt.frames)
		tool_usage(tool, "--ram and --frames exclude each other");
	if (!opt.frames)
		opt.frames = "10%";
	if (!opt.ram && bel_frames_need_footprint(opt.frames))
		return;
	r = opt.ram ? bel_parse_memory(opt.ram, 0, &frames, &count, &tool->err)
		    : bel_parse_frames(opt.frames, 0, &frames, &count, &tool->err);
	tool_check(tool, r);
	free(frames);
}

int main(int argc, char **argv)
{
	struct bel_blame_setup setup = {.in_bytes = false};
	struct bel_policy_spec *specs, *optimal;
	struct blame_output output;
	struct tool tool;
	size_t refused, count;
	int status;

	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	trace_refuse_slice(&tool, &opt.trace,
		"the events before it, which make regions, processes and threads",
		"bel-convert --skip N --limit N");
	refused = policies_parse(&tool, opt.policies, &specs, &setup.spec_count);
	tool_check(&tool, bel_specs_parse("opt", &optimal, &count, &tool.err));
	if ((opt.frames || opt.ram) && bel_specs_variable(specs, setup.spec_count))
		tool_warn(&tool, "%s is ignored by variable-space policies",
			opt.ram ? "--ram" : "--frames");
	check_options(&tool);
	tool_check(&tool, bel_blame_by_parse(opt.by, &setup.by, &tool.err));
	output = (struct blame_output){.path = opt.output, .format = opt.format, .top = opt.top};
	tool_check(&tool, bel_blame_measure_parse(opt.measure, &output.measure, &tool.err));
	setup.specs = specs;
	setup.opt = optimal;
	setup.frames = opt.ram ? opt.ram : opt.frames;
	setup.in_bytes = opt.ram != NULL;
	setup.seed = opt.seed;
	setup.pass = (struct bel_pass_setup){
		.threads = opt.jobs ? (unsigned)opt.jobs : bel_pool_processors(),
		.keep = {.memory = opt.memory, .dir = temp_folder(TEMP_LARGE)},
		.progress = bel_progress_report,
		.progress_host = &progress,
	};
	setup.over_time = blame_output_over_time(&output);
	setup.by.calls = blame_output_calls(&output) && bel_blame_by_has(&setup.by, BEL_BLAME_LINE);
	status = work(&tool, &setup, &output);
	bel_specs_free(specs, setup.spec_count);
	bel_specs_free(optimal, count);
	return tool_finish(&tool, refused ? 3 : status);
}

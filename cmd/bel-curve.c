/* SPDX-License-Identifier: MIT */
/*
 * bel-curve.c: computes fault curves in one reading of a trace.
 *
 * Input: traces (operands or standard input). Output: records belady.curve/1 and
 * belady.curve-interval/1.
 */
#include <signal.h>
#include <string.h>

#include "curve_records.h"
#include "curve_sample.h"
#include "curve_summary.h"
#include "policy_options.h"
#include "pool.h"
#include "progress.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"

static struct {
	const char *policies, *frames, *ram, *windows, *page_sizes, *sample, *format, *output;
	uint64_t interval, fault, seeds, seed, jobs, memory;
	double step;
	const char *requests;
	bool all, portable, quiet, summary;
	struct bel_source_options trace;
} opt = {
	.output = "-",
	.step = 0.5,
	.fault = 100000,
	.seeds = 8,
	.seed = 1,
	.memory = (uint64_t)1 << 30,
	.trace = TRACE_OPTIONS_INIT_REDUCED,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"policies", 'p', "LIST",
		"policies with parameters: lru,clock:bit=0,vmin,./mine.so (default lru,opt); "
		"'list' prints all, 'NAME:help' describes one",
		BEL_OPT_TEXT, &opt.policies},
	{"frames", 'f', "LIST",
		"frame counts: 8,16 4:64 4:256:*2 10%, or all: every count, or those that --step "
		"chooses (default all)",
		BEL_OPT_TEXT, &opt.frames},
	RAM_OPTION(opt.ram),
	{"tau", 0, "LIST",
		"windows of ws and vmin, in references: 100,1k:1M:*2 (default: 16 for each "
		"doubling)",
		BEL_OPT_TEXT, &opt.windows},
	{"step", 0, "PERCENT",
		"where sizes are chosen automatically, the largest difference of faults between "
		"two sizes, in percent of the largest on the curve (default 0.5)",
		BEL_OPT_REAL, &opt.step},
	{"page-size", 0, "LIST",
		"page sizes: 4k,16k,2M (default: the trace's own page size, else 4KiB)",
		BEL_OPT_TEXT, &opt.page_sizes},
	{"interval", 0, "N", "also print a curve for every N references", BEL_OPT_COUNT,
		&opt.interval},
	{"fault-time", 0, "N",
		"cost of a fault, in references, for the space-time product (default 100000)",
		BEL_OPT_RECORD, &opt.fault},
	{"sample", 0, "SHARE",
		"estimate from a share of the pages, 0.01 or 1%, or from a number of pages, 8k "
		"(lru only)",
		BEL_OPT_TEXT, &opt.sample},
	{"seeds", 0, "N",
		"number of samples; the estimate is their mean, with a 95% band (default 8)",
		BEL_OPT_NUMBER, &opt.seeds},
	{"seed", 0, "N", "seed for samples and random policies (default 1)", BEL_OPT_RECORD,
		&opt.seed},
	{"requests", 0, "RULE",
		"prefix: lru's hits count only while all earlier references of the request hit, "
		"as in caches of language models; opt counts each reference",
		BEL_OPT_TEXT, &opt.requests},
	BEL_OPTION_GROUP("input"),
	TRACE_NAME_OPTION(opt.trace),
	TRACE_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	FORMAT_OPTION(opt.format),
	{"summary", 0, NULL,
		"write what bel-merge needs to join the curves of lru, ws and vmin of all slices, "
		"instead of records",
		BEL_OPT_FLAG, &opt.summary},
	{"all", 0, NULL,
		"show every point in a table, also of sizes that were chosen automatically",
		BEL_OPT_FLAG, &opt.all},
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	JOBS_OPTION(opt.jobs),
	TRACE_MEMORY_OPTION(opt.memory),
	BEL_OPTION_GROUP("tests"),
	{"portable", 0, NULL, "use no vector instructions; the figures are the same", BEL_OPT_FLAG,
		&opt.portable},
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-curve",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Counts page faults at every memory size in one reading of a trace.",
	.options = options,
	.examples = "  bel-curve -p lru,opt,fifo,clock,ws ls.bel | bel-plot -o curve.svg\n"
		    "  bel-curve -p lru --page-size 4k,64k,2M --format csv ls.bel\n"
		    "  bel-gen zipf -n 1M --pages 5000 | bel-curve -p lru -f 16:4096:*2\n",
};

static volatile sig_atomic_t stopped;
static struct bel_emit *emit;
static struct bel_progress progress;

/* The first ^C ends the reading of the trace; the second ends the program. */
static void stop(int signal_number)
{
	stopped = 1;
	output_guard(signal_number);
}

/* Computes the curves of one trace; see trace_each(). Prints failed jobs on stderr. */
static int run(struct tool *tool, const char *path, void *request)
{
	struct bel_source *source;
	struct bel_curve_run curves;
	int failed, r;

	if (stopped)
		return 0;
	source = trace_try(tool, &opt.trace, path);
	if (!source)
		return BEL_FAIL;
	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	r = bel_curve_run(&curves, request, source, &tool->err);
	bel_progress_end(&progress);
	if (r < 0) {
		bel_curve_run_release(&curves);
		bel_source_close(source);
		return BEL_FAIL;
	}
	failed = bel_curve_records_emit(tool, emit, &curves);
	bel_curve_run_release(&curves);
	trace_close(tool, source);
	return failed ? 3 : 0;
}

/* Checks --requests, and asks the source for the places where requests begin. */
static void check_requests(struct tool *tool, struct bel_curve_request *request)
{
	if (!opt.requests)
		return;
	if (strcmp(opt.requests, "prefix") != 0)
		tool_usage(tool, "--requests: '%s' is not known; the one rule is 'prefix'",
			opt.requests);
	if (opt.interval || opt.sample || opt.trace.slice)
		tool_usage(tool, "--requests: takes none of --interval, --sample and --slice");
	for (size_t i = 0; i < request->specs; i++) {
		const struct bel_policy_spec *const spec = &request->policy[i];

		if (spec->plugin || (strcmp(spec->policy->name, "lru") != 0 &&
					    strcmp(spec->policy->name, "opt") != 0))
			tool_usage(tool, "--requests: '%s' is neither lru nor opt",
				spec->policy->name);
	}
	request->requests = true;
	opt.trace.reduced = false;
	opt.trace.foreign.request_marks = true;
}

/* Fills the request from the options. Returns the number of plug-ins that cannot be used. */
static size_t fill(struct tool *tool, struct bel_curve_request *request)
{
	const size_t refused = policies_parse(
		tool, opt.policies ? opt.policies : "lru,opt", &request->policy, &request->specs);

	check_requests(tool, request);
	if (opt.ram && opt.frames)
		tool_usage(tool, "--ram and --frames exclude each other");
	if (!(opt.step > 0 && opt.step <= 100))
		tool_usage(tool, "--step: must be above 0 and at most 100");
	request->frames = opt.ram ? opt.ram : opt.frames ? opt.frames : "all";
	request->in_bytes = opt.ram != NULL;
	request->interval = opt.interval;
	request->seed = opt.seed;
	request->fault_references = opt.fault;
	tool_check(tool, bel_curve_request_parse(request, opt.windows, opt.page_sizes, &tool->err));
	tool_check(tool, bel_curve_sample_parse(request, opt.sample, opt.seeds, &tool->err));
	if (request->page_bits)
		opt.trace.page_bits = request->page_bits[0];
	request->step = opt.step / 100;
	request->threads = opt.jobs ? (unsigned)opt.jobs : bel_pool_processors();
	request->portable = opt.portable;
	request->keep.memory = opt.memory;
	request->keep.dir = temp_folder(TEMP_LARGE);
	request->progress = bel_progress_report;
	request->progress_host = &progress;
	request->stop = &stopped;
	return refused;
}

/* Writes the summary of a slice. The sizes are chosen when slices are joined. */
static int summarise(struct tool *tool)
{
	if (opt.frames || opt.ram || opt.interval || opt.sample || opt.format || opt.all ||
		opt.requests)
		tool_usage(tool, "--summary: takes none of --frames, --ram, --interval, --sample, "
				 "--requests, --format and --all; bel-merge chooses the sizes");
	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	return curve_summary_write(tool, &(struct curve_summary){
						 .policies = opt.policies,
						 .windows = opt.windows,
						 .page_size = opt.page_sizes,
						 .output = opt.output,
						 .trace = &opt.trace,
						 .portable = opt.portable,
						 .stop = &stopped,
						 .progress = &progress,
					 });
}

int main(int argc, char **argv)
{
	const struct sigaction on_interrupt = {.sa_handler = stop};
	struct bel_curve_request request = {.spec = NULL};
	struct tool tool;
	bool listed;
	size_t refused;
	int status;

	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	sigaction(SIGINT, &on_interrupt, NULL);
	listed = opt.ram || (opt.frames && strcmp(opt.frames, "all") != 0);
	if (opt.summary)
		return summarise(&tool);
	refused = fill(&tool, &request);
	emit = output_records(&tool, opt.output, opt.format, bel_curve_columns + (tool.count < 2));
	bel_curve_records_summarise(emit, !opt.all && !listed, !opt.all && !opt.windows);
	bel_emit_csv_of(emit, opt.interval ? "belady.curve-interval/1" : "belady.curve/1");
	status = trace_each(&tool, run, &request);
	output_commit(&tool);
	bel_curve_records_tell(&tool);
	bel_curve_request_release(&request);
	return tool_finish(&tool, refused ? 3 : status);
}

/* SPDX-License-Identifier: MIT */
/*
 * bel-curve.c: whole fault curves from one reading of a trace.
 *
 * Traces in (operands, standard input), records belady.curve/1 and belady.curve-interval/1 out.
 */
#include <sched.h>
#include <stdlib.h>

#include "curve_records.h"
#include "curve_sample.h"
#include "outfile.h"
#include "policy_options.h"
#include "progress.h"
#include "temp_folder.h"
#include "trace_options.h"

static struct {
	const char *policies, *frames, *windows, *page_sizes, *sample, *format, *output;
	uint64_t interval, fault, seeds, seed, jobs, memory;
	double step;
	bool portable, quiet;
	struct bel_source_options trace;
} opt = {
	.policies = "lru,opt",
	.frames = "all",
	.output = "-",
	.step = 0.5,
	.fault = 100000,
	.seeds = 8,
	.seed = 1,
	.memory = (uint64_t)1 << 30,
	.trace = TRACE_OPTIONS_INIT_REDUCED,
};

static const struct bel_option options[] = {
	{"policies", 'p', "LIST",
		"policies with parameters: lru,clock:bit=0,vmin,./mine.so\n(default lru,opt); "
		"'list' prints all, 'NAME:help' one",
		BEL_OPT_TEXT, &opt.policies},
	{"frames", 'f', "LIST",
		"frame counts: 8,16 4:64 4:256:*2 10%; all (the default):\nevery count, or as "
		"many as --step asks for",
		BEL_OPT_TEXT, &opt.frames},
	{"tau", 0, "LIST",
		"windows of ws and vmin, in references: 100,1k:1M:*2\n(default: 16 an "
		"octave)",
		BEL_OPT_TEXT, &opt.windows},
	{"step", 0, "PERCENT",
		"where not every count is had: no step of the curve is\nlarger than that (default "
		"0.5)",
		BEL_OPT_REAL, &opt.step},
	{"page-size", 0, "LIST",
		"count pages of these sizes: 4k,16k,2M\n(default: as the trace was folded, else "
		"4KiB)",
		BEL_OPT_TEXT, &opt.page_sizes},
	{"interval", 0, "N", "also a curve for every N references", BEL_OPT_COUNT, &opt.interval},
	{"fault-time", 0, "N",
		"references that a fault takes as long as, for the\nspace-time product (default "
		"100000)",
		BEL_OPT_NUMBER, &opt.fault},
	{"sample", 0, "SHARE",
		"estimate from a share of the pages, 0.01 or 1%; or from\nso many pages, 8k (lru "
		"alone)",
		BEL_OPT_TEXT, &opt.sample},
	{"seeds", 0, "N", "samples, whose mean and 95% band are given (default 8)", BEL_OPT_NUMBER,
		&opt.seeds},
	{"seed", 0, "N", "of samples, and of policies that draw (default 1)", BEL_OPT_NUMBER,
		&opt.seed},
	{"jobs", 'j', "N", "threads (default: one a processor)", BEL_OPT_COUNT, &opt.jobs},
	{"memory", 0, "SIZE",
		"hold that much of the trace in memory when it must be\nkept, the rest in $TMPDIR "
		"(default 1GiB)",
		BEL_OPT_NUMBER, &opt.memory},
	{"portable", 0, NULL, "no vector instructions; the figures are the same", BEL_OPT_FLAG,
		&opt.portable},
	{"format", 0, "FORMAT", "jsonl, csv or table (default: table on a terminal)", BEL_OPT_TEXT,
		&opt.format},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
	TRACE_NAME_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
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

/* The first is left out when there is but one trace. */
static const char *const columns[] = {"@trace", "?trace.page_bytes=page_bytes", "spec=policy",
	"sample.rate=sample", "partial", "frames", "tau", "faults", "faults_low", "faults_high",
	"writebacks", "mean_resident_pages=mean_resident", NULL};

static volatile sig_atomic_t stopped;
static struct bel_outfile out;

/* The first ^C ends the trace, the second the program. */
static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

/* However the tool ends: what is not committed leaves nothing behind. */
static void abandon_output(void)
{
	bel_outfile_abandon(&out);
}

static struct bel_emit *emit;
static struct bel_progress progress;

/* One trace; see trace_each(). Jobs that failed are told on stderr. */
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

/* Returns how many plug-ins cannot be used. */
static size_t check_options(struct tool *tool, struct bel_curve_request *request)
{
	const size_t refused =
		policies_parse(tool, opt.policies, &request->policy, &request->specs);

	request->frames = opt.frames;
	request->interval = opt.interval;
	request->seed = opt.seed;
	request->fault_references = opt.fault;
	if (bel_curve_request_parse(request, opt.windows, opt.page_sizes, &tool->err) < 0 ||
		bel_curve_sample_parse(request, opt.sample, opt.seeds, &tool->err) < 0)
		tool_die(tool);
	if (request->page_bits)
		opt.trace.page_bits = request->page_bits[0];
	if (opt.jobs > 4096)
		bel_usage(&tool->err, "--jobs: at most 4096 threads");
	else if (!(opt.step > 0 && opt.step <= 100))
		bel_usage(&tool->err, "--step: is not above 0 and at most 100 per cent");
	else
		return refused;
	tool_die(tool);
}

int main(int argc, char **argv)
{
	const struct sigaction on_interrupt = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};
	struct bel_curve_request request = {.spec = NULL};
	enum bel_emit_format format;
	struct tool tool;
	cpu_set_t set;
	size_t refused;
	int status;

	tool_start(&tool, &command, argc, argv);
	refused = check_options(&tool, &request);
	if (bel_emit_format_parse(opt.format, &format, &tool.err) < 0)
		tool_die(&tool);
	request.step = opt.step / 100;
	request.threads = opt.jobs                                  ? (unsigned)opt.jobs
			  : sched_getaffinity(0, sizeof(set), &set) ? 1
								    : (unsigned)CPU_COUNT(&set);
	request.portable = opt.portable;
	request.keep.memory = opt.memory;
	request.keep.dir = temp_folder(TEMP_LARGE);
	request.progress = bel_progress_report;
	request.progress_host = &progress;
	request.stop = &stopped;

	atexit(abandon_output);
	sigaction(SIGINT, &on_interrupt, NULL);
	if (bel_outfile_open(&out, opt.output, &tool.err) < 0 ||
		bel_emit_open(&emit, out.file, format, columns + (tool.count < 2), &tool.err) < 0)
		tool_die(&tool);
	status = trace_each(&tool, run, &request);
	if (bel_emit_close(emit, &tool.err) < 0 || bel_outfile_commit(&out, &tool.err) < 0)
		tool_die(&tool);
	bel_curve_request_release(&request);
	return tool_finish(&tool, refused ? 3 : status);
}

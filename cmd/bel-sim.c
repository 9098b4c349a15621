/* SPDX-License-Identifier: MIT */
/*
 * bel-sim.c: simulates policies x frame counts in one reading of a trace.
 *
 * Input: traces (operands or standard input). Output: records belady.run/1, belady.interval/1 and
 * belady.mark/1, or belady.anomaly/1. With --audit it reads nothing and writes records belady.audit/1.
 */
#include <stdlib.h>

#include "audit_job.h"
#include "number.h"
#include "policy_options.h"
#include "pool.h"
#include "progress.h"
#include "sweep_records.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"

static struct {
	const char *policies, *frames, *ram, *format, *output;
	uint64_t interval, jobs, seed, memory;
	bool anomalies, audit, generic, quiet;
	struct bel_source_options trace;
} opt = {
	.output = "-",
	.seed = 1,
	.memory = (uint64_t)1 << 30,
	.trace = TRACE_OPTIONS_INIT_REDUCED,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"policies", 'p', "LIST",
		"policies with parameters: lru,clock:bit=0,./mine.so (default "
		"fifo,lru,opt,clock); 'list' prints all, 'NAME:help' describes one",
		BEL_OPT_TEXT, &opt.policies},
	{"frames", 'f', "LIST",
		"frame counts: 8,16 4:64 4:64:4 4:256:*2 10% all (default 4:256:*2)", BEL_OPT_TEXT,
		&opt.frames},
	RAM_OPTION(opt.ram),
	TRACE_PAGE_SIZE_OPTION(opt.trace),
	INTERVAL_OPTION(opt.interval),
	{"anomalies", 0, NULL,
		"instead, list where more frames gave more faults (Belady's anomaly)", BEL_OPT_FLAG,
		&opt.anomalies},
	SEED_OPTION(opt.seed),
	BEL_OPTION_GROUP("input"),
	TRACE_NAME_OPTION(opt.trace),
	TRACE_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	FORMAT_OPTION(opt.format),
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	JOBS_OPTION(opt.jobs),
	TRACE_MEMORY_OPTION(opt.memory),
	BEL_OPTION_GROUP("tests of the policies"),
	{"audit", 0, NULL, "instead, check policies against invariants on generated strings",
		BEL_OPT_FLAG, &opt.audit},
	{"generic", 0, NULL, "run policies through their hooks, not through their own loops",
		BEL_OPT_FLAG, &opt.generic},
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-sim",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Counts page faults of replacement policies at many memory sizes.",
	.options = options,
	.examples = "  bel-sim -p lru,opt -f 4:256:*2 ls.bel\n"
		    "  bel-sim -p clock -m 64M,128M ls.bel\n"
		    "  bel-sim -p clock:bit=0,ws:tau=5000 -f 10% --format jsonl ls.bel\n"
		    "  bel-gen belady | bel-sim -p fifo -f all --anomalies\n",
};

static const char *const audit_columns[] = {"spec=policy", "reference_strings=strings",
	"references", "passed", "invariant", "frames", "reference", "violation", NULL};

/* The first column is left out if there is only one trace. */
static const char *const columns[] = {"@trace", "spec=policy", "frames", "start_reference=from",
	"references", "faults", "more_frames", "more_faults", "fault_ratio=ratio", "writebacks",
	"mean_resident_pages=resident", NULL};

static struct bel_emit *emit;
static struct bel_progress progress;

/* Simulates one trace; see trace_each(). */
static int run(struct tool *tool, const char *path, void *setup)
{
	struct bel_source *source = trace_try(tool, &opt.trace, path);
	struct bel_sweep *sweep = source ? bel_sweep_new(setup, &tool->err) : NULL;
	struct bel_run_trace trace = {.tool = command.name, .seed = opt.seed};
	uint64_t found;
	int r = BEL_FAIL, failed;

	if (sweep) {
		bel_progress_start(&progress, stderr, command.name, !opt.quiet);
		r = bel_sweep_source(sweep, source, &tool->err);
		bel_progress_end(&progress);
	}
	if (r < 0) {
		bel_sweep_free(sweep);
		bel_source_close(source);
		return BEL_FAIL;
	}
	bel_run_trace_identify(&trace, source, bel_sweep_references(sweep));
	failed = opt.anomalies ? sweep_anomalies_emit(tool, emit, &trace, sweep, &found)
			       : sweep_records_emit(tool, emit, &trace, sweep);
	if (opt.anomalies && !found)
		tool_note(tool, "%s: no anomaly at these frame counts", path);
	bel_sweep_free(sweep);
	trace_close(tool, source);
	return failed ? 3 : 0;
}

static void check_options(struct tool *tool)
{
	uint64_t *frames;
	size_t count;
	int r = 0;

	if (opt.anomalies + opt.audit + (opt.interval > 0) > 1)
		tool_usage(tool, "--anomalies, --audit and --interval exclude each other");
	if (opt.audit && tool->count)
		tool_usage(tool, "--audit: unexpected operand '%s'; it generates its references",
			tool->operands[0]);
	if (opt.ram && (opt.frames || opt.audit))
		tool_usage(tool, "--ram and %s exclude each other",
			opt.frames ? "--frames" : "--audit");
	if (!opt.frames)
		opt.frames = opt.audit ? AUDIT_FRAMES : "4:256:*2";
	if (!opt.ram && bel_frames_need_footprint(opt.frames))
		return;
	r = opt.ram ? bel_parse_memory(opt.ram, 0, &frames, &count, &tool->err)
		    : bel_parse_frames(opt.frames, 0, &frames, &count, &tool->err);
	tool_check(tool, r);
	free(frames);
}

static int audit_all(struct tool *tool, const struct bel_sweep_setup *sweep)
{
	const struct bel_audit_setup setup = {
		.specs = sweep->specs,
		.spec_count = sweep->spec_count,
		.seed = sweep->seed,
		.jobs = sweep->pass.threads,
	};

	return audit_job(tool, emit, setup, opt.frames) ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct bel_sweep_setup sweep = {.generic = false};
	struct bel_policy_spec *specs;
	struct tool tool;
	size_t refused;
	int status;

	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	if (!opt.policies && !opt.audit)
		opt.policies = "fifo,lru,opt,clock";
	refused = policies_parse(&tool, opt.policies, &specs, &sweep.spec_count);
	if ((opt.frames || opt.ram) && bel_specs_variable(specs, sweep.spec_count))
		tool_warn(&tool, "%s is ignored by variable-space policies",
			opt.ram ? "--ram" : "--frames");
	check_options(&tool);
	sweep.specs = specs;
	sweep.frames = opt.ram ? opt.ram : opt.frames;
	sweep.in_bytes = opt.ram != NULL;
	sweep.seed = opt.seed;
	sweep.generic = opt.generic;
	sweep.pass = (struct bel_pass_setup){
		.threads = opt.jobs ? (unsigned)opt.jobs : bel_pool_processors(),
		.interval = opt.interval,
		.keep = {.memory = opt.memory, .dir = temp_folder(TEMP_LARGE)},
		.progress = bel_progress_report,
		.progress_host = &progress,
	};

	emit = output_records(&tool, opt.output, opt.format,
		opt.audit ? audit_columns : columns + (tool.count < 2));
	bel_emit_csv_of(emit, opt.audit       ? "belady.audit/1"
			      : opt.anomalies ? "belady.anomaly/1"
			      : opt.interval  ? "belady.interval/1"
					      : "belady.run/1");
	status = opt.audit ? audit_all(&tool, &sweep) : trace_each(&tool, run, &sweep);
	output_commit(&tool);
	bel_specs_free(specs, sweep.spec_count);
	return tool_finish(&tool, refused ? 3 : status);
}

/* SPDX-License-Identifier: MIT */
/*
 * bel-sim.c: policies x frame counts over one reading of a trace. Traces in (operands, standard
 * input), records belady.run/1 with belady.interval/1, or belady.anomaly/1, out; with
 * --audit, nothing in, belady.audit/1 out.
 */
#include <stdlib.h>

#include "audit_job.h"
#include "number.h"
#include "outfile.h"
#include "policy_options.h"
#include "pool.h"
#include "progress.h"
#include "sweep_records.h"
#include "temp_folder.h"
#include "trace_options.h"

static struct {
	const char *policies, *frames, *format, *output;
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
	{"policies", 'p', "LIST",
		"policies with parameters: lru,clock:bit=0,./mine.so\n(default "
		"fifo,lru,opt,clock); 'list' prints all, 'NAME:help' one",
		BEL_OPT_TEXT, &opt.policies},
	{"frames", 'f', "LIST",
		"frame counts: 8,16 4:64 4:64:4 4:256:*2 10% all\n(default 4:256:*2)", BEL_OPT_TEXT,
		&opt.frames},
	{"anomalies", 0, NULL,
		"list where more frames gave more faults (Belady's\nanomaly) instead", BEL_OPT_FLAG,
		&opt.anomalies},
	{"audit", 0, NULL, "check the policies themselves, on strings made for it, instead",
		BEL_OPT_FLAG, &opt.audit},
	{"interval", 0, "N", "also a record for every N references", BEL_OPT_COUNT, &opt.interval},
	{"jobs", 'j', "N", "threads (default: one a processor)", BEL_OPT_COUNT, &opt.jobs},
	{"seed", 0, "N", "for policies that draw random numbers (default 1)", BEL_OPT_NUMBER,
		&opt.seed},
	{"memory", 0, "SIZE",
		"hold that much of the trace in memory when it must be\nkept, the rest in $TMPDIR "
		"(default 1GiB)",
		BEL_OPT_NUMBER, &opt.memory},
	{"generic", 0, NULL, "run policies through their hooks, not their own loops", BEL_OPT_FLAG,
		&opt.generic},
	{"format", 0, "FORMAT", "jsonl, csv or table (default: table on a terminal)", BEL_OPT_TEXT,
		&opt.format},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
	TRACE_NAME_OPTION(opt.trace),
	TRACE_OPTIONS(opt.trace),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-sim",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Counts page faults of replacement policies at many memory sizes.",
	.options = options,
	.examples = "  bel-sim -p lru,opt -f 4:256:*2 ls.bel\n"
		    "  bel-sim -p clock:bit=0,ws:tau=5000 -f 10% --format jsonl ls.bel\n"
		    "  bel-gen belady | bel-sim -p fifo -f all --anomalies\n",
};

static const char *const audit_columns[] = {"spec=policy", "reference_strings=strings",
	"references", "passed", "invariant", "frames", "reference", "violation", NULL};

/* The first is left out when there is but one trace. */
static const char *const columns[] = {"@trace", "spec=policy", "frames", "start_reference=from",
	"references", "faults", "more_frames", "more_faults", "fault_ratio=ratio", "writebacks",
	"mean_resident_pages=resident", NULL};

static struct bel_emit *emit;
static struct bel_progress progress;

/* One trace; see trace_each(). */
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
	if (opt.anomalies && !found && !opt.quiet)
		tool_warn(tool, "%s: no anomaly at these frame counts", path);
	bel_sweep_free(sweep);
	trace_close(tool, source);
	return failed ? 3 : 0;
}

static struct bel_outfile out;

/* However the tool ends: what is not committed leaves nothing behind. */
static void abandon_output(void)
{
	bel_outfile_abandon(&out);
}

static void check_options(struct tool *tool)
{
	uint64_t *frames;
	size_t frame_count;

	if (opt.jobs > 4096)
		bel_usage(&tool->err, "--jobs: at most 4096 threads");
	else if (opt.anomalies + opt.audit + (opt.interval > 0) > 1)
		bel_usage(&tool->err, "--anomalies, --audit and --interval: one at a time");
	else if (opt.audit && tool->count)
		bel_usage(&tool->err, "--audit makes its own strings and reads no trace");
	else if (opt.seed > INT64_MAX)
		bel_usage(&tool->err, "--seed: at most 2^63 - 1");
	if (!tool->err.code && !bel_frames_need_footprint(opt.frames) &&
		bel_parse_frames(opt.frames, 0, &frames, &frame_count, &tool->err) == 0)
		free(frames);
	if (tool->err.code)
		tool_die(tool);
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
	enum bel_emit_format format;
	struct tool tool;
	size_t refused;
	int status;

	tool_start(&tool, &command, argc, argv);
	if (!opt.policies && !opt.audit)
		opt.policies = "fifo,lru,opt,clock";
	refused = policies_parse(&tool, opt.policies, &specs, &sweep.spec_count);
	if (opt.frames && policies_variable(specs, sweep.spec_count))
		tool_warn(&tool, "--frames says nothing to policies of variable space");
	if (!opt.frames)
		opt.frames = opt.audit ? AUDIT_FRAMES : "4:256:*2";
	check_options(&tool);
	if (bel_emit_format_parse(opt.format, &format, &tool.err) < 0)
		tool_die(&tool);
	sweep.specs = specs;
	sweep.frames = opt.frames;
	sweep.seed = opt.seed;
	sweep.generic = opt.generic;
	sweep.pass = (struct bel_pass_setup){
		.threads = opt.jobs ? (unsigned)opt.jobs : bel_pool_processors(),
		.interval = opt.interval,
		.keep = {.memory = opt.memory, .dir = temp_folder(TEMP_LARGE)},
		.progress = bel_progress_report,
		.progress_host = &progress,
	};

	atexit(abandon_output);
	if (bel_outfile_open(&out, opt.output, &tool.err) < 0 ||
		bel_emit_open(&emit, out.file, format,
			opt.audit ? audit_columns : columns + (tool.count < 2), &tool.err) < 0)
		tool_die(&tool);
	status = opt.audit ? audit_all(&tool, &sweep) : trace_each(&tool, run, &sweep);
	if (bel_emit_close(emit, &tool.err) < 0 || bel_outfile_commit(&out, &tool.err) < 0)
		tool_die(&tool);
	bel_specs_free(specs, sweep.spec_count);
	return tool_finish(&tool, refused ? 3 : status);
}

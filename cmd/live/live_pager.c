/* SPDX-License-Identifier: MIT */
/*
 * live_pager.c: bel-live pager: replays traces on real memory with a pager and policies of ours.
 *
 * Input: traces (operands or standard input). Output: records belady.pager/1.
 */
#include <stdlib.h>
#include <string.h>

#include "live_command.h"
#include "number.h"
#include "pager.h"
#include "pager_record.h"
#include "policy_options.h"
#include "progress.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"

static struct {
	const char *policies, *frames, *backend, *list, *format, *output;
	uint64_t seed, memory;
	bool exact, verify, timing, quiet;
	struct bel_source_options trace;
} opt = {
	.policies = "clock",
	.frames = "256",
	.output = "-",
	.seed = 1,
	.memory = (uint64_t)1 << 30,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"policies", 'p', "LIST", "policies with parameters, as in bel-sim (default clock)",
		BEL_OPT_TEXT, &opt.policies},
	{"frames", 'f', "LIST", "frame counts: 8,16 4:64 4:256:*2 10% all (default 256)",
		BEL_OPT_TEXT, &opt.frames},
	TRACE_PAGE_SIZE_OPTION(opt.trace),
	{"exact", 0, NULL,
		"map at most one page at a time: for policies that decide by hits, or that need "
		"the future",
		BEL_OPT_FLAG, &opt.exact},
	{"backend", 0, "NAME",
		"uffd-sigbus, mprotect, uffd-thread, or auto: the first of these that is here "
		"(default auto); 'list' prints which are here",
		BEL_OPT_TEXT, &opt.backend},
	{"verify", 0, NULL, "check the contents of the pages", BEL_OPT_FLAG, &opt.verify},
	SEED_OPTION(opt.seed),
	BEL_OPTION_GROUP("input"),
	TRACE_NAME_OPTION(opt.trace),
	TRACE_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	{"list-faults", 0, "FILE",
		"write each fault and eviction to FILE; for one policy with one number of frames",
		BEL_OPT_TEXT, &opt.list},
	{"timing", 0, NULL, "add the CPU time of a trap, which differs from run to run",
		BEL_OPT_FLAG, &opt.timing},
	FORMAT_OPTION(opt.format),
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	TRACE_MEMORY_OPTION(opt.memory),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-live pager",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Replays traces on real memory, with a pager that runs belady's policies.",
	.options = options,
	.examples = "  bel-live pager -p fifo,clock,linux -f 64:1024:*2 ls.bel\n"
		    "  bel-live pager -p lru,opt -f 256 --exact ls.bel\n"
		    "  bel-live pager -p clock -f 256 --verify --timing ls.bel\n",
};

static const char *const columns[] = {"@trace", "spec=policy", "frames", "?backend", "faults",
	"traps", "loads", "evictions", "writebacks", "unmaps", "cpu_us_per_trap=us/trap", NULL};

/* The configurations of one trace. */
struct job {
	const struct bel_policy_spec *specs;
	size_t spec_count, frame_count;
	uint64_t *frames;
	struct bel_pager_setup setup; /* but for the policy and the frames */
	struct bel_next_uses *trace;
	struct bel_run_trace identity;
	struct bel_emit *emit;
};

static void print_backends(struct tool *tool)
{
	for (unsigned i = 0; i < BEL_PAGER_BACKENDS; i++) {
		struct bel_err why;
		const int r = bel_pager_backend_probe(i, &why);

		printf("%-12s %s\n", bel_pager_backend_name(i), r < 0 ? why.text : "available");
	}
	exit(tool_finish(tool, 0));
}

/* Stores the trace. */
static int read_trace(struct tool *tool, struct bel_source *source, struct job *job)
{
	const struct bel_next_uses_setup keep = {
		.memory = opt.memory, .dir = temp_folder(TEMP_LARGE)};
	struct bel_progress progress;
	struct bel_chunk chunk;
	uint64_t references = 0;
	int r = BEL_FAIL;

	job->trace = bel_next_uses_new(&keep, &tool->err);
	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	while (job->trace && (r = bel_source_next(source, &chunk, &tool->err)) > 0) {
		r = bel_next_uses_add(job->trace, chunk.runs, chunk.count, &tool->err);
		if (r < 0)
			break;
		references = chunk.now + chunk.references;
		bel_progress_update(&progress, references, bel_source_fraction(source));
	}
	bel_progress_end(&progress);
	if (r < 0)
		return BEL_FAIL;
	bel_run_trace_identify(&job->identity, source, references);
	job->setup.pages = (uint32_t)job->identity.identity.pages;
	return bel_parse_frames(
		opt.frames, job->setup.pages, &job->frames, &job->frame_count, &tool->err);
}

/* Configuration `index`: in the order of the policies, then of the frames. */
static bool configuration(struct job *job, size_t index)
{
	for (size_t i = 0; i < job->spec_count; i++) {
		const bool variable = job->specs[i].policy->caps & BEL_POLICY_VARIABLE;
		const size_t count = variable ? 1 : job->frame_count;

		job->setup.spec = &job->specs[i];
		job->setup.frames = variable ? 0 : job->frames[index < count ? index : 0];
		if (index < count)
			return true;
		index -= count;
	}
	return false;
}

/* All are checked before the first runs. A process replays one. */
static int replay_all(struct tool *tool, struct job *job)
{
	bool future = false;

	for (size_t i = 0; configuration(job, i); i++) {
		if (i && job->setup.list)
			return bel_usage(&tool->err,
				"--list-faults: give one policy and one number of frames");
		if (bel_pager_check(&job->setup, &tool->err) < 0)
			return BEL_USAGE;
		future |= job->setup.spec->policy->caps & BEL_POLICY_FUTURE;
	}
	if (future && bel_next_uses_compute(job->trace, &tool->err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; configuration(job, i); i++) {
		struct bel_pager_result result;

		if (bel_pager_run(&job->setup, job->trace, &result, &tool->err) < 0 ||
			bel_pager_record_emit(job->emit, &job->identity, &job->setup, &result,
				opt.timing, &tool->err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

/* See trace_each(). */
static int run(struct tool *tool, const char *path, void *host)
{
	struct job job = *(const struct job *)host;
	struct bel_source *const source = trace_try(tool, &opt.trace, path);
	int r = source ? read_trace(tool, source, &job) : BEL_FAIL;

	if (r == 0)
		r = replay_all(tool, &job);
	free(job.frames);
	bel_next_uses_free(job.trace);
	if (r == 0)
		trace_close(tool, source);
	else
		bel_source_close(source);
	return r;
}

int live_pager(int argc, char **argv)
{
	struct bel_policy_spec *specs;
	struct job job = {.identity = {.tool = "bel-live"}};
	struct bel_outfile list = {.file = NULL};
	struct tool tool;
	size_t refused;
	int status;

	tool_start(&tool, &command, argc, argv);
	if (opt.backend && !strcmp(opt.backend, "list"))
		print_backends(&tool);
	trace_join(&tool, &opt.trace);
	refused = policies_parse(&tool, opt.policies, &specs, &job.spec_count);
	job.specs = specs;
	tool_check(&tool, bel_pager_backend_parse(opt.backend, &job.setup.backend, &tool.err));
	if (opt.list && tool.count > 1)
		tool_usage(&tool, "--list-faults: give one trace only");
	if (opt.list)
		tool_check(&tool, bel_outfile_open(&list, opt.list, &tool.err));
	job.setup.seed = job.identity.seed = opt.seed;
	job.setup.exact = opt.exact;
	job.setup.verify = opt.verify;
	job.setup.list = list.file;
	job.emit = output_records(&tool, opt.output, opt.format, columns + (tool.count < 2));
	bel_emit_csv_of(job.emit, "belady.pager/1");
	status = trace_each(&tool, run, &job);
	if (opt.list)
		tool_check(&tool, bel_outfile_commit(&list, &tool.err));
	output_commit(&tool);
	bel_specs_free(specs, job.spec_count);
	return tool_finish(&tool, refused ? 3 : status);
}

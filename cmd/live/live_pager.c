/* SPDX-License-Identifier: MIT */
/*
 * live_pager.c: bel-live pager: replays traces on real memory with a pager and policies of ours.
 *
 * Input: traces (operands or standard input). Output: records belady.pager/1.
 */
#include <stdlib.h>
#include <string.h>

#include "live_command.h"
#include "live_pager_trace.h"
#include "policy_options.h"
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

static void print_backends(struct tool *tool)
{
	for (unsigned i = 0; i < BEL_PAGER_BACKENDS; i++) {
		struct bel_err why;
		const int r = bel_pager_backend_probe(i, &why);

		printf("%-12s %s\n", bel_pager_backend_name(i), r < 0 ? why.text : "available");
	}
	exit(tool_finish(tool, 0));
}

/* See trace_each(). */
static int run(struct tool *tool, const char *path, void *host)
{
	struct live_pager_job job = *(const struct live_pager_job *)host;
	struct bel_source *const source = trace_try(tool, &opt.trace, path);
	int r = source ? live_pager_read(&job, source, command.name, &tool->err) : BEL_FAIL;

	if (r == 0)
		r = live_pager_replay(&job, &tool->err);
	live_pager_release(&job);
	if (r == 0)
		trace_close(tool, source);
	else
		bel_source_close(source);
	return r;
}

int live_pager(int argc, char **argv)
{
	struct bel_policy_spec *specs;
	struct live_pager_job job = {.identity = {.tool = "bel-live"}};
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
	job.frame_list = opt.frames;
	job.memory = opt.memory;
	job.timing = opt.timing;
	job.quiet = opt.quiet;
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

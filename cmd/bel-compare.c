/* SPDX-License-Identifier: MIT */
/*
 * bel-compare.c: policies side by side, over many sizes and traces; or results before and
 * after a change, as a gate for scripts.
 *
 * Records belady.run/1 and belady.curve/1 in (operands, standard input), records
 * belady.compare*, or belady.regression/1, out.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compare_record.h"
#include "outfile.h"
#include "spec.h"
#include "trace_options.h"

static struct {
	const char *baseline, *show, *increase, *format, *output;
} opt = {.baseline = "lru", .show = "sizes,traces,policies,pairs", .output = "-"};

static const struct bel_option options[] = {
	{"baseline", 'b', "POLICY", "whose gap to OPT is to be closed (default lru)", BEL_OPT_TEXT,
		&opt.baseline},
	{"show", 's', "LIST", "of sizes, traces, policies and pairs (default all)", BEL_OPT_TEXT,
		&opt.show},
	{"max-faults-increase", 0, "LIST",
		"compare the second input with the first, and exit 1 where\nfaults grew by more: "
		"2%, 2%@64MiB (at that much memory)",
		BEL_OPT_TEXT, &opt.increase},
	{"format", 0, "FORMAT", "jsonl, csv or table (default: table on a terminal)", BEL_OPT_TEXT,
		&opt.format},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-compare",
	.synopsis = "[OPTION...] [RECORDS...]",
	.purpose = "Compares policies by their faults, or results before and after a change.",
	.options = options,
	.examples = "  bel-sim -p lru,clock,sieve,opt *.bel | bel-compare --show policies\n"
		    "  bel-compare --max-faults-increase 2%@64MiB before.jsonl after.jsonl\n",
};

static const char *const columns[] = {"@trace", "spec=policy", "against_spec=against", "frames",
	"sizes", "faults", "faults_over_opt=over_opt", "faults_over_baseline=over_baseline",
	"gap_closed_percent=gap_closed_%", "mean_rank", "first_places", "wins", "losses", "ties",
	"faults_before", "faults_after", "increase_percent=increase_%", "limit_percent=limit_%",
	"rank", NULL};

static struct bel_outfile out;

/* However the tool ends: what is not committed leaves nothing behind. */
static void abandon_output(void)
{
	bel_outfile_abandon(&out);
}

static void warn(const struct tool *tool, uint64_t count, const char *what)
{
	if (count)
		tool_warn(tool, "passed over %" PRIu64 " record%s %s", count, count == 1 ? "" : "s",
			what);
}

/* One input; see trace_each(). */
static int load_one(struct tool *tool, const char *path, void *results)
{
	return bel_results_read(results, path, &tool->err);
}

/* What was read, or `path` if that is one. */
static void finish(struct tool *tool, struct bel_results *results, const char *path)
{
	if (bel_results_finish(results, &tool->err) < 0)
		tool_die(tool);
	warn(tool, results->variable, "of variable space, which have no frames");
	warn(tool, results->inexact, "whose faults are estimates");
	warn(tool, results->others, "that are neither runs nor curves");
	if (!results->count) {
		bel_fail(&tool->err, "%s: no record with frames and faults",
			!path                ? "the inputs"
			: !strcmp(path, "-") ? "standard input"
					     : path);
		tool_die(tool);
	}
}

static int compare_all(struct tool *tool, struct bel_emit *emit, unsigned scopes)
{
	struct bel_results results;
	struct bel_ranking ranking;
	const struct bel_policy *policy;
	struct bel_err ignored;
	int status;

	bel_results_init(&results);
	status = trace_each(tool, load_one, &results);
	finish(tool, &results, tool->count > 1 ? NULL : tool->count ? tool->operands[0] : "-");
	/* Records have a policy's own name; a plug-in's is known to nobody else. */
	if (bel_policy_resolve(opt.baseline, &policy, &ignored) == BEL_OK)
		opt.baseline = policy->name;
	if (bel_ranking_init(&ranking, &results, opt.baseline, &tool->err) < 0)
		tool_die(tool);
	if (ranking.opt == BEL_NO_POLICY)
		tool_warn(tool, "no results of opt: no gap to it can be told");
	if (ranking.baseline == BEL_NO_POLICY)
		tool_warn(tool, "no results of the baseline %s", opt.baseline);
	if (ranking.incomplete)
		tool_warn(tool,
			"%zu of %zu sizes are not in the means: some policies were not run "
			"there",
			ranking.incomplete, ranking.sizes);
	if (bel_compare_records_emit(emit, &ranking, scopes, &tool->err) < 0)
		tool_die(tool);
	bel_ranking_release(&ranking);
	bel_results_release(&results);
	return status;
}

struct gating {
	struct tool *tool;
	struct bel_emit *emit;
	const struct bel_results *before;
};

static int told(void *host, const struct bel_regression_result *result)
{
	const struct gating *g = host;

	if (!result->after)
		tool_warn(g->tool, "%s on %s: only in the first input",
			g->before->policy[result->before->policy].name,
			g->before->trace[result->before->trace].label);
	if (!result->failed)
		return 0;
	return bel_regression_record_emit(g->emit, g->before, result, &g->tool->err);
}

static int compare_two(
	struct tool *tool, struct bel_emit *emit, const struct bel_regression_limits *gate)
{
	struct bel_results before, after;
	struct gating g = {tool, emit, &before};
	struct bel_regression_tally tally;

	bel_results_init(&before);
	bel_results_init(&after);
	if (load_one(tool, tool->operands[0], &before) < 0 ||
		load_one(tool, tool->operands[1], &after) < 0)
		tool_die(tool);
	finish(tool, &before, tool->operands[0]);
	finish(tool, &after, tool->operands[1]);
	if (bel_regression_check(gate, &before, &after, told, &g, &tally) < 0)
		tool_die(tool);
	bel_results_release(&before);
	bel_results_release(&after);
	if (!tally.compared) {
		bel_fail(&tool->err, "%s and %s have nothing in common at these sizes",
			tool->operands[0], tool->operands[1]);
		tool_die(tool);
	}
	return tally.failed ? 1 : tally.missing ? 3 : 0;
}

int main(int argc, char **argv)
{
	enum bel_emit_format format;
	struct bel_regression_limits gate;
	struct bel_emit *emit;
	struct tool tool;
	unsigned scopes;
	int status;

	tool_start(&tool, &command, argc, argv);
	if (bel_compare_scopes_parse(opt.show, "--show", &scopes, &tool.err) < 0 ||
		bel_emit_format_parse(opt.format, &format, &tool.err) < 0 ||
		(opt.increase && bel_regression_parse(&gate, opt.increase, "--max-faults-increase",
					 &tool.err) < 0))
		tool_die(&tool);
	if (opt.increase && tool.count != 2) {
		bel_usage(&tool.err, "--max-faults-increase: two inputs are needed, before and "
				     "after");
		tool_die(&tool);
	}

	atexit(abandon_output);
	if (bel_outfile_open(&out, opt.output, &tool.err) < 0 ||
		bel_emit_open(&emit, out.file, format, columns, &tool.err) < 0)
		tool_die(&tool);
	status = opt.increase ? compare_two(&tool, emit, &gate) : compare_all(&tool, emit, scopes);
	if (bel_emit_close(emit, &tool.err) < 0 || bel_outfile_commit(&out, &tool.err) < 0)
		tool_die(&tool);
	return tool_finish(&tool, status);
}

/* SPDX-License-Identifier: MIT */
/*
 * bel-compare.c: compares policies over many sizes and traces, and with what was measured in real
 * memory; or compares results before and after a change, so that a script can stop on a regression.
 *
 * Input: records belady.run/1, belady.curve/1, belady.live/1 and belady.live-program/1 (operands or
 * standard input). Output: records belady.compare*, or belady.regression/1.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compare_record.h"
#include "spec.h"
#include "tool_output.h"
#include "trace_options.h"
#include "truth.h"

static struct {
	const char *baseline, *show, *increase, *format, *output;
	bool quiet;
} opt = {.baseline = "lru", .output = "-"};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"baseline", 'b', "POLICY",
		"ordinary policy with which all policies are compared (default lru)", BEL_OPT_TEXT,
		&opt.baseline},
	{"show", 's', "LIST",
		"what to print: sizes,traces,policies,pairs,errors,mean-errors or predictions "
		"(default: all in JSON Lines; else policies, traces in a table of several traces, "
		"or the last three if the input has measured faults)",
		BEL_OPT_TEXT, &opt.show},
	{"max-faults-increase", 0, "LIST",
		"compare the second input with the first, and exit with 1 if faults grew by more: "
		"2%, or 2%@64MiB at that size of memory",
		BEL_OPT_TEXT, &opt.increase},
	BEL_OPTION_GROUP("output"),
	FORMAT_OPTION(opt.format),
	OUTPUT_OPTION(opt.output),
	{"quiet", 'q', NULL, "print no notes", BEL_OPT_FLAG, &opt.quiet},
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

static const char *const columns[] = {"@trace", "?trace.page_bytes=page", "spec=policy",
	"against_spec=against", "frames", "sizes", "faults", "faults_over_opt=over_opt",
	"faults_over_baseline=over_base", "gap_closed_percent=closed_%", "mean_rank",
	"first_places", "wins", "losses", "ties", "faults_before", "faults_after",
	"increase_percent=increase_%", "limit_percent=limit_%", "rank", "measured_faults=measured",
	"measured_major_faults=major", "predicted_major_faults=predicted", "?read_ahead_bytes",
	"spread_percent=spread_%", "error_percent=error_%", "mean_error_percent=mean_%",
	"mean_absolute_error_percent=absolute_%", "largest_error_percent=largest_%", "?measured_by",
	"?kernel", "?reclaim", NULL};

/* A given --show is checked before anything is read. */
static unsigned scopes_given(struct tool *tool, struct bel_emit *emit)
{
	unsigned scopes = 0;

	if (!opt.show)
		return 0;
	tool_check(tool, bel_compare_scopes_parse(opt.show, "--show", &scopes, &tool->err));
	if (bel_emit_format(emit) == BEL_EMIT_CSV && (scopes & (scopes - 1)))
		tool_usage(tool, "--format csv is one table: give --show one of %s",
			BEL_COMPARE_SCOPES);
	return scopes;
}

/* A table has what tells most, CSV is one table, and JSON Lines are for other tools. */
static unsigned scopes_for(const struct bel_results *results, enum bel_emit_format format)
{
	const unsigned truth = results->measurements && results->count ? COMPARE_TRUTH : 0,
		       measured = truth | (results->predictions.count ? COMPARE_PREDICTIONS : 0);

	if (format == BEL_EMIT_JSONL)
		return (results->count ? COMPARE_RANKING : 0) | measured;
	if (measured)
		return format != BEL_EMIT_CSV ? measured
		       : truth                ? COMPARE_ERRORS
					      : COMPARE_PREDICTIONS;
	/* A table of several traces tells them apart. */
	return format == BEL_EMIT_TABLE && results->traces > 1 ? COMPARE_TRACES : COMPARE_POLICIES;
}

static void choose_csv(struct bel_emit *emit, unsigned scopes)
{
	static const char *const schema[] = {"belady.compare/1", "belady.compare-trace/1",
		"belady.compare-policy/1", "belady.compare-pair/1", "belady.compare-truth/1",
		"belady.compare-truth-mean/1", "belady.compare-prediction/1"};
	unsigned one = 0;

	while (!(scopes >> one & 1))
		one++;
	bel_emit_csv_of(emit, schema[one]);
}

static void warn(const struct tool *tool, uint64_t count, const char *what)
{
	if (count)
		tool_note(tool, "skipped %" PRIu64 " record%s %s", count, count == 1 ? "" : "s",
			what);
}

/* Reads one input; see trace_each(). */
static int load_one(struct tool *tool, const char *path, void *results)
{
	return bel_results_read(results, path, &tool->err);
}

/* `path`: the input; NULL: there are several. */
static _Noreturn void fail_empty(struct tool *tool, const char *path)
{
	tool_fail(tool, "%s: no record with frames and faults",
		!path                ? "the inputs"
		: !strcmp(path, "-") ? "standard input"
				     : path);
}

/* Ends the reading and warns of skipped records. `path` as above. */
static void finish(struct tool *tool, struct bel_results *results, const char *path)
{
	tool_check(tool, bel_results_finish(results, &tool->err));
	warn(tool, results->variable, "of variable-space policies, which have no frame count");
	warn(tool, results->inexact, "with estimated faults");
	warn(tool, results->others, "that are neither runs, curves nor measurements");
	if (!results->count && !results->predictions.count)
		fail_empty(tool, path);
}

static void rank(struct tool *tool, struct bel_emit *emit, const struct bel_results *results,
	unsigned scopes)
{
	struct bel_ranking ranking;

	tool_check(tool, bel_ranking_init(&ranking, results, opt.baseline, &tool->err));
	if (ranking.opt == BEL_NO_POLICY)
		tool_warn(tool, "no results of opt, so gaps to OPT are not computed");
	if (ranking.baseline == BEL_NO_POLICY)
		tool_warn(tool, "no results of the baseline %s", opt.baseline);
	if (ranking.incomplete)
		tool_warn(tool,
			"%zu of %zu sizes are left out of the means: not all policies were run "
			"there",
			ranking.incomplete, ranking.sizes);
	tool_check(tool, bel_compare_records_emit(emit, &ranking, scopes, &tool->err));
	bel_ranking_release(&ranking);
}

/* Simulations beside what was measured in real memory. */
static void judge(struct tool *tool, struct bel_emit *emit, const struct bel_results *results,
	unsigned scopes)
{
	struct bel_truth_tally tally;

	if (!results->measurements)
		tool_fail(tool,
			"no measured faults: give records of bel-live replay or bel-live run");
	bel_truth_count(results, &tally);
	if (tally.alone == results->measurements)
		tool_fail(tool,
			"no policy was run with the trace, the page size and the frames of a "
			"measurement");
	if (tally.alone)
		tool_warn(tool,
			"%zu of %zu measurements are left out: no policy was run with their trace, "
			"page size and frames",
			tally.alone, results->measurements);
	if (tally.incomplete)
		tool_warn(tool,
			"%zu of %zu measurements are left out of the mean errors: not all policies "
			"were run there",
			tally.incomplete, results->measurements);
	if (scopes & COMPARE_ERRORS)
		tool_check(tool, bel_truth_emit(emit, results, &tool->err));
	if (scopes & COMPARE_MEAN_ERRORS)
		tool_check(tool, bel_truth_means_emit(emit, results, &tool->err));
}

static int compare_all(struct tool *tool, struct bel_emit *emit)
{
	unsigned scopes = scopes_given(tool, emit);
	struct bel_results results;
	const struct bel_policy *policy;
	struct bel_err ignored;
	const char *path;
	int status;

	bel_results_init(&results);
	status = trace_each(tool, load_one, &results);
	path = tool->count > 1 ? NULL : tool->count ? tool->operands[0] : "-";
	finish(tool, &results, path);
	/* Records have a policy's main name. Other names of a plug-in are not known here. */
	if (bel_policy_resolve(opt.baseline, &policy, &ignored) == BEL_OK)
		opt.baseline = policy->name;
	scopes = scopes ?: scopes_for(&results, bel_emit_format(emit));
	choose_csv(emit, scopes);
	if (scopes & ~COMPARE_PREDICTIONS && !results.count)
		fail_empty(tool, path);
	if (scopes & COMPARE_RANKING)
		rank(tool, emit, &results, scopes);
	if (scopes & COMPARE_TRUTH)
		judge(tool, emit, &results, scopes);
	if (scopes & COMPARE_PREDICTIONS && !results.predictions.count)
		tool_fail(tool, "no predictions: give records of bel-live run --trace");
	if (scopes & COMPARE_PREDICTIONS)
		tool_check(tool, bel_predictions_emit(
					 emit, &results.predictions, results.trace, &tool->err));
	bel_results_release(&results);
	return status;
}

struct gating {
	struct tool *tool;
	struct bel_emit *emit;
	const struct bel_results *before;
};

static int report(void *host, const struct bel_regression_result *result)
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

	scopes_given(tool, emit);
	bel_emit_csv_of(emit, "belady.regression/1");
	bel_results_init(&before);
	bel_results_init(&after);
	tool_check(tool, load_one(tool, tool->operands[0], &before));
	tool_check(tool, load_one(tool, tool->operands[1], &after));
	finish(tool, &before, tool->operands[0]);
	finish(tool, &after, tool->operands[1]);
	warn(tool, before.measurements + after.measurements,
		"of measurements, which have no policy");
	tool_check(tool, bel_regression_check(gate, &before, &after, report, &g, &tally));
	bel_results_release(&before);
	bel_results_release(&after);
	if (!tally.compared)
		tool_fail(tool, "%s and %s have no common results at these sizes",
			tool->operands[0], tool->operands[1]);
	return tally.failed ? 1 : tally.missing ? 3 : 0;
}

int main(int argc, char **argv)
{
	struct bel_regression_limits gate;
	struct bel_emit *emit;
	struct tool tool;
	int status;

	tool_start(&tool, &command, argc, argv);
	if (opt.increase)
		tool_check(&tool, bel_regression_parse(
					  &gate, opt.increase, "--max-faults-increase", &tool.err));
	if (opt.increase && tool.count != 2)
		tool_usage(&tool, "--max-faults-increase: give two inputs, before and after");

	emit = output_records(&tool, opt.output, opt.format, columns);
	status = opt.increase ? compare_two(&tool, emit, &gate) : compare_all(&tool, emit);
	output_commit(&tool);
	return tool_finish(&tool, status);
}

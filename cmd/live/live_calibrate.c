/* SPDX-License-Identifier: MIT */
/*
 * live_calibrate.c: bel-live calibrate: measures what memory events cost on this machine.
 *
 * Input: none. Output: records belady.cost/1, or the value of bel-vm's --cost.
 */
#include "cost.h"
#include "cost_record.h"
#include "live_command.h"
#include "option_rows.h"
#include "temp_folder.h"
#include "tool_output.h"

static struct {
	const char *format, *output;
	uint64_t repetitions;
	bool swap, line, quiet;
} opt = {
	.output = "-",
	.repetitions = BEL_COST_REPETITIONS,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to measure"),
	{"repetitions", 0, "N", "measure each event N times, 1 to 1000 (default 15)", BEL_OPT_COUNT,
		&opt.repetitions},
	{"swap", 0, NULL, "also measure swapping out and in, of 16 MiB of our own memory",
		BEL_OPT_FLAG, &opt.swap},
	BEL_OPTION_GROUP("output"),
	{"line", 0, NULL, "instead, print only the value for --cost of bel-vm", BEL_OPT_FLAG,
		&opt.line},
	FORMAT_OPTION(opt.format),
	OUTPUT_OPTION(opt.output),
	{"quiet", 'q', NULL, "do not print the value for bel-vm below a table", BEL_OPT_FLAG,
		&opt.quiet},
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-live calibrate",
	.synopsis = "[OPTION...]",
	.purpose = "Measures what memory events cost here, for the cost model of bel-vm.",
	.options = options,
	.examples = "  bel-live calibrate\n"
		    "  bel-vm --cost \"$(bel-live calibrate --line)\" -f 256 ls.bel\n",
};

static const char *const columns[] = {
	"title=event", "median_ns=ns", "low_ns=low", "high_ns=high", "why_not=not measured", NULL};

static void print_line(struct tool *tool, const struct bel_cost *cost)
{
	FILE *const file = output_open(tool, opt.output)->file;
	char line[BEL_COST_LINE];

	bel_cost_line(cost, line, sizeof(line));
	fprintf(file, "%s\n", line);
	output_commit(tool);
}

/* Below a table, tells what to do with it. */
static void print_records(struct tool *tool, const struct bel_cost *cost)
{
	struct bel_emit *const emit = output_records(tool, opt.output, opt.format, columns);
	const bool table = bel_emit_format(emit) == BEL_EMIT_TABLE;
	char line[BEL_COST_LINE];

	bel_emit_csv_of(emit, "belady.cost/1");
	tool_check(tool, bel_cost_records_emit(emit, cost, &tool->err));
	output_commit(tool);
	bel_cost_line(cost, line, sizeof(line));
	if (table && !opt.quiet)
		fprintf(stderr, "For bel-vm:\n--cost %s\n", line);
}

int live_calibrate(int argc, char **argv)
{
	struct bel_cost_setup setup = {.folder = temp_folder(TEMP_LARGE)};
	struct bel_cost cost;
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	if (tool.count)
		tool_usage(&tool, "unexpected operand '%s'", tool.operands[0]);
	if (opt.repetitions > BEL_COST_REPETITIONS_MOST)
		tool_usage(&tool, "--repetitions: must be at most %d", BEL_COST_REPETITIONS_MOST);
	if (opt.line && opt.format)
		tool_usage(&tool, "--line and --format exclude each other");
	setup.repetitions = opt.repetitions;
	setup.swap = opt.swap;
	tool_check(&tool, bel_cost_measure(&setup, &cost, &tool.err));
	if (opt.line)
		print_line(&tool, &cost);
	else
		print_records(&tool, &cost);
	return tool_finish(&tool, 0);
}

/* SPDX-License-Identifier: MIT */
/*
 * live_probe.c: bel-live probe: what this machine offers.
 *
 * Output: records belady.probe/1. With a table, standard error says what to do about what is
 * missing.
 */
#include "facts.h"
#include "live_command.h"
#include "option_rows.h"
#include "tool_output.h"

static struct {
	const char *format, *output;
	bool quiet;
} opt = {.output = "-"};

static const struct bel_option options[] = {
	FORMAT_OPTION(opt.format),
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-live probe",
	.synopsis = "[OPTION...]",
	.purpose =
		"Prints what this machine offers for measurements, and what to do about the rest.",
	.options = options,
	.examples = "  bel-live probe\n"
		    "  bel-live probe --format jsonl | jq 'select(.available | not)'\n",
};

static const char *const columns[] = {"facility", "available", "detail", NULL};

int live_probe(int argc, char **argv)
{
	struct bel_fact fact;
	struct bel_emit *emit;
	struct tool tool;
	bool table;

	tool_start(&tool, &command, argc, argv);
	if (tool.count)
		tool_usage(&tool, "unexpected operand '%s'", tool.operands[0]);
	emit = output_records(&tool, opt.output, opt.format, columns);
	table = bel_emit_format(emit) == BEL_EMIT_TABLE;
	for (unsigned i = 0; bel_fact(i, "", &fact); i++)
		tool_check(&tool, bel_fact_record_emit(emit, &fact, &tool.err));
	output_commit(&tool);
	fflush(stdout);
	for (unsigned i = 0; table && !opt.quiet && bel_fact(i, "", &fact); i++)
		if (fact.remedy)
			tool_warn(&tool, "%s: %s", fact.name, fact.remedy);
	return tool_finish(&tool, 0);
}

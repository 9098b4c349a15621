/* SPDX-License-Identifier: MIT */
/* blame_output.c: writes results by key in the format that the user chose. */
#include "blame_output.h"

#include <inttypes.h>
#include <string.h>

#include "blame_chrome.h"
#include "blame_picture.h"

enum { TOP = 20 };

/* On a narrow terminal the last ones are left out. */
static const char *const columns[] = {"?@trace", "spec=policy", "frames", "?process", "?command",
	"?thread", "?mark", "?function", "?line", "?object", "?stack", "?region", "?mapping",
	"?library", "?page", "faults", "fault_share=share", "regret", "needed_evictions=needed",
	"writebacks", "?keys", "evictions", "references", NULL};

static const char *const compare_columns[] = {"before.spec=policy", "before.frames=frames",
	"?process", "?command", "?thread", "?mark", "?function", "?line", "?object", "?stack",
	"?region", "?mapping", "?library", "?page", "?keys", "faults_before=before",
	"faults_after=after", "faults_change=change", "regret_before", "regret_after",
	"writebacks_before", "writebacks_after", NULL};

static bool is_picture(const char *format)
{
	static const char *const pictures[] = {"folded", "callgrind", "chrome", "svg", NULL};

	for (const char *const *name = pictures; format && *name; name++)
		if (!strcmp(*name, format))
			return true;
	return false;
}

bool blame_output_over_time(const struct blame_output *output)
{
	return output->format && !strcmp(output->format, "chrome");
}

bool blame_output_calls(const struct blame_output *output)
{
	return output->format && !strcmp(output->format, "callgrind");
}

void blame_output_open(struct tool *tool, struct blame_output *output, bool compare)
{
	enum bel_emit_format parsed;

	output->picture = is_picture(output->format);
	if (!output->picture && bel_emit_format_parse(output->format, &parsed, &tool->err) < 0)
		tool_usage(tool,
			"'%s' is not a result format; use jsonl, csv, table, folded, callgrind, "
			"chrome or svg",
			output->format);
	if (output->picture && compare)
		tool_usage(tool, "--format %s: shows one trace, not two", output->format);
	if (output->top == BLAME_TOP_UNSET)
		output->top = output->picture && !blame_output_over_time(output) ? 0 : TOP;
	if (output->picture) {
		output->file = output_open(tool, output->path);
		return;
	}
	output->emit = output_records(
		tool, output->path, output->format, compare ? compare_columns : columns);
	bel_emit_csv_of(output->emit, compare ? "belady.blame-compare/1" : "belady.blame/1");
}

static void draw(struct tool *tool, struct blame_output *output, struct bel_blame_result *result)
{
	struct bel_blame_below below = {.rows = 0};
	FILE *const file = output->file->file;
	const char *spec = "", *trace = "";
	uint64_t frames = 0;
	char title[256];

	tool_check(tool, bel_record_get_text(result->head, "spec", &spec, &tool->err));
	tool_check(tool, bel_record_get_text(result->head, "trace.name", &trace, &tool->err));
	if (bel_record_has(result->head, "frames"))
		tool_check(tool, bel_record_get_count(result->head, "frames", &frames, &tool->err));
	if (output->measure == BEL_BLAME_REGRET && !result->table.has_opt)
		tool_usage(tool,
			"--measure regret: %s has no number of frames, so it has no regret", spec);
	snprintf(title, sizeof(title),
		frames ? "%s by %s: %s, %" PRIu64 " frames, %s" : "%s by %s: %s%.0" PRIu64 ", %s",
		bel_blame_measure_name(output->measure), result->table.by.text, spec, frames,
		trace);
	if (blame_output_over_time(output) && output->measure != BEL_BLAME_FAULTS)
		tool_usage(tool, "--format chrome shows faults, not --measure %s",
			bel_blame_measure_name(output->measure));
	if (blame_output_over_time(output) && !result->line.samples && result->table.sum.faults)
		tool_usage(tool, "--format chrome needs a trace; records have no times");
	if (!strcmp(output->format, "folded"))
		bel_blame_folded(file, &result->table, output->measure, &below);
	else if (!strcmp(output->format, "callgrind"))
		tool_check(tool, bel_blame_callgrind(file, &result->table, trace, &tool->err));
	else if (blame_output_over_time(output))
		tool_check(tool,
			bel_blame_chrome(file, &result->table, &result->line, title, &tool->err));
	else
		tool_check(tool, bel_blame_svg(file, &result->table, output->measure, title, &below,
					 &tool->err));
	if (below.rows)
		tool_note(tool,
			"%" PRIu64 " keys are not shown: their %s are below 0, %" PRId64 " in all",
			below.rows, bel_blame_measure_name(output->measure), below.sum);
}

/* Says how many faults have a known call stack. */
static void tell_stacks(const struct tool *tool, const struct bel_blame_result *result)
{
	const struct bel_blame_table *const table = &result->table;
	const uint64_t faults = table->sum.faults, without = bel_blame_table_stackless(table);
	struct bel_err ignored;
	const char *spec = "";
	uint64_t frames = 0;
	char of[40] = "";

	if (!bel_blame_by_stacks(&table->by) || !faults)
		return;
	bel_record_get_text(result->head, "spec", &spec, &ignored);
	if (bel_record_get_count(result->head, "frames", &frames, &ignored) == 0)
		snprintf(of, sizeof(of), ", %" PRIu64 " frames", frames);
	tool_note(tool, "%s%s: %.2f %% of %" PRIu64 " faults have a known call stack", spec, of,
		100 * (double)(faults - without) / (double)faults, faults);
}

void blame_output_results(
	struct tool *tool, struct blame_output *output, struct bel_blame_results *results)
{
	if (output->picture && results->count > 1)
		tool_usage(tool, "--format %s: shows one policy with one number of frames, not %zu",
			output->format, results->count);
	for (size_t i = 0; i < results->count; i++) {
		struct bel_blame_result *const result = &results->result[i];

		tell_stacks(tool, result);
		tool_check(tool, bel_blame_table_order(
					 &result->table, output->measure, output->top, &tool->err));
		if (output->picture)
			draw(tool, output, result);
		else
			tool_check(tool, bel_blame_result_emit(output->emit, tool->command->name,
						 result, &tool->err));
	}
}

void blame_output_compare(struct tool *tool, struct blame_output *output,
	const struct bel_blame_results *before, const struct bel_blame_results *after)
{
	const struct bel_blame_compare_setup setup = {
		.tool = tool->command->name, .measure = output->measure, .top = output->top};
	size_t found = 0;

	for (size_t i = 0; i < before->count; i++) {
		const struct bel_blame_result *const other =
			bel_blame_compare_find(before, i, after);

		if (!other)
			continue;
		found++;
		tool_check(tool, bel_blame_compare_emit(output->emit, &setup, &before->result[i],
					 other, &tool->err));
	}
	if (!found)
		tool_fail(tool, "%s and %s have no policy with the same number of frames in common",
			tool->operands[0], tool->operands[1]);
	if (found < before->count || found < after->count)
		tool_warn(tool,
			"%zu of %zu and %zu results are in both, and only these are compared",
			found, before->count, after->count);
}

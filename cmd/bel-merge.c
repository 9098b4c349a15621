/* SPDX-License-Identifier: MIT */
/*
 * bel-merge.c: joins summaries of slices, and gives the curves of the whole trace.
 *
 * Input: summaries that bel-curve --summary or bel-merge --summary has written. Output: records
 * belady.curve/1, as bel-curve gives them for the whole trace, or a summary.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "curve_record.h"
#include "curve_records.h"
#include "number.h"
#include "option_rows.h"
#include "slice_summary.h"
#include "spec.h"
#include "tool_output.h"

static struct {
	const char *frames, *ram, *format, *output;
	uint64_t fault;
	bool all, quiet, summary;
} opt = {
	.output = "-",
	.fault = 100000,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"frames", 'f', "LIST", "frame counts: 8,16 4:64 4:256:*2 10%, or all (default all)",
		BEL_OPT_TEXT, &opt.frames},
	RAM_OPTION(opt.ram),
	{"fault-time", 0, "N",
		"cost of a fault, in references, for the space-time product (default 100000)",
		BEL_OPT_RECORD, &opt.fault},
	BEL_OPTION_GROUP("output"),
	FORMAT_OPTION(opt.format),
	{"summary", 0, NULL, "write the summary of the joined slices, instead of records",
		BEL_OPT_FLAG, &opt.summary},
	{"all", 0, NULL, "show every point in a table", BEL_OPT_FLAG, &opt.all},
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-merge",
	.synopsis = "[OPTION...] SUMMARY...",
	.purpose = "Joins summaries of slices of a trace into the curves of the whole trace.",
	.options = options,
	.examples = "  bel-curve --slice 1/2 --summary big.bel -o 1.sum\n"
		    "  bel-curve --slice 2/2 --summary big.bel -o 2.sum\n"
		    "  bel-merge 1.sum 2.sum | bel-plot -o curve.svg\n",
};

struct place {
	const char *path;
	uint64_t from, to;
};

static FILE *open_summary(struct tool *tool, const char *path)
{
	FILE *const file = fopen(path, "rbe");

	if (!*path)
		tool_fail(tool, "the name of a summary is empty");
	if (!file && !strcmp(path, "-"))
		tool_fail(tool, "standard input: a summary must be a file: it is read twice");
	if (!file)
		tool_check(tool, bel_fail_open(&tool->err, path));
	if (fseek(file, 0, SEEK_CUR) < 0)
		tool_fail(tool, "%s: a summary must be a file, not a pipe: it is read twice", path);
	return file;
}

static int by_place(const void *left, const void *right)
{
	const struct place *const a = left, *const b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* The order of the summaries in the trace. */
static struct place *order(struct tool *tool)
{
	struct place *const place = calloc((size_t)tool->count, sizeof(*place));

	if (!place)
		tool_no_memory(tool, "the list of summaries");
	for (int i = 0; i < tool->count; i++) {
		FILE *const file = open_summary(tool, tool->operands[i]);

		place[i].path = tool->operands[i];
		tool_check(tool, bel_slice_summary_peek(file, place[i].path, &place[i].from,
					 &place[i].to, &tool->err));
		fclose(file);
	}
	qsort(place, (size_t)tool->count, sizeof(*place), by_place);
	return place;
}

/* Joins all summaries; only two are in memory at a time. */
static struct bel_slice_summary *join_all(struct tool *tool)
{
	struct place *const place = order(tool);
	struct bel_slice_summary *sum = NULL;

	for (int i = 0; i < tool->count; i++) {
		FILE *const file = open_summary(tool, place[i].path);
		struct bel_slice_summary *one;

		tool_check(tool, bel_slice_summary_read(&one, file, place[i].path, &tool->err));
		fclose(file);
		if (!sum) {
			sum = one;
			continue;
		}
		tool_check(tool, bel_slice_summary_join(sum, one, &tool->err));
		/* What comes next is compared with this one: messages name it. */
		free(sum->name);
		sum->name = one->name;
		one->name = NULL;
		bel_slice_summary_free(one);
	}
	free(place);
	return sum;
}

static void check_whole(struct tool *tool, const struct bel_slice_summary *sum)
{
	if (sum->from == UINT64_MAX)
		tool_fail(tool, "%s: no references: the slice is behind the end of the trace",
			sum->name ? sum->name : sum->trace.title);
	if (sum->from)
		tool_fail(tool, "no summary has the references before %llu; --summary joins a part",
			(unsigned long long)sum->from);
	if (!bel_slice_summary_complete(sum))
		tool_fail(tool,
			"no summary has the references from %llu on; --summary joins a part",
			(unsigned long long)sum->to);
	if (!sum->references)
		tool_fail(tool, "%s: no references in the trace", sum->trace.title);
}

static void emit_curve(struct tool *tool, struct bel_emit *emit,
	const struct bel_slice_summary *sum, const struct bel_policy_spec *spec)
{
	char digest[BEL_RUN_DIGEST_TEXT];
	const struct bel_trace_identity trace = {
		.name = sum->trace.title,
		.file = sum->trace.file,
		.digest = digest,
		.references = sum->references,
		.pages = sum->pages,
		.page_bytes = UINT64_C(1) << sum->trace.page_bits,
	};
	const struct bel_curve_joined joined = {&trace, spec, opt.fault};
	const char *const policy = spec->policy->name;
	struct bel_curve_setup setup = {.writebacks = true};
	struct bel_curve curve;
	uint64_t *x = NULL;
	const char *const text = opt.frames ? opt.frames : "all";

	bel_run_digest_text(&sum->digest, digest);
	if (strcmp(policy, "lru") != 0) {
		setup.x = sum->trace.taus ? sum->trace.tau : NULL;
		setup.count = sum->trace.taus;
	} else if (opt.ram || strcmp(text, "all") != 0) {
		tool_check(tool,
			opt.ram ? bel_parse_memory(opt.ram, sum->trace.page_bits, &x, &setup.count,
					  &tool->err)
				: bel_parse_frames(text, sum->pages, &x, &setup.count, &tool->err));
		setup.x = x;
	}
	tool_check(tool, bel_slice_summary_curve(sum, policy, &setup, &curve, &tool->err));
	tool_check(tool, bel_curve_record_joined(emit, "bel-curve", &joined, &curve, &tool->err));
	bel_curve_release(&curve);
	free(x);
}

static void emit_all(struct tool *tool, const struct bel_slice_summary *sum)
{
	const bool listed = opt.ram || (opt.frames && strcmp(opt.frames, "all") != 0);
	struct bel_emit *const emit =
		output_records(tool, opt.output, opt.format, bel_curve_columns + 1);
	struct bel_policy_spec *spec;
	size_t count;

	bel_curve_records_summarise(emit, !opt.all && !listed, !opt.all && !sum->trace.taus);
	bel_emit_csv_of(emit, "belady.curve/1");
	tool_check(tool, bel_specs_parse(sum->trace.policies, &spec, &count, &tool->err));
	for (size_t i = 0; i < count; i++)
		emit_curve(tool, emit, sum, &spec[i]);
	bel_specs_free(spec, count);
}

int main(int argc, char **argv)
{
	struct bel_slice_summary *sum;
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	if (!tool.count)
		tool_usage(&tool, "no summary given: bel-merge SUMMARY...");
	if (opt.ram && opt.frames)
		tool_usage(&tool, "--ram and --frames exclude each other");
	if (opt.summary && (opt.frames || opt.ram || opt.format || opt.all))
		tool_usage(&tool, "--summary: takes none of --frames, --ram, --format and --all");
	if (opt.summary && !strcmp(opt.output, "-") && isatty(STDOUT_FILENO))
		tool_usage(&tool, "a summary is not text: use -o FILE or a pipe");
	tool.reading = true;
	sum = join_all(&tool);
	if (opt.summary) {
		tool_check(&tool, bel_slice_summary_write(
					  sum, output_open(&tool, opt.output)->file, &tool.err));
	} else {
		check_whole(&tool, sum);
		emit_all(&tool, sum);
	}
	output_commit(&tool);
	if (!opt.summary)
		bel_curve_records_tell(&tool);
	bel_slice_summary_free(sum);
	return tool_finish(&tool, 0);
}

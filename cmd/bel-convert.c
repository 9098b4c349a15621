/* SPDX-License-Identifier: MIT */
/*
 * bel-convert.c: converts a trace, or a part of it, into another format.
 *
 * Input: a trace (operand or standard input). Output: a trace. With --records, stored records, and
 * CSV.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert_records.h"
#include "progress.h"
#include "slice.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"
#include "writer.h"

static struct {
	struct bel_source_options trace;
	struct bel_slice_options slice;
	struct bel_writer_options out;
	unsigned granule_bits;
	uint64_t level;
	struct bel_spool_budget keep;
	const char *kinds, *regions, *records, *output;
	bool quiet;
} opt = {
	.trace = TRACE_OPTIONS_INIT,
	.slice = BEL_SLICE_ALL,
	.output = "-",
	.granule_bits = TRACE_UNSET,
	.level = 3,
	.keep = {.memory = (uint64_t)1 << 30},
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to write"),
	{"page-size", 0, "SIZE",
		"fold to pages of SIZE bytes; 1 keeps every address (default: the trace's own page "
		"size, else 4KiB)",
		BEL_OPT_PAGE_SIZE, &opt.granule_bits},
	{"skip", 0, "N", "leave out the first N references", BEL_OPT_NUMBER, &opt.slice.skip},
	{"limit", 'n', "N", "write at most N references", BEL_OPT_NUMBER, &opt.slice.limit},
	{"from-mark", 0, "NAME",
		"start at the first mark NAME; --skip and --limit count from there", BEL_OPT_TEXT,
		&opt.slice.from_mark},
	{"to-mark", 0, "NAME", "stop at the next mark NAME", BEL_OPT_TEXT, &opt.slice.to_mark},
	{"process", 0, "PID", "write only this process", BEL_OPT_RECORD, &opt.slice.process},
	{"thread", 0, "TID", "write only this thread", BEL_OPT_RECORD, &opt.slice.thread},
	{"only", 0, "KINDS", "write only these kinds: fetch,load,store,modify,kernel", BEL_OPT_TEXT,
		&opt.kinds},
	{"only-region", 0, "REGIONS",
		"write only these regions: text,data,heap,stack,mmap,vdso,unknown", BEL_OPT_TEXT,
		&opt.regions},
	{"records", 0, "KIND",
		"instead, read stored records and write those of this kind as CSV: run, interval, "
		"curve, vm, vm-process, ...",
		BEL_OPT_TEXT, &opt.records},
	BEL_OPTION_GROUP("input"),
	TRACE_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	{"request-marks", 0, NULL,
		"put a mark 'request' before each request of a hash-ids trace, for bel-curve "
		"--requests",
		BEL_OPT_FLAG, &opt.trace.foreign.request_marks},
	BEL_OPTION_GROUP("output"),
	{"to", 0, "FORMAT", "format to write (default bel); 'list' prints all formats",
		BEL_OPT_TEXT, &opt.out.format},
	OUTPUT_OPTION(opt.output),
	TRACE_STORED_NAME_OPTION(opt.trace),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	LEVEL_OPTION(opt.level, "3"),
	TRACE_MEMORY_OPTION(opt.keep.memory),
	{0},
};

static const struct bel_command command = {
	.name = "bel-convert",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Writes a trace in another format, with larger pages, or a part of it.",
	.options = options,
	.examples = "  bel-convert ls.lackey.xz -o ls.bel\n"
		    "  bel-convert --page-size 16k ls.bel -o ls-16k.bel\n"
		    "  bel-convert --page-size 1 ls.lackey | bel-convert --only fetch --to din\n",
};

/* Parses what the option table cannot, and fills in the options of the writer. */
static void check_options(struct tool *tool)
{
	if (opt.kinds)
		tool_check(tool, bel_slice_parse_kinds(opt.kinds, &opt.slice.kinds, &tool->err));
	if (opt.regions)
		tool_check(tool, bel_slice_parse_regions(opt.regions, "--only-region",
					 &opt.slice.regions, &tool->err));
	opt.out.level = (int)opt.level;
	opt.keep.dir = temp_folder(TEMP_LARGE);
	opt.out.keep = &opt.keep;
	opt.out.first_byte = opt.trace.first_byte;
	if (opt.trace.slice && !opt.granule_bits)
		tool_usage(tool,
			"--slice: a slice ends where a run of references to one page does: "
			"with --page-size 1 there are no runs");
	if (opt.granule_bits)
		opt.trace.page_bits = opt.granule_bits;
}

/*
 * Copies one batch. Returns 1, 0 at the end of the trace or of the window, or negative with err.
 * Sets *any if a reference was written.
 */
static int copy_some(struct bel_source *source, struct bel_slice *slice, struct bel_writer *writer,
	bool *any, struct bel_err *err)
{
	const struct bel_accesses *batch;
	const struct bel_chunk *part;
	struct bel_chunk chunk;
	int r;

	if (bel_source_info(source)->granule_bits || opt.trace.slice) {
		r = bel_source_next(source, &chunk, err);
		if (r > 0)
			r = bel_slice_chunk(slice, &chunk, bel_source_pages(source), &part, err);
		*any = *any || (r > 0 && part->count);
		if (r > 0 && bel_writer_chunk(writer, part, bel_source_pages(source), err) < 0)
			r = err->code;
		return r;
	}
	r = bel_source_next_exact(source, &batch, err);
	if (r > 0)
		r = bel_slice_accesses(slice, batch, &batch, err);
	*any = *any || (r > 0 && batch->count);
	if (r > 0 && bel_writer_accesses(writer, batch, err) < 0)
		r = err->code;
	return r;
}

static void copy(struct tool *tool, struct bel_source *source, struct bel_slice *slice,
	struct bel_writer *writer)
{
	struct bel_progress progress;
	bool any = false;
	int r;

	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	while ((r = copy_some(source, slice, writer, &any, &tool->err)) > 0)
		bel_progress_update(
			&progress, bel_slice_position(slice), bel_source_fraction(source));
	bel_progress_end(&progress);
	tool_check(tool, r);
	tool_check(tool, bel_slice_end(slice, &tool->err));
	tool_check(tool, bel_writer_end(writer, bel_source_damage(source), &tool->err));
	if (!any)
		tool_warn(tool,
			"%s: no references were written: the trace, or the part of it, is empty",
			opt.output);
	if (bel_writer_lost(writer))
		tool_warn(tool,
			"%" PRIu64 " references cross a 4 KiB boundary, and format %s has no "
			"sizes: only their first pages are written",
			bel_writer_lost(writer), opt.out.format);
}

/*
 * Fills what the new trace says about itself. `maker` holds the name of the tool. Returns the
 * command of a part of a trace, which the caller frees; NULL: the trace is whole.
 */
static char *describe(const struct bel_source *source, struct bel_trace_info *info, char maker[96])
{
	const struct bel_trace_info *const old = bel_source_info(source);
	char *const part = bel_slice_command(&opt.slice, bel_source_title(source));

	*info = *old;
	if (old->granule_bits || opt.trace.slice) {
		info->granule_bits = bel_source_page_bits(source);
		info->unit_bits = 0;
	}
	if (!info->tool) {
		snprintf(maker, 96, "bel-convert " BEL_VERSION " (from %s)", info->format);
		info->tool = maker;
	}
	/* A part must not have the command line of the whole trace. */
	if (part) {
		info->command = part;
		info->name = NULL;
	} else if (opt.trace.slice || info->granule_bits == old->granule_bits) {
		trace_describe_slice(info, source);
	}
	if (!bel_slice_keeps_stacks(&opt.slice) || opt.trace.slice)
		info->near_pages = info->near_bits = 0;
	if (opt.trace.name)
		info->name = opt.trace.name;
	return part;
}

int main(int argc, char **argv)
{
	struct bel_trace_info info;
	struct bel_source *source;
	struct bel_slice *slice;
	struct bel_writer *writer;
	struct tool tool;
	char maker[96], *part;

	opt.trace.allow_empty = true;
	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	if (opt.records)
		return tool_finish(&tool, convert_records(&tool, opt.records, opt.output));
	trace_to_list(&tool, opt.out.format);
	check_options(&tool);

	source = trace_open_files(&tool, &opt.trace);
	if (opt.trace.foreign.request_marks &&
		strcmp(bel_source_format(source).name, "hash-ids") != 0)
		tool_usage(&tool,
			"--request-marks: the trace is in format %s; only hash-ids lists requests",
			bel_source_format(source).name);
	opt.out.out = output_trace(&tool, opt.output, opt.out.format);
	opt.out.granule_bits = opt.granule_bits ? bel_source_page_bits(source) : 0;
	part = describe(source, &info, maker);
	if (part && opt.trace.slice)
		tool_usage(&tool, "--slice: takes none of the options that choose references, "
				  "such as --skip and --only");

	tool_check(&tool, bel_slice_new(&slice, &opt.slice, &info, &tool.err));
	tool_check(&tool, bel_writer_open(&writer, &opt.out, &info, &tool.err));
	copy(&tool, source, slice, writer);

	bel_writer_free(writer);
	output_commit(&tool);
	bel_slice_free(slice);
	free(part);
	trace_close(&tool, source);
	return tool_finish(&tool, 0);
}

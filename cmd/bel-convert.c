/* SPDX-License-Identifier: MIT */
/*
 * bel-convert.c: any trace into any format, whole or a part of it.
 *
 * A trace in (operand, standard input), a trace out.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"
#include "slice.h"
#include "trace_options.h"
#include "writer.h"

static struct {
	struct bel_source_options trace;
	struct bel_slice_options slice;
	struct bel_writer_options out;
	unsigned granule_bits;
	uint64_t level;
	struct bel_spool_budget keep;
	const char *kinds, *regions;
	bool quiet;
} opt = {
	.trace = TRACE_OPTIONS_INIT,
	.slice = BEL_SLICE_ALL,
	.out = {.path = "-"},
	.granule_bits = TRACE_UNSET,
	.level = 3,
	.keep = {.memory = (uint64_t)1 << 30},
};

static const struct bel_option options[] = {
	{"to", 0, "FORMAT", "format to write (default bel); 'list' prints all", BEL_OPT_TEXT,
		&opt.out.format},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.out.path},
	{"granule", 'g', "SIZE",
		"fold to granules of SIZE bytes; 1 keeps every\naddress (default: as it was "
		"folded, else 4KiB)",
		BEL_OPT_PAGE_SIZE, &opt.granule_bits},
	{"page-size", 0, "SIZE", "the same", BEL_OPT_PAGE_SIZE, &opt.granule_bits},
	{"level", 0, "N", "how hard to compress, 1 to 19 (default 3)", BEL_OPT_NUMBER, &opt.level},
	{"skip", 0, "N", "leave out the first N references", BEL_OPT_NUMBER, &opt.slice.skip},
	{"limit", 'n', "N", "then take N references at most", BEL_OPT_NUMBER, &opt.slice.limit},
	{"from-mark", 0, "NAME",
		"leave out what precedes the first mark of that name;\n--skip and --limit count "
		"from there",
		BEL_OPT_TEXT, &opt.slice.from_mark},
	{"to-mark", 0, "NAME", "leave out what follows the next mark of that name", BEL_OPT_TEXT,
		&opt.slice.to_mark},
	{"process", 0, "PID", "only this process", BEL_OPT_NUMBER, &opt.slice.process},
	{"thread", 0, "TID", "only this thread", BEL_OPT_NUMBER, &opt.slice.thread},
	{"kind", 0, "LIST", "only these: fetch,load,store,modify,kernel", BEL_OPT_TEXT, &opt.kinds},
	{"region", 0, "LIST", "only these: text,data,heap,stack,mmap,vdso,unknown", BEL_OPT_TEXT,
		&opt.regions},
	{"memory", 0, "SIZE",
		"hold that much of the trace in memory where the format\ntells next accesses, the "
		"rest in $TMPDIR (default 1GiB)",
		BEL_OPT_NUMBER, &opt.keep.memory},
	TRACE_NAME_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
	{0},
};

static const struct bel_command command = {
	.name = "bel-convert",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Writes a trace in another format, with larger pages, or a part of it.",
	.options = options,
	.examples = "  bel-convert ls.lackey.xz -o ls.bel\n"
		    "  bel-convert --granule 1 ls.lackey | bel-convert --kind fetch --to din\n"
		    "  bel-convert --page-size 16k ls.bel -o ls-16k.bel\n",
};

static void die(struct tool *tool, struct bel_writer *writer)
{
	bel_writer_free(writer);
	tool_die(tool);
}

/* What the option table cannot check. */
static void check_options(struct tool *tool)
{
	if ((opt.kinds && bel_slice_parse_kinds(opt.kinds, &opt.slice.kinds, &tool->err) < 0) ||
		(opt.regions &&
			bel_slice_parse_regions(opt.regions, &opt.slice.regions, &tool->err) < 0))
		tool_die(tool);
	if (opt.level < 1 || opt.level > 19) {
		bel_usage(&tool->err, "--level: it goes from 1 to 19");
		tool_die(tool);
	}
	opt.out.level = (int)opt.level;
	opt.keep.dir = trace_temporary_folder();
	opt.out.keep = &opt.keep;
	opt.out.first_byte = opt.trace.first_byte;
	if (opt.granule_bits)
		opt.trace.page_bits = opt.granule_bits;
}

/* One step: 1, or 0 at the end of the trace or of the window. *any: a reference was written. */
static int copy_some(struct bel_source *source, struct bel_slice *slice, struct bel_writer *writer,
	bool *any, struct bel_err *err)
{
	const struct bel_accesses *batch;
	const struct bel_chunk *part;
	struct bel_chunk chunk;
	int r;

	if (bel_source_info(source)->granule_bits) {
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
	if (r < 0 || bel_slice_end(slice, &tool->err) < 0 ||
		bel_writer_end(writer, bel_source_damage(source), &tool->err) < 0)
		die(tool, writer);
	if (!any)
		tool_warn(tool,
			"%s: no references were written: the trace, or the part of it, is empty",
			opt.out.path);
	if (bel_writer_lost(writer))
		tool_warn(tool,
			"%" PRIu64 " references cross a 4 KiB boundary, and %s holds no sizes: "
			"their further pages are lost",
			bel_writer_lost(writer), opt.out.format);
}

int main(int argc, char **argv)
{
	struct bel_trace_info info;
	struct bel_source *source;
	struct bel_slice *slice;
	struct bel_writer *writer = NULL;
	struct tool tool;
	char tool_name[96], *part;

	opt.trace.allow_empty = true;
	tool_start(&tool, &command, argc, argv);
	if (opt.out.format && !strcmp(opt.out.format, "list")) {
		trace_formats_print();
		return tool_finish(&tool, 0);
	}
	check_options(&tool);

	source = trace_open_files(&tool, &opt.trace);
	if (!opt.out.format || !strcmp(opt.out.format, "bel"))
		trace_output_check(&tool, opt.out.path);
	info = *bel_source_info(source);
	if (info.granule_bits)
		info.granule_bits = bel_source_page_bits(source);
	opt.out.granule_bits = opt.granule_bits ? bel_source_page_bits(source) : 0;
	if (!info.tool) {
		snprintf(tool_name, sizeof(tool_name), "bel-convert " BEL_VERSION " (from %s)",
			info.format);
		info.tool = tool_name;
	}
	/* The command line that a part tells of must not be that of the whole. */
	part = bel_slice_command(&opt.slice, bel_source_title(source));
	if (part) {
		info.command = part;
		info.name = NULL;
	}
	if (opt.trace.name)
		info.name = opt.trace.name;
	if (bel_slice_new(&slice, &opt.slice, &info, &tool.err) < 0 ||
		bel_writer_open(&writer, &opt.out, &info, &tool.err) < 0)
		die(&tool, writer);

	copy(&tool, source, slice, writer);

	bel_writer_free(writer);
	bel_slice_free(slice);
	free(part);
	trace_close(&tool, source);
	return tool_finish(&tool, 0);
}

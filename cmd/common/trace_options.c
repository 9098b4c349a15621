/* SPDX-License-Identifier: MIT */
/*
 * trace_options.c: opening and closing the traces that tools read.
 */
#include "trace_options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parts.h"

void trace_join(struct tool *tool, struct bel_source_options *options)
{
	if (!options->joined || tool->count < 2)
		return;
	tool_check(tool, bel_parts_sort(tool->operands, (size_t)tool->count, &tool->err));
	options->more = (const char *const *)(tool->operands + 1);
	options->more_count = (size_t)tool->count - 1;
	tool->count = 1;
}

void trace_refuse_slice(struct tool *tool, const struct bel_source_options *options,
	const char *what, const char *instead)
{
	if (options->slice)
		tool_usage(tool, "--slice: a slice lacks %s; use %s", what, instead);
}

void trace_describe_slice(struct bel_trace_info *info, const struct bel_source *source)
{
	const struct bel_source_range range = bel_source_range(source);

	info->slice = range.from || range.to != UINT64_MAX;
	info->slice_from = range.from;
	info->slice_to = range.to;
	info->slice_of = range.checksum;
}

const char *trace_operand(struct tool *tool)
{
	if (tool->count > 1)
		tool_usage(tool, "unexpected operand '%s': give one trace only", tool->operands[1]);
	return tool->count ? tool->operands[0] : "-";
}

static void print_format(const char *name, const char *title, bool readable, bool writable)
{
	printf("%-18s %-5s %-6s %s\n", name, readable ? "read" : "-", writable ? "write" : "-",
		title);
}

static void print_formats(struct tool *tool)
{
	const struct bel_format *format;

	print_format("bel", "belady's own, folded or exact", true, true);
	for (size_t i = 0; (format = bel_format_at(i)); i++)
		print_format(format->name, format->title, format->open, format->write);
	exit(tool_finish(tool, 0));
}

void trace_to_list(struct tool *tool, const char *format)
{
	if (format && !strcmp(format, "list"))
		print_formats(tool);
}

/* The bits of a size option; 0: not given. */
static unsigned size_bits(struct tool *tool, const char *option, unsigned bits)
{
	if (bits == TRACE_UNSET)
		return 0;
	if (!bits)
		tool_usage(tool, "%s: a page has at least 2 bytes", option);
	return bits;
}

/* Printed even with --quiet: a trace read in a wrong format gives wrong figures. */
static void warn_of_doubt(
	const struct tool *tool, const struct bel_source *source, const char *path)
{
	const struct bel_source_format format = bel_source_format(source);

	if (format.verdict == BEL_PROBE_CERTAIN)
		return;
	tool_warn(tool,
		"%s: taken for format %s (%s); --from chooses another format or confirms this one",
		strcmp(path, "-") ? path : "standard input", format.name, format.reason);
}

struct bel_source *trace_try(
	struct tool *tool, const struct bel_source_options *options, const char *path)
{
	struct bel_source_options wanted = *options;
	struct bel_source *source;

	trace_to_list(tool, wanted.format);
	if (wanted.name && !*wanted.name)
		tool_usage(tool, "--name: the name is empty");
	if (wanted.name && tool->count > 1)
		tool_usage(tool, "--name: names one trace; give one trace only");
	wanted.path = path;
	wanted.page_bits = size_bits(tool, "--page-size", wanted.page_bits);
	wanted.foreign.unit_bits = size_bits(tool, "--unit", wanted.foreign.unit_bits);
	if (!strcmp(path, "-") && isatty(STDIN_FILENO))
		tool_usage(tool, "no trace given: name a file, or send a trace through a pipe");
	if (wanted.format && strcmp(wanted.format, "bel") &&
		!bel_format_find(wanted.format, &tool->err))
		tool_die(tool);
	tool->reading = true;
	if (bel_source_open(&source, &wanted, &tool->err) < 0) {
		if (tool->err.error == ENOENT && strspn(path, "0123456789 ,") == strlen(path))
			bel_fail(&tool->err,
				"%s: cannot open: No such file or directory; a reference string is "
				"made with bel-gen string '%s'",
				path, path);
		return NULL;
	}
	warn_of_doubt(tool, source, path);
	return source;
}

struct bel_source *trace_open(
	struct tool *tool, const struct bel_source_options *options, const char *path)
{
	struct bel_source *source = trace_try(tool, options, path);

	if (!source)
		tool_die(tool);
	return source;
}

int trace_runs(struct tool *tool, size_t count,
	int (*each)(struct tool *tool, size_t index, void *host), void *host)
{
	int status = 0;
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		const int r = each(tool, i, host);

		if (r > status)
			status = r;
		if (r >= 0)
			continue;
		/* A single trace keeps its status, such as 2 if it does not fit the options. */
		if (count > 1)
			tool->err.code = BEL_FAIL;
		if (++failed == count)
			tool_die(tool);
		tool_warn(tool, "%s", tool->err.text);
		tool->err.code = 0;
	}
	return failed ? -BEL_FAIL : status;
}

struct operands {
	int (*each)(struct tool *tool, const char *path, void *host);
	void *host;
};

static int run_operand(struct tool *tool, size_t index, void *host)
{
	const struct operands *operands = host;

	return operands->each(tool, tool->count ? tool->operands[index] : "-", operands->host);
}

int trace_each(
	struct tool *tool, int (*each)(struct tool *tool, const char *path, void *host), void *host)
{
	struct operands operands = {each, host};

	return trace_runs(tool, tool->count ? (size_t)tool->count : 1, run_operand, &operands);
}

struct bel_source *trace_open_files(struct tool *tool, const struct bel_source_options *options)
{
	struct bel_source_options wanted = *options;

	if (tool->count > 1) {
		tool_check(tool, bel_parts_sort(tool->operands, (size_t)tool->count, &tool->err));
		wanted.more = (const char *const *)(tool->operands + 1);
		wanted.more_count = (size_t)tool->count - 1;
	}
	return trace_open(tool, &wanted, tool->count ? tool->operands[0] : "-");
}

void trace_close(struct tool *tool, struct bel_source *source)
{
	const struct bel_format_tally tally = bel_source_tally(source);
	const char *const damage = bel_source_damage(source);

	if (tally.bad)
		tool_warn(tool, "skipped %" PRIu64 " bad line%s", tally.bad,
			tally.bad == 1 ? "" : "s");
	if (tally.mixed)
		tool_warn(tool,
			"lackey's records do not name their process, and several processes ran "
			"side by side: all references are counted for the one that started last; "
			"give each process its own log (--log-file=NAME.%%p) and run bel-convert "
			"-o x.bel NAME.*, or use bel-capture");
	if (damage)
		tool_warn(tool, "the trace is incomplete: %s", damage);
	bel_source_close(source);
}

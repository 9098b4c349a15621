/* SPDX-License-Identifier: MIT */
/*
 * bel-capture.c: records a program's memory references under Valgrind, as a trace.
 *
 * The program keeps its stdin and stderr. The trace goes to a file (-o) or to standard output. If
 * it goes to standard output, the program's stdout goes to stderr.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "capture_options.h"
#include "capture_parts.h"
#include "option_rows.h"
#include "progress.h"
#include "temp_folder.h"
#include "tool_output.h"

static struct {
	const char *output, *program_output, *from_mark, *to_mark, *from_function, *name;
	uint64_t skip, limit, level, split;
	unsigned granule_bits;
	bool first_byte, kernel, no_children;
	struct capture_options wishes;
} opt = {
	.output = "-",
	.granule_bits = 12,
	.wishes = {.with = "auto"},
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to record"),
	{"page-size", 0, "SIZE",
		"record pages of SIZE bytes; 1 records every address (default 4KiB)",
		BEL_OPT_PAGE_SIZE, &opt.granule_bits},
	{"first-byte", 0, NULL,
		"count a reference that crosses a page boundary once, at its first byte",
		BEL_OPT_FLAG, &opt.first_byte},
	{"kernel", 0, NULL, "also record what the kernel reads and writes in system calls",
		BEL_OPT_FLAG, &opt.kernel},
	{"stacks", 0, NULL, "also record the call stacks of references to far pages (--near-pages)",
		BEL_OPT_FLAG, &opt.wishes.stacks},
	{"near-pages", 0, "K",
		"with --stacks: near pages are the last K distinct ones, and all others are far "
		"(default 32)",
		BEL_OPT_COUNT, &opt.wishes.near_pages},
	{"more-stacks", 0, NULL,
		"with --stacks: also record the call stack of the first reference to each near "
		"page after a reference to a far page",
		BEL_OPT_FLAG, &opt.wishes.more_stacks},
	{"only", 0, "KINDS", "record only these kinds: fetch,load,store", BEL_OPT_TEXT,
		&opt.wishes.only},
	{"only-region", 0, "REGIONS", "record only these regions: text,data,heap,stack,mmap",
		BEL_OPT_TEXT, &opt.wishes.only_region},
	{"skip", 0, "N", "leave out the first N references", BEL_OPT_NUMBER, &opt.skip},
	{"limit", 'n', "N", "record at most N references; the program runs on", BEL_OPT_NUMBER,
		&opt.limit},
	{"window", 0, "N/PERIOD", "record the first N of every PERIOD references", BEL_OPT_TEXT,
		&opt.wishes.window},
	{"from-mark", 0, "NAME", "start at the mark NAME (belady/mark.h)", BEL_OPT_TEXT,
		&opt.from_mark},
	{"to-mark", 0, "NAME", "stop at the mark NAME; the program runs on", BEL_OPT_TEXT,
		&opt.to_mark},
	{"from-fn", 0, "NAME", "start at the first call of the function NAME", BEL_OPT_TEXT,
		&opt.from_function},
	{"no-children", 0, NULL, "record only the program, not the processes that it starts",
		BEL_OPT_FLAG, &opt.no_children},
	BEL_OPTION_GROUP("how to record"),
	{"with", 0, "TOOL",
		"the Valgrind tool: pagegrind, lackey or auto (default auto: pagegrind if it can "
		"run the program)",
		BEL_OPT_TEXT, &opt.wishes.with},
	BEL_OPTION_GROUP("output"),
	{"output", 'o', "FILE", "write the trace to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	{"split", 0, "SIZE",
		"write parts of about SIZE bytes, NAME.1.bel, NAME.2.bel, ... for -o NAME.bel; "
		"each "
		"appears when it is complete",
		BEL_OPT_COUNT, &opt.split},
	{"stdout", 0, "FILE",
		"write the program's standard output to FILE (default: unchanged, or standard "
		"error if the trace goes to standard output)",
		BEL_OPT_TEXT, &opt.program_output},
	{"name", 0, "NAME",
		"name of the trace in records, tables and figures (default: the command line)",
		BEL_OPT_TEXT, &opt.name},
	QUIET_OPTION(opt.wishes.quiet),
	BEL_OPTION_GROUP("speed"),
	LEVEL_OPTION(opt.level, "3 to a file, 1 to a pipe"),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-capture",
	.synopsis = "[OPTION...] [--] PROGRAM [ARGUMENT...]",
	.purpose = "Runs a program and records every memory reference it makes.",
	.options = options,
	.examples = "  bel-capture -o ls.bel -- ls -l /\n"
		    "  bel-capture -- ls -l / | bel-sim -p fifo,lru,opt,clock,ws\n"
		    "  bel-capture --skip 1G --limit 10M -o part.bel python3 script.py\n",
	.ordered = true,
};

/* The descriptor for the program's stdout; -1: the program keeps ours. */
static int program_output(struct tool *tool, const struct bel_outfile *trace)
{
	int fd;

	if (!opt.program_output)
		return trace->path ? -1 : STDERR_FILENO;
	fd = open(opt.program_output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		tool_check(tool, bel_fail_errno(&tool->err, errno, "--stdout: %s: cannot create",
					 opt.program_output));
	return fd;
}

/* The line of progress and the program's own output would be mixed on one terminal. */
static bool wants_progress(const struct bel_capture_options *capture)
{
	return !opt.wishes.quiet && !isatty(capture->output < 0 ? STDOUT_FILENO : capture->output);
}

/* On a terminal: what was recorded. */
static void say_what(struct tool *tool, const struct bel_capture_result *result)
{
	char of[64] = "";

	if (result->processes > 1)
		snprintf(of, sizeof(of), " of %u processes", result->processes);
	if (!opt.wishes.quiet && isatty(STDERR_FILENO))
		tool_warn(tool, "recorded %llu references to %llu pages%s",
			(unsigned long long)result->references, (unsigned long long)result->pages,
			of);
}

/* After the program's name, options are the program's. */
static void refuse_late_output(struct tool *tool)
{
	if (strcmp(opt.output, "-") != 0 || !isatty(STDOUT_FILENO))
		return;
	for (int i = 1; i < tool->count; i++)
		if (!strcmp(tool->operands[i], "-o"))
			tool_usage(tool, "this -o comes after the program, so it is the program's: "
					 "bel-capture -o FILE -- PROGRAM");
}

static void show_progress(void *context, const struct bel_capture_progress *now)
{
	struct bel_progress *const progress = context;

	snprintf(progress->more, sizeof(progress->more), ", %llu pages, %llu events",
		(unsigned long long)now->pages, (unsigned long long)now->events);
	bel_progress_update(progress, now->references, -1);
}

/* The file of the trace, or of its first part. */
static struct bel_outfile *open_trace(struct tool *tool, struct capture_parts *parts)
{
	if (!opt.split)
		return output_trace(tool, opt.output, NULL);
	if (opt.wishes.stacks)
		tool_usage(tool,
			"--split: not with --stacks: a part alone cannot know which pages were "
			"used lately");
	capture_parts_start(tool, parts, opt.output);
	return parts->out;
}

static void warn(const struct tool *tool, const struct bel_capture_result *result)
{
	if (result->empty)
		tool_warn(tool,
			"nothing was recorded: the program never reached what the options name");
	if (result->warning[0])
		tool_warn(tool, "%s", result->warning);
	if (result->bad)
		tool_warn(tool, "%llu lines of lackey's log could not be read",
			(unsigned long long)result->bad);
}

int main(int argc, char **argv)
{
	const char *search = getenv("PATH");
	struct bel_capture_options capture;
	struct bel_capture_result result;
	struct bel_progress progress;
	struct bel_outfile *trace;
	struct capture_parts parts;
	char launcher[4096];
	struct tool tool;
	int r;

	tool_start(&tool, &command, argc, argv);
	if (tool.count == 0)
		tool_usage(&tool, "no program given: bel-capture -- PROGRAM [ARGUMENT...]");
	refuse_late_output(&tool);
	trace = open_trace(&tool, &parts);

	capture = (struct bel_capture_options){
		.argv = tool.operands,
		.search = search ? search : "/usr/local/bin:/usr/bin:/bin",
		.temporary = temp_folder(TEMP_SMALL),
		.tool = "bel-capture " BEL_VERSION,
		.name = opt.name,
		.file = trace->file,
		.split = opt.split,
		.next_part = capture_parts_next,
		.part_host = &parts,
		.output = program_output(&tool, trace),
		.children = !opt.no_children,
		.first_byte = opt.first_byte,
		.kernel = opt.kernel,
		.region = {.from_mark = opt.from_mark,
			.to_mark = opt.to_mark,
			.from_function = opt.from_function},
		.granule_bits = opt.granule_bits,
		.level = opt.level       ? (int)opt.level
			 : trace->direct ? 1
					 : 3,
		.skip = opt.skip,
		.limit = opt.limit,
		.progress = show_progress,
		.context = &progress,
	};
	capture_options_fill(&tool, &opt.wishes, &capture, launcher);
	bel_progress_start(&progress, stderr, command.name, wants_progress(&capture));
	r = bel_capture_run(&capture, &result, &tool.err);
	bel_progress_end(&progress);
	tool_check(&tool, r);
	warn(&tool, &result);

	/* Without a reader there is no trace to complete. The status is still the program's. */
	if (!result.hung_up) {
		output_commit(&tool);
		say_what(&tool, &result);
	}
	return tool_finish(&tool, result.status);
}

/* SPDX-License-Identifier: MIT */
/*
 * bel-capture.c: a program's memory references, under Valgrind, as a trace.
 *
 * The program keeps its stdin, stdout and stderr; the trace goes to standard
 * output (the program's stdout then to stderr) or to a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "capture_options.h"
#include "outfile.h"
#include "progress.h"
#include "temp_folder.h"
#include "tool.h"

static struct {
	const char *output, *program_output, *from_mark, *to_mark, *from_function, *name;
	uint64_t skip, limit, level;
	unsigned granule_bits;
	bool first_byte, kernel, no_children;
	struct capture_options wishes;
} opt = {
	.output = "-",
	.granule_bits = 12,
	.wishes = {.with = "auto"},
};

static const struct bel_option options[] = {
	{"output", 'o', "FILE", "write the trace to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	{"stdout", 0, "FILE",
		"the program's standard output goes to FILE\n(default: where it goes; to standard "
		"error\nif the trace takes its place)",
		BEL_OPT_TEXT, &opt.program_output},
	{"with", 0, "TOOL",
		"the Valgrind tool: pagegrind, lackey or auto\n(default: pagegrind where it is "
		"built)",
		BEL_OPT_TEXT, &opt.wishes.with},
	{"granule", 'g', "SIZE",
		"unit that references are told apart by;\n1 keeps all (default 4096)",
		BEL_OPT_PAGE_SIZE, &opt.granule_bits},
	{"first-byte", 0, NULL, "count a reference that crosses a boundary once", BEL_OPT_FLAG,
		&opt.first_byte},
	{"kernel", 0, NULL, "with what the kernel reads and writes in\nsystem calls", BEL_OPT_FLAG,
		&opt.kernel},
	{"only", 0, "KINDS", "of fetch,load,store, the others left out", BEL_OPT_TEXT,
		&opt.wishes.only},
	{"only-region", 0, "REGIONS", "of text,data,heap,stack,mmap, the others left out",
		BEL_OPT_TEXT, &opt.wishes.only_region},
	{"skip", 0, "N", "leave out the first N references", BEL_OPT_NUMBER, &opt.skip},
	{"limit", 0, "N", "record N references at most; the program runs on", BEL_OPT_NUMBER,
		&opt.limit},
	{"window", 0, "N/PERIOD", "of each PERIOD references record the first N", BEL_OPT_TEXT,
		&opt.wishes.window},
	{"from-mark", 0, "NAME", "begin at the mark (belady/mark.h)", BEL_OPT_TEXT, &opt.from_mark},
	{"to-mark", 0, "NAME", "end at the mark; the program runs on", BEL_OPT_TEXT, &opt.to_mark},
	{"from-fn", 0, "NAME", "begin at the first call of a function", BEL_OPT_TEXT,
		&opt.from_function},
	{"no-children", 0, NULL, "record the program itself, not the\nprocesses it starts",
		BEL_OPT_FLAG, &opt.no_children},
	{"name", 0, "NAME",
		"what records, tables and figures are to call the trace\n(default: "
		"the command line)",
		BEL_OPT_TEXT, &opt.name},
	{"level", 0, "N", "compression, 1 to 19\n(default: 3 to a file, 1 to a pipe)",
		BEL_OPT_NUMBER, &opt.level},
	{"quiet", 'q', NULL, "no progress line; do not name the tool", BEL_OPT_FLAG,
		&opt.wishes.quiet},
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

/* What becomes the program's stdout: a descriptor, or -1 to leave it as it is. */
static int program_output(struct tool *tool, const struct bel_outfile *trace)
{
	int fd;

	if (!opt.program_output)
		return trace->path ? -1 : STDERR_FILENO;
	fd = open(opt.program_output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		bel_fail_errno(&tool->err, errno, "%s", opt.program_output);
		tool_die(tool);
	}
	return fd;
}

static void open_trace(struct tool *tool, struct bel_outfile *trace)
{
	if (tool->count == 0) {
		bel_usage(&tool->err, "which program?");
		tool_die(tool);
	}
	if (opt.level > 19) {
		bel_usage(&tool->err, "--level: %llu is not between 1 and 19",
			(unsigned long long)opt.level);
		tool_die(tool);
	}
	if (bel_outfile_open(trace, opt.output, &tool->err) < 0)
		tool_die(tool);
	if (isatty(fileno(trace->file))) {
		bel_outfile_abandon(trace);
		bel_usage(&tool->err, "a trace is not for a terminal: use -o FILE or a pipe");
		tool_die(tool);
	}
}

static void show_progress(void *context, const struct bel_capture_progress *now)
{
	struct bel_progress *const progress = context;

	snprintf(progress->more, sizeof(progress->more), ", %llu pages, %llu events",
		(unsigned long long)now->pages, (unsigned long long)now->events);
	bel_progress_update(progress, now->references, -1);
}

int main(int argc, char **argv)
{
	const char *search = getenv("PATH");
	struct bel_capture_options capture;
	struct bel_capture_result result;
	struct bel_progress progress;
	struct bel_outfile trace;
	char launcher[4096];
	struct tool tool;
	int r;

	tool_start(&tool, &command, argc, argv);
	open_trace(&tool, &trace);

	capture = (struct bel_capture_options){
		.argv = tool.operands,
		.search = search ? search : "/usr/local/bin:/usr/bin:/bin",
		.temporary = temp_folder(TEMP_SMALL),
		.tool = "bel-capture " BEL_VERSION,
		.name = opt.name,
		.file = trace.file,
		.output = program_output(&tool, &trace),
		.children = !opt.no_children,
		.first_byte = opt.first_byte,
		.kernel = opt.kernel,
		.region = {.from_mark = opt.from_mark,
			.to_mark = opt.to_mark,
			.from_function = opt.from_function},
		.granule_bits = opt.granule_bits,
		.level = opt.level      ? (int)opt.level
			 : trace.direct ? 1
					: 3,
		.skip = opt.skip,
		.limit = opt.limit,
		.progress = show_progress,
		.context = &progress,
	};
	capture_options_fill(&tool, &opt.wishes, &capture, launcher);
	bel_progress_start(&progress, stderr, command.name, !opt.wishes.quiet);
	r = bel_capture_run(&capture, &result, &tool.err);
	bel_progress_end(&progress);
	if (r < 0) {
		bel_outfile_abandon(&trace);
		tool_die(&tool);
	}
	if (result.empty)
		tool_warn(&tool,
			"nothing was recorded: the program never came to what the options name");
	if (result.warning[0])
		tool_warn(&tool, "%s", result.warning);
	if (result.bad)
		tool_warn(&tool, "%llu lines of lackey's log were not understood",
			(unsigned long long)result.bad);

	/* A reader that went away takes the trace with it; the program's status stands. */
	if (result.hung_up)
		bel_outfile_abandon(&trace);
	else if (bel_outfile_commit(&trace, &tool.err) < 0)
		tool_die(&tool);
	return tool_finish(&tool, result.status);
}

/* SPDX-License-Identifier: MIT */
/*
 * bel-explain.c: the step tables of textbooks: who is in which frame after each reference.
 *
 * A string, a trace or standard input in; tables for people out, a quiz, or its marks.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "explain_job.h"
#include "outfile.h"
#include "policy_help.h"
#include "policy_options.h"

#define WIDTH 80

static struct {
	const char *policies, *frames, *format, *output, *grade;
	uint64_t seed, width;
	bool quiz, brief, together, vm;
	const char *tables, *tlb;
	struct bel_source_options trace;
} opt = {
	.frames = "3",
	.format = "text",
	.output = "-",
	.seed = 1,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	{"policies", 'p', "LIST",
		"policies with parameters: lru,clock:bit=0,ws:tau=4\n(default fifo,lru,opt,clock); "
		"'list' prints all, 'NAME:help' one",
		BEL_OPT_TEXT, &opt.policies},
	{"frames", 'f', "LIST", "frame counts: 3 3,4 2:5 (default 3)", BEL_OPT_TEXT, &opt.frames},
	{"together", 't', NULL, "all policies below one row of references", BEL_OPT_FLAG,
		&opt.together},
	{"brief", 'b', NULL, "frames, faults and victims alone: neither order nor reasons",
		BEL_OPT_FLAG, &opt.brief},
	{"quiz", 0, NULL, "leave the answers out, for students to fill in", BEL_OPT_FLAG,
		&opt.quiz},
	{"grade", 0, "FILE", "mark a quiz that was filled in: exit 1 and the first\nwrong cell",
		BEL_OPT_TEXT, &opt.grade},
	{"vm", 0, NULL,
		"tell each translation instead, from address to swap\n(one policy, default lru)",
		BEL_OPT_FLAG, &opt.vm},
	{"tables", 0, "KIND", "--vm: flat, two-level, radix4, radix5 or inverted", BEL_OPT_TEXT,
		&opt.tables},
	{"tlb", 0, "LIST", "--vm: its TLB, as bel-vm takes it", BEL_OPT_TEXT, &opt.tlb},
	{"format", 0, "FORMAT", "text, markdown, html or latex (default text)", BEL_OPT_TEXT,
		&opt.format},
	{"width", 0, "N", "characters a line (default: the terminal's, else 80)", BEL_OPT_NUMBER,
		&opt.width},
	{"seed", 0, "N", "for policies that draw random numbers (default 1)", BEL_OPT_NUMBER,
		&opt.seed},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	TRACE_OPTIONS(opt.trace),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-explain",
	.synopsis = "[OPTION...] [STRING|NAME|TRACE]",
	.purpose = "Shows page replacement step by step, as textbooks do.",
	.options = options,
	.examples = "  bel-explain -p fifo,lru,opt,clock -f 3 '7 0 1 2 0 3 0 4'\n"
		    "  bel-explain -p fifo -f 3,4 belady\n"
		    "  bel-explain -p lru -f 3 --quiz belady >quiz.txt\n"
		    "  bel-explain -p lru -f 3 --grade quiz.txt belady\n",
};

static struct bel_outfile out;

static void abandon_output(void)
{
	bel_outfile_abandon(&out);
}

static unsigned terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : WIDTH;
}

static void print_sheet(const struct bel_explain *explain, size_t count)
{
	struct bel_step_table sheet = {
		.file = out.file,
		.style = bel_style_find(opt.format),
		.width = WIDTH,
		.quiz = opt.quiz,
		.brief = opt.brief,
		.together = opt.together,
	};

	if (out.file == stdout && isatty(STDOUT_FILENO)) {
		sheet.width = terminal_width();
		sheet.colour = !getenv("NO_COLOR");
	}
	if (opt.width)
		sheet.width = opt.width < 10000 ? (unsigned)opt.width : 10000;
	bel_step_table_print(&sheet, explain, count);
}

static int explain(struct tool *tool)
{
	struct bel_policy_spec *specs;
	struct bel_explain *all;
	struct bel_string string;
	size_t spec_count, count;
	const size_t refused = policies_parse(tool, opt.policies, &specs, &spec_count);
	int status = 0;

	explain_string_open(tool, &opt.trace, &string);
	all = explain_all(tool,
		&(struct explain_want){&string, specs, spec_count, opt.frames, opt.seed}, &count);
	if (opt.grade)
		status = explain_mark(tool, all, count, opt.grade, out.file);
	else
		print_sheet(all, count);
	explain_free(all, count);
	bel_string_release(&string);
	bel_specs_free(specs, spec_count);
	return refused ? 3 : status;
}

static int explain_vm(struct tool *tool)
{
	struct vm_options vm = VM_OPTIONS_INIT;

	vm.policies = opt.policies;
	vm.frames = opt.frames;
	vm.seed = opt.seed;
	if (opt.tables)
		vm.machine.tables = opt.tables;
	if (opt.tlb)
		vm.machine.tlb = opt.tlb;
	return explain_machine(tool, &opt.trace, &vm, out.file) ? 3 : 0;
}

static void check_options(struct tool *tool)
{
	if (!bel_style_find(opt.format))
		bel_usage(&tool->err, "--format: '%s' is not text, markdown, html or latex",
			opt.format);
	else if (opt.quiz && opt.grade)
		bel_usage(&tool->err, "--quiz and --grade: one at a time");
	else if (opt.vm && (opt.quiz || opt.grade || opt.together || strcmp(opt.format, "text")))
		bel_usage(&tool->err, "--vm: tells a story in text, and is neither quiz nor table");
	else if (!opt.vm && (opt.tlb || opt.tables))
		bel_usage(&tool->err, "--tlb and --tables: only with --vm");
	else if (opt.seed > INT64_MAX)
		bel_usage(&tool->err, "--seed: at most 2^63 - 1");
	else
		return;
	tool_die(tool);
}

int main(int argc, char **argv)
{
	struct tool tool;
	int status, described;

	tool_start(&tool, &command, argc, argv);
	check_options(&tool);
	if (!opt.policies)
		opt.policies = opt.vm ? "lru" : "fifo,lru,opt,clock";
	described = bel_policy_describe(opt.policies, stdout, &tool.err);
	if (described > 0)
		return tool_finish(&tool, 0);
	if (described < 0)
		tool_die(&tool);

	atexit(abandon_output);
	if (bel_outfile_open(&out, opt.output, &tool.err) < 0)
		tool_die(&tool);
	status = opt.vm ? explain_vm(&tool) : explain(&tool);
	if (bel_outfile_commit(&out, &tool.err) < 0)
		tool_die(&tool);
	return tool_finish(&tool, status);
}

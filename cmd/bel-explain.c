/* SPDX-License-Identifier: MIT */
/*
 * bel-explain.c: prints step tables as in textbooks: which page is in which frame after each
 * reference.
 *
 * Input: a string, a model or a trace. Output: tables for people, a quiz, or the marks of answers.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explain_job.h"
#include "policy_options.h"
#include "terminal_width.h"
#include "tool_output.h"

#define WIDTH 80

static struct {
	const char *policies, *frames, *ram, *format, *output, *sheets, *grade, *title;
	uint64_t seed, width;
	bool quiz, self_check, brief, together;
	struct bel_gen_setup model;
	struct bel_source_options trace;
} opt = {
	.format = "text",
	.output = "-",
	.seed = 1,
	.model = BEL_GEN_SETUP_INIT,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"policies", 'p', "LIST",
		"policies with parameters: lru,clock:bit=0,ws:tau=4 (default "
		"fifo,lru,opt,clock); 'list' prints all, 'NAME:help' describes one",
		BEL_OPT_TEXT, &opt.policies},
	{"frames", 'f', "LIST", "frame counts: 3 3,4 2:5 (default 3)", BEL_OPT_TEXT, &opt.frames},
	RAM_OPTION(opt.ram),
	TRACE_PAGE_SIZE_OPTION(opt.trace),
	{"seed", 0, "N", "seed for models and policies that draw random numbers (default 1)",
		BEL_OPT_RECORD, &opt.seed},
	BEL_OPTION_GROUP("exercises"),
	{"quiz", 0, NULL, "leave the answers out, for students to fill in", BEL_OPT_FLAG,
		&opt.quiz},
	{"sheets", 0, "NUMBERS",
		"write a sheet for each student number (1001:1040), with its own string, to "
		"FOLDER/sheets, and the answers to FOLDER/keys (-o FOLDER)",
		BEL_OPT_TEXT, &opt.sheets},
	{"grade", 0, "FILE",
		"grade FILE, a quiz or sheet that was filled in, and files among the operands; "
		"exit with 1 if a cell is wrong",
		BEL_OPT_TEXT, &opt.grade},
	{"self-check", 0, NULL,
		"with --format html: the quiz or sheet says which cells are right, for practice",
		BEL_OPT_FLAG, &opt.self_check},
	BEL_OPTION_GROUP("models"),
	MODEL_OPTIONS(opt.model, "20", "6"),
	BEL_OPTION_GROUP("input"),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	{"together", 't', NULL, "show all policies below one row of references", BEL_OPT_FLAG,
		&opt.together},
	{"brief", 0, NULL, "show only frames, faults and victims; with --grade: only points",
		BEL_OPT_FLAG, &opt.brief},
	{"title", 0, "TEXT", "print this heading above the tables, or on each sheet", BEL_OPT_TEXT,
		&opt.title},
	{"format", 0, "FORMAT",
		"text, markdown, html or latex; with --grade: text, csv or gradescope (default "
		"text)",
		BEL_OPT_TEXT, &opt.format},
	{"width", 0, "N", "characters per line (default: the terminal's width, else 80)",
		BEL_OPT_COUNT, &opt.width},
	OUTPUT_OPTION(opt.output),
	{.name = NULL},
};

static const struct bel_command command = {
	.name = "bel-explain",
	.synopsis = "[OPTION...] [STRING|MODEL|TRACE] [FILE...]",
	.purpose = "Shows page replacement step by step, as textbooks do.",
	.options = options,
	.examples = "  bel-explain -p fifo,lru,opt,clock -f 3 '7 0 1 2 0 3 0 4'\n"
		    "  bel-explain -p fifo -f 3,4 belady\n"
		    "  bel-explain -p lru -f 3 --quiz belady >quiz.txt\n"
		    "  bel-explain -p lru -f 3 --grade quiz.txt belady\n"
		    "  bel-explain -p lru,opt --sheets 1001:1040 -o exam uniform -n 12\n"
		    "  bel-explain -p lru,opt --grade answers/*.txt uniform -n 12 --format csv\n",
};

static struct bel_step_table make_table(FILE *file)
{
	struct bel_step_table table = {
		.file = file,
		.style = bel_style_find(opt.format),
		.title = opt.title,
		.quiz = opt.quiz,
		.self_check = opt.self_check,
		.brief = opt.brief,
		.together = opt.together,
	};

	if (file == stdout && isatty(STDOUT_FILENO)) {
		table.width =
			!strcmp(opt.format, "text") ? (unsigned)bel_terminal_columns(file) : 0;
		table.colour = !getenv("NO_COLOR");
	}
	if (opt.width)
		table.width = opt.width < 10000 ? (unsigned)opt.width : 10000;
	return table;
}

static void print_table(struct tool *tool, const struct explain_job *job)
{
	struct bel_step_table table = make_table(output_open(tool, opt.output)->file);
	struct explained explained;

	explain_open(tool, job, opt.seed, &explained);
	bel_step_table_print(&table, explained.all, explained.count);
	explain_close(&explained);
	output_commit(tool);
}

/* Several operands are probably a string that the user did not quote. */
static const char *string_operand(struct tool *tool)
{
	if (tool->count > 1)
		tool_usage(tool, "unexpected operand '%s' (a string is one word: quote it)",
			tool->operands[1]);
	if (!tool->count && !opt.sheets && isatty(STDIN_FILENO))
		tool_usage(tool, "no string given: bel-explain '7 0 1 2 0 3', the name of a model "
				 "('bel-gen list'), or a trace");
	return opt.sheets && !tool->count ? "uniform" : trace_operand(tool);
}

static int explain(struct tool *tool)
{
	struct explain_job job = {
		.policies = opt.policies,
		.model = opt.model,
		.trace = &opt.trace,
		.frames = opt.frames ? opt.frames : "3",
		.ram = opt.ram,
	};
	struct bel_policy_spec *specs;
	const size_t refused = policies_parse(tool, opt.policies, &specs, &job.spec_count);
	int status = 0;

	job.specs = specs;
	if (!opt.grade)
		job.operand = string_operand(tool);
	if (opt.sheets) {
		const struct bel_step_table table = make_table(NULL);

		explain_sheets(tool, &job, opt.sheets, opt.output, &table);
	} else if (opt.grade) {
		FILE *const file = output_open(tool, opt.output)->file;

		status =
			explain_grade(tool, &job, opt.seed, opt.grade, opt.format, opt.brief, file);
		output_commit(tool);
	} else {
		print_table(tool, &job);
	}
	bel_specs_free(specs, job.spec_count);
	return refused ? 3 : status;
}

/* A title must not be taken for a line of a sheet's head when the sheet is graded. */
static void check_title(struct tool *tool)
{
	struct bel_sheet read;

	bel_sheet_read(&read, opt.title);
	if (read.numbered || *read.name || *read.digest)
		tool_usage(tool, "--title: '%s' would be read as a field of the sheet", opt.title);
	if (opt.grade)
		tool_usage(tool, "--title: is for tables and sheets, not for --grade");
}

static void check_options(struct tool *tool)
{
	if (opt.title)
		check_title(tool);
	if (opt.grade && !explain_grade_format(opt.format))
		tool_usage(tool, "--format: with --grade, '%s' is not text, csv or gradescope",
			opt.format);
	if (!opt.grade && !bel_style_find(opt.format))
		tool_usage(tool, "--format: '%s' is not text, markdown, html or latex", opt.format);
	if (opt.quiz + !!opt.grade + !!opt.sheets > 1)
		tool_usage(tool, "--quiz, --sheets and --grade exclude each other");
	if (opt.self_check && (strcmp(opt.format, "html") != 0 || (!opt.quiz && !opt.sheets)))
		tool_usage(tool, "--self-check: needs --format html, and --quiz or --sheets");
	if (opt.sheets && !strcmp(opt.output, "-"))
		tool_usage(tool, "--sheets: needs a folder for the sheets: -o FOLDER");
	if (opt.ram && opt.frames)
		tool_usage(tool, "--ram and --frames exclude each other");
}

int main(int argc, char **argv)
{
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	check_options(&tool);
	if (!opt.policies)
		opt.policies = "fifo,lru,opt,clock";
	return tool_finish(&tool, explain(&tool));
}

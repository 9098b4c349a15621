/* SPDX-License-Identifier: MIT */
/* explain_grade.c: grades the files of a class, each for the string of its student number. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "explain_job.h"
#include "grade_print.h"
#include "operand.h"

#define MARK "\xef\xbb\xbf"
#define ANSWERS_MAX ((size_t)16 << 20)
#define MODEL "uniform" /* what --sheets draws from if no model is given */

struct class
{
	struct tool *tool;
	struct explain_job job;
	uint64_t seed;
	const char **file;
	size_t files;
	const char *format;
	bool brief; /* text without the wrong cells */
	FILE *out;
	int status;
};

const char *explain_grade_format(const char *format)
{
	static const char *const known[] = {"text", "csv", "gradescope"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(format, known[i]))
			return known[i];
	return NULL;
}

/* The whole file as a string. The caller frees it. NULL, with tool->err, if it cannot be read. */
static char *read_answers(struct tool *tool, const char *path)
{
	FILE *const file = strcmp(path, "-") ? fopen(path, "r") : stdin;
	char *text = file ? malloc(ANSWERS_MAX + 1) : NULL;
	size_t size = 0;
	int r = BEL_OK;

	if (!file) {
		bel_fail_open(&tool->err, path);
		return NULL;
	}
	if (text)
		size = fread(text, 1, ANSWERS_MAX, file);
	if (!text)
		r = bel_err_memory(&tool->err, "the answers");
	else if (ferror(file))
		r = bel_fail(&tool->err, "%s: cannot read: %m", path);
	else if (!size)
		r = bel_fail(&tool->err, "%s: is empty", path);
	else if (size == ANSWERS_MAX)
		r = bel_fail(&tool->err, "%s: answers have less than 16 MiB", path);
	if (file != stdin)
		fclose(file);
	if (r < 0) {
		free(text);
		return NULL;
	}
	text[size] = '\0';
	/* The byte order mark of editors on Windows. */
	if (!strncmp(text, MARK, sizeof(MARK) - 1))
		memmove(text, text + sizeof(MARK) - 1, strlen(text + sizeof(MARK) - 1) + 1);
	return text;
}

/* Whether a file is a sheet with a student number. */
static bool is_sheet(struct tool *tool, const char *path)
{
	char *text = strcmp(path, "-") ? read_answers(tool, path) : NULL;
	struct bel_sheet sheet = {.numbered = false};

	if (text)
		bel_sheet_read(&sheet, text);
	free(text);
	return sheet.numbered;
}

static void refuse_folder(struct tool *tool, const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		tool_usage(tool, "--grade: %s is a folder: give its files, %s/*", path, path);
}

/*
 * Which operands are files of answers, and which is the string. A string or the name of a model is
 * the string. Sheets need none, so then all are files. Else the last operand is a trace.
 */
static void sort_operands(struct class *class, const char *first)
{
	struct tool *tool = class->tool;
	const char **file = calloc((size_t)tool->count + 1, sizeof(*file));
	bool sheets = false;

	if (!file)
		tool_no_memory(tool, "the names of files");
	class->file = file;
	class->job.operand = NULL;
	file[class->files++] = first;
	for (int i = 0; i < tool->count; i++) {
		const char *const operand = tool->operands[i];

		if (!operand_is_generated(operand))
			file[class->files++] = operand;
		else if (class->job.operand)
			tool_usage(tool, "unexpected operand '%s' (a string is one word: quote it)",
				operand);
		else
			class->job.operand = operand;
	}
	for (size_t i = 0; !class->job.operand && !sheets && i < class->files; i++)
		sheets = is_sheet(tool, file[i]);
	for (size_t i = 0; i < class->files; i++)
		refuse_folder(tool, file[i]);
	if (!class->job.operand && !sheets && strcmp(first, "-") && access(first, R_OK) != 0)
		tool_check(tool, bel_fail_open(&tool->err, first));
	if (!class->job.operand && !sheets && class->files == 1 && isatty(STDIN_FILENO))
		tool_usage(tool,
			"--grade: %s has no student number: give the string, model or trace of "
			"the quiz, too",
			first);
	if (sheets)
		class->job.operand = MODEL;
	else if (!class->job.operand)
		class->job.operand = class->files > 1 ? file[--class->files] : "-";
}

static void print(const struct class *class, const struct bel_graded *graded)
{
	if (!strcmp(class->format, "csv"))
		bel_grade_print_csv(graded, class->out);
	else if (!strcmp(class->format, "gradescope"))
		bel_grade_print_gradescope(graded, class->out);
	else
		bel_grade_print_text(graded, class->files > 1, class->brief, class->out);
}

/* A digest that differs says so in one sentence, before any page is compared. */
static int check_digest(
	const struct class *class, const struct bel_graded *graded, const struct bel_string *string)
{
	char digest[BEL_SHEET_DIGEST];

	bel_string_digest(string, digest);
	if (!*graded->sheet->digest || !strcmp(graded->sheet->digest, digest))
		return 0;
	if (!graded->sheet->numbered)
		return bel_fail(&class->tool->err,
			"%s: is for the string %s, but the string that is graded is %s",
			graded->file, graded->sheet->digest, digest);
	return bel_fail(&class->tool->err,
		"%s: is for the string %s, but '%s' with the seed %llu gives the string %s; give "
		"--grade the model and the options that --sheets had",
		graded->file, graded->sheet->digest, class->job.operand,
		(unsigned long long)graded->sheet->number, digest);
}

/* Grades one file for `explained`; prints the grade or the refusal. */
static void grade_text(struct class *class, struct bel_graded *graded, char *text,
	const struct explained *explained)
{
	struct bel_grade grade = {.cells = 0};
	int r = text ? check_digest(class, graded, &explained->string) : BEL_FAIL;

	graded->explain = explained->all;
	graded->count = explained->count;
	if (r == 0)
		r = bel_grade(&grade, explained->all, explained->count, text, graded->file,
			&class->tool->err);
	if (r == 0) {
		graded->grade = &grade;
		if (grade.right < grade.cells && !class->status)
			class->status = 1;
	} else {
		graded->refusal = class->tool->err.text;
		tool_warn(class->tool, "%s", graded->refusal);
		class->status = 3;
	}
	print(class, graded);
	bel_grade_release(&grade);
}

/* Grades a file for the string of its student number, or for the one of all files. */
static void grade_file(struct class *class, const char *path, struct explained *common)
{
	struct bel_sheet sheet = {.numbered = false};
	struct bel_graded graded = {.file = path, .sheet = &sheet};
	char *text = read_answers(class->tool, path);
	struct bel_err refusal = class->tool->err;
	struct explained own;
	bool drawn;

	if (text)
		bel_sheet_read(&sheet, text);
	drawn = sheet.numbered && operand_is_generated(class->job.operand);
	if (drawn)
		explain_open(class->tool, &class->job, sheet.number, &own);
	else if (!common->count)
		explain_open(class->tool, &class->job, class->seed, common);
	class->tool->err = refusal;
	grade_text(class, &graded, text, drawn ? &own : common);
	if (drawn)
		explain_close(&own);
	free(text);
}

int explain_grade(struct tool *tool, const struct explain_job *job, uint64_t seed,
	const char *first, const char *format, bool brief, FILE *out)
{
	struct class class = {.tool = tool,
		.job = *job,
		.seed = seed,
		.format = format,
		.brief = brief,
		.out = out};
	struct explained common = {.count = 0};

	sort_operands(&class, first);
	if (class.files > 1 && !strcmp(format, "gradescope"))
		tool_usage(tool, "--format gradescope: has the results of one file; %zu are given",
			class.files);
	if (!strcmp(format, "csv"))
		bel_grade_print_csv_head(out);
	for (size_t i = 0; i < class.files; i++)
		grade_file(&class, class.file[i], &common);
	if (common.count)
		explain_close(&common);
	free(class.file);
	return class.status;
}

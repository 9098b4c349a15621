/* SPDX-License-Identifier: MIT */
/* explain_sheets.c: writes the exercise sheets of a class, and their keys, into a folder. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "explain_job.h"
#include "number.h"
#include "operand.h"
#include "style.h"
#include "tool_output.h"
#include "visible.h"

#define SHEETS_MAX 10000
#define PATH_SIZE 4096

struct writing {
	struct tool *tool;
	const char *folder;
	struct bel_step_table table;
	const char *extension;
};

static void make_folder(struct tool *tool, const char *path)
{
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		tool_fail(tool, "%s: cannot make the folder: %m", path);
}

/* FOLDER/PART or FOLDER/PART/NAME.EXTENSION */
static const char *path_of(const struct writing *writing, const char *part, const char *name,
	char path[static PATH_SIZE])
{
	const int length = snprintf(path, PATH_SIZE, "%s/%s%s%s%s", writing->folder, part,
		name ? "/" : "", name ? name : "", name ? writing->extension : "");

	if (length >= PATH_SIZE)
		tool_fail(writing->tool, "%s: the name is too long", writing->folder);
	return path;
}

static void write_table(struct writing *writing, const struct explained *explained,
	const char *part, const char *name)
{
	char path[PATH_SIZE];

	writing->table.quiz = !strcmp(part, "sheets");
	writing->table.file =
		output_create(writing->tool, path_of(writing, part, name, path))->file;
	bel_step_table_print(&writing->table, explained->all, explained->count);
	output_commit(writing->tool);
}

static void write_sheet(struct writing *writing, const struct explain_job *job, uint64_t number)
{
	struct bel_sheet sheet = {.number = number};
	struct explained explained;
	char name[24];

	snprintf(name, sizeof(name), "%" PRIu64, number);
	explain_open(writing->tool, job, number, &explained);
	bel_string_digest(&explained.string, sheet.digest);
	writing->table.sheet = &sheet;
	write_table(writing, &explained, "sheets", name);
	write_table(writing, &explained, "keys", name);
	writing->table.sheet = NULL;
	explain_close(&explained);
}

/* A LaTeX document of all sheets, each on its own page. */
static void write_document(
	struct writing *writing, const char *part, const uint64_t *numbers, size_t count)
{
	char path[PATH_SIZE];
	FILE *const file = output_create(writing->tool, path_of(writing, part, part, path))->file;

	fputs("\\documentclass{article}\n\\pagestyle{empty}\n\\begin{document}\n", file);
	for (size_t i = 0; i < count; i++)
		fprintf(file, "\\input{%" PRIu64 "}\\clearpage\n", numbers[i]);
	fputs("\\end{document}\n", file);
	output_commit(writing->tool);
}

static const char *extension_of(const struct bel_style *style)
{
	static const struct {
		const struct bel_style *style;
		const char *extension;
	} known[] = {{&bel_style_text, ".txt"}, {&bel_style_markdown, ".md"},
		{&bel_style_html, ".html"}, {&bel_style_latex, ".tex"}};
	size_t i = 0;

	while (known[i].style != style)
		i++;
	return known[i].extension;
}

static void print_word(const char *option, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-+=:,./%*";
	char *const shown = bel_visible_dup(word);

	if (shown && !strchr(shown, '\''))
		printf(shown[strspn(shown, plain)] ? " %s '%s'" : " %s %s", option, shown);
	free(shown);
}

/* The command that grades what --sheets wrote; it needs the same options. */
static void print_grading(const struct explain_job *job)
{
	const struct {
		const char *name;
		uint64_t value;
	} numbers[] = {{"-n", job->model.references}, {"--pages", job->model.pages},
		{"--locality", job->model.locality}, {"--phase", job->model.phase}};

	fputs("grade them with: bel-explain", stdout);
	print_word("-p", job->policies);
	print_word(job->ram ? "-m" : "-f", job->ram ? job->ram : job->frames);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (numbers[i].value != BEL_GEN_UNSET)
			printf(" %s %llu", numbers[i].name, (unsigned long long)numbers[i].value);
	if (job->model.alpha != BEL_GEN_UNSET_REAL)
		printf(" --alpha %.15g", job->model.alpha);
	if (job->model.write_ratio != BEL_GEN_UNSET_REAL)
		printf(" --write-ratio %.15g", job->model.write_ratio);
	printf("%s%s --grade answers/*\n", strcmp(job->operand, "uniform") ? " " : "",
		strcmp(job->operand, "uniform") ? job->operand : "");
}

void explain_sheets(struct tool *tool, const struct explain_job *job, const char *numbers,
	const char *folder, const struct bel_step_table *table)
{
	struct writing writing = {
		.tool = tool,
		.folder = folder,
		.table = *table,
		.extension = extension_of(table->style),
	};
	char path[PATH_SIZE];
	uint64_t *number;
	size_t count;

	tool_check(tool, bel_parse_counts(numbers, "--sheets", &number, &count, &tool->err));
	if (count > SHEETS_MAX)
		tool_usage(
			tool, "--sheets: %zu sheets are too many; at most %d", count, SHEETS_MAX);
	operand_must_draw(tool, job->operand, &job->model);
	make_folder(tool, folder);
	make_folder(tool, path_of(&writing, "sheets", NULL, path));
	make_folder(tool, path_of(&writing, "keys", NULL, path));
	for (size_t i = 0; i < count; i++)
		write_sheet(&writing, job, number[i]);
	if (table->style == &bel_style_latex) {
		write_document(&writing, "sheets", number, count);
		write_document(&writing, "keys", number, count);
	}
	free(number);
	printf("%zu sheet%s in %s/sheets, the answers in %s/keys\n", count, count == 1 ? "" : "s",
		folder, folder);
	if (table->style != &bel_style_latex)
		print_grading(job);
}

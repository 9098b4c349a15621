/* SPDX-License-Identifier: MIT */
/* grade_print.c: grades as text, CSV and JSON. */
#include "grade_print.h"

#include <string.h>

#include "visible.h"

#define SENTENCE 600

static size_t wrong_count(const struct bel_graded *graded)
{
	return graded->grade->cells - graded->grade->right;
}

/* "frame 2 at time 2: '9', should be '3'" */
static void say_cell(const struct bel_graded *graded, size_t index, char *text)
{
	const struct bel_wrong_cell *cell = &graded->grade->wrong[index];
	char label[BEL_STEP_TABLE_CELL], wanted[BEL_STEP_TABLE_CELL], given[4 * 64];

	bel_step_table_label(&cell->row, label);
	bel_step_table_cell(&graded->explain[cell->explain], &cell->row, cell->now, wanted);
	if (cell->given)
		snprintf(text, SENTENCE, "%s at time %zu: '%s', should be '%s'", label, cell->now,
			bel_visible_copy(given, sizeof(given), cell->given), wanted);
	else
		snprintf(text, SENTENCE, "%s at time %zu: no answer, should be '%s'", label,
			cell->now, wanted);
}

static void print_points(const struct bel_graded *graded, FILE *file)
{
	char title[200];
	size_t width = 0, right, cells;

	for (size_t i = 0; i < graded->count; i++) {
		bel_explain_title(&graded->explain[i], title, sizeof(title));
		width = strlen(title) > width ? strlen(title) : width;
	}
	for (size_t i = 0; i < graded->count; i++) {
		bel_explain_title(&graded->explain[i], title, sizeof(title));
		bel_grade_points(graded->grade, graded->explain, i, &right, &cells);
		fprintf(file, "  %-*s %4zu of %zu\n", (int)width, title, right, cells);
	}
}

void bel_grade_print_text(const struct bel_graded *graded, bool titled, bool brief, FILE *file)
{
	char title[200], text[SENTENCE];

	if (!graded->grade)
		return;
	if (titled) {
		bel_visible_put(file, graded->file);
		if (graded->sheet->numbered)
			fprintf(file, ", %llu", (unsigned long long)graded->sheet->number);
		if (*graded->sheet->name) {
			fputs(", ", file);
			bel_visible_put(file, graded->sheet->name);
		}
		fputs(": ", file);
	}
	fprintf(file, "%zu of %zu cells are right\n", graded->grade->right, graded->grade->cells);
	if (graded->count > 1)
		print_points(graded, file);
	for (size_t i = 0; i < wrong_count(graded) && !brief; i++) {
		const size_t explain = graded->grade->wrong[i].explain;

		bel_explain_title(&graded->explain[explain], title, sizeof(title));
		say_cell(graded, i, text);
		fprintf(file, "%s: %s\n", title, text);
	}
}

void bel_grade_print_csv_head(FILE *file)
{
	fputs("number,name,points,of,wrong,file,error\n", file);
}

/* Part of a quoted field, with its quotes doubled. */
static void put_csv(FILE *file, const char *text)
{
	char visible[BEL_VISIBLE_CHAR];

	while (*text) {
		text += bel_visible_char(text, visible);
		fputs(*visible == '"' ? "\"\"" : visible, file);
	}
}

/* A spreadsheet takes a field that begins like this for a formula. */
static void put_foreign(FILE *file, const char *text)
{
	fprintf(file, "\"%s", *text && strchr("=+-@", *text) ? "'" : "");
	put_csv(file, text);
	fputc('"', file);
}

void bel_grade_print_csv(const struct bel_graded *graded, FILE *file)
{
	char title[200], text[SENTENCE];

	if (graded->sheet->numbered)
		fprintf(file, "%llu", (unsigned long long)graded->sheet->number);
	fputc(',', file);
	put_foreign(file, graded->sheet->name);
	if (graded->grade)
		fprintf(file, ",%zu,%zu,\"", graded->grade->right, graded->grade->cells);
	else
		fputs(",,,\"", file);
	for (size_t i = 0; graded->grade && i < wrong_count(graded); i++) {
		const size_t explain = graded->grade->wrong[i].explain;

		bel_explain_title(&graded->explain[explain], title, sizeof(title));
		say_cell(graded, i, text);
		fprintf(file, "%s%s: ", i ? "; " : "", title);
		put_csv(file, text);
	}
	fputs("\",", file);
	put_foreign(file, graded->file);
	fputc(',', file);
	put_foreign(file, graded->refusal ? graded->refusal : "");
	fputc('\n', file);
}

/* Part of a JSON string. What is shown has no control characters and is valid UTF-8. */
static void put_json(FILE *file, const char *text)
{
	char visible[BEL_VISIBLE_CHAR];

	while (*text) {
		text += bel_visible_char(text, visible);
		for (const char *c = visible; *c; c++)
			fprintf(file, strchr("\"\\", *c) ? "\\%c" : "%c", *c);
	}
}

static void put_test(const struct bel_graded *graded, size_t index, FILE *file)
{
	char title[200], text[SENTENCE];
	size_t right, cells, said = 0;

	bel_explain_title(&graded->explain[index], title, sizeof(title));
	bel_grade_points(graded->grade, graded->explain, index, &right, &cells);
	fprintf(file, "%s\n    {\"score\": %zu, \"max_score\": %zu, \"name\": \"", index ? "," : "",
		right, cells);
	put_json(file, title);
	fputs("\", \"output\": \"", file);
	for (size_t i = 0; i < wrong_count(graded); i++) {
		if (graded->grade->wrong[i].explain != index)
			continue;
		say_cell(graded, i, text);
		fputs(said++ ? "\\n" : "", file);
		put_json(file, text);
	}
	fputs("\"}", file);
}

void bel_grade_print_gradescope(const struct bel_graded *graded, FILE *file)
{
	if (!graded->grade) {
		fputs("{\n  \"score\": 0,\n  \"output\": \"", file);
		put_json(file, graded->refusal);
		fputs("\",\n  \"tests\": []\n}\n", file);
		return;
	}
	fprintf(file, "{\n  \"score\": %zu,\n  \"output\": \"%zu of %zu cells are right\",\n",
		graded->grade->right, graded->grade->right, graded->grade->cells);
	fputs("  \"tests\": [", file);
	for (size_t i = 0; i < graded->count; i++)
		put_test(graded, i, file);
	fputs("\n  ]\n}\n", file);
}

/* SPDX-License-Identifier: MIT */
/* grade.c: reads a filled-in step table and compares it cell by cell. */
#include "grade.h"

#include <stdlib.h>
#include <string.h>

#define GAPS " \t\r|"

/* The answers in one policy's table. */
struct answers {
	size_t rows;
	size_t *filled;     /* cells read so far in each row */
	const char **given; /* `references` per row; NULL: no answer */
	bool seen;
};

struct reader {
	const struct bel_explain *explain;
	size_t count;
	struct answers *answers; /* one per explanation */
	size_t now_in;           /* table of the current line; count: none yet */
	const char *name;
	size_t line;
};

static size_t row_count(const struct bel_explain *explain)
{
	struct bel_row row;
	size_t n = 0;

	while (bel_step_table_row(explain, false, n, &row))
		n++;
	return n;
}

static int make_answers(struct reader *reader, struct bel_err *err)
{
	reader->answers = calloc(reader->count, sizeof(*reader->answers));
	if (!reader->answers)
		return bel_err_memory(err, "the answers");
	for (size_t i = 0; i < reader->count; i++) {
		struct answers *a = &reader->answers[i];

		a->rows = row_count(&reader->explain[i]);
		a->filled = calloc(a->rows, sizeof(*a->filled));
		a->given = calloc(a->rows * reader->explain[i].string->count, sizeof(*a->given));
		if (!a->filled || !a->given)
			return bel_err_memory(err, "the answers");
	}
	return 0;
}

static void free_answers(struct reader *reader)
{
	for (size_t i = 0; reader->answers && i < reader->count; i++) {
		free(reader->answers[i].filled);
		free(reader->answers[i].given);
	}
	free(reader->answers);
}

/* Removes Markdown's **strong**, and the backslashes before its special characters. */
static char *undress(char *word)
{
	size_t length = strlen(word);
	char *to = word;

	if (length > 4 && !strncmp(word, "**", 2) && !strcmp(word + length - 2, "**")) {
		word[length - 2] = 0;
		word += 2;
		to = word;
	}
	for (const char *from = word; *from; from++)
		if (*from != '\\')
			*to++ = *from;
	*to = 0;
	return word;
}

/* Whether a line is a table's title, with or without markup; then it begins that table. */
static bool read_title(struct reader *reader, const char *line)
{
	const char *const dress = "#*| \t\r";
	char title[200], bare[240];
	size_t used = 0;

	line += strspn(line, dress);
	for (; *line && used + 1 < sizeof(bare); line++)
		if (*line != '\\')
			bare[used++] = *line;
	bare[used] = 0;
	for (size_t i = 0; i < reader->count && !*line; i++) {
		const size_t length =
			(size_t)bel_explain_title(&reader->explain[i], title, sizeof(title));

		if (strncmp(bare, title, length) || bare[length + strspn(bare + length, dress)])
			continue;
		reader->now_in = i;
		reader->answers[i].seen = true;
		return true;
	}
	return false;
}

/* Whether a line is the title of a table that is not graded; its rows must be skipped. */
static bool is_other_title(const char *line)
{
	const size_t length = strcspn(line, "|*\r");

	return (length > 6 && !strncmp(line + length - 6, " frame", 6)) ||
	       (length > 7 && !strncmp(line + length - 7, " frames", 7));
}

/* The label of a line; *cells is the text after it. NULL: the line has no label. */
static char *cut_label(char *line, char **cells)
{
	char *label = line + strspn(line, GAPS), *bar = strchr(label, '|');

	if (!bar)
		return NULL;
	*cells = bar + 1;
	while (bar > label && strchr(GAPS, bar[-1]))
		bar--;
	*bar = 0;
	return label;
}

static int read_cells(struct reader *reader, size_t row, char *cells, struct bel_err *err)
{
	struct answers *a = &reader->answers[reader->now_in];
	const size_t references = reader->explain->string->count;
	char *word;

	while ((word = strsep(&cells, GAPS))) {
		if (!*word)
			continue;
		if (a->filled[row] == references)
			return bel_fail(err, "%s: line %zu: more cells than the %zu references",
				reader->name, reader->line, references);
		a->given[row * references + a->filled[row]++] = undress(word);
	}
	return 0;
}

static int read_line(struct reader *reader, char *line, struct bel_err *err)
{
	char *label, *cells, text[BEL_STEP_TABLE_CELL];
	struct bel_row row;

	if (read_title(reader, line))
		return 0;
	if (is_other_title(line))
		reader->now_in = reader->count;
	if (reader->now_in == reader->count)
		return 0;
	label = cut_label(line, &cells);
	if (!label)
		return 0;
	for (size_t n = 0; bel_step_table_row(&reader->explain[reader->now_in], false, n, &row);
		n++) {
		bel_step_table_label(&row, text);
		if (!strcmp(text, label))
			return read_cells(reader, n, cells, err);
	}
	return 0;
}

static void mark_cell(struct bel_grade *grade, const struct reader *reader, size_t i, size_t now,
	size_t n, const struct bel_row *row)
{
	const struct bel_explain *explain = &reader->explain[i];
	const char *given = reader->answers[i].given[n * explain->string->count + now];
	const bool first = grade->right == grade->cells;
	char wanted[BEL_STEP_TABLE_CELL];

	bel_step_table_cell(explain, row, now, wanted);
	grade->cells++;
	if (given && !strcmp(given, wanted)) {
		grade->right++;
		return;
	}
	if (!first)
		return;
	grade->explain = i;
	grade->now = now;
	grade->row = *row;
	snprintf(
		grade->given, sizeof(grade->given), "%s", given && strcmp(given, "_") ? given : "");
	snprintf(grade->wanted, sizeof(grade->wanted), "%s", wanted);
}

static void mark_all(struct bel_grade *grade, const struct reader *reader)
{
	struct bel_row row;

	for (size_t i = 0; i < reader->count; i++)
		for (size_t now = 0; now < reader->explain[i].string->count; now++)
			for (size_t n = 0; bel_step_table_row(&reader->explain[i], false, n, &row);
				n++)
				mark_cell(grade, reader, i, now, n, &row);
}

int bel_grade(struct bel_grade *grade, const struct bel_explain *explain, size_t count, char *text,
	const char *name, struct bel_err *err)
{
	struct reader reader = {
		.explain = explain, .count = count, .now_in = count, .name = name, .line = 1};
	char title[200], *line;
	int r = make_answers(&reader, err);

	*grade = (struct bel_grade){.cells = 0};
	for (; r == 0 && (line = strsep(&text, "\n")); reader.line++)
		r = read_line(&reader, line, err);
	for (size_t i = 0; r == 0 && i < count; i++) {
		if (reader.answers[i].seen)
			continue;
		bel_explain_title(&explain[i], title, sizeof(title));
		r = bel_fail(err, "%s: has no table '%s'", name, title);
	}
	if (r == 0)
		mark_all(grade, &reader);
	free_answers(&reader);
	return r;
}

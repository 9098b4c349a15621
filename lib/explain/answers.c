/* SPDX-License-Identifier: MIT */
/* answers.c: reads filled-in step tables, and checks that they are for this string. */
#include "answers.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer_cells.h"
#include "visible.h"

struct reader {
	const struct bel_explain *explain;
	const struct bel_string *string;
	size_t count;
	struct bel_answers *answers; /* one per explanation */
	size_t now_in;               /* table of the current line; count: none */
	bool other;                  /* the current table is not graded */
	bool numbered;
	size_t from, columns; /* of the last row of times; columns 0: there was none */
	bool *named;          /* the text has the page of this time */
	size_t pages_read;    /* without rows of times */
	const char *name;
	size_t line;
};

bool bel_answers_numbered(const struct bel_string *string)
{
	for (uint32_t page = 0; page < string->pages; page++)
		if (string->name[page][0] < '0' || string->name[page][0] > '9')
			return false;
	return true;
}

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
	const size_t references = reader->string->count;

	reader->answers = calloc(reader->count, sizeof(*reader->answers));
	reader->named = calloc(references, sizeof(*reader->named));
	if (!reader->answers || !reader->named)
		return bel_err_memory(err, "the answers");
	for (size_t i = 0; i < reader->count; i++) {
		struct bel_answers *a = &reader->answers[i];

		a->rows = row_count(&reader->explain[i]);
		a->filled = calloc(a->rows, sizeof(*a->filled));
		a->given = calloc(a->rows * references, sizeof(*a->given));
		if (!a->filled || !a->given)
			return bel_err_memory(err, "the answers");
	}
	return 0;
}

void bel_answers_free(struct bel_answers *answers, size_t count)
{
	for (size_t i = 0; answers && i < count; i++) {
		free(answers[i].filled);
		free(answers[i].given);
	}
	free(answers);
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
		reader->other = false;
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

static void read_times(struct reader *reader, struct bel_answer_cells *cells)
{
	const char *cell = bel_answer_cell(cells);
	char *end;

	if (!cell || *cell < '0' || *cell > '9')
		return;
	reader->from = strtoul(cell, &end, 10);
	reader->columns = 1;
	while (bel_answer_cell(cells))
		reader->columns++;
	if (*end || reader->from >= reader->string->count ||
		reader->columns > reader->string->count - reader->from)
		reader->columns = 0;
}

static bool same(const struct reader *reader, const char *given, const char *wanted)
{
	return reader->numbered ? !strcasecmp(given, wanted) : !strcmp(given, wanted);
}

/* The pages tell which string the text is for. */
static int read_pages(struct reader *reader, struct bel_answer_cells *cells, struct bel_err *err)
{
	const struct bel_row row = {BEL_ROW_PAGE, 0};
	size_t now = reader->columns ? reader->from : reader->pages_read;
	char wanted[BEL_STEP_TABLE_CELL], given[4 * BEL_STEP_TABLE_CELL];
	const char *cell;

	for (; now < reader->string->count && (cell = bel_answer_cell(cells)); now++) {
		bel_step_table_cell(reader->explain, &row, now, wanted);
		if (same(reader, cell, wanted)) {
			reader->named[now] = true;
			continue;
		}
		if (reader->other)
			return 0;
		return bel_fail(err,
			"%s: line %zu: the page at time %zu is '%s', but in the string that is "
			"graded it is '%s'; this sheet is for another string",
			reader->name, reader->line, now,
			bel_visible_copy(given, sizeof(given), cell), wanted);
	}
	reader->pages_read = now;
	return 0;
}

static int read_cells(
	struct reader *reader, size_t row, struct bel_answer_cells *cells, struct bel_err *err)
{
	struct bel_answers *a = &reader->answers[reader->now_in];
	const size_t references = reader->string->count;
	const size_t from = reader->columns ? reader->from : a->filled[row];
	const size_t columns = reader->columns ? reader->columns : references - from;
	size_t read = 0;
	const char *cell;

	while ((cell = bel_answer_cell(cells))) {
		if (read == columns && reader->columns)
			return bel_fail(err, "%s: line %zu: more cells than the %zu times above",
				reader->name, reader->line, columns);
		if (read == columns)
			return bel_fail(err, "%s: line %zu: more cells than the %zu references",
				reader->name, reader->line, references);
		a->given[row * references + from + read++] = *cell ? cell : NULL;
	}
	if (reader->columns && read && read < columns && !cells->bars)
		return bel_fail(err,
			"%s: line %zu: %zu cells below %zu times; "
			"write _ in each cell without an answer",
			reader->name, reader->line, read, columns);
	a->filled[row] = from + read;
	return 0;
}

static int read_line(struct reader *reader, char *line, struct bel_err *err)
{
	struct bel_answer_cells cells = {.marks = reader->numbered};
	char text[BEL_STEP_TABLE_CELL], *label;
	struct bel_row row;

	if (read_title(reader, line))
		return 0;
	if (is_other_title(line)) {
		reader->now_in = reader->count;
		reader->other = true;
	}
	label = bel_answer_label(&cells, line);
	if (!label)
		return 0;
	if (!strcmp(label, "time"))
		read_times(reader, &cells);
	else if (!strcmp(label, "page"))
		return read_pages(reader, &cells, err);
	if (reader->now_in == reader->count)
		return 0;
	for (size_t n = 0; bel_step_table_row(&reader->explain[reader->now_in], false, n, &row);
		n++) {
		bel_step_table_label(&row, text);
		if (!strcmp(text, label))
			return read_cells(reader, n, &cells, err);
	}
	return 0;
}

static int check_complete(const struct reader *reader, struct bel_err *err)
{
	char title[200];

	for (size_t i = 0; i < reader->count; i++) {
		if (reader->answers[i].seen)
			continue;
		bel_explain_title(&reader->explain[i], title, sizeof(title));
		return bel_fail(err, "%s: has no table '%s'", reader->name, title);
	}
	for (size_t now = 0; now < reader->string->count; now++)
		if (!reader->named[now])
			return bel_fail(err,
				"%s: has no page at time %zu; without the whole row 'page' it is "
				"not known which string the answers are for",
				reader->name, now);
	return 0;
}

static bool is_html(const char *text)
{
	text += strspn(text, " \t\r\n");
	return !strncasecmp(text, "<!doctype", 9) || !strncasecmp(text, "<html", 5);
}

int bel_answers_read(struct bel_answers **answers, const struct bel_explain *explain, size_t count,
	char *text, const char *name, struct bel_err *err)
{
	struct reader reader = {
		.explain = explain,
		.string = explain->string,
		.count = count,
		.now_in = count,
		.numbered = bel_answers_numbered(explain->string),
		.name = name,
		.line = 1,
	};
	char *line;
	int r;

	*answers = NULL;
	if (is_html(text))
		return bel_fail(err,
			"%s: is HTML, which does not have what was filled in; grade the text file "
			"that its button 'Save answers' saves",
			name);
	r = make_answers(&reader, err);
	for (; r == 0 && (line = strsep(&text, "\n")); reader.line++)
		r = read_line(&reader, line, err);
	if (r == 0)
		r = check_complete(&reader, err);
	free(reader.named);
	*answers = reader.answers;
	return r;
}

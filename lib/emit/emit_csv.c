/* SPDX-License-Identifier: MIT */
/*
 * emit_csv.c: rows as CSV (RFC 4180 quoting, lines ending in a line feed).
 *
 * The rows of a record differ only in the elements of its arrays. So the text of a row is made once
 * for each record, with a slot where each element goes.
 */
#include <stdlib.h>
#include <string.h>

#include "emit_record.h"
#include "emit_rows.h"

struct line {
	char *text;
	size_t used, capacity;
	struct slot {
		size_t at; /* position in text */
		const json_t *series;
	} * slot; /* at most one for each column */
	size_t slots;
	bool failed; /* out of memory */
};

static void add(struct line *line, const char *text, size_t length)
{
	if (length > line->capacity - line->used) {
		const size_t capacity = 2 * (line->used + length);
		char *grown = realloc(line->text, capacity);

		if (!grown) {
			line->failed = true;
			return;
		}
		line->text = grown;
		line->capacity = capacity;
	}
	memcpy(line->text + line->used, text, length);
	line->used += length;
}

static void add_field(struct line *line, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		add(line, text, strlen(text));
		return;
	}
	add(line, "\"", 1);
	for (; *text; text++) {
		if (*text == '"')
			add(line, text, 1);
		add(line, text, 1);
	}
	add(line, "\"", 1);
}

/* An object, or an array of texts, is one field. */
static void add_compound(struct line *line, json_t *value)
{
	char *const text = json_is_object(value) ? bel_object_text(value) : bel_array_text(value);

	if (text)
		add_field(line, text);
	else
		line->failed = true;
	free(text);
}

/* Null and absent members both become an empty field. */
static void add_value(struct line *line, json_t *value)
{
	char number[BEL_NUMBER_TEXT];

	if (json_is_string(value))
		add_field(line, json_string_value(value));
	else if (json_is_boolean(value))
		add_field(line, json_is_true(value) ? "true" : "false");
	else if (json_is_number(value))
		add_field(line, bel_number_text(number, sizeof(number), value));
	else if (json_is_object(value) || json_is_array(value))
		add_compound(line, value);
}

static void make_head(struct line *line, const struct bel_rows *rows)
{
	line->used = line->slots = 0;
	for (size_t c = 0; c < rows->columns; c++) {
		if (c)
			add(line, ",", 1);
		add_field(line, rows->column[c]);
	}
	add(line, "\n", 1);
}

static void make_row(struct line *line, const struct bel_rows *rows, json_t *root)
{
	line->used = line->slots = 0;
	for (size_t c = 0; c < rows->columns; c++) {
		json_t *const value = bel_json_at(root, rows->column[c]);

		if (c)
			add(line, ",", 1);
		if (bel_rows_is_series(value))
			line->slot[line->slots++] = (struct slot){line->used, value};
		else
			add_value(line, value);
	}
	add(line, "\n", 1);
}

/* Writes row k of the record that the line was made of. */
static void put_row(const struct line *line, size_t k, struct line *element, FILE *file)
{
	size_t from = 0;

	for (size_t s = 0; s < line->slots; s++) {
		const struct slot *slot = &line->slot[s];

		element->used = 0;
		add_value(element, json_array_get(slot->series, k));
		fwrite_unlocked(line->text + from, 1, slot->at - from, file);
		fwrite_unlocked(element->text, 1, element->used, file);
		from = slot->at;
	}
	fwrite_unlocked(line->text + from, 1, line->used - from, file);
}

int bel_rows_csv(const struct bel_rows *rows, FILE *file, bool head, struct bel_err *err)
{
	struct line line = {.slot = calloc(rows->columns + 1, sizeof(*line.slot))};
	struct line element = {.failed = !line.slot};

	if (line.slot && head) {
		make_head(&line, rows);
		put_row(&line, 0, &element, file);
	}
	for (size_t i = 0; i < rows->records && !line.failed && !element.failed; i++) {
		make_row(&line, rows, rows->record[i].root);
		for (size_t k = 0; k < rows->record[i].length && !line.failed; k++)
			put_row(&line, k, &element, file);
	}
	free(line.text);
	free(line.slot);
	free(element.text);
	return line.failed || element.failed ? bel_err_memory(err, "result rows") : 0;
}

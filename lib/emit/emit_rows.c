/* SPDX-License-Identifier: MIT */
/*
 * emit_rows.c: records as rows and columns.
 */
#include <stdlib.h>
#include <string.h>

#include "emit_record.h"
#include "emit_rows.h"

/* The state while the columns of a record are collected. */
struct walk {
	struct bel_rows *rows;
	struct bel_err *err;
	size_t after;  /* index after the previous column */
	size_t length; /* of the longest array of plain values */
};

int bel_rows_init(struct bel_rows *rows, const char *schema, struct bel_err *err)
{
	memset(rows, 0, sizeof(*rows));
	rows->schema = strdup(schema);
	return rows->schema ? 0 : bel_err_memory(err, "result rows");
}

static int column_insert(struct walk *walk, const char *path)
{
	struct bel_rows *rows = walk->rows;
	char *copy = strdup(path);

	if (copy && rows->columns == rows->column_capacity) {
		const size_t capacity = rows->column_capacity ? 2 * rows->column_capacity : 32;
		char **grown = realloc(rows->column, capacity * sizeof(*grown));

		if (!grown) {
			free(copy);
			copy = NULL;
		} else {
			rows->column = grown;
			rows->column_capacity = capacity;
		}
	}
	if (!copy)
		return bel_err_memory(walk->err, "result columns");
	memmove(rows->column + walk->after + 1, rows->column + walk->after,
		(rows->columns - walk->after) * sizeof(*rows->column));
	rows->column[walk->after++] = copy;
	rows->columns++;
	return 0;
}

/* Records of one schema have similar columns, so the search starts where the last one ended. */
static int column_note(struct walk *walk, const char *path)
{
	const struct bel_rows *rows = walk->rows;

	for (size_t i = 0; i < rows->columns; i++) {
		const size_t at = (walk->after + i) % rows->columns;

		if (!strcmp(rows->column[at], path)) {
			walk->after = at + 1;
			return 0;
		}
	}
	return column_insert(walk, path);
}

bool bel_rows_is_series(const json_t *value)
{
	const json_t *const first = json_array_get(value, 0);

	return json_is_array(value) && !json_is_object(first) && !json_is_array(first) &&
	       !json_is_string(first);
}

int bel_rows_fix(struct bel_rows *rows, struct bel_err *err)
{
	const char *names = bel_csv_columns(rows->schema);
	struct walk walk = {.rows = rows, .err = err};
	char name[128];

	rows->fixed = names != NULL;
	while (names && *names) {
		const size_t n = strcspn(names, ",");

		snprintf(name, sizeof(name), "%.*s", (int)n, names);
		if (column_insert(&walk, name) < 0)
			return BEL_FAIL;
		names += n + (names[n] == ',');
	}
	return 0;
}

/* The longest array among the fixed columns. */
static size_t fixed_length(const struct bel_rows *rows, json_t *root)
{
	size_t length = 0;

	for (size_t c = 0; c < rows->columns; c++) {
		const json_t *const value = bel_json_at(root, rows->column[c]);

		if (bel_rows_is_series(value) && json_array_size(value) > length)
			length = json_array_size(value);
	}
	return length;
}

static int walk_value(struct walk *walk, json_t *value, char *path, size_t used, size_t size);

static int walk_member(
	struct walk *walk, const char *key, json_t *value, char *path, size_t used, size_t size)
{
	const int n = snprintf(path + used, size - used, used ? ".%s" : "%s", key);

	if (n < 0 || (size_t)n >= size - used)
		return bel_fail(walk->err, "the name of a result member is too long");
	return walk_value(walk, value, path, used + (size_t)n, size);
}

static int walk_value(struct walk *walk, json_t *value, char *path, size_t used, size_t size)
{
	const char *key;
	json_t *member;
	size_t i;

	if (bel_rows_is_series(value)) {
		if (json_array_size(value) > walk->length)
			walk->length = json_array_size(value);
		return column_note(walk, path);
	}
	json_object_foreach(value, key, member)
	{
		if (walk_member(walk, key, member, path, used, size) < 0)
			return BEL_FAIL;
	}
	if (json_is_string(json_array_get(value, 0)))
		return column_note(walk, path);
	json_array_foreach(value, i, member)
	{
		char index[24];

		snprintf(index, sizeof(index), "%zu", i);
		if (walk_member(walk, index, member, path, used, size) < 0)
			return BEL_FAIL;
	}
	return json_is_object(value) || json_is_array(value) ? 0 : column_note(walk, path);
}

int bel_rows_add(struct bel_rows *rows, json_t *root, struct bel_err *err)
{
	struct walk walk = {.rows = rows, .err = err};
	char path[256] = "";

	if (rows->records == rows->record_capacity) {
		const size_t capacity = rows->record_capacity ? 2 * rows->record_capacity : 64;
		void *grown = realloc(rows->record, capacity * sizeof(*rows->record));

		if (!grown)
			return bel_err_memory(err, "result rows");
		rows->record = grown;
		rows->record_capacity = capacity;
	}
	if (rows->fixed)
		walk.length = fixed_length(rows, root);
	else if (walk_value(&walk, root, path, 0, sizeof(path)) < 0)
		return BEL_FAIL;
	rows->record[rows->records].root = json_incref(root);
	rows->record[rows->records++].length = walk.length ? walk.length : 1;
	return 0;
}

json_t *bel_rows_cell(json_t *root, const char *column, size_t i)
{
	json_t *value = bel_json_at(root, column);

	return bel_rows_is_series(value) ? json_array_get(value, i) : value;
}

void bel_rows_clear(struct bel_rows *rows)
{
	for (size_t i = 0; i < rows->records; i++)
		json_decref(rows->record[i].root);
	rows->records = 0;
}

void bel_rows_release(struct bel_rows *rows)
{
	bel_rows_clear(rows);
	for (size_t i = 0; i < rows->columns; i++)
		free(rows->column[i]);
	free(rows->column);
	free(rows->record);
	free(rows->schema);
	memset(rows, 0, sizeof(*rows));
}

const char *bel_number_text(char *text, size_t size, const json_t *value)
{
	uint64_t rest;
	char *at;

	if (!json_is_integer(value)) {
		snprintf(text, size, "%.15g", json_real_value(value));
		return text;
	}
	/* Curves have millions of integers: no printf. */
	rest = (uint64_t)json_integer_value(value);
	if (json_integer_value(value) < 0)
		rest = -rest;
	at = text + size;
	*--at = 0;
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (json_integer_value(value) < 0)
		*--at = '-';
	return at;
}

char *bel_array_text(const json_t *array)
{
	char *text = NULL;
	size_t size, i;
	json_t *member;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	json_array_foreach(array, i, member)
	{
		const char *const value = json_string_value(member);

		fprintf(out, "%s%s", i ? " " : "", value ? value : "");
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

char *bel_object_text(json_t *object)
{
	const char *key;
	json_t *member;
	char *text = NULL, number[40];
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool first = true;

	if (!out)
		return NULL;
	json_object_foreach(object, key, member)
	{
		const char *value = json_is_true(member) ? "on" : "off";

		if (json_is_string(member))
			value = json_string_value(member);
		else if (json_is_number(member))
			value = bel_number_text(number, sizeof(number), member);
		fprintf(out, "%s%s=%s", first ? "" : " ", key, value);
		first = false;
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

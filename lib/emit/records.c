/* SPDX-License-Identifier: MIT */
/*
 * records.c: reads result records.
 */
#include "records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "emit_record.h"
#include "emit_rows.h"
#include "records_feed.h"

#define GZIP 0x1f /* the first byte of a gzip file */

int bel_records_open_file(
	struct bel_records **records, FILE *file, const char *name, struct bel_err *err)
{
	struct bel_records *r = calloc(1, sizeof(*r));

	*records = r;
	if (!r)
		return bel_err_memory(err, "a reader of records");
	r->file = file;
	r->name = name;
	r->line = r->column = 1;
	return 0;
}

int bel_records_open(struct bel_records **records, const char *path, struct bel_err *err)
{
	FILE *file;

	if (!strcmp(path, "-"))
		return bel_records_open_file(records, stdin, "standard input", err);
	*records = NULL;
	if (!*path)
		return bel_fail(err, "the name of a file of records is empty");
	file = fopen(path, "r");
	if (!file)
		return bel_fail_open(err, path);
	if (bel_records_open_file(records, file, path, err) < 0) {
		fclose(file);
		return BEL_FAIL;
	}
	(*records)->owns_file = true;
	return 0;
}

void bel_records_close(struct bel_records *records)
{
	if (!records)
		return;
	if (records->owns_file)
		fclose(records->file);
	free(records->text);
	free(records);
}

static int read_failed(const struct bel_records *records, struct bel_err *err)
{
	return bel_fail_errno(err, errno, "%s: cannot read", records->name);
}

/* Our own words, because jansson's messages quote the input, which may be any bytes. */
static const char *reason(const json_error_t *why)
{
	switch (json_error_code(why)) {
	case json_error_premature_end_of_input:
		return "the input ends in the middle of it";
	case json_error_invalid_utf8:
		return "it is not UTF-8";
	case json_error_duplicate_key:
		return "a member is there twice";
	case json_error_numeric_overflow:
		return "a number is too large";
	case json_error_stack_overflow:
		return "it is nested too deeply";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "a text contains a NUL character";
	default:
		return "it is not JSON";
	}
}

static int parse_failed(const struct bel_records *records, const struct bel_record *begin,
	const json_error_t *why, struct bel_err *err)
{
	const unsigned long line = why->line > 0 ? (unsigned long)why->line : 1;
	unsigned long column = why->column > 0 ? (unsigned long)why->column : 1;

	if (ferror(records->file))
		return read_failed(records, err);
	if (json_error_code(why) == json_error_out_of_memory || records->no_memory)
		return bel_err_memory(err, "a result record");
	if (bel_records_excess(records))
		return bel_fail(err, "%s: line %lu: a record has more than the maximum of %s",
			records->name, begin->line, bel_records_excess(records));
	if (line == 1)
		column += begin->column - 1;
	if (begin->line + line - 1 == records->skipped_line)
		column += records->skipped;
	return bel_fail(err, "%s: line %lu, column %lu: not a JSON record: %s", records->name,
		begin->line + line - 1, column, reason(why));
}

/* Reads a record whose { was read already. */
static int parse_record(
	struct bel_records *records, struct bel_record **record, struct bel_err *err)
{
	struct bel_record *r = calloc(1, sizeof(*r));
	json_error_t why;

	if (!r)
		return bel_err_memory(err, "a result record");
	records->record = r;
	r->source = records->name;
	r->line = records->line;
	r->column = --records->column;
	ungetc('{', records->file);
	bel_records_feed_start(records);
	errno = 0;
	r->root = json_load_callback(
		bel_records_feed, records, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &why);
	if (!r->root) {
		parse_failed(records, r, &why, err);
	} else if (!json_is_string(json_object_get(r->root, "schema"))) {
		bel_fail(err, "%s: line %lu: not a result record: it has no \"schema\"",
			records->name, r->line);
	} else {
		bel_series_place(r);
		r->open[0] = r->root;
		records->expected = records->depth ? COMMA_OR_END : RECORD;
		*record = r;
		return 1;
	}
	bel_record_free(r);
	return BEL_FAIL;
}

/* The byte order mark that some editors put before UTF-8; its first byte was read already. */
static bool is_mark(struct bel_records *records, int c)
{
	if (c != 0xef || bel_records_byte(records) != 0xbb || bel_records_byte(records) != 0xbf)
		return false;
	records->column--;
	return true;
}

static int unexpected(const struct bel_records *records, int c, bool first, struct bel_err *err)
{
	const unsigned long column = records->column > 1 ? records->column - 1 : 1;
	const char text[] = {(char)c, '\0'};

	if (first && (c == 0xff || c == 0xfe))
		return bel_fail(err, "%s: is UTF-16, but records must be UTF-8", records->name);
	if (first && (c >= 0x80 || c == GZIP || !c))
		return bel_fail(err,
			"%s: is not text, so it has no result records; if it is a trace, bel-sim "
			"or "
			"bel-curve makes records of it",
			records->name);
	return bel_fail(err, "%s: line %lu, column %lu: '%s' where %s", records->name,
		records->line, column, c ? text : "\\x00",
		records->expected == COMMA_OR_END ? "a comma or ] should follow a record"
						  : "a JSON record should begin, {...}");
}

/* Takes the character if it is one between records: a bracket, comma or blank. */
static bool take_bracket(struct bel_records *records, int c)
{
	if (c == '[' && records->expected != COMMA_OR_END) {
		records->depth++;
		records->expected = RECORD_OR_END;
	} else if (c == ']' && records->depth && records->expected != RECORD) {
		records->depth--;
		records->expected = records->depth ? COMMA_OR_END : RECORD;
	} else if (c == ',' && records->expected == COMMA_OR_END) {
		records->expected = RECORD;
	} else {
		return false;
	}
	return true;
}

int bel_records_next(struct bel_records *records, struct bel_record **record, struct bel_err *err)
{
	int c;

	*record = NULL;
	errno = 0;
	while ((c = bel_records_byte(records)) != EOF) {
		const bool first = !records->begun;

		records->begun = true;
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || take_bracket(records, c))
			continue;
		if (c == '{' && records->expected != COMMA_OR_END)
			return parse_record(records, record, err);
		if (!is_mark(records, c))
			return unexpected(records, c, first, err);
	}
	if (ferror(records->file))
		return read_failed(records, err);
	if (records->depth)
		return bel_fail(err,
			"%s: line %lu: the input ends in an array of records; ] is missing",
			records->name, records->line);
	return 0;
}

const char *bel_record_schema(const struct bel_record *record)
{
	return json_string_value(json_object_get(record->root, "schema"));
}

const char *bel_record_source(const struct bel_record *record)
{
	return record->source;
}

unsigned long bel_record_line(const struct bel_record *record)
{
	return record->line;
}

bool bel_record_has(const struct bel_record *record, const char *path)
{
	const json_t *value = bel_json_at(record->root, path);

	return value && !json_is_null(value);
}

bool bel_record_is_true(const struct bel_record *record, const char *path)
{
	return json_is_true(bel_json_at(record->root, path));
}

size_t bel_record_length(const struct bel_record *record, const char *path)
{
	return bel_record_column(record, path).length;
}

static int lacks(
	const struct bel_record *record, const char *path, const char *type, struct bel_err *err)
{
	return bel_fail(err, "%s: line %lu: the %s record has no %s \"%s\"",
		record->source ? record->source : "-", record->line, bel_record_schema(record),
		type, path);
}

int bel_record_get_text(
	const struct bel_record *record, const char *path, const char **value, struct bel_err *err)
{
	*value = json_string_value(bel_json_at(record->root, path));
	return *value ? 0 : lacks(record, path, "text", err);
}

int bel_record_get_count(
	const struct bel_record *record, const char *path, uint64_t *value, struct bel_err *err)
{
	const json_t *member = bel_json_at(record->root, path);

	if (!json_is_integer(member) || json_integer_value(member) < 0)
		return lacks(record, path, "count", err);
	*value = (uint64_t)json_integer_value(member);
	return 0;
}

struct bel_record_column bel_record_column(const struct bel_record *record, const char *path)
{
	const json_t *const value = bel_json_at(record->root, path);
	const struct bel_series *const series = bel_series_at(record, value);

	if (series)
		return (struct bel_record_column){.count = series->value, .length = series->count};
	return (struct bel_record_column){.value = value, .length = json_array_size(value)};
}

bool bel_record_column_get(const struct bel_record_column *column, size_t i, double *value)
{
	const json_t *element = column->value;

	if (column->count && i < column->length) {
		*value = (double)column->count[i];
		return true;
	}
	if (json_is_array(element))
		element = json_array_get(element, i);
	*value = json_number_value(element);
	return json_is_number(element);
}

bool bel_record_column_count(const struct bel_record_column *column, size_t i, uint64_t *value)
{
	const json_t *element = column->value;

	if (column->count && i < column->length) {
		*value = column->count[i];
		return true;
	}
	if (json_is_array(element))
		element = json_array_get(element, i);
	*value = (uint64_t)json_integer_value(element);
	return json_is_integer(element) && json_integer_value(element) >= 0;
}

int bel_record_get_element(const struct bel_record *record, const char *path, size_t i,
	double *value, struct bel_err *err)
{
	const struct bel_record_column column = bel_record_column(record, path);

	return bel_record_column_get(&column, i, value) ? 0 : lacks(record, path, "number", err);
}

bool bel_record_column_is_null(const struct bel_record_column *column, size_t i)
{
	const json_t *const value = column->value;

	return json_is_array(value) && json_is_null(json_array_get(value, i));
}

char *bel_record_object_text(const struct bel_record *record, const char *path)
{
	json_t *object = bel_json_at(record->root, path);

	return json_is_object(object) ? bel_object_text(object) : strdup("");
}

int bel_record_each_count(const struct bel_record *record, const char *path,
	int (*each)(void *host, const char *key, uint64_t value), void *host, struct bel_err *err)
{
	json_t *const object = bel_json_at(record->root, path);
	const char *key;
	json_t *value;
	int r = 0;

	if (!json_is_object(object))
		return bel_fail(err, "%s: line %lu: '%s' is not an object", record->source,
			record->line, path);
	json_object_foreach(object, key, value)
	{
		if (!json_is_integer(value) || json_integer_value(value) < 0)
			return bel_fail(err, "%s: line %lu: '%s' has a member that is no count",
				record->source, record->line, path);
		r = each(host, key, (uint64_t)json_integer_value(value));
		if (r < 0)
			return r;
	}
	return 0;
}

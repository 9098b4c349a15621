/* SPDX-License-Identifier: MIT */
/*
 * records.c: reading JSON Lines of result records.
 */
#include "records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "emit_record.h"
#include "emit_rows.h"

struct bel_records {
	FILE *file;
	const char *name;
	char *text; /* the line */
	size_t room;
	unsigned long line;
};

int bel_records_open(
	struct bel_records **records, FILE *file, const char *name, struct bel_err *err)
{
	struct bel_records *r = calloc(1, sizeof(*r));

	*records = r;
	if (!r)
		return bel_err_memory(err, "a reader of records");
	r->file = file;
	r->name = name;
	return 0;
}

void bel_records_close(struct bel_records *records)
{
	if (!records)
		return;
	free(records->text);
	free(records);
}

static int parse_line(
	struct bel_records *records, size_t length, struct bel_record **record, struct bel_err *err)
{
	struct bel_record *r = calloc(1, sizeof(*r));
	json_error_t why;

	*record = r;
	if (!r)
		return bel_err_memory(err, "a result record");
	r->source = records->name;
	r->line = records->line;
	r->root = json_loadb(records->text, length, JSON_REJECT_DUPLICATES, &why);
	if (!r->root) {
		/* jansson's own words quote the input, which may be anything. */
		bel_fail(err, "%s: line %lu: no JSON record (column %d)", records->name,
			records->line, why.column > 0 ? why.column : 1);
	} else if (!json_is_string(json_object_get(r->root, "schema"))) {
		bel_fail(err, "%s: line %lu: no result record: it has no \"schema\"", records->name,
			records->line);
	} else {
		r->open[0] = r->root;
		return 1;
	}
	bel_record_free(r);
	*record = NULL;
	return BEL_FAIL;
}

int bel_records_next(struct bel_records *records, struct bel_record **record, struct bel_err *err)
{
	ssize_t n;

	*record = NULL;
	errno = 0;
	while ((n = getline(&records->text, &records->room, records->file)) >= 0) {
		const size_t length = (size_t)n;

		records->line++;
		if (strspn(records->text, " \t\r\n") < length)
			return parse_line(records, length, record, err);
	}
	if (ferror(records->file) || errno == ENOMEM)
		return bel_fail(err, "%s: cannot read: %s", records->name, strerror(errno));
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

size_t bel_record_length(const struct bel_record *record, const char *path)
{
	return json_array_size(bel_json_at(record->root, path));
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

int bel_record_get_real(
	const struct bel_record *record, const char *path, double *value, struct bel_err *err)
{
	const json_t *member = bel_json_at(record->root, path);

	if (!json_is_number(member))
		return lacks(record, path, "number", err);
	*value = json_number_value(member);
	return 0;
}

int bel_record_get_element(const struct bel_record *record, const char *path, size_t i,
	double *value, struct bel_err *err)
{
	const json_t *member = bel_json_at(record->root, path);

	if (json_is_array(member))
		member = json_array_get(member, i);
	if (!json_is_number(member))
		return lacks(record, path, "number", err);
	*value = json_number_value(member);
	return 0;
}

bool bel_record_element_is_null(const struct bel_record *record, const char *path, size_t i)
{
	const json_t *member = bel_json_at(record->root, path);

	return json_is_array(member) && json_is_null(json_array_get(member, i));
}

char *bel_record_object_text(const struct bel_record *record, const char *path)
{
	json_t *object = bel_json_at(record->root, path);

	return json_is_object(object) ? bel_object_text(object) : strdup("");
}

/* SPDX-License-Identifier: MIT */
/*
 * emit.c: writes finished records: JSON Lines at once, CSV and tables in blocks.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emit_json.h"
#include "emit_record.h"
#include "emit_rows.h"
#include "records.h"
#include "terminal_width.h"

/* CSV is written in blocks of this many records, because its columns must be known first. */
#define CSV_BLOCK 16384

struct bel_emit {
	FILE *file; /* NULL: records go to take() */
	int (*take)(void *host, const char *json);
	void *host;
	enum bel_emit_format format;
	struct bel_table_look look;
	struct bel_emit_notes *notes; /* the caller's, or `unheard` */
	struct bel_emit_notes unheard;
	struct bel_emit_summary summary;
	struct bel_rows *block; /* CSV and table: one per schema, in order of first appearance */
	size_t blocks;
	size_t head_block, head_columns; /* CSV: block and columns of the last head line; 0: none */
	const char *csv_schema;          /* CSV: only these records; NULL: all */
};

int bel_emit_format_parse(const char *text, enum bel_emit_format *format, struct bel_err *err)
{
	if (!text)
		*format = BEL_EMIT_AUTO;
	else if (!strcmp(text, "jsonl"))
		*format = BEL_EMIT_JSONL;
	else if (!strcmp(text, "csv"))
		*format = BEL_EMIT_CSV;
	else if (!strcmp(text, "table"))
		*format = BEL_EMIT_TABLE;
	else
		return bel_usage(err, "'%s' is not a result format; use jsonl, csv or table", text);
	return 0;
}

int bel_emit_open(struct bel_emit **emit, FILE *file, enum bel_emit_format format,
	const char *const *columns, struct bel_err *err)
{
	struct bel_emit *e = calloc(1, sizeof(*e));

	*emit = e;
	if (!e)
		return bel_err_memory(err, "results");
	if (format == BEL_EMIT_AUTO)
		format = isatty(fileno(file)) ? BEL_EMIT_TABLE : BEL_EMIT_JSONL;
	e->notes = &e->unheard;
	e->file = file;
	e->format = format;
	e->look = (struct bel_table_look){.columns = columns, .width = bel_terminal_columns(file)};
	return 0;
}

int bel_emit_open_taker(struct bel_emit **emit, int (*take)(void *host, const char *json),
	void *host, struct bel_err *err)
{
	struct bel_emit *e = calloc(1, sizeof(*e));

	*emit = e;
	if (!e)
		return bel_err_memory(err, "results");
	e->notes = &e->unheard;
	e->take = take;
	e->host = host;
	e->format = BEL_EMIT_JSONL;
	return 0;
}

void bel_emit_tell(struct bel_emit *emit, struct bel_emit_notes *notes)
{
	emit->notes = notes;
}

void bel_emit_summarise(struct bel_emit *emit, struct bel_emit_summary of)
{
	emit->summary = of;
}

static int check_written(const struct bel_emit *emit, struct bel_err *err)
{
	if (emit->file && ferror(emit->file))
		return bel_fail_errno(err, errno, "cannot write results");
	return 0;
}

/* A line with its newline, which a taker does not get. */
static int put_line(struct bel_emit *emit, char *text, size_t size, struct bel_err *err)
{
	if (!emit->take) {
		fwrite(text, 1, size, emit->file);
		return check_written(emit, err);
	}
	text[size - 1] = 0;
	if (emit->take(emit->host, text))
		return bel_err_set(err, BEL_NO, "the taker of records wants no more");
	return 0;
}

static int write_line(struct bel_emit *emit, const struct bel_record *record, struct bel_err *err)
{
	char *text = NULL;
	size_t size;
	FILE *line = open_memstream(&text, &size);
	bool complete;
	int status;

	if (!line)
		return bel_err_memory(err, "a result record");
	complete = bel_json_write(record, line) && putc('\n', line) != EOF && !ferror(line);
	complete = fclose(line) == 0 && complete && text;
	status =
		complete ? put_line(emit, text, size, err) : bel_err_memory(err, "a result record");
	free(text);
	return status;
}

/* Writes a CSV block, with a head line only if the last one does not fit. */
static int flush_csv(struct bel_emit *emit, size_t block, struct bel_err *err)
{
	struct bel_rows *rows = &emit->block[block];
	const bool head = emit->head_block != block || emit->head_columns != rows->columns;

	if (!rows->records && !(head && rows->columns))
		return 0;
	if (bel_rows_csv(rows, emit->file, head, err) < 0)
		return BEL_FAIL;
	emit->head_block = block;
	emit->head_columns = rows->columns;
	bel_rows_clear(rows);
	return check_written(emit, err);
}

static int add_block(struct bel_emit *emit, const char *schema, struct bel_err *err)
{
	struct bel_rows *grown = realloc(emit->block, (emit->blocks + 1) * sizeof(*grown));

	if (!grown)
		return bel_err_memory(err, "results");
	emit->block = grown;
	if (bel_rows_init(&grown[emit->blocks], schema, err) < 0)
		return BEL_FAIL;
	emit->blocks++;
	return emit->format == BEL_EMIT_CSV ? bel_rows_fix(&grown[emit->blocks - 1], err) : 0;
}

enum bel_emit_format bel_emit_format(const struct bel_emit *emit)
{
	return emit->format;
}

void bel_emit_csv_of(struct bel_emit *emit, const char *schema)
{
	emit->csv_schema = schema;
}

bool bel_emit_has_schema(const char *schema)
{
	return bel_csv_columns(schema);
}

/* Whether CSV leaves the record out, since it has only one table. */
static bool is_left_out(const struct bel_emit *emit, const struct bel_record *record)
{
	return emit->format == BEL_EMIT_CSV && emit->csv_schema &&
	       strcmp(bel_record_schema(record), emit->csv_schema) != 0;
}

static int gather(struct bel_emit *emit, json_t *root, struct bel_err *err)
{
	const char *schema = json_string_value(json_object_get(root, "schema"));
	size_t i = 0;

	while (i < emit->blocks && strcmp(emit->block[i].schema, schema) != 0)
		i++;
	if (i == emit->blocks && add_block(emit, schema, err) < 0)
		return BEL_FAIL;
	if (emit->format == BEL_EMIT_TABLE && !bel_summary_curve(root, &emit->summary, emit->notes))
		return bel_err_memory(err, "a result table");
	if (bel_rows_add(&emit->block[i], root, err) < 0)
		return BEL_FAIL;
	if (emit->format == BEL_EMIT_CSV && emit->block[i].records == CSV_BLOCK)
		return flush_csv(emit, i, err);
	return 0;
}

int bel_emit(struct bel_emit *emit, struct bel_record *record, struct bel_err *err)
{
	int status;

	if (!record)
		return bel_err_memory(err, "a result record");
	if (record->broken == bel_record_no_memory)
		status = bel_err_memory(err, "a result record");
	else if (record->broken)
		status = bel_fail(err, "%s", record->broken);
	else if (record->depth > 0)
		status = bel_fail(err, "a result record was left open");
	else if (is_left_out(emit, record))
		status = 0;
	else if (emit->format == BEL_EMIT_JSONL)
		status = write_line(emit, record, err);
	else if (!bel_series_settle(record))
		status = bel_err_memory(err, "a result record");
	else
		status = gather(emit, record->root, err);
	bel_record_free(record);
	return status;
}

int bel_emit_close(struct bel_emit *emit, struct bel_err *err)
{
	int status = 0;

	if (!emit)
		return 0;
	if (emit->format == BEL_EMIT_CSV && emit->csv_schema && !emit->blocks)
		status = add_block(emit, emit->csv_schema, err);
	for (size_t i = 0; i < emit->blocks; i++) {
		if (emit->format == BEL_EMIT_CSV && status == 0) {
			status = flush_csv(emit, i, err);
		} else if (status == 0) {
			if (i)
				putc('\n', emit->file);
			status = bel_rows_table(&emit->block[i], emit->file, &emit->look, err);
		}
		bel_rows_release(&emit->block[i]);
	}
	if (status == 0)
		status = check_written(emit, err);
	emit->notes->columns = emit->look.hidden;
	memcpy(emit->notes->names, emit->look.names, sizeof(emit->notes->names));
	free(emit->block);
	free(emit);
	return status;
}

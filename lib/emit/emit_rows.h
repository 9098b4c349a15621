/* SPDX-License-Identifier: MIT */
/*
 * emit_rows.h: records of one schema as rows and columns, for CSV and tables.
 *
 * Nested members become columns with dotted names. Arrays of plain values
 * (curves) are unrolled: a record has as many rows as its longest array; other
 * members are repeated in each row. The columns are the union over all records;
 * a new column is placed after the column that precedes it in its record.
 */
#ifndef BEL_EMIT_ROWS_H
#define BEL_EMIT_ROWS_H

#include <jansson.h>

#include "emit.h"

struct bel_rows {
	char *schema;
	struct {
		json_t *root;  /* an own reference */
		size_t length; /* number of rows after unrolling */
	} * record;
	size_t records, record_capacity;
	char **column; /* dotted paths */
	size_t columns, column_capacity;
};

int bel_rows_init(struct bel_rows *rows, const char *schema, struct bel_err *err);
/* Adds a record; keeps an own reference to it. */
int bel_rows_add(struct bel_rows *rows, json_t *root, struct bel_err *err);
/* Removes the records; the columns stay. */
void bel_rows_clear(struct bel_rows *rows);
void bel_rows_release(struct bel_rows *rows);

/* The value for a column in row i of an unrolled record; NULL if it has none. */
json_t *bel_rows_cell(json_t *root, const char *column, size_t i);

/* Whether a column is unrolled from this value: it is an array of plain values. */
bool bel_rows_is_series(const json_t *value);

/* Writes the records as CSV, with the column names first if `head`. */
int bel_rows_csv(const struct bel_rows *rows, FILE *file, bool head, struct bel_err *err);

/* Writes the records as a table of the chosen columns (emit.h); NULL: those that differ. */
int bel_rows_table(
	const struct bel_rows *rows, FILE *file, const char *const *columns, struct bel_err *err);

#define BEL_NUMBER_TEXT 40 /* bytes that hold any number */

/* A number as text: an integer, or a real with 15 significant digits. Returns its start. */
const char *bel_number_text(char *text, size_t size, const json_t *value);

/* "bit=1 k=2": a small object, such as parameters, in one cell; free(). NULL: out of memory. */
char *bel_object_text(json_t *object);

#endif

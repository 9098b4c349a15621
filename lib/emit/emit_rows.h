/* SPDX-License-Identifier: MIT */
/*
 * emit_rows.h: records of one schema as rows and columns, for CSV and tables.
 *
 * Nested members become columns with dotted names. Arrays of numbers
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
	bool fixed; /* the columns were given, and members without one are left out */
};

int bel_rows_init(struct bel_rows *rows, const char *schema, struct bel_err *err);
/* Sets the columns of the schema for CSV, if it has fixed ones. Before the first record. */
int bel_rows_fix(struct bel_rows *rows, struct bel_err *err);
/* Names with commas between them; NULL: the schema has no fixed columns. */
const char *bel_csv_columns(const char *schema);
/* Adds a record; keeps an own reference to it. */
int bel_rows_add(struct bel_rows *rows, json_t *root, struct bel_err *err);
/* Removes the records; the columns stay. */
void bel_rows_clear(struct bel_rows *rows);
void bel_rows_release(struct bel_rows *rows);

/* The value for a column in row i of an unrolled record; NULL if it has none. */
json_t *bel_rows_cell(json_t *root, const char *column, size_t i);

/* Whether a column is unrolled from this value: it is an array of numbers. */
bool bel_rows_is_series(const json_t *value);

/* Writes the records as CSV, with the column names first if `head`. */
int bel_rows_csv(const struct bel_rows *rows, FILE *file, bool head, struct bel_err *err);

/* How tables look, and what they could not show. */
struct bel_table_look {
	const char *const *columns; /* emit.h; NULL: those that differ */
	size_t width;               /* of a line; 0: any */
	size_t hidden;              /* out: columns that did not fit, in all tables */
	char names[200];            /* out: their names, see bel_emit_notes; cut if too long */
};

int bel_rows_table(
	const struct bel_rows *rows, FILE *file, struct bel_table_look *look, struct bel_err *err);

/* Shortens the curve of a record, if it has a long one, and counts in `notes`. False: no memory. */
bool bel_summary_curve(
	json_t *root, const struct bel_emit_summary *of, struct bel_emit_notes *notes);

#define BEL_NUMBER_TEXT 40 /* bytes that hold any number */

/* A number as text: an integer, or a real with 15 significant digits. Returns its start. */
const char *bel_number_text(char *text, size_t size, const json_t *value);

/* "lru opt": an array of texts in one cell; free(). NULL: out of memory. */
char *bel_array_text(const json_t *array);

/* "bit=1 k=2": a small object, such as parameters, in one cell; free(). NULL: out of memory. */
char *bel_object_text(json_t *object);

#endif

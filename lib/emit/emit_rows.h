/* SPDX-License-Identifier: MIT */
/*
 * emit_rows.h: records of one schema as rows and columns, for CSV and tables.
 *
 * Nested members become columns with dotted names. Arrays of plain values
 * (curves) are unrolled: a record has as many rows as its longest one, and what
 * is no array repeats. Columns are the union over the records, each new one
 * placed after the one that it follows in its record.
 */
#ifndef BEL_EMIT_ROWS_H
#define BEL_EMIT_ROWS_H

#include <jansson.h>

#include "emit.h"

struct bel_rows {
	char *schema;
	struct {
		json_t *root;  /* a reference of its own */
		size_t length; /* rows that it unrolls to */
	} * record;
	size_t records, record_capacity;
	char **column; /* dotted paths */
	size_t columns, column_capacity;
};

int bel_rows_init(struct bel_rows *rows, const char *schema, struct bel_err *err);
/* Takes a reference of its own. */
int bel_rows_add(struct bel_rows *rows, json_t *root, struct bel_err *err);
/* Forgets the records, keeps the columns. */
void bel_rows_clear(struct bel_rows *rows);
void bel_rows_release(struct bel_rows *rows);

/* The value for a column in row i of an unrolled record; NULL if it has none. */
json_t *bel_rows_cell(json_t *root, const char *column, size_t i);

/* Writes the block's records as CSV, the column names first if `head`. */
void bel_rows_csv(const struct bel_rows *rows, FILE *file, bool head);

/* Writes the block as a table of the chosen columns (emit.h); NULL: those that differ. */
int bel_rows_table(
	const struct bel_rows *rows, FILE *file, const char *const *columns, struct bel_err *err);

/* A number without a unit of its own: an integer, or a real in 15 significant digits; returns text.
 */
const char *bel_number_text(char *text, size_t size, const json_t *value);

/* "bit=1 k=2": a small object in one cell, as policies' parameters are; free(). NULL: no memory. */
char *bel_object_text(json_t *object);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * emit_table.h: internals of tables: columns of text. emit_table.c makes and prints them;
 * emit_list.c prints a single row.
 */
#ifndef BEL_EMIT_TABLE_H
#define BEL_EMIT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

struct column {
	char path[128];
	const char *heading;
	int decimals; /* of reals */
	bool right;   /* numbers */
	bool used;    /* a row has a value */
	char **label; /* shown instead of the value, one per record, owned; NULL: the value */
	size_t width;
	char **cell; /* owned texts, one per row */
};

struct table {
	struct column *column;
	size_t columns, rows;
};

/* Writes a text through visible.h, padded to the width. The last text of a line is not padded on
 * its right. */
void bel_put_padded(FILE *file, const char *text, size_t width, bool right, bool last);

/* Prints a table of one row with a line per column; arrays of objects become small tables. */
int bel_table_list(const struct table *table, FILE *file);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * emit_table.h: the inside of tables: columns of text, for emit_table.c, which makes
 * and prints them, and emit_list.c, which prints a single row.
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
	char **label; /* what stands for the value, one a record, owned; NULL: the value itself */
	size_t width;
	char **cell; /* owned texts, one a row */
};

struct table {
	struct column *column;
	size_t columns, rows;
};

/* Writes any text so that it is only seen (visible.h). The last text of a line is not padded on its
 * right. */
void bel_put_padded(FILE *file, const char *text, size_t width, bool right, bool last);

/* A table of one row, a line for each column; arrays of objects as tables in it. */
int bel_table_list(const struct table *table, FILE *file);

#endif

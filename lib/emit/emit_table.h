/* SPDX-License-Identifier: MIT */
/*
 * emit_table.h: internals of tables: columns of text. emit_table.c makes and prints them;
 * emit_list.c prints a single row; emit_fit.c makes both fit a terminal.
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
	bool name;    /* of a trace, a process, a file */
	bool used;    /* a row has a value */
	char **label; /* shown instead of the value, one per record, owned; NULL: the value */
	size_t width;
	char **cell; /* owned texts, one per row */
};

struct table {
	struct column *column;
	size_t columns, rows;
	size_t width;  /* of a line; 0: any */
	size_t hidden; /* columns that did not fit */
	char *names;   /* of these, as in struct bel_table_look, with room for `names_size` bytes */
	size_t names_size;
};

/* The width of a column, and how narrow it may become. */
struct bel_fit {
	size_t width, least;
};

enum bel_fit_kind { BEL_FIT_NUMBER, BEL_FIT_TEXT, BEL_FIT_NAME };

struct bel_fit bel_fit_of(size_t width, const char *heading, enum bel_fit_kind kind);
/* Narrows the widest until all of them, two blanks apart, have room, or none can be narrower. */
void bel_fit_widths(struct bel_fit *fit, size_t count, size_t room);

/*
 * Makes a line fit: leaves out columns, the ones with one value first, and elides texts. -1: no
 * memory.
 */
int bel_table_fit(struct table *table, struct column **shown, size_t *count);

/* Writes a text through visible.h, padded to the width. The last text of a line is not padded on
 * its right. */
void bel_put_padded(FILE *file, const char *text, size_t width, bool right, bool last);

/* Prints a table of one row with a line per column; arrays of objects become small tables. */
int bel_table_list(struct table *table, FILE *file);

#endif

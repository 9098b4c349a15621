/* SPDX-License-Identifier: MIT */
/*
 * csv_columns.h: the cells of a CSV line, and the meaning of each column.
 *
 * Private to format_csv.c. The map from columns to meanings comes from --columns,
 * from the head line, or from both (names in the map are looked up in the head line):
 *
 *	address=2,kind=1,size=3        columns count from 1
 *	address=vaddr:hex,kind=op      named columns; hexadecimal without 0x
 *	page=block,process=pid         page numbers instead of byte addresses; processes
 *	key=path                       any text; each distinct text is one page, numbered in
 *	                               order of first appearance
 *
 * Columns are separated by one character, or by BEL_CSV_BLANKS: any number of
 * spaces and tabs.
 */
#ifndef BEL_CSV_COLUMNS_H
#define BEL_CSV_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

enum bel_csv_field {
	BEL_CSV_ADDRESS,
	BEL_CSV_PAGE,
	BEL_CSV_KEY,
	BEL_CSV_KIND,
	BEL_CSV_SIZE,
	BEL_CSV_PROCESS,
	BEL_CSV_THREAD,
	BEL_CSV_FIELDS,
};

#define BEL_CSV_BLANKS ' '

struct bel_csv_column {
	unsigned at;   /* from 1 */
	uint8_t field; /* enum bel_csv_field */
	bool hex;
};

struct bel_csv_columns {
	struct bel_csv_column column[BEL_CSV_FIELDS]; /* ascending */
	unsigned count;
	uint8_t separator;
};

/* A cell's text, without its quotes and the blanks around it. */
struct bel_csv_cell {
	const uint8_t *text;
	size_t length;
	const char *fault; /* what is wrong with its quotes; NULL: they are valid */
};

/*
 * The cell that starts at p, in a line that ends in '\n'. Returns where the
 * next one starts, or NULL after the line's last.
 */
const uint8_t *bel_csv_cell_next(const uint8_t *p, uint8_t separator, struct bel_csv_cell *cell);

/* Whether a cell is that word; upper and lower case are equal. */
bool bel_csv_cell_is(const struct bel_csv_cell *cell, const char *word);

/* ";", "tab", "blank" ... to the character. NULL gives 0: bel_csv_resolve() takes it from the head.
 */
int bel_csv_separator(const char *text, uint8_t *separator, struct bel_err *err);

/* Whether a map (NULL: none given) needs the head line to be resolved. */
bool bel_csv_need_head(const char *map);

/*
 * `head` is the head line, or NULL if bel_csv_need_head() says no. `separator` 0: not given; then
 * it is a comma, unless the head line has the wanted names only with another separator.
 * `name`: of the file, for messages.
 */
int bel_csv_resolve(struct bel_csv_columns *columns, const char *map, const uint8_t *head,
	uint8_t separator, const char *name, struct bel_err *err);

/* The first of , ; tab | and blanks with which a line has all columns of a map; else a comma. */
uint8_t bel_csv_separator_of(const struct bel_csv_columns *columns, const uint8_t *line);

/* The column of a field, from 1; 0: there is none. */
unsigned bel_csv_column_of(const struct bel_csv_columns *columns, enum bel_csv_field field);

/* Whether a line is a head line: it names an address, page or key and has no number. */
bool bel_csv_head_probe(const uint8_t *line);

#endif

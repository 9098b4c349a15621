/* SPDX-License-Identifier: MIT */
/*
 * csv_columns.h: which column of a CSV file holds what.
 *
 * Private to format_csv.c. A map comes from --columns, from the head line, or
 * from both (names in the map are looked up in the head line):
 *
 *	address=2,kind=1,size=3        columns count from 1
 *	address=vaddr:hex,kind=op      named columns; hexadecimal without 0x
 *	page=block                     page numbers instead of byte addresses
 */
#ifndef BEL_CSV_COLUMNS_H
#define BEL_CSV_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

enum csv_field { CSV_ADDRESS, CSV_PAGE, CSV_KIND, CSV_SIZE, CSV_FIELDS };

struct csv_columns {
	unsigned at[CSV_FIELDS]; /* column, from 1; 0: there is none */
	bool hex[CSV_FIELDS];
	unsigned last; /* the highest of them */
};

/* A cell's text, without its quotes and the blanks around it. */
struct csv_cell {
	const uint8_t *text;
	size_t length;
};

/*
 * The cell that starts at p, in a line that ends in '\n'. Returns where the
 * next one starts, or NULL after the line's last; a quote that is not closed
 * gives an empty last cell.
 */
const uint8_t *csv_cell_next(const uint8_t *p, struct csv_cell *cell);

/* Whether a map (NULL: none given) can only be understood with the head line. */
bool csv_columns_need_head(const char *map);

/* `head` is the head line, or NULL if csv_columns_need_head() says no. `name`: of the file. */
int csv_columns_resolve(struct csv_columns *columns, const char *map, const uint8_t *head,
	const char *name, struct bel_err *err);

/* Whether a line looks like a head line with a column of addresses or pages. */
bool csv_head_probe(const uint8_t *line);

#endif

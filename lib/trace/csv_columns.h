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

enum bel_csv_field { BEL_CSV_ADDRESS, BEL_CSV_PAGE, BEL_CSV_KIND, BEL_CSV_SIZE, BEL_CSV_FIELDS };

struct bel_csv_columns {
	unsigned at[BEL_CSV_FIELDS]; /* column, from 1; 0: there is none */
	bool hex[BEL_CSV_FIELDS];
	unsigned last; /* the highest of them */
};

/* A cell's text, without its quotes and the blanks around it. */
struct bel_csv_cell {
	const uint8_t *text;
	size_t length;
};

/*
 * The cell that starts at p, in a line that ends in '\n'. Returns where the
 * next one starts, or NULL after the line's last; a quote that is not closed
 * gives an empty last cell.
 */
const uint8_t *bel_csv_cell_next(const uint8_t *p, struct bel_csv_cell *cell);

/* Whether a map (NULL: none given) can only be understood with the head line. */
bool bel_csv_need_head(const char *map);

/* `head` is the head line, or NULL if bel_csv_need_head() says no. `name`: of the file. */
int bel_csv_resolve(struct bel_csv_columns *columns, const char *map, const uint8_t *head,
	const char *name, struct bel_err *err);

/* Whether a line looks like a head line with a column of addresses or pages. */
bool bel_csv_head_probe(const uint8_t *line);

#endif

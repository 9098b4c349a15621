/* SPDX-License-Identifier: MIT */
/*
 * csv_row.h: one line of a CSV file, by the map of its columns.
 *
 * Private to format_csv.c. A line ends in '\n'; cells of a row point into it.
 */
#ifndef BEL_CSV_ROW_H
#define BEL_CSV_ROW_H

#include "csv_columns.h"
#include "csv_value.h"

struct bel_csv_map {
	struct bel_csv_columns columns;
	struct bel_csv_kinds kinds;
	unsigned unit_bits; /* of pages */
};

/* What a line says, or what is wrong with it. */
struct bel_csv_row {
	struct bel_access access;
	uint64_t process, thread;
	struct bel_csv_cell key;
	/* If not NULL: what is wrong with this cell, of this column. */
	const char *fault;
	struct bel_csv_cell cell;
	unsigned column;
};

/* Past the line, or NULL if it is no row: row->fault says why. */
const uint8_t *bel_csv_row_parse(
	const struct bel_csv_map *map, const uint8_t *line, struct bel_csv_row *row);

/*
 * Whether a first line is a head line, where the map has numbers alone: where the map
 * wants a number, there is a name, and where it wants a kind, there is none.
 */
bool bel_csv_row_is_head(const struct bel_csv_map *map, const uint8_t *line);

/* Past the newline. */
const uint8_t *bel_csv_row_end(const uint8_t *p);

#endif

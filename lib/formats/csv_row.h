/* SPDX-License-Identifier: MIT */
/*
 * csv_row.h: parses one line of a CSV file with the map of its columns.
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

/* The contents of a line, or what is wrong with it. */
struct bel_csv_row {
	struct bel_access access;
	uint64_t process, thread;
	struct bel_csv_cell key;
	/* If not NULL: what is wrong with `cell` in column `column`. */
	const char *fault;
	struct bel_csv_cell cell;
	unsigned column;
};

/* Returns the start of the next line, or NULL if the line is not a row: row->fault says why. */
const uint8_t *bel_csv_row_parse(
	const struct bel_csv_map *map, const uint8_t *line, struct bel_csv_row *row);

/*
 * Whether a first line is a head line, for a map that gives columns by number only. A head line
 * has a name where the map expects a number, and no kind where the map expects a kind.
 */
bool bel_csv_row_is_head(const struct bel_csv_map *map, const uint8_t *line);

/* Past the newline. */
const uint8_t *bel_csv_row_end(const uint8_t *p);

#endif

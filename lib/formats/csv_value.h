/* SPDX-License-Identifier: MIT */
/*
 * csv_value.h: parses one cell of a CSV file: a number, a size, a kind.
 *
 * Private to format_csv.c. Each function returns NULL, or what is wrong with the
 * cell ("not a number"): the end of a message that has quoted the cell. A cell is
 * part of a line that ends in '\n'.
 */
#ifndef BEL_CSV_VALUE_H
#define BEL_CSV_VALUE_H

#include "csv_columns.h"
#include "trace.h"

/* Decimal or 0x, or hexadecimal without 0x; up to 64 bits. */
const char *bel_csv_number(const struct bel_csv_cell *cell, bool hex, uint64_t *value);

/* As a number, or with a unit: 512B 4K 4KB 4KiB 2M (powers of 1024). Not 0. */
const char *bel_csv_size(const struct bel_csv_cell *cell, bool hex, uint64_t *bytes);

#define BEL_CSV_SKIP 0xff /* instead of a kind: the line is not a reference */

/* Words of kinds beside the usual ones: --kinds 2a=read,28=write,flush=skip. */
struct bel_csv_kinds {
	const char *map; /* the caller's; NULL: none */
};

/* The usual word number `index`, in lower case, and its kind; NULL: there are no more. */
const char *bel_csv_kind_word(size_t index, uint8_t *kind);

/* BEL_USAGE if the map cannot be understood. */
int bel_csv_kinds_init(struct bel_csv_kinds *kinds, const char *map, struct bel_err *err);

/* The message for a cell that is not a kind. */
#define BEL_CSV_NO_KIND "not a kind of reference (read, write, ...); map it with --kinds"

const char *bel_csv_kind(
	const struct bel_csv_kinds *kinds, const struct bel_csv_cell *cell, uint8_t *kind);

#endif

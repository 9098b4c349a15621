/* SPDX-License-Identifier: MIT */
/*
 * csv_fast.h: parses usual rows of a CSV file in one pass over their bytes.
 *
 * Private to format_csv.c. A usual row has plain or quoted cells, numbers, kinds in the words
 * without --kinds, and no mistake. Any other row is left to csv_row.h, which also says what is
 * wrong: both give the same reference for a row that both take.
 */
#ifndef BEL_CSV_FAST_H
#define BEL_CSV_FAST_H

#include "csv_row.h"

#define BEL_CSV_FAST_COLUMNS 32
#define BEL_CSV_FAST_WORDS 64 /* a power of two */

struct bel_csv_fast {
	/* The column after the last wanted one is not looked at; 0: no row is usual. */
	unsigned columns;
	uint8_t separator;
	bool pages; /* sizes are in bytes, but references in pages */
	unsigned unit_bits;
	struct bel_csv_fast_column {
		uint8_t field; /* enum bel_csv_field; BEL_CSV_FIELDS: not wanted */
		bool hex;
	} column[BEL_CSV_FAST_COLUMNS];
	struct {
		uint64_t text; /* up to 8 lower case letters; 0: none */
		uint8_t kind;
	} word[BEL_CSV_FAST_WORDS]; /* at the place that a hash of the text gives */
};

struct bel_csv_ids {
	uint32_t process, thread;
};

void bel_csv_fast_init(struct bel_csv_fast *fast, const struct bel_csv_map *map);

/*
 * Parses the line, whose newline is at `end`, and after which 16 bytes are readable. False: the row
 * is not usual. *ids: of the columns that there are. *access is not copied, because a copy
 * waits until all its parts are written.
 */
bool bel_csv_fast_parse(const struct bel_csv_fast *fast, const uint8_t *line, const uint8_t *end,
	struct bel_access *access, struct bel_csv_ids *ids);

#endif

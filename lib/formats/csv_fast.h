/* SPDX-License-Identifier: MIT */
/*
 * csv_fast.h: parses usual rows of a CSV file, whose cells are listed before.
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

/* What the cells of processes and threads must be; UINT64_MAX: no number is right. */
struct bel_csv_ids {
	uint64_t process, thread;
};

/* Rows whose cells are listed (cell_ends.h). */
struct bel_csv_block {
	const uint8_t *text;
	const uint16_t *end; /* positions of separators and newlines in the text */
	size_t count;        /* of ends; the last one is a newline */
};

void bel_csv_fast_init(struct bel_csv_fast *fast, const struct bel_csv_map *map);

/*
 * Parses rows into at most `most` of out[], up to the first one that is not usual or has another
 * process or thread. 16 bytes before and after the block must be readable. Returns how many there
 * are; *next is where the first other row starts.
 */
size_t bel_csv_fast_parse(const struct bel_csv_fast *fast, const struct bel_csv_ids *ids,
	const struct bel_csv_block *block, struct bel_access *out, size_t most,
	const uint8_t **next);

#endif

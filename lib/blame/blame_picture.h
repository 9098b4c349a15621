/* SPDX-License-Identifier: MIT */
/*
 * blame_picture.h: counts by key for other programs, and as a flame graph. A key is a path: its
 * first part is the outermost frame, and a call stack is one frame for each function.
 *
 *	bel_blame_folded(file, &table, BEL_BLAME_FAULTS, &left);
 *	bel_blame_svg(file, &table, BEL_BLAME_FAULTS, "faults of lru", &left, &err);
 *	bel_blame_callgrind(file, &table, "ls.bel", &err);
 *
 * Names are hostile bytes: characters that control a terminal or end a line are shown as "\x1b",
 * and the markup of each format is escaped. Write errors are found by the caller when it closes the
 * file.
 */
#ifndef BEL_BLAME_PICTURE_H
#define BEL_BLAME_PICTURE_H

#include <stdio.h>

#include "blame_table.h"

/* Rows that cannot be shown as a size because their value is below 0: their number and sum. */
struct bel_blame_below {
	uint64_t rows;
	int64_t sum;
};

/* One line "part;part;part value" for each row, for flamegraph.pl and speedscope. */
void bel_blame_folded(FILE *file, const struct bel_blame_table *table,
	enum bel_blame_measure measure, struct bel_blame_below *below);

/* A flame graph without scripts; names and values appear on hover. `title` is any text. */
int bel_blame_svg(FILE *file, const struct bel_blame_table *table, enum bel_blame_measure measure,
	const char *title, struct bel_blame_below *below, struct bel_err *err);

/*
 * The format of callgrind_annotate and KCachegrind, with all counts. An element of a path is a
 * function that the element before it calls; with a function or stack, a line is its position.
 */
int bel_blame_callgrind(
	FILE *file, const struct bel_blame_table *table, const char *trace, struct bel_err *err);

#endif

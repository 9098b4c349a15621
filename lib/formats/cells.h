/* SPDX-License-Identifier: MIT */
/*
 * cells.h: splits a line into cells at commas or blanks, and describes a wrong cell.
 *
 * Private to lib/formats. Cells point into the line, which ends in a newline, and
 * are valid as long as the line.
 */
#ifndef BEL_CELLS_H
#define BEL_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bel_cell {
	const uint8_t *text; /* without the blanks around it; a separator or newline follows */
	size_t length;
};

/* Why a line is refused: the cell, and "column 4 (type) is neither Read nor Write". */
struct bel_fault {
	struct bel_cell cell; /* what the message quotes */
	char why[200];
};

/* Fills a fault (NULL: not wanted) and returns false. */
bool bel_fault_say(struct bel_fault *fault, struct bel_cell cell, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Splits [line, end) at each separator; the separator ' ' stands for any number of blanks and
 * tabs. Returns the number of cells, or most + 1 if there are more than `most`: those are not
 * stored. If there is no cell, cells[0] is empty.
 */
unsigned bel_cells_split(const uint8_t *line, const uint8_t *end, char separator,
	struct bel_cell *cells, unsigned most);

/* Whether a cell is that word; upper and lower case are equal. */
bool bel_cell_is(struct bel_cell cell, const char *word);

/* Whether a cell begins with those characters. */
bool bel_cell_starts(struct bel_cell cell, const char *text);

/* Whether a cell has only decimal digits. */
bool bel_cell_is_digits(struct bel_cell cell);

/* Whether a cell is digits, a point and digits: a time. */
bool bel_cell_is_seconds(struct bel_cell cell);

/* The whole cell as a 64-bit number: decimal; hexadecimal with or without 0x. */
bool bel_cell_to_decimal(struct bel_cell cell, uint64_t *value);
bool bel_cell_to_hex(struct bel_cell cell, uint64_t *value);

/* cells[at] as a decimal number. If it is not one, the fault names column at + 1 and `name`. */
bool bel_cell_need_decimal(const struct bel_cell *cells, unsigned at, const char *name,
	uint64_t *value, struct bel_fault *fault);

#endif

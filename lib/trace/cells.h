/* SPDX-License-Identifier: MIT */
/*
 * cells.h: a line as cells, between commas or between blanks, and what is wrong
 * with one of them.
 *
 * Private to lib/trace. Cells point into the line, which ends in a newline, and
 * live as long as it does.
 */
#ifndef BEL_CELLS_H
#define BEL_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bel_cell {
	const uint8_t *text; /* without the blanks around it; a byte that ends it follows */
	size_t length;
};

/* Why a line is refused: "column 4 (type) is neither Read nor Write", of that cell. */
struct bel_fault {
	struct bel_cell cell; /* what the message quotes */
	char why[200];
};

/* Fills a fault (NULL: nobody wants to know) and returns false. */
bool bel_fault_say(struct bel_fault *fault, struct bel_cell cell, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Splits [line, end) at each comma, or with ' ' at blanks and tabs. Returns the number of
 * cells; of more than `most` the further ones are not looked at, and the result is most + 1. Of
 * none, the first is empty.
 */
unsigned bel_cells_split(const uint8_t *line, const uint8_t *end, char separator,
	struct bel_cell *cells, unsigned most);

/* Whether a cell is that word, in any case. */
bool bel_cell_is(struct bel_cell cell, const char *word);

/* Whether a cell begins with those characters. */
bool bel_cell_starts(struct bel_cell cell, const char *text);

/* Whether a cell is nothing but decimal digits. */
bool bel_cell_is_digits(struct bel_cell cell);

/* Whether a cell is digits, a point and digits: a time. */
bool bel_cell_is_seconds(struct bel_cell cell);

/* A whole cell as a number of 64 bits: decimal; hexadecimal with or without 0x. */
bool bel_cell_to_decimal(struct bel_cell cell, uint64_t *value);
bool bel_cell_to_hex(struct bel_cell cell, uint64_t *value);

/* cells[at] as a decimal number; if it is none, the fault names the column (at + 1) and `name`. */
bool bel_cell_need_decimal(const struct bel_cell *cells, unsigned at, const char *name,
	uint64_t *value, struct bel_fault *fault);

#endif

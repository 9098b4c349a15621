/* SPDX-License-Identifier: MIT */
/*
 * cell_ends.h: lists where the cells of a block of text end: separators and newlines.
 *
 * 64 bytes give one bit mask. A reader that knows where cells begin and end does not wait for the
 * end of one before it starts the next: the CPU works on several at once.
 *
 * Private to format_csv.c and csv_fast.c.
 */
#ifndef BEL_CELL_ENDS_H
#define BEL_CELL_ENDS_H

#include <stddef.h>
#include <stdint.h>

#define BEL_CELL_ENDS_BLOCK 4096 /* bytes of text whose ends are listed together */
#define BEL_CELL_ENDS_ONCE 16    /* positions that are written without looking at their number */
#define BEL_CELL_ENDS_MOST (BEL_CELL_ENDS_BLOCK + BEL_CELL_ENDS_ONCE) /* room for positions */

/*
 * Lists the positions of `separator` and newline in `length` bytes, at most BEL_CELL_ENDS_BLOCK,
 * after which 64 are readable, up to the last newline. `places` has room for BEL_CELL_ENDS_MOST.
 */
size_t bel_cell_ends_list(const uint8_t *text, size_t length, uint8_t separator, uint16_t *places);

#endif

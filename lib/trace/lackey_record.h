/* SPDX-License-Identifier: MIT */
/*
 * lackey_record.h: one lackey record, however it is spaced.
 *
 * lackey_scan.h reads the lines as Valgrind writes them, at full speed. Here are
 * the lines as editors, tr, awk and lecture notes leave them:
 *
 *	[blanks] KIND blanks ADDRESS [blanks] , [blanks] SIZE [blanks] [CR]
 *
 * KIND is I, L, S or M in any case. ADDRESS is 1 to 16 hexadecimal digits in
 * any case, with or without 0x. SIZE is decimal, or hexadecimal after 0x, and
 * not 0. Blanks are spaces and tabs.
 *
 * A line is [line, end) without its newline. Nothing at or behind `end` is read.
 */
#ifndef BEL_LACKEY_RECORD_H
#define BEL_LACKEY_RECORD_H

#include <stdbool.h>

#include "trace.h"

/* Past the record that the line begins with and the blanks behind it, or NULL. */
const uint8_t *bel_lackey_record_first(
	const uint8_t *line, const uint8_t *end, struct bel_access *access);

/* Whether the line is one record and nothing else. */
bool bel_lackey_record_alone(const uint8_t *line, const uint8_t *end, struct bel_access *access);

/*
 * Where the record starts that ends the line, glued to what was printed before
 * it, or `end` if there is none. Such a record has the spacing of Valgrind, or
 * single blanks and the 8 digits that Valgrind writes at least.
 */
const uint8_t *bel_lackey_record_last(
	const uint8_t *line, const uint8_t *end, struct bel_access *access);

/*
 * Whether a line that holds no record was probably meant as one: a kind and
 * an address without a size, a size without a kind, a cut number and so on.
 * From `words` on (up to `end`: there are none) it is Valgrind who speaks.
 */
bool bel_lackey_record_near(const uint8_t *line, const uint8_t *words, const uint8_t *end);

/*
 * As a scanner (lackey_scan.h) for records in any spacing, one a line: appends
 * at most `capacity` references and returns how many. A last line without a
 * newline is left.
 */
size_t bel_lackey_record_scan(
	const uint8_t *text, size_t length, struct bel_access *out, size_t capacity, size_t *taken);

#endif

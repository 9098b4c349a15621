/* SPDX-License-Identifier: MIT */
/*
 * lackey_record.h: one lackey record in any spacing.
 *
 * lackey_scan.h reads lines as Valgrind writes them, at full speed. This file reads
 * lines that were changed by editors, tr, awk or lecture notes:
 *
 *	[blanks] KIND blanks ADDRESS [blanks] , [blanks] SIZE [blanks] [CR]
 *
 * KIND is I, L, S or M in any case. ADDRESS is 1 to 16 hexadecimal digits in
 * any case, with or without 0x. SIZE is decimal, or hexadecimal after 0x, and
 * not 0. Blanks are spaces and tabs.
 *
 * A line is [line, end) without its newline. No byte at or after `end` is read.
 */
#ifndef BEL_LACKEY_RECORD_H
#define BEL_LACKEY_RECORD_H

#include <stdbool.h>

#include "trace.h"

/* Parses a record at the line's start. Returns the end of the record and its blanks, or NULL. */
const uint8_t *bel_lackey_record_first(
	const uint8_t *line, const uint8_t *end, struct bel_access *access);

/* Whether the line is one record and nothing else. */
bool bel_lackey_record_alone(const uint8_t *line, const uint8_t *end, struct bel_access *access);

/*
 * Finds a record at the line's end, glued to the text before it. Returns its
 * start, or `end` if there is none. Such a record has Valgrind's spacing, or
 * single blanks and at least the 8 digits that Valgrind writes.
 */
const uint8_t *bel_lackey_record_last(
	const uint8_t *line, const uint8_t *end, struct bel_access *access);

/*
 * Whether a line without a record is nearly one: a kind and an address without a
 * size, a size without a kind, a cut number and so on. Valgrind's own message
 * starts at `words` (`end` if there is none).
 */
bool bel_lackey_record_near(const uint8_t *line, const uint8_t *words, const uint8_t *end);

/*
 * Like a scanner (lackey_scan.h), for records in any spacing, one per line. Appends
 * at most `capacity` references and returns how many. A last line without a
 * newline is not taken.
 */
size_t bel_lackey_record_scan(
	const uint8_t *text, size_t length, struct bel_access *out, size_t capacity, size_t *taken);

#endif

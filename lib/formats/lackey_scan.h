/* SPDX-License-Identifier: MIT */
/*
 * lackey_scan.h: the fast path for lackey text: sequences of plain records.
 *
 * A plain record is a line of one form: "I  ", " L ", " S " or " M ", 1 to 16
 * lower-case hexadecimal digits, a comma, a size of one or two digits that is
 * not 0, a newline. A scanner stops at the first other line; lackey_parse.c then
 * parses that line.
 *
 * The text must have 64 readable bytes (of any value) before and after it.
 * All scanners give the same result; they differ in speed and need different CPUs.
 */
#ifndef BEL_LACKEY_SCAN_H
#define BEL_LACKEY_SCAN_H

#include <stdbool.h>

#include "trace.h"

struct bel_lackey_scanner {
	const char *name; /* "avx2", "sse2", "scalar" */
	bool (*usable)(void);
	/*
	 * Appends at most `capacity` references to out and returns how many; *taken
	 * is the length of their lines. A last line without a newline is not taken.
	 */
	size_t (*scan)(const uint8_t *text, size_t length, struct bel_access *out, size_t capacity,
		size_t *taken);
};

/* All scanners, fastest first, usable on this CPU or not; the last is "scalar", then NULL. */
const struct bel_lackey_scanner *bel_lackey_scanner_at(size_t index);

/* The fastest that this CPU can use. */
const struct bel_lackey_scanner *bel_lackey_scanner_best(void);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * lackey_scan.h: the fast path of lackey text: stretches of plain records.
 *
 * A plain record is a line of one shape: "I  ", " L ", " S " or " M ", 1 to 16
 * lower-case hexadecimal digits, a comma, a size of one or two digits that is
 * not 0, a newline. A scanner reads such lines up to the first that is anything
 * else, which lackey_parse.c then looks at with patience.
 *
 * The text must have 64 readable bytes (of any value) before and after it.
 * All scanners give the same result; they differ in speed and in what CPU they need.
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
	 * is the length of their lines. A last line without a newline is left.
	 */
	size_t (*scan)(const uint8_t *text, size_t length, struct bel_access *out, size_t capacity,
		size_t *taken);
};

/* Fastest first, whether this CPU can use them or not; NULL past the last, which is "scalar". */
const struct bel_lackey_scanner *bel_lackey_scanner_at(size_t index);

/* The fastest that this CPU can use. */
const struct bel_lackey_scanner *bel_lackey_scanner_best(void);

#endif

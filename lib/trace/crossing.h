/* SPDX-License-Identifier: MIT */
/*
 * crossing.h: limits how many further pages the references of a trace may reach into.
 *
 * A reference of half a gigabyte is one line of text, but 131,072 pages of 4 KiB. Programs make few
 * such references (a system call that fills a buffer), and block traces have requests of many
 * pages. A trace with more than BEL_CROSSING_EACH further pages per reference is read in the wrong
 * format, or made to fill the memory. It is refused; the message suggests larger pages, because
 * the same bytes are then fewer pages.
 *
 *	struct bel_crossing crossing = {0};
 *
 *	if (bel_crossing_take(&crossing, references, further, size, &err) < 0) ...
 */
#ifndef BEL_CROSSING_H
#define BEL_CROSSING_H

#include <stdint.h>

#include "err.h"

enum {
	BEL_ACCESS_UNITS_MAX = (1 << 29) - 1, /* of one reference: limit of the native format */
	BEL_CROSSING_FREE = 1 << 20,          /* further pages allowed in any trace, */
	BEL_CROSSING_EACH = 256,              /* and in addition for each reference */
};

/* Zero-initialised at the start of a trace. */
struct bel_crossing {
	uint64_t further; /* pages so far */
};

/*
 * Counts a reference of `units` that reaches into `further` pages after its first page.
 * `references`: number of references before it. Returns 0 or BEL_FAIL.
 */
int bel_crossing_take(struct bel_crossing *crossing, uint64_t references, uint64_t further,
	uint64_t units, struct bel_err *err);

#endif

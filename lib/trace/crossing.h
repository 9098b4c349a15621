/* SPDX-License-Identifier: MIT */
/*
 * crossing.h: how many further pages the references of a trace may reach into.
 *
 * A reference of half a gigabyte is a line of text and 131,072 pages of 4 KiB. Programs make few of
 * those (a system call that fills a buffer), and block traces hold requests of many pages; a trace
 * in which each reference has more than CROSSING_EACH is read wrong, or made to fill the memory. It
 * is refused, with what to do: at larger pages the same bytes are fewer.
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
	BEL_ACCESS_UNITS_MAX =
		(1 << 29) - 1,       /* of one reference: what the native format can hold */
	BEL_CROSSING_FREE = 1 << 20, /* further pages of any trace */
	BEL_CROSSING_EACH = 256,     /* and for each reference */
};

/* Zero-initialised at the start of a trace. */
struct bel_crossing {
	uint64_t further; /* pages so far */
};

/*
 * A reference of `units` reaches into `further` pages behind its first; `references` are those
 * before it. 0 or BEL_FAIL.
 */
int bel_crossing_take(struct bel_crossing *crossing, uint64_t references, uint64_t further,
	uint64_t units, struct bel_err *err);

#endif

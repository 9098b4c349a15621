/* SPDX-License-Identifier: MIT */
/*
 * writer_spaces.h: checks that a format can hold the address spaces of a trace.
 *
 * Private to writer.c. Zero-initialised at the start of a trace.
 */
#ifndef BEL_WRITER_SPACES_H
#define BEL_WRITER_SPACES_H

#include "trace.h"

struct bel_spaces {
	bool started;
	uint32_t space; /* of all references so far; with events: of the next references */
};

/* For a format without events: fails if `space` is a second space. */
int bel_spaces_check(
	struct bel_spaces *spaces, const char *format, uint32_t space, struct bel_err *err);

/*
 * For a format with events. It marks only where a process begins, and the reader gives all
 * following references to that process. So each reference must be of the space that began last.
 */
int bel_spaces_check_begun(struct bel_spaces *spaces, const char *format,
	const struct bel_accesses *batch, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * writer_spaces.h: whether a format can hold the address spaces that come.
 *
 * Private to writer.c. Zero-initialised is the beginning.
 */
#ifndef BEL_WRITER_SPACES_H
#define BEL_WRITER_SPACES_H

#include "trace.h"

struct bel_spaces {
	bool started;
	uint32_t space; /* of all references so far, or of those that must come now */
};

/* References of that space come; a format without events has no word for a second one. */
int bel_spaces_check(
	struct bel_spaces *spaces, const char *format, uint32_t space, struct bel_err *err);

/*
 * A format with events says where a process begins; what follows is read as that process's.
 * So the references must be those of the space that began last before each of them.
 */
int bel_spaces_check_begun(struct bel_spaces *spaces, const char *format,
	const struct bel_accesses *batch, struct bel_err *err);

#endif

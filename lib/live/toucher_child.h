/* SPDX-License-Identifier: MIT */
/* toucher_child.h: the process that touches the pages; private to toucher.c. */
#ifndef BEL_TOUCHER_CHILD_H
#define BEL_TOUCHER_CHILD_H

#include "toucher.h"

/* Touches in the pipe at a time. */
#define TOUCHER_PART 16384

/* In memory that both processes share. */
struct toucher_shared {
	struct bel_touched touched;
	struct bel_err err; /* why the child ended with 1 */
	bool done;
};

/* Runs the child, whose touches come from descriptor `in`. Returns the exit status. */
int bel_toucher_child(
	const struct bel_toucher *setup, int in, pid_t parent, struct toucher_shared *shared);

#endif

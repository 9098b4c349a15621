/* SPDX-License-Identifier: MIT */
/* blame_space.h: the process and the thread in each address space; a part of blame_keys.h. */
#ifndef BEL_BLAME_SPACE_H
#define BEL_BLAME_SPACE_H

#include "blame_keys.h"

#define BEL_BLAME_WHO 32 /* bytes of a process's number as text */

/* What is known of the process in an address space. The numbers are those of texts. */
struct bel_blame_space {
	uint32_t process, command, thread;
	uint32_t node; /* of the call stack of far pages; 0: not known */
	uint32_t number, pid;
	bool known; /* an event gave the pid */
};

/* Numbers a text of a part. */
int bel_blame_text_number(
	struct bel_blame_keys *keys, const char *text, uint32_t *number, struct bel_err *err);

/* "4711", or "space 3" if no event gave the process id. Returns `text`. */
const char *bel_blame_space_who(
	const struct bel_blame_space *space, char text[static BEL_BLAME_WHO]);

/* The place of a space in keys->space; a new one if it is not known yet. */
int bel_blame_space_need(
	struct bel_blame_keys *keys, uint32_t number, uint32_t *dense, struct bel_err *err);

/* A process begins, or another thread of it runs: START, FORK, EXEC, THREAD. */
int bel_blame_space_event(struct bel_blame_keys *keys, const struct bel_event *event,
	uint32_t dense, struct bel_err *err);

#endif

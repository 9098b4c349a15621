/* SPDX-License-Identifier: MIT */
/*
 * guard.h: a small process that removes a directory when this one has ended in whatever way,
 * SIGKILL too.
 */
#ifndef BEL_GUARD_H
#define BEL_GUARD_H

#include <sys/types.h>

#include "err.h"

struct bel_guard {
	pid_t pid; /* 0: none */
	int fd;    /* its other end is the guard's */
};

/* To be called while there is one thread. */
int bel_guard_start(struct bel_guard *guard, const char *directory, struct bel_err *err);

/* Lets it remove the directory, and waits for that. */
void bel_guard_end(struct bel_guard *guard);

#endif

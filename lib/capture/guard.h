/* SPDX-License-Identifier: MIT */
/*
 * guard.h: a small process that removes a directory when this process ends in any way, even by
 * SIGKILL.
 */
#ifndef BEL_GUARD_H
#define BEL_GUARD_H

#include <sys/types.h>

#include "err.h"

struct bel_guard {
	pid_t pid; /* 0: none */
	int fd;    /* our end of a pipe to the guard */
};

/* Call it while there is only one thread. */
int bel_guard_start(struct bel_guard *guard, const char *directory, struct bel_err *err);

/* Makes the guard remove the directory, and waits for it. */
void bel_guard_end(struct bel_guard *guard);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * cleanup_process.h: a small process that removes a directory when this process ends in any way,
 * even by SIGKILL.
 */
#ifndef BEL_CLEANUP_PROCESS_H
#define BEL_CLEANUP_PROCESS_H

#include <sys/types.h>

#include "err.h"

struct bel_cleanup_process {
	pid_t pid; /* 0: none */
	int fd;    /* our end of a pipe to the process */
};

/* Call it while there is only one thread. */
int bel_cleanup_process_start(
	struct bel_cleanup_process *cleanup, const char *directory, struct bel_err *err);

/* Makes the process remove the directory, and waits for it. */
void bel_cleanup_process_end(struct bel_cleanup_process *cleanup);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * waiting.h: waits for a child, for an interrupt, for room in a pipe, or for time.
 *
 *	struct bel_waiting waiting = {.interrupt = signal_fd};
 *
 *	bel_wait_open(&waiting, pid, &err);
 *	r = bel_wait_for(waiting, -1, 1, &err);       at most a millisecond
 *	bel_wait_close(&waiting);
 */
#ifndef BEL_WAITING_H
#define BEL_WAITING_H

#include <sys/types.h>

#include "err.h"

struct bel_waiting {
	int interrupt; /* becomes readable if everything must stop; -1: none */
	int child;     /* a pidfd */
};

enum bel_wait_result {
	BEL_WAIT_OVER,  /* the pipe has room, or the time is over */
	BEL_WAIT_ENDED, /* the child ended; it can be waited for */
};

int bel_wait_open(struct bel_waiting *waiting, pid_t pid, struct bel_err *err);
void bel_wait_close(struct bel_waiting *waiting);

/*
 * `out`: a descriptor to write to, or -1. `milliseconds`: -1 has no end. An enum bel_wait_result,
 * or BEL_NO if `interrupt` is readable, or BEL_FAIL.
 */
int bel_wait_for(struct bel_waiting waiting, int out, int milliseconds, struct bel_err *err);

#endif

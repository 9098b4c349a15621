/* SPDX-License-Identifier: MIT */
/*
 * interrupt.h: SIGINT, SIGTERM, SIGHUP and SIGQUIT end a capture: all its processes get the
 * signal. Processes that are left after BEL_INTERRUPT_GRACE seconds are killed. They are killed
 * earlier if the same signal comes again, or any third signal.
 */
#ifndef BEL_INTERRUPT_H
#define BEL_INTERRUPT_H

#include <signal.h>
#include <time.h>

#include "follow.h"

#define BEL_INTERRUPT_GRACE 10 /* seconds */

struct bel_interrupt {
	int signal;     /* the first signal received; 0: none */
	unsigned count; /* number of signals received */
	struct timespec deadline;
};

void bel_interrupt_take(
	struct bel_interrupt *interrupt, const siginfo_t *info, const struct bel_follow *follow);

/* Call it now and then. Kills the remaining processes after the deadline. */
void bel_interrupt_check(const struct bel_interrupt *interrupt, const struct bel_follow *follow);

#endif

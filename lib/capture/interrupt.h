/* SPDX-License-Identifier: MIT */
/*
 * interrupt.h: SIGINT, SIGTERM, SIGHUP and SIGQUIT end a capture: all of its processes get
 * the signal. Who is still there after BEL_INTERRUPT_GRACE seconds is killed, or as
 * soon as the same signal or a third one comes.
 */
#ifndef BEL_INTERRUPT_H
#define BEL_INTERRUPT_H

#include <signal.h>
#include <time.h>

#include "follow.h"

#define BEL_INTERRUPT_GRACE 10 /* seconds */

struct bel_interrupt {
	int signal;     /* the first that came; 0: none */
	unsigned count; /* of all that came */
	struct timespec deadline;
};

void bel_interrupt_take(
	struct bel_interrupt *interrupt, const siginfo_t *info, const struct bel_follow *follow);

/* To be called now and then: kills what is left after the deadline. */
void bel_interrupt_check(const struct bel_interrupt *interrupt, const struct bel_follow *follow);

#endif

/* SPDX-License-Identifier: MIT */
/* interrupt.c: signals that end a capture; the first attempt is gentle. */
#include "interrupt.h"

void bel_interrupt_take(
	struct bel_interrupt *interrupt, const siginfo_t *info, const struct bel_follow *follow)
{
	const bool again = info->si_signo == interrupt->signal || interrupt->count >= 2;

	if (!interrupt->signal) {
		interrupt->signal = info->si_signo;
		clock_gettime(CLOCK_MONOTONIC, &interrupt->deadline);
		interrupt->deadline.tv_sec += BEL_INTERRUPT_GRACE;
	}
	interrupt->count++;
	/* The terminal signals the whole group; a process signals only us. */
	bel_follow_signal(follow, again ? SIGKILL : info->si_signo, info->si_code > 0);
}

void bel_interrupt_check(const struct bel_interrupt *interrupt, const struct bel_follow *follow)
{
	struct timespec now;

	if (!interrupt->signal)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec > interrupt->deadline.tv_sec ||
		(now.tv_sec == interrupt->deadline.tv_sec &&
			now.tv_nsec >= interrupt->deadline.tv_nsec))
		bel_follow_signal(follow, SIGKILL, false);
}

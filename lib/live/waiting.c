/* SPDX-License-Identifier: MIT */
/* waiting.c: waits for a child and other things at once. */
#include "waiting.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

int bel_wait_open(struct bel_waiting *waiting, pid_t pid, struct bel_err *err)
{
	waiting->child = (int)syscall(SYS_pidfd_open, pid, 0);
	if (waiting->child < 0)
		return bel_fail_errno(err, errno, "cannot watch process %ld", (long)pid);
	return 0;
}

void bel_wait_close(struct bel_waiting *waiting)
{
	if (waiting->child >= 0)
		close(waiting->child);
	waiting->child = -1;
}

int bel_wait_for(struct bel_waiting waiting, int out, int milliseconds, struct bel_err *err)
{
	struct pollfd of[] = {
		{.fd = waiting.interrupt, .events = POLLIN},
		{.fd = waiting.child, .events = POLLIN},
		{.fd = out, .events = POLLOUT},
	};

	if (poll(of, 3, milliseconds) < 0 && errno != EINTR)
		return bel_fail_errno(err, errno, "cannot wait for a process");
	if (of[0].revents)
		return bel_err_set(err, BEL_NO, "interrupted");
	return of[1].revents ? BEL_WAIT_ENDED : BEL_WAIT_OVER;
}

/* SPDX-License-Identifier: MIT */
/* toucher.c: starts the process in the group, sends it the touches, and waits for it. */
#include "toucher.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "toucher_child.h"
#include "waiting.h"

/* Touches that are on their way into the pipe. */
struct sending {
	const struct bel_toucher *setup;
	uint32_t touch[TOUCHER_PART];
	size_t bytes, sent;
};

/* Takes the next touches from the caller when all were sent: their number, 0 at the end. */
static int refill(struct sending *sending, struct bel_err *err)
{
	int n;

	if (sending->sent < sending->bytes)
		return 1;
	n = sending->setup->next(sending->setup->host, sending->touch, TOUCHER_PART, err);
	sending->sent = 0;
	sending->bytes = n > 0 ? (size_t)n * sizeof(*sending->touch) : 0;
	return n;
}

/* Sends all touches. 0: all were sent, or the child ended; BEL_NO: interrupted. */
static int send_all(
	struct sending *sending, int out, struct bel_waiting waiting, struct bel_err *err)
{
	int r;

	while ((r = refill(sending, err)) > 0) {
		const char *const bytes = (const char *)sending->touch + sending->sent;
		const ssize_t n = write(out, bytes, sending->bytes - sending->sent);

		if (n > 0)
			sending->sent += (size_t)n;
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			return bel_fail_errno(err, errno, "cannot send touches to the process");
		r = bel_wait_for(waiting, out, n > 0 ? 0 : -1, err);
		if (r == BEL_WAIT_ENDED)
			return 0;
		if (r < 0)
			return r;
	}
	return r;
}

/* What the child left: BEL_FAIL if it did not do its work. */
static int judge(const struct bel_toucher *setup, const struct toucher_shared *shared, int status,
	struct bel_err *err)
{
	if (shared->done)
		return 0;
	if (shared->err.code) {
		*err = shared->err;
		return BEL_FAIL;
	}
	if (bel_cgroup_out_of_memory(setup->group))
		return bel_fail(err,
			"%" PRIu64
			" frames: the kernel killed the process because its group had no "
			"memory left: use more frames",
			setup->frames);
	if (WIFSIGNALED(status))
		return bel_fail(err,
			"%" PRIu64 " frames: the process that touches the pages was killed by "
			"signal %d (%s)",
			setup->frames, WTERMSIG(status), strsignal(WTERMSIG(status)));
	return bel_fail(err, "%" PRIu64 " frames: the process ended early (status %d)",
		setup->frames, WEXITSTATUS(status));
}

static int run(const struct bel_toucher *setup, struct sending *sending, const int ends[2],
	struct toucher_shared *shared, struct bel_err *err)
{
	struct bel_waiting waiting = {.interrupt = setup->interrupt};
	const pid_t parent = getpid(), pid = fork();
	int r, status = 0;

	if (pid < 0)
		return bel_fail_errno(err, errno, "cannot start a process");
	if (!pid)
		_exit(bel_toucher_child(setup, ends[0], parent, shared));
	r = bel_wait_open(&waiting, pid, err);
	r = r < 0 ? r : send_all(sending, ends[1], waiting, err);
	close(ends[1]);
	if (r == 0)
		r = bel_wait_for(waiting, -1, -1, err);
	if (r < 0)
		kill(pid, SIGKILL);
	bel_wait_close(&waiting);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return r < 0 ? r : judge(setup, shared, status, err);
}

int bel_toucher_run(
	const struct bel_toucher *setup, struct bel_touched *touched, struct bel_err *err)
{
	struct toucher_shared *const shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct sending *const sending = calloc(1, sizeof(*sending));
	struct bel_err removal;
	int ends[2] = {-1, -1}, r;

	if (shared == MAP_FAILED || !sending)
		r = bel_err_memory(err, "a process that touches pages");
	/* Only our end must not block. A pipe without reader is no SIGPIPE: we keep that end open. */
	else if (pipe2(ends, O_CLOEXEC) || fcntl(ends[1], F_SETFL, O_NONBLOCK))
		r = bel_fail_errno(err, errno, "cannot make a pipe");
	else {
		sending->setup = setup;
		r = bel_cgroup_make(setup->group, err);
		if (r == 0) {
			r = run(setup, sending, ends, shared, err);
			ends[1] = -1;
			if (bel_cgroup_remove(setup->group, &removal) < 0 && r == 0)
				r = bel_fail(err, "%s", removal.text);
		}
	}
	if (r == 0)
		*touched = shared->touched;
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	if (shared != MAP_FAILED)
		munmap(shared, sizeof(*shared));
	free(sending);
	return r;
}

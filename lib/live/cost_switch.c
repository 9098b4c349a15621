/* SPDX-License-Identifier: MIT */
/* cost_switch.c: measures system calls and changes of process. */
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cost_events.h"

enum { CALLS = 100000, ROUND_TRIPS = 5000 };

int bel_cost_system_call(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	const double before = bel_cost_cpu(BEL_COST_THREAD);

	(void)bench;
	(void)err;
	for (int i = 0; i < CALLS; i++)
		(void)syscall(SYS_getppid);
	*ns = (bel_cost_cpu(BEL_COST_THREAD) - before) / CALLS;
	return 0;
}

/* Sends back each byte until the other end is closed. */
static void echo(const int ours[2], const int theirs[2]) __attribute__((noreturn));
static void echo(const int ours[2], const int theirs[2])
{
	char byte;

	close(theirs[1]);
	while (read(theirs[0], &byte, 1) == 1)
		if (write(ours[1], &byte, 1) != 1)
			break;
	_exit(0);
}

/* The CPU time of both processes for one change. */
static int round_trips(pid_t child, int out, int in, double *ns, struct bel_err *err)
{
	double before, after;
	clockid_t of_child;
	char byte = 0;
	int error = clock_getcpuclockid(child, &of_child);

	if (error)
		return bel_fail_errno(err, error, "cannot read the CPU time of a process");
	before = bel_cost_cpu(BEL_COST_THREAD) + bel_cost_cpu(of_child);
	for (int i = 0; i < ROUND_TRIPS; i++)
		if (write(out, &byte, 1) != 1 || read(in, &byte, 1) != 1)
			return bel_fail_errno(err, errno, "a pipe between two processes");
	after = bel_cost_cpu(BEL_COST_THREAD) + bel_cost_cpu(of_child);
	*ns = (after - before) / (2.0 * ROUND_TRIPS);
	return 0;
}

static int switch_with(
	const int to_child[2], const int from_child[2], double *ns, struct bel_err *err)
{
	const pid_t child = fork();
	int r;

	if (!child)
		echo(from_child, to_child);
	if (child < 0)
		return bel_fail_errno(err, errno, "cannot start a process");
	r = round_trips(child, to_child[1], from_child[0], ns, err);
	close(to_child[1]); /* ends the child */
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return r;
}

static int switch_by_pipes(double *ns, struct bel_err *err)
{
	int to_child[2], from_child[2], r;

	if (pipe2(to_child, O_CLOEXEC) < 0)
		return bel_fail_errno(err, errno, "cannot open a pipe");
	if (pipe2(from_child, O_CLOEXEC) < 0) {
		r = bel_fail_errno(err, errno, "cannot open a pipe");
		close(to_child[0]);
		close(to_child[1]);
		return r;
	}
	r = switch_with(to_child, from_child, ns, err);
	/* switch_with() closes to_child[1] once it has a child. */
	close(to_child[0]);
	close(from_child[0]);
	close(from_child[1]);
	return r;
}

/* On one processor, each answer needs a change of process. */
int bel_cost_switch(const struct bel_cost_bench *bench, double *ns, struct bel_err *err)
{
	const int here = sched_getcpu();
	cpu_set_t before, one;
	int r;

	(void)bench;
	CPU_ZERO(&one);
	if (here >= 0 && here < CPU_SETSIZE)
		CPU_SET((size_t)here, &one);
	if (sched_getaffinity(0, sizeof(before), &before) < 0 ||
		sched_setaffinity(0, sizeof(one), &one) < 0)
		return bel_err_set(err, BEL_NO, "the process cannot stay on one processor");
	r = switch_by_pipes(ns, err);
	(void)sched_setaffinity(0, sizeof(before), &before);
	return r;
}

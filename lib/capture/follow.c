/* SPDX-License-Identifier: MIT */
/* follow.c: follows the forks, execs and exits of a program and its children with ptrace(2). */
#include "follow.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault_kind.h"
#include "proc.h"

static struct bel_follow_process *find(const struct bel_follow *follow, pid_t pid)
{
	for (size_t i = 0; i < follow->count; i++) {
		if (follow->process[i].pid == pid)
			return &follow->process[i];
	}
	return NULL;
}

static int add(struct bel_follow *follow, pid_t pid, struct bel_err *err)
{
	if (find(follow, pid))
		return 0;
	if (follow->count == follow->capacity) {
		const size_t wanted = 2 * follow->capacity + 16;
		struct bel_follow_process *const grown =
			realloc(follow->process, wanted * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "processes");
		follow->process = grown;
		follow->capacity = wanted;
	}
	follow->process[follow->count++] = (struct bel_follow_process){.pid = pid};
	return 0;
}

static void drop(struct bel_follow *follow, pid_t pid)
{
	struct bel_follow_process *const process = find(follow, pid);

	for (size_t i = 0; i < BEL_FOLLOW_FAULTS; i++) {
		if (follow->fault[i].thread == pid)
			follow->fault[i].thread = 0;
	}
	if (process)
		*process = follow->process[--follow->count];
}

int bel_follow_attach(struct bel_follow *follow, pid_t pid, bool children, struct bel_err *err)
{
	unsigned long options =
		PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;

	if (add(follow, pid, err) < 0)
		return BEL_FAIL;
	if (children)
		options |= PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
	follow->children = children;
	follow->traced = ptrace(PTRACE_SEIZE, pid, NULL, (void *)options) == 0;
	if (!follow->traced && children)
		return bel_fail_errno(
			err, errno, "cannot follow child processes (use --no-children): ptrace");
	return 0;
}

void bel_follow_release(struct bel_follow *follow)
{
	free(follow->process);
	memset(follow, 0, sizeof(*follow));
}

void bel_follow_resume(pid_t pid)
{
	ptrace(PTRACE_CONT, pid, NULL, NULL);
}

static bool stops_group(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* Whether a stopped thread is in the handler of a failed access. */
static bool faulted(struct bel_follow *follow, pid_t thread, struct bel_follow_event *event)
{
	for (size_t i = 0; i < BEL_FOLLOW_FAULTS; i++) {
		if (follow->fault[i].thread != thread)
			continue;
		follow->fault[i].thread = 0;
		event->type = BEL_FOLLOW_FAULTED;
		event->pid = bel_proc_leader(thread);
		event->address = follow->fault[i].address;
		return bel_fault_writes(thread, &event->write);
	}
	return false;
}

/*
 * Valgrind kills a multi-threaded process from its last thread. We stop the first thread at its end
 * to examine it. Meanwhile the signal reaches no thread, or it reaches the last thread after
 * Valgrind has set its own handler again. Valgrind takes both for an internal error and exits with
 * 1. So we note the signal in two places: when it is delivered, and when a thread ends before that.
 */
static bool sent_itself(const struct bel_follow_process *process, const siginfo_t *signal)
{
	return signal->si_code == SI_USER && signal->si_pid == process->pid;
}

/* A signal is about to be delivered. If the process goes on until another one, it did not die of it. */
static void note_signal(struct bel_follow_process *process, const siginfo_t *signal)
{
	if (process && process->first_ended)
		process->deadly = sent_itself(process, signal) ? signal->si_signo : 0;
}

/* A thread is about to end. */
static void note_exit(struct bel_follow *follow, pid_t thread, int status)
{
	struct bel_follow_process *const process = find(follow, bel_proc_leader(thread));
	struct __ptrace_peeksiginfo_args which = {.flags = PTRACE_PEEKSIGINFO_SHARED, .nr = 1};
	siginfo_t pending;

	if (!process || !WIFEXITED(status))
		return;
	if (status == 0 && thread == process->pid)
		process->first_ended = true;
	if (status == 0 || !process->first_ended)
		return;
	while (ptrace(PTRACE_PEEKSIGINFO, thread, &which, &pending) == 1) {
		if (sent_itself(process, &pending))
			process->deadly = pending.si_signo;
		which.off++;
	}
}

/*
 * A signal is about to be delivered. After a failed access, we make one step into Valgrind's
 * handler, whose arguments tell what was wrong.
 */
static void pass_on(struct bel_follow *follow, pid_t thread, int signal)
{
	siginfo_t info = {.si_code = SI_USER};

	if (ptrace(PTRACE_GETSIGINFO, thread, NULL, &info) == 0)
		note_signal(find(follow, bel_proc_leader(thread)), &info);
	for (size_t i = 0; (signal == SIGSEGV || signal == SIGBUS) && i < BEL_FOLLOW_FAULTS; i++) {
		if (follow->fault[i].thread)
			continue;
		if (info.si_code <= 0)
			break;
		follow->fault[i].thread = thread;
		follow->fault[i].address = (uint64_t)(uintptr_t)info.si_addr;
		ptrace(PTRACE_SINGLESTEP, thread, NULL, (void *)(long)signal);
		return;
	}
	ptrace(PTRACE_CONT, thread, NULL, (void *)(long)signal);
}

/* How a process ended, or would have ended without us. */
static int true_status(const struct bel_follow *follow, pid_t pid, int status)
{
	const struct bel_follow_process *const process = find(follow, pid);

	if (!process || !process->deadly || status != W_EXITCODE(1, 0))
		return status;
	return W_EXITCODE(0, process->deadly);
}

/* Handles a stopped task. True: report *event; false: the task has been resumed. */
static bool stopped(
	struct bel_follow *follow, pid_t pid, int status, struct bel_follow_event *event)
{
	const int signal = WSTOPSIG(status), why = status >> 16;
	unsigned long message = 0;

	event->pid = pid;
	switch (why) {
	case PTRACE_EVENT_STOP:
		if (stops_group(signal)) {
			ptrace(PTRACE_LISTEN, pid, NULL, NULL);
			return false;
		}
		event->type = BEL_FOLLOW_STARTED;
		break;
	case PTRACE_EVENT_EXEC:
		event->type = BEL_FOLLOW_EXECUTED;
		break;
	case PTRACE_EVENT_EXIT:
		event->type = BEL_FOLLOW_EXITING;
		ptrace(PTRACE_GETEVENTMSG, pid, NULL, &message);
		note_exit(follow, pid, (int)message);
		event->status = true_status(follow, pid, (int)message);
		break;
	case 0:
		if (signal == SIGTRAP) {
			const bool told = faulted(follow, pid, event);

			/* The program's own traps have a cause; the trap after a step has none. */
			ptrace(PTRACE_CONT, pid, NULL,
				(void *)(long)(told || bel_proc_stepped(pid) ? 0 : SIGTRAP));
			return told;
		}
		pass_on(follow, pid, signal);
		return false;
	default:
		bel_follow_resume(pid);
		return false;
	}
	if (bel_proc_leader(pid) != pid) {
		bel_follow_resume(pid);
		return false;
	}
	/* Only threads are traced without `children`, but clone(2) can also make processes. */
	if (!follow->children && !find(follow, pid)) {
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
		return false;
	}
	return true;
}

int bel_follow_next(struct bel_follow *follow, struct bel_follow_event *event, struct bel_err *err)
{
	int status;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, __WALL | WNOHANG);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0 && errno != ECHILD)
			return bel_fail_errno(err, errno, "cannot wait for the program");
		if (pid <= 0)
			return 0;
		if (!WIFSTOPPED(status)) {
			event->type = BEL_FOLLOW_ENDED;
			event->pid = pid;
			event->status = true_status(follow, pid, status);
			drop(follow, pid);
			return 1;
		}
		if (!stopped(follow, pid, status, event))
			continue;
		return event->type == BEL_FOLLOW_STARTED && add(follow, pid, err) < 0 ? BEL_FAIL
										      : 1;
	}
}

void bel_follow_signal(const struct bel_follow *follow, int signal, bool outside)
{
	for (size_t i = 0; i < follow->count; i++) {
		const pid_t pid = follow->process[i].pid;
		int chosen = signal;

		if (signal != SIGKILL && bel_proc_ignores(pid, signal))
			chosen = bel_proc_ignores(pid, SIGTERM) ? SIGKILL : SIGTERM;
		else if (outside && getpgid(pid) == getpgrp())
			chosen = 0;
		kill(pid, chosen);
		if (chosen != SIGKILL)
			kill(pid, SIGCONT);
	}
}

void bel_follow_kill(struct bel_follow *follow)
{
	struct bel_follow_event event;
	struct bel_err ignored;
	int status;
	pid_t pid;

	bel_follow_signal(follow, SIGKILL, false);
	while (follow->count > 0) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno != EINTR)
			return;
		if (pid <= 0)
			continue;
		if (!WIFSTOPPED(status)) {
			drop(follow, pid);
			continue;
		}
		/*
		 * Kills a process that was just started. If there is no memory, PTRACE_O_EXITKILL
		 * does it.
		 */
		event.type = BEL_FOLLOW_ENDED;
		if (stopped(follow, pid, status, &event) && event.type != BEL_FOLLOW_FAULTED) {
			if (event.type == BEL_FOLLOW_STARTED) {
				add(follow, pid, &ignored);
				kill(pid, SIGKILL);
			}
			bel_follow_resume(pid);
		}
	}
}

/* SPDX-License-Identifier: MIT */
/* follow.c: forks and exits of a program and its children, by ptrace(2). */
#include "follow.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

int bel_follow_attach(pid_t pid, struct bel_err *err)
{
	const unsigned long options =
		PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXIT;

	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)options) < 0)
		return bel_fail_errno(err, errno,
			"cannot follow child processes (--no-children does without): ptrace");
	return 0;
}

void bel_follow_resume(pid_t pid)
{
	ptrace(PTRACE_CONT, pid, NULL, NULL);
}

/* Whether a stopped task is a process of its own, not a further thread of one. */
static bool is_process(pid_t pid)
{
	char path[40], line[128];
	int leader = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Tgid: %d", &leader) == 1)
			break;
	}
	if (file)
		fclose(file);
	return leader == pid;
}

static bool stops_group(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* A stopped task: whether *event is to be told; otherwise it has been sent on. */
static bool stopped(pid_t pid, int status, struct bel_follow_event *event)
{
	const int signal = WSTOPSIG(status), why = status >> 16;

	event->pid = pid;
	switch (why) {
	case PTRACE_EVENT_STOP:
		if (stops_group(signal)) {
			ptrace(PTRACE_LISTEN, pid, NULL, NULL);
			return false;
		}
		event->type = BEL_FOLLOW_STARTED;
		break;
	case PTRACE_EVENT_EXIT:
		event->type = BEL_FOLLOW_EXITING;
		break;
	default:
		ptrace(PTRACE_CONT, pid, NULL, (void *)(long)(why ? 0 : signal));
		return false;
	}
	if (is_process(pid))
		return true;
	bel_follow_resume(pid);
	return false;
}

int bel_follow_next(struct bel_follow_event *event, struct bel_err *err)
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
			event->status = status;
			return 1;
		}
		if (stopped(pid, status, event))
			return 1;
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * follow.h: detects every process that a program starts, before it runs, and can end them all.
 *
 * After a fork, Valgrind opens a new log in the child, named by its process number. To have a pipe
 * there, we must know the number first. So we follow the program with ptrace(2), which stops the
 * child of a fork before its first instruction. System calls are not traced: only forks, execs,
 * exits and signals stop a process, and signals are passed on unchanged. If this process ends in
 * any way, the system kills all followed processes.
 *
 *	bel_follow_attach(&follow, pid, true, &err);
 *	while (bel_follow_next(&follow, &event, &err) > 0) {   never blocks
 *		...
 *		if (event.type < BEL_FOLLOW_ENDED)
 *			bel_follow_resume(event.pid);
 *	}
 *	bel_follow_kill(&follow);
 *
 * SIGCHLD tells when to look for the next event. The functions wait(2) for all children of this
 * process.
 */
#ifndef BEL_FOLLOW_H
#define BEL_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

enum bel_follow_type {
	/* After these, the process is stopped until it is resumed. */
	BEL_FOLLOW_STARTED,  /* a process exists (may be reported again) */
	BEL_FOLLOW_EXECUTED, /* it executes another program, which has not run yet */
	BEL_FOLLOW_EXITING,  /* it is about to end; /proc/PID is still there */
	BEL_FOLLOW_ENDED,    /* it has ended; also reported for threads with unknown numbers */
	BEL_FOLLOW_FAULTED,  /* an access to memory failed; the process continues */
};

struct bel_follow_event {
	enum bel_follow_type type;
	pid_t pid;
	int status;       /* EXITING, ENDED: as from waitpid(2) */
	uint64_t address; /* FAULTED: the address that it tried to access */
	bool write;       /* FAULTED */
};

#define BEL_FOLLOW_FAULTS 16 /* threads with a fault at the same time; more are not reported */

struct bel_follow {
	struct bel_follow_process {
		pid_t pid;
		bool first_ended; /* its first thread has ended */
		int deadly; /* a signal that it has sent to itself and will die of; 0: none yet */
	} * process;        /* owned: the processes that have not ended */
	size_t count, capacity;
	bool traced;   /* false: only the end of the first process is reported */
	bool children; /* child processes are followed, too */
	struct {
		pid_t thread; /* 0: free */
		uint64_t address;
	} fault[BEL_FOLLOW_FAULTS];
};

/*
 * Follows a child of this process and, with `children`, all processes that it starts. Without
 * `children`, the program is followed only if the system allows it.
 */
int bel_follow_attach(struct bel_follow *follow, pid_t pid, bool children, struct bel_err *err);
void bel_follow_release(struct bel_follow *follow);

/* 1: *event is filled; 0: no event now; or negative. */
int bel_follow_next(struct bel_follow *follow, struct bel_follow_event *event, struct bel_err *err);

void bel_follow_resume(pid_t pid);

/*
 * Sends a signal that should end them to all processes, also to stopped ones. A process that
 * ignores it gets SIGTERM; if it ignores that too, SIGKILL. With `outside`, the terminal has
 * already sent the signal to this process's own group: processes in the group get a signal only if
 * they ignored that one.
 */
void bel_follow_signal(const struct bel_follow *follow, int signal, bool outside);

/* Kills all remaining processes and waits until they are gone. */
void bel_follow_kill(struct bel_follow *follow);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * follow.h: learns of every process that a program starts, before it has run.
 *
 * Valgrind opens a new log in each process, named by its number, right after a
 * fork; whoever wants to put a pipe there has to know the number first. So the
 * program is followed with ptrace(2), which stops the child of a fork before its first
 * instruction. No system call is watched: only forks, exits and signals stop,
 * and signals are passed on as they are.
 *
 *	bel_follow_attach(pid, &err);
 *	while (bel_follow_next(&event, &err) > 0) {      never blocks; SIGCHLD says when to look
 *		...
 *		if (event.type != BEL_FOLLOW_ENDED)
 *			bel_follow_resume(event.pid);
 *	}
 *
 * The followers' wait(2) is for all children of this process.
 */
#ifndef BEL_FOLLOW_H
#define BEL_FOLLOW_H

#include <sys/types.h>

#include "err.h"

enum bel_follow_type {
	BEL_FOLLOW_STARTED, /* a process exists and stands still (may be told again) */
	BEL_FOLLOW_EXITING, /* it is about to end and stands still; /proc/PID is still there */
	BEL_FOLLOW_ENDED,   /* gone; also told of threads, whose numbers nobody knows */
};

struct bel_follow_event {
	enum bel_follow_type type;
	pid_t pid;
	int status; /* ENDED: as from waitpid(2) */
};

/* Follows a child of this process and all that it starts. */
int bel_follow_attach(pid_t pid, struct bel_err *err);

/* 1 and what happened, or 0: nothing more for now. */
int bel_follow_next(struct bel_follow_event *event, struct bel_err *err);

void bel_follow_resume(pid_t pid);

#endif

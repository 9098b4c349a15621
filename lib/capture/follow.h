/* SPDX-License-Identifier: MIT */
/*
 * follow.h: learns of every process that a program starts, before it has run, and ends them.
 *
 * Valgrind opens a new log in each process, named by its number, right after a
 * fork; whoever wants to put a pipe there has to know the number first. So the
 * program is followed with ptrace(2), which stops the child of a fork before its first
 * instruction. No system call is watched: only forks, execs, exits and signals stop,
 * and signals are passed on as they are. If this process ends in whatever way, the
 * system kills all that are followed.
 *
 *	bel_follow_attach(&follow, pid, true, &err);
 *	while (bel_follow_next(&follow, &event, &err) > 0) {   never blocks
 *		...
 *		if (event.type < BEL_FOLLOW_ENDED)
 *			bel_follow_resume(event.pid);
 *	}
 *	bel_follow_kill(&follow);
 *
 * SIGCHLD says when to look for the next event.
 * The followers' wait(2) is for all children of this process.
 */
#ifndef BEL_FOLLOW_H
#define BEL_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

enum bel_follow_type {
	/* These stand still until they are resumed. */
	BEL_FOLLOW_STARTED,  /* a process exists (may be told again) */
	BEL_FOLLOW_EXECUTED, /* it is another program, of which nothing has run */
	BEL_FOLLOW_EXITING,  /* it is about to end; /proc/PID is still there */
	BEL_FOLLOW_ENDED,    /* gone; also told of threads, whose numbers nobody knows */
	BEL_FOLLOW_FAULTED,  /* an access to memory failed; it goes on by itself */
};

struct bel_follow_event {
	enum bel_follow_type type;
	pid_t pid;
	int status;       /* EXITING, ENDED: as from waitpid(2) */
	uint64_t address; /* FAULTED: what it wanted to access */
	bool write;       /* FAULTED */
};

#define BEL_FOLLOW_FAULTS 16 /* threads that can be in a fault at a time; others are not told */

struct bel_follow {
	struct bel_follow_process {
		pid_t pid;
		bool first_ended; /* its first thread has */
		int deadly;       /* a signal that it has sent to itself and dies of; 0: none yet */
	} * process;              /* owned: those that have not ended */
	size_t count, capacity;
	bool traced;   /* false: only the end of the first process is told */
	bool children; /* those that are started are followed too */
	struct {
		pid_t thread; /* 0: free */
		uint64_t address;
	} fault[BEL_FOLLOW_FAULTS];
};

/*
 * Follows a child of this process and, with children, all that it starts. Without
 * children the program is followed if the system allows it.
 */
int bel_follow_attach(struct bel_follow *follow, pid_t pid, bool children, struct bel_err *err);
void bel_follow_release(struct bel_follow *follow);

/* 1 and what happened, or 0: nothing more for now. */
int bel_follow_next(struct bel_follow *follow, struct bel_follow_event *event, struct bel_err *err);

void bel_follow_resume(pid_t pid);

/*
 * Sends a signal that is meant to end them to all processes, also stopped ones. Who ignores it
 * gets SIGTERM, and who ignores that, SIGKILL. With `outside`, those of this process's
 * own group, which the terminal has sent it to, get it only if they ignore it.
 */
void bel_follow_signal(const struct bel_follow *follow, int signal, bool outside);

/* Kills all that is left and waits until it is gone. */
void bel_follow_kill(struct bel_follow *follow);

#endif

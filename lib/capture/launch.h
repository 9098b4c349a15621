/* SPDX-License-Identifier: MIT */
/*
 * launch.h: starts a program under a Valgrind tool, as a child that waits before it runs.
 *
 * The child keeps stdin, stdout, stderr, working directory and environment. While it waits, its
 * number is known and the pipe for its log can be made.
 */
#ifndef BEL_LAUNCH_H
#define BEL_LAUNCH_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "err.h"

struct bel_launch {
	const char *valgrind; /* its path */
	char *const *options; /* Valgrind's; NULL at the end */
	char *const *argv;    /* the program's; NULL at the end */
	const char *search;   /* where to search for the program: PATH's value */
	int output;           /* becomes the program's stdout; -1: leave it */
	sigset_t mask;        /* signal mask that the program starts with */
};

/* Finds `name` as execvp would, and fills `path`. On failure, err says what is wrong. */
int bel_launch_find(
	const char *name, const char *search, char *path, size_t size, struct bel_err *err);

/* Starts the child. Close *go with bel_launch_go() or bel_launch_cancel(). */
int bel_launch_start(const struct bel_launch *launch, pid_t *pid, int *go, struct bel_err *err);

/* Lets the child run. Fails with the reason if valgrind cannot be executed. */
int bel_launch_go(int go, struct bel_err *err);

/* Ends the child silently. */
void bel_launch_cancel(pid_t pid, int go);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * launch.h: a program under a Valgrind tool, as a child of this process that waits for a go.
 *
 * The child keeps stdin, stdout, stderr, working directory and environment. Between
 * fork and go its number is known and its log's pipe can be made.
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
	char *const *argv;    /* of the program; NULL at the end */
	const char *search;   /* directories to find the program in: PATH's value */
	int output;           /* becomes the program's stdout; -1: leave it */
	sigset_t mask;        /* of signals that the program starts with */
};

/* Finds `name` as execvp would; fills path. Says what is wrong with it if not. */
int bel_launch_find(
	const char *name, const char *search, char *path, size_t size, struct bel_err *err);

/* Starts the child; *go is to be closed by bel_launch_go() or bel_launch_cancel(). */
int bel_launch_start(const struct bel_launch *launch, pid_t *pid, int *go, struct bel_err *err);

/* Lets it run. Fails with the reason if valgrind cannot be executed. */
int bel_launch_go(int go, struct bel_err *err);

/* The child ends without a word. */
void bel_launch_cancel(pid_t pid, int go);

#endif

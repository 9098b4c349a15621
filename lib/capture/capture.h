/* SPDX-License-Identifier: MIT */
/*
 * capture.h: runs a program under Valgrind and records what it refers to.
 *
 * The program's stdin, stdout, stderr, environment and status are its own. Every
 * process that it starts is followed and is a space of its own in the trace, which
 * ends when the last of them does. A child's references come after the fork in
 * its parent's log; beyond that, processes that run side by side are interleaved as
 * their logs are read, some milliseconds at a time.
 *
 *	struct bel_capture_options options = {.argv = argv, ..., .file = stdout};
 *	struct bel_capture_result result;
 *
 *	if (bel_capture_run(&options, &result, &err) < 0) ...
 *	exit(result.status);
 *
 * SIGINT, SIGTERM, SIGHUP and SIGQUIT are blocked while it runs, passed on to all of its
 * processes (interrupt.h), and the trace is ended as usual. SIGPIPE and SIGCHLD are
 * blocked too, and stay so. When it returns, also with an error, no process of
 * it is left. One capture a process: it waits for all children.
 */
#ifndef BEL_CAPTURE_H
#define BEL_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "err.h"

/* What of the program is recorded; only pagegrind can leave out by more than a count. */
struct bel_capture_region {
	uint64_t window, period; /* so many references of each so many; 0: all */
	uint32_t wanted;         /* 1 << enum bel_region_kind of those recorded; 0: all */
	uint32_t kinds;          /* 1 << enum bel_token_item of those recorded; 0: all */
	const char *from_mark, *to_mark;
	const char *from_function; /* from its first call on */
};

/* How far a capture has come. */
struct bel_capture_progress {
	uint64_t references, pages, events;
};

struct bel_capture_options {
	char *const *argv;     /* the program and its arguments; NULL at the end */
	const char *search;    /* PATH's value */
	const char *temporary; /* where a directory for pipes can be made */
	const char *tool;      /* "bel-capture 0.1.0" */
	const char *name;      /* of the trace; NULL: none */
	const char *pagegrind; /* path of our tool's launcher; NULL: lackey is used */
	FILE *file;            /* the trace */
	int output;            /* becomes the program's stdout; -1: leave it */
	bool children;         /* follow them; else only the program itself is recorded */
	bool first_byte;
	bool kernel; /* with the kernel's references; pagegrind's alone */
	struct bel_capture_region region;
	unsigned granule_bits; /* 0: exact */
	int level;             /* of compression; 0: the format's default */
	uint64_t skip;         /* references left out at the beginning */
	uint64_t limit;        /* references recorded; 0: all. The program runs on */
	/* Called now and then; NULL: not. */
	void (*progress)(void *context, const struct bel_capture_progress *progress);
	void *context;
};

struct bel_capture_result {
	int status;        /* the program's, or 128 + the signal that ended it */
	bool empty;        /* not one reference was recorded */
	bool hung_up;      /* the reader of the trace went away */
	uint64_t bad;      /* lines of the log that were not understood */
	char reason[512];  /* why the trace ended early; "" if it did not */
	char warning[700]; /* what went wrong with a process, a sentence; "" if nothing did */
};

int bel_capture_run(const struct bel_capture_options *options, struct bel_capture_result *result,
	struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * capture.h: runs a program under Valgrind and records its memory references.
 *
 * The program keeps its stdin, stdout, stderr, environment and exit status. Every process that it
 * starts is followed and has its own address space in the trace. The trace ends when the last
 * process ends. A child's references come after the fork in its parent's log. Otherwise, processes
 * that run in parallel are interleaved as their logs are read, some milliseconds at a time.
 *
 *	struct bel_capture_options options = {.argv = argv, ..., .file = stdout};
 *	struct bel_capture_result result;
 *
 *	if (bel_capture_run(&options, &result, &err) < 0) ...
 *	exit(result.status);
 *
 * Signals: SIGINT, SIGTERM, SIGHUP and SIGQUIT are blocked meanwhile and passed on to all
 * processes of the program (interrupt.h); the trace is then ended as usual. SIGPIPE and SIGCHLD
 * are blocked too, and stay blocked.
 *
 * Processes: on return, also with an error, no process of the program is left. A process may run
 * only one capture at a time, because it waits for all its children.
 */
#ifndef BEL_CAPTURE_H
#define BEL_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "err.h"

/* Which references are recorded. Only pagegrind can select by more than a number. */
struct bel_capture_region {
	uint64_t window, period; /* record `window` of every `period` references; 0: all */
	uint32_t wanted;         /* 1 << enum bel_region_kind for each kind recorded; 0: all */
	uint32_t kinds;          /* 1 << enum bel_token_item for each kind recorded; 0: all */
	const char *from_mark, *to_mark;
	const char *from_function; /* record from its first call on */
};

/* The progress of a capture. */
struct bel_capture_progress {
	uint64_t references, pages, events;
};

struct bel_capture_options {
	char *const *argv;     /* the program and its arguments; NULL at the end */
	const char *search;    /* PATH's value */
	const char *temporary; /* where a directory for pipes can be made */
	const char *tool;      /* "bel-capture 0.1.0" */
	const char *name;      /* name of the trace; NULL: none */
	const char *pagegrind; /* path of our tool's launcher; NULL: lackey is used */
	FILE *file;            /* the trace, or its first part */
	/*
	 * Write the trace in parts of about so many bytes; 0: as one. next_part() ends the file of
	 * the part before and opens that of part `part`; it gets `part_host`. Not with near_pages.
	 */
	uint64_t split;
	int (*next_part)(void *part_host, unsigned part, FILE **file, struct bel_err *err);
	void *part_host;
	int output;    /* becomes the program's stdout; -1: leave it */
	bool children; /* follow child processes; otherwise only the program itself is recorded */
	bool first_byte;
	bool kernel; /* record the kernel's references; only with pagegrind */
	/* Record call stacks, of pages not among this many last ones; only with pagegrind. 0: none. */
	unsigned near_pages;
	bool near_renewed; /* also of references that renew near pages (event.h) */
	struct bel_capture_region region;
	unsigned granule_bits; /* 0: exact */
	int level;             /* compression level; 0: the format's default */
	uint64_t skip;         /* references to skip at the beginning */
	uint64_t limit; /* references to record; 0: all. The program continues after the limit */
	/* Called now and then; may be NULL. */
	void (*progress)(void *context, const struct bel_capture_progress *progress);
	void *context;
};

struct bel_capture_result {
	int status;                 /* the program's, or 128 + the signal that ended it */
	bool empty;                 /* no reference was recorded */
	bool hung_up;               /* the reader of the trace has gone */
	uint64_t references, pages; /* that the trace has */
	uint32_t processes;         /* and these: each fork and each exec begins one */
	uint64_t bad;               /* lines of the log that were not understood */
	char reason[512];           /* why the trace ended early; "" if it did not */
	char warning[700];          /* what went wrong with a process, as a sentence; "": nothing */
};

int bel_capture_run(const struct bel_capture_options *options, struct bel_capture_result *result,
	struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * lackey_log.h: the messages of Valgrind itself in a log: processes, system calls,
 * threads. Private to lackey_parse.c, which reads the records.
 */
#ifndef BEL_LACKEY_LOG_H
#define BEL_LACKEY_LOG_H

#include "lackey_parse.h"
#include "lackey_scan.h"

struct bel_lackey {
	const struct bel_lackey_scanner *scanner;
	struct bel_format_options options;
	struct bel_format_tally tally;
	const struct bel_input *input;
	uint32_t *spaces;
	struct bel_syscall_tracker *process; /* the references read belong to [current] */
	size_t processes, current;
	uint64_t line; /* number of lines before the present one */
	bool seen;
	void (*listener)(void *context, const char *text, size_t length); /* NULL: none */
	void *listener_context;
	uint32_t only;    /* the log must be of this process; 0: any */
	uint32_t speaker; /* the process of Valgrind's last message; 0: none yet */
	bool over;        /* that process has printed its exit code */
	bool forked;      /* a FORK event was added since the last check */
	char version[24];
	char call[8192]; /* the system call printed so far; "" if none */
};

/*
 * Reads text without records (terminated). It is cut where Valgrind's messages begin, and
 * each message is parsed; events go to `out`. Returns 1 if there was a message, 0 if not,
 * or negative.
 */
int bel_lackey_told(struct bel_lackey *log, const char *text, size_t length,
	struct bel_accesses *out, struct bel_err *err);

/* Where in [text, end) Valgrind's messages begin: a system call, "==PID==" or similar; else `end`.
 */
const char *bel_lackey_words(const char *text, const char *end);

/* The process of the first "==PID==" or similar in [text, end); 0: there is none. */
uint32_t bel_lackey_speaker(const char *text, const char *end);

/* For a log that does not name its process `pid`: adds its START event. */
int bel_lackey_begin(
	struct bel_lackey *log, uint32_t pid, struct bel_accesses *out, struct bel_err *err);

/* The text of the open system call is complete: parses it. */
int bel_lackey_call_end(struct bel_lackey *log, struct bel_accesses *out, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * lackey_log.h: what Valgrind itself says in a log: processes, system calls,
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
	struct bel_syscall_tracker *process; /* [current] is whose references are read */
	size_t processes, current;
	uint64_t line; /* lines before the one that is looked at */
	bool seen;
	void (*listener)(void *context, const char *text, size_t length); /* NULL: none */
	void *listener_context;
	uint32_t only;    /* the one process whose log it must be; 0: any */
	uint32_t speaker; /* the process of Valgrind's last words; 0: none yet */
	bool over;        /* it has told its exit code */
	bool forked;      /* a FORK was told since the last look */
	char version[24];
	char call[8192]; /* the system call that is being printed; "" if none */
};

/*
 * Text without records, terminated: cut where Valgrind's words begin, each piece
 * to its reader; events go to out. 1 if there were such words, 0 if not, or negative.
 */
int bel_lackey_told(struct bel_lackey *log, const char *text, size_t length,
	struct bel_accesses *out, struct bel_err *err);

/* Where in [text, end) Valgrind's words begin: a system call or "==PID==" and its like; else `end`.
 */
const char *bel_lackey_words(const char *text, const char *end);

/* The process of the first "==PID==" or its like in [text, end); 0: there is none. */
uint32_t bel_lackey_speaker(const char *text, const char *end);

/* The log is of process `pid`, which it does not say itself: tells of its START. */
int bel_lackey_begin(
	struct bel_lackey *log, uint32_t pid, struct bel_accesses *out, struct bel_err *err);

/* No more comes of the system call that is being printed. */
int bel_lackey_call_end(struct bel_lackey *log, struct bel_accesses *out, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * lackey_call.h: parses one system call that --trace-syscalls=yes has printed.
 *
 *	SYSCALL[7417,1](9) sys_mmap ( 0x0, 8192, 3, 34, 4294967295, 0 ) --> [pre-success]
 *	Success(0x4835000)
 *	SYSCALL[7417,1](257) sys_openat ( 4294967196, 0x40290b1(/etc/passwd), 0 ) --> [async] ...
 *	SYSCALL[7417,1](257) ... [async] --> Success(0x3)
 *	SYSCALL[7417,1](56) sys_clone ( ... )   clone(fork): process 7417 created child 7418
 *
 * Records that are glued to the call, and line breaks, are already removed from the text.
 */
#ifndef BEL_LACKEY_CALL_H
#define BEL_LACKEY_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bel_lackey_call {
	uint32_t pid, tid;
	char name[32];   /* without "sys_"; "" in the second half of an asynchronous call */
	uint64_t arg[6]; /* the first `args` are set; the others are 0 */
	unsigned args;
	const char *path; /* text in parentheses after an argument, not terminated; NULL: none */
	size_t path_length;
	uint32_t child; /* from "created child N"; 0: none */
	bool finished;  /* a result or "[async]" was printed; false: e.g. an execve that goes on */
	bool waits;     /* asynchronous: the result is in a later line */
	bool success;
	uint64_t result;
};

/* Whether the text has everything that Valgrind prints at once about a call. */
bool bel_lackey_call_whole(const char *text);

/* Parses `text` (terminated); false if it is not a call. call->path points into it. */
bool bel_lackey_call_parse(const char *text, struct bel_lackey_call *call);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * lackey_call.h: the words of --trace-syscalls=yes: one system call as text to
 * a structure.
 *
 *	SYSCALL[7417,1](9) sys_mmap ( 0x0, 8192, 3, 34, 4294967295, 0 ) --> [pre-success]
 *	Success(0x4835000)
 *	SYSCALL[7417,1](257) sys_openat ( 4294967196, 0x40290b1(/etc/passwd), 0 ) --> [async] ...
 *	SYSCALL[7417,1](257) ... [async] --> Success(0x3)
 *	SYSCALL[7417,1](56) sys_clone ( ... )   clone(fork): process 7417 created child 7418
 *
 * The text is what is left when glued records and line breaks are taken out.
 */
#ifndef BEL_LACKEY_CALL_H
#define BEL_LACKEY_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bel_lackey_call {
	uint32_t pid, tid;
	char name[32];   /* without "sys_"; "" in the second half of an asynchronous call */
	uint64_t arg[6]; /* as many as `args`; the rest is 0 */
	unsigned args;
	const char *
		path; /* what stands in parentheses after an argument; NULL: none; not terminated */
	size_t path_length;
	uint32_t child; /* of "created child N"; 0: none */
	bool finished; /* a result, or that it waits, was printed: an execve without is under way */
	bool waits;    /* asynchronous: the result comes in a later line */
	bool success;
	uint64_t result;
};

/* Whether the text holds all that Valgrind prints of a call in one go. */
bool bel_lackey_call_whole(const char *text);

/* Takes `text` (terminated) apart; false if it is not a call. call->path points into it. */
bool bel_lackey_call_parse(const char *text, struct bel_lackey_call *call);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * syscall_tracker.h: turns a process's system calls into events about its memory.
 *
 * Follows the file descriptors, to know the file of a mapping, and the program break.
 * The kind of a mapped region:
 *	stack	MAP_STACK
 *	text	a private file mapping that is not writable, and either executable or made
 *		by the dynamic linker (MAP_DENYWRITE)
 *	data	a writable private file mapping, and the anonymous mapping directly after
 *		it (bss)
 *	mmap	any other mapping
 */
#ifndef BEL_SYSCALL_TRACKER_H
#define BEL_SYSCALL_TRACKER_H

#include <stdbool.h>

#include "lackey_call.h"
#include "lackey_shared.h"
#include "trace.h"

struct bel_syscall_tracker {
	uint32_t pid, space;
	uint32_t thread; /* makes the references; 0: not known */
	bool forked;     /* began with a fork */
	char *command;   /* last "Command:" of its log, or of its parent at the fork; owned; NULL */
	bool named;      /* its "Command:" was seen */
	bool executing;  /* in an execve that has not failed */
	bool ended;      /* its EXIT event was added */
	uint64_t heap, top; /* the first and the present program break; 0: none yet */
	uint64_t data_end;  /* end of the last data mapping */
	char **file;        /* names by descriptor; owned, as are the names */
	size_t files;
	struct bel_lackey_shared shared;
	struct {
		uint32_t thread;
		char *path;
	} opening[8]; /* asynchronous opens in progress; owned paths, NULL: free slot */
};

void bel_syscall_tracker_init(struct bel_syscall_tracker *process, uint32_t pid, uint32_t space);
void bel_syscall_tracker_release(struct bel_syscall_tracker *process);

/* Makes `child` (not initialised) a copy of its parent, like fork, with its own pid and space. */
int bel_syscall_tracker_fork(struct bel_syscall_tracker *child,
	const struct bel_syscall_tracker *parent, uint32_t pid, uint32_t space,
	struct bel_err *err);

/* A new program runs in a new space. */
void bel_syscall_tracker_exec(struct bel_syscall_tracker *process, uint32_t space);

/* Appends events for the changes of a call, before reference `at`. The caller handles forks. */
int bel_syscall_tracker_call(struct bel_syscall_tracker *process,
	const struct bel_lackey_call *call, struct bel_events *events, uint64_t at,
	struct bel_err *err);

/* Appends EXIT, once per process. `value`: see BEL_EVENT_EXIT (event.h). */
int bel_syscall_tracker_end(struct bel_syscall_tracker *process, uint64_t value,
	struct bel_events *events, uint64_t at, struct bel_err *err);

#endif

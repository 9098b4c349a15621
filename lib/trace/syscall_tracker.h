/* SPDX-License-Identifier: MIT */
/*
 * syscall_tracker.h: what a process's system calls say about its memory.
 *
 * Follows descriptors (so that a mapping knows its file) and the break, and
 * turns calls into events. Regions of mappings: MAP_STACK is a stack; a private
 * mapping of a file is text if it is executable or made by the dynamic linker
 * (MAP_DENYWRITE) and not writable, data if it is writable, and so is the
 * anonymous piece right behind it (bss); all else is mmap.
 */
#ifndef BEL_SYSCALL_TRACKER_H
#define BEL_SYSCALL_TRACKER_H

#include <stdbool.h>

#include "lackey_call.h"
#include "lackey_shared.h"
#include "trace.h"

struct bel_syscall_tracker {
	uint32_t pid, space;
	uint32_t thread; /* that references are from; 0: not known */
	bool forked;     /* began as a copy of another */
	char *command;  /* as the log last named it, or its parent's log at the fork; owned; NULL */
	bool named;     /* its "Command:" was seen */
	bool executing; /* in execve, which has not failed */
	bool ended;     /* its EXIT was told */
	uint64_t heap, top; /* the first break seen and the present one; 0: none yet */
	uint64_t data_end;  /* of the last mapping that is data */
	char **file;        /* names by descriptor; owned, as are the names */
	size_t files;
	struct bel_lackey_shared shared;
	struct {
		uint32_t thread;
		char *path;
	} opening[8]; /* asynchronous opens under way; owned paths, NULL: free slot */
};

void bel_syscall_tracker_init(struct bel_syscall_tracker *process, uint32_t pid, uint32_t space);
void bel_syscall_tracker_release(struct bel_syscall_tracker *process);

/* Makes child (not initialised) a copy as fork does, under its own pid and space. */
int bel_syscall_tracker_fork(struct bel_syscall_tracker *child,
	const struct bel_syscall_tracker *parent, uint32_t pid, uint32_t space,
	struct bel_err *err);

/* A new program runs in a new space. */
void bel_syscall_tracker_exec(struct bel_syscall_tracker *process, uint32_t space);

/* Appends what a call changed, before reference `at`. Forks are the caller's. */
int bel_syscall_tracker_call(struct bel_syscall_tracker *process,
	const struct bel_lackey_call *call, struct bel_events *events, uint64_t at,
	struct bel_err *err);

/* Appends EXIT, once. `value` as in trace.h. */
int bel_syscall_tracker_end(struct bel_syscall_tracker *process, uint64_t value,
	struct bel_events *events, uint64_t at, struct bel_err *err);

#endif

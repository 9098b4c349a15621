/* SPDX-License-Identifier: MIT */
/*
 * initial_mappings.h: the mappings that a program starts with: its segments, its interpreter's,
 * its stack.
 *
 * exec makes these mappings, not system calls, so the log does not report them. They are read from
 * the ELF files and moved to the addresses in /proc/PID/maps. The stack is the mapping that
 * receives the first store (the program's start pushes a return address). It grows when a lower
 * address is touched.
 */
#ifndef BEL_INITIAL_MAPPINGS_H
#define BEL_INITIAL_MAPPINGS_H

#include <stdbool.h>
#include <sys/types.h>

#include "trace.h"

struct bel_initial_mappings {
	char *maps;         /* owned: the text of /proc/PID/maps; NULL: not read */
	bool starting;      /* the first store is still to come */
	uint64_t low, high; /* the stack: [low, high); 0, 0: not known */
};

/* Stores the present /proc/PID/maps. False if the process is gone. */
bool bel_initial_mappings_look(struct bel_initial_mappings *image, pid_t pid);

/* A new program starts before reference `at`: appends MAP events for its segments. */
int bel_initial_mappings_start(struct bel_initial_mappings *image, uint32_t space, uint64_t at,
	struct bel_events *events, struct bel_err *err);

/* Searches the process's references for its stack: appends MAP once, later GROW. */
int bel_initial_mappings_watch(struct bel_initial_mappings *image, const struct bel_accesses *batch,
	struct bel_events *events, struct bel_err *err);

/* After a fork, the child has its parent's stack. */
void bel_initial_mappings_fork(
	struct bel_initial_mappings *child, const struct bel_initial_mappings *parent);

void bel_initial_mappings_release(struct bel_initial_mappings *image);

#endif

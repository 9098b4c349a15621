/* SPDX-License-Identifier: MIT */
/*
 * initial_mappings.h: what a program starts with: its segments, its interpreter's, its stack.
 *
 * These mappings come from exec and not from system calls, so the log does not
 * tell them. They are read from the ELF files, moved to where /proc/PID/maps shows
 * them; the stack is the mapping that the first store goes to (the program's start
 * pushes a return address), and grows with the lowest touch below it.
 */
#ifndef BEL_INITIAL_MAPPINGS_H
#define BEL_INITIAL_MAPPINGS_H

#include <stdbool.h>
#include <sys/types.h>

#include "trace.h"

struct bel_initial_mappings {
	char *maps;         /* owned: text of /proc/PID/maps, NULL if not read */
	bool starting;      /* the first store is still to come */
	uint64_t low, high; /* the stack: [low, high); 0, 0: not known */
};

/* Keeps /proc/PID/maps as it is now; false if the process is gone. */
bool bel_initial_mappings_look(struct bel_initial_mappings *image, pid_t pid);

/* A new program starts before reference `at`: appends MAP of its segments. */
int bel_initial_mappings_start(struct bel_initial_mappings *image, uint32_t space, uint64_t at,
	struct bel_events *events, struct bel_err *err);

/* Looks through references of the process for its stack: appends MAP once, then GROW. */
int bel_initial_mappings_watch(struct bel_initial_mappings *image, const struct bel_accesses *batch,
	struct bel_events *events, struct bel_err *err);

/* The child of a fork has its parent's stack. */
void bel_initial_mappings_fork(
	struct bel_initial_mappings *child, const struct bel_initial_mappings *parent);

void bel_initial_mappings_release(struct bel_initial_mappings *image);

#endif

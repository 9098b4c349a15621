/* SPDX-License-Identifier: MIT */
/*
 * facts.h: what this machine offers for measurements, and what to do about what is missing.
 *
 * The questions change nothing but this process: some switch a property of the process on or off,
 * or map memory for a moment. None needs root; some have other answers as root.
 *
 *	struct bel_fact fact;
 *
 *	for (unsigned i = 0; bel_fact(i, "", &fact); i++)
 *		... fact.name, fact.available ...
 */
#ifndef BEL_FACTS_H
#define BEL_FACTS_H

#include <stdbool.h>

#include "emit.h"

struct bel_fact {
	const char *name;   /* "memory-cgroup" */
	bool available;     /* to this user */
	char detail[160];   /* what was found */
	const char *use;    /* what it is needed for */
	const char *remedy; /* what a user can do; NULL: nothing is missing */
};

/* Asks question `index`; false past the last. `root`: kernel_file.h. */
bool bel_fact(unsigned index, const char *root, struct bel_fact *fact);

/* As a record belady.probe/1. */
int bel_fact_record_emit(struct bel_emit *emit, const struct bel_fact *fact, struct bel_err *err);

#endif

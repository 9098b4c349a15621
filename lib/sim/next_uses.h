/* SPDX-License-Identifier: MIT */
/*
 * next_uses.h: computes the next use of the page of each run, for policies that need the future.
 *
 * Runs are added in order. Then the sequence is walked backwards once, to find when each run's
 * page is referenced next. Then it is read forwards.
 *
 *	struct bel_next_uses *la = bel_next_uses_new(&setup, &err);
 *	bel_next_uses_add(la, runs, count, &err);           for the whole trace
 *	bel_next_uses_compute(la, &err);                    once; without it, batch.next is not set
 *	while ((r = bel_next_uses_read(la, &batch, &err)) > 0)
 *		... batch.runs, batch.next ...
 *	bel_next_uses_rewind(la);                           to read it again
 *
 * Memory:  4 bytes per run (12 for one of 32 references or more, or of a page from 2^23 on), and 2
 *          more after bel_next_uses_compute() (6 for a distance of 65535 or more); beyond `memory`
 *          they are in a temporary file. bel_next_uses_compute() needs 8 bytes per page while it
 *          runs.
 * Threads: one at a time.
 */
#ifndef BEL_NEXT_USES_H
#define BEL_NEXT_USES_H

#include "err.h"
#include "policy.h"
#include "spool.h"

struct bel_next_uses_setup {
	uint64_t memory; /* bytes to hold in memory before using a file */
	const char *dir; /* directory for that file */
	/*
	 * Distances to the next reference are stored in 32 bits; those of `escape` or more, in 64
	 * bits. 0: UINT32_MAX. Tests set a low value.
	 */
	uint32_t escape;
};

struct bel_next_uses;

struct bel_next_uses *bel_next_uses_new(
	const struct bel_next_uses_setup *setup, struct bel_err *err);
/* For spools of what belongs to the runs; they are freed before bel_next_uses_free(). */
struct bel_spool_budget *bel_next_uses_budget(struct bel_next_uses *la);
int bel_next_uses_add(
	struct bel_next_uses *la, const struct bel_run *runs, size_t count, struct bel_err *err);
int bel_next_uses_compute(struct bel_next_uses *la, struct bel_err *err);

/* The next batch, valid until the next call: 1, or 0 at the end, or negative. */
int bel_next_uses_read(struct bel_next_uses *la, struct bel_batch *batch, struct bel_err *err);
void bel_next_uses_rewind(struct bel_next_uses *la);

void bel_next_uses_free(struct bel_next_uses *la); /* NULL is allowed */

#endif

/* SPDX-License-Identifier: MIT */
/*
 * lookahead.h: the future of each reference, for policies that know it.
 *
 * Runs are appended as they come, then the whole is walked backwards once to find
 * when each run's page is referenced next, then it is read forwards.
 *
 *	struct bel_lookahead *la = bel_lookahead_new(&setup, &err);
 *	bel_lookahead_add(la, runs, count, &err);           for the whole trace
 *	bel_lookahead_turn(la, &err);                       once; without it, next is not known
 *	while ((r = bel_lookahead_read(la, &batch, &err)) > 0)
 *		... batch.runs, batch.next ...
 *	bel_lookahead_rewind(la);                           to read it again
 *
 * Costs 8 bytes a run, and 4 more once turned; beyond `memory` they are in a
 * temporary file. Turning takes 8 bytes a page. One thread at a time.
 */
#ifndef BEL_LOOKAHEAD_H
#define BEL_LOOKAHEAD_H

#include "err.h"
#include "policy.h"

struct bel_lookahead_setup {
	uint64_t memory; /* bytes to hold in memory before going to a file */
	const char *dir; /* for that file */
	/*
	 * Distances to the next reference are kept in 32 bits; those of `escape` and
	 * more apart, in 64. 0: UINT32_MAX. Tests set it low.
	 */
	uint32_t escape;
};

struct bel_lookahead;

struct bel_lookahead *bel_lookahead_new(
	const struct bel_lookahead_setup *setup, struct bel_err *err);
int bel_lookahead_add(
	struct bel_lookahead *la, const struct bel_run *runs, size_t count, struct bel_err *err);
int bel_lookahead_turn(struct bel_lookahead *la, struct bel_err *err);

/* The next batch, valid until the next call: 1, or 0 at the end, or negative. */
int bel_lookahead_read(struct bel_lookahead *la, struct bel_batch *batch, struct bel_err *err);
void bel_lookahead_rewind(struct bel_lookahead *la);

uint32_t bel_lookahead_pages(const struct bel_lookahead *la); /* highest number + 1 */
uint64_t bel_lookahead_references(const struct bel_lookahead *la);
void bel_lookahead_free(struct bel_lookahead *la); /* NULL is allowed */

#endif

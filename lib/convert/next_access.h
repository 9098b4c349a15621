/* SPDX-License-Identifier: MIT */
/*
 * next_access.h: finds the next reference to the page of each reference, for formats
 * that store it.
 *
 *	next = bel_next_access_new(&budget, &err);
 *	bel_next_access_add(next, access, count, &err);          the whole trace
 *	bel_next_access_turn(next, &err);                        once
 *	while ((r = bel_next_access_read(next, &batch, &err)) > 0)
 *		... batch.access[i], batch.next[i] ...
 *	bel_next_access_free(next);
 *
 * Only addresses are kept. A reference takes 12 bytes, in memory or, beyond the budget,
 * in a temporary file; a distinct page takes about 60 bytes of memory. The caller owns
 * the budget, which must live longer. At most 2^32 - 1 distinct pages. One thread at a
 * time.
 */
#ifndef BEL_NEXT_ACCESS_H
#define BEL_NEXT_ACCESS_H

#include "spool.h"
#include "trace.h"

struct bel_next_access;

/* NULL when out of memory. */
struct bel_next_access *bel_next_access_new(struct bel_spool_budget *budget, struct bel_err *err);

int bel_next_access_add(struct bel_next_access *next, const struct bel_access *access, size_t count,
	struct bel_err *err);

/* Ends the input: goes through it once, backwards. */
int bel_next_access_turn(struct bel_next_access *next, struct bel_err *err);

/*
 * The next batch in the order of the trace, as loads of one unit; it is valid until the
 * next call. Returns 1, or 0 at the end, or negative.
 */
int bel_next_access_read(
	struct bel_next_access *next, struct bel_accesses *batch, struct bel_err *err);

void bel_next_access_free(struct bel_next_access *next); /* NULL is allowed */

#endif

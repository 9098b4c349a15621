/* SPDX-License-Identifier: MIT */
/*
 * reduce.h: leaves out of a folded trace what cannot matter at k frames and more.
 *
 *	phase	the trace is cut into stretches of at most k distinct pages; of each page only
 *		the first and the last run in a stretch stay. Fast. For LRU and OPT.
 *	sad	safely allowed drop: of three runs to a page the middle one goes when fewer than k
 *		other pages are used between the outer two. For LRU and OPT.
 *	olr	optimal LRU reduction: what LRU of k frames loads, and of the other runs just
 *		those without which it would evict something else. For LRU alone.
 *
 * With k frames or more these policies keep a page over what goes, so that faults, evictions and
 * write-backs are the same. References that go are added to runs that stay: whatever
 * may fault keeps its place in virtual time, and the number of references is the same.
 * A page's stores are on runs that stay, while it is resident.
 *
 *	struct bel_reducer *reducer;
 *	const struct bel_chunk *less;          until the next call
 *
 *	bel_reducer_new(&reducer, "sad", 64, &err);
 *	do
 *		again = bel_reducer_chunk(reducer, &chunk, pages, &less, &err);
 *	while (again > 0);                     with every *less taken
 *	bel_reducer_end(reducer, &less, &err);
 *	bel_reducer_free(reducer);
 *
 * Marks of crossing references (BEL_RUN_SPLIT) are lost: the result is for this page size alone.
 * Chunks that come out are behind those that go in, their kinds are not.
 *
 * Source of sad and olr: S. F. Kaplan, Y. Smaragdakis, P. R. Wilson, SIGMETRICS 1999.
 */
#ifndef BEL_REDUCE_H
#define BEL_REDUCE_H

#include "trace.h"

#define BEL_REDUCE_METHODS "phase, sad, olr"

struct bel_reducer;

/* The policies that the method's result holds for, "lru,opt"; NULL: no such method. */
const char *bel_reduction_holds_for(const char *method);

/* BEL_USAGE: no such method. */
int bel_reducer_new(
	struct bel_reducer **reducer, const char *method, uint64_t frames, struct bel_err *err);

/* 1: take *less and offer the chunk again; 0: take *less, the chunk is taken. */
int bel_reducer_chunk(struct bel_reducer *reducer, const struct bel_chunk *chunk, uint32_t pages,
	const struct bel_chunk **less, struct bel_err *err);

/* What is held. */
int bel_reducer_end(
	struct bel_reducer *reducer, const struct bel_chunk **less, struct bel_err *err);
void bel_reducer_free(struct bel_reducer *reducer); /* NULL is allowed */

/* Runs that came in, and those that stayed. */
uint64_t bel_reducer_read(const struct bel_reducer *reducer);
uint64_t bel_reducer_kept(const struct bel_reducer *reducer);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * reduce.h: removes runs from a folded trace that cannot change results at k frames or more.
 *
 *	phase	cuts the trace into phases of at most k distinct pages. In each phase, it keeps
 *		the first and the last run of each page. Fast. For LRU and OPT.
 *	sad	safely allowed drop: of three runs to a page, removes the middle one if fewer than
 *		k other pages are used between the outer two. For LRU and OPT.
 *	olr	optimal LRU reduction: keeps the loads of LRU with k frames, and of the other runs
 *		only those without which LRU would evict other pages. For LRU only.
 *
 * With k frames or more, the page of a removed run stays resident under these policies. So faults,
 * evictions and write-backs are the same. The references of a removed run are added to a kept run:
 * every run that may fault keeps its virtual time, and the number of references is the same. If a
 * removed run writes, a kept run of the page gets its write flag while the page is resident.
 *
 *	struct bel_reducer *reducer;
 *	const struct bel_chunk *less;          valid until the next call
 *
 *	bel_reducer_new(&reducer, "sad", 64, &err);
 *	do
 *		again = bel_reducer_chunk(reducer, &chunk, pages, &less, &err);
 *	while (again > 0);                     use *less each time
 *	bel_reducer_end(reducer, &less, &err);
 *	bel_reducer_free(reducer);
 *
 * The flag BEL_RUN_SPLIT of crossing references is lost: the result is valid only for this page
 * size. The output's runs lag behind the input, because some are held back; its counts by kind do
 * not.
 *
 * Source of sad and olr: S. F. Kaplan, Y. Smaragdakis, P. R. Wilson, SIGMETRICS 1999.
 */
#ifndef BEL_REDUCE_H
#define BEL_REDUCE_H

#include "trace.h"

#define BEL_REDUCE_METHODS "phase, sad, olr"

struct bel_reducer;

/* The policies for which the method's result is valid, "lru,opt"; NULL: no such method. */
const char *bel_reduction_holds_for(const char *method);

/* BEL_USAGE: no such method. */
int bel_reducer_new(
	struct bel_reducer **reducer, const char *method, uint64_t frames, struct bel_err *err);

/* 1: use *less and pass the same chunk again; 0: use *less, the chunk is done. */
int bel_reducer_chunk(struct bel_reducer *reducer, const struct bel_chunk *chunk, uint32_t pages,
	const struct bel_chunk **less, struct bel_err *err);

/* At the end: the runs that were held back. */
int bel_reducer_end(
	struct bel_reducer *reducer, const struct bel_chunk **less, struct bel_err *err);
void bel_reducer_free(struct bel_reducer *reducer); /* NULL is allowed */

/* Number of runs read, and of runs kept. */
uint64_t bel_reducer_read(const struct bel_reducer *reducer);
uint64_t bel_reducer_kept(const struct bel_reducer *reducer);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * phase_filter.h: leaves out of a folded trace what cannot matter at k frames and more.
 *
 * The trace is cut into stretches of at most k distinct pages. Of each page only the first and
 * the last run in a stretch stay: LRU and OPT with k frames or more keep a page
 * from the one to the other, so that faults, evictions and write-backs are the same. The
 * references that go are added to the run before them: every run that stays keeps
 * its place in virtual time, and the number of references is the same.
 *
 *	struct bel_phase_filter *filter;
 *	const struct bel_chunk *less;
 *
 *	bel_phase_filter_new(&filter, 64, &err);
 *	bel_phase_filter_chunk(filter, &chunk, pages, &less, &err);    *less: until the next call
 *	bel_phase_filter_free(filter);
 *
 * Marks of crossing references (BEL_RUN_SPLIT) are lost: the result is for this page size alone.
 */
#ifndef BEL_PHASE_FILTER_H
#define BEL_PHASE_FILTER_H

#include "trace.h"

#define BEL_PHASE_FILTER_POLICIES "lru,opt" /* what the result holds for */

struct bel_phase_filter;

int bel_phase_filter_new(struct bel_phase_filter **filter, uint64_t frames, struct bel_err *err);
int bel_phase_filter_chunk(struct bel_phase_filter *filter, const struct bel_chunk *chunk,
	uint32_t pages, const struct bel_chunk **less, struct bel_err *err);
void bel_phase_filter_free(struct bel_phase_filter *filter);

/* Runs that came in, and those that stayed. */
uint64_t bel_phase_filter_read(const struct bel_phase_filter *filter);
uint64_t bel_phase_filter_kept(const struct bel_phase_filter *filter);

#endif

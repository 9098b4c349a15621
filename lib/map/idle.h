/* SPDX-License-Identifier: MIT */
/*
 * idle.h: memory that could go: pages that are not referenced for a long time, and the faults that
 * giving them up would cost.
 *
 *	struct bel_idle *idle = bel_idle_new(after, 3, &err);
 *
 *	while (... chunk ...)
 *		bel_idle_chunk(idle, &chunk, pages.count, &err);
 *	bel_idle_end(idle);
 *	... idle->level[0].refaults ...
 *	bel_idle_free(idle);
 *
 * A page is idle from the reference at which its last `after` references to it are over, until it
 * is referenced again. So the pages that are not idle are the working set of the window `after`
 * (bel-terms(7)). Giving up idle pages costs a refault for each page that is referenced again.
 *
 * Memory: 8 bytes for each page. Time: one comparison for each run; a run that follows a gap of
 * more than the least `after` takes one step for each threshold below its gap.
 */
#ifndef BEL_IDLE_H
#define BEL_IDLE_H

#include "chunk.h"

struct bel_idle_level {
	uint64_t after;                /* references */
	uint64_t refaults;             /* references to pages that were idle */
	uint64_t idle_page_references; /* sum over all references of the idle pages */
	uint64_t idle_at_end;          /* idle pages after the last reference */
};

struct bel_idle {
	struct bel_idle_level *level; /* ascending by `after`; owned */
	size_t levels;
	uint64_t references;
	uint32_t pages;
	uint64_t touched_page_references; /* sum over all references of the pages touched so far */

	/* Private members. */
	uint64_t *last; /* virtual time of each page's last reference */
	uint32_t capacity;
};

/* `after`: ascending, each at least 1. */
struct bel_idle *bel_idle_new(const uint64_t *after, size_t count, struct bel_err *err);
int bel_idle_chunk(
	struct bel_idle *idle, const struct bel_chunk *chunk, uint32_t pages, struct bel_err *err);
void bel_idle_end(struct bel_idle *idle);
void bel_idle_free(struct bel_idle *idle); /* NULL is allowed */

#endif

/* SPDX-License-Identifier: MIT */
/*
 * near_pages.h: which references of a trace need a call stack (event.h): those to pages that are
 * not among the last `most` distinct ones, and with `renewed` those that renew a near page.
 *
 *	bel_near_init(&near, most, renewed, &err);
 *	r = bel_near_take(&near, page, &err);    1: it has no stack; 0: it needs one
 *
 * Each page has the time of its last reference. The near pages are those since `oldest`: so a
 * reference to a near page only sets its time, and only far pages change the set of near pages.
 *
 * Memory: 8 bytes for each page, 12 for each near page.
 */
#ifndef BEL_NEAR_PAGES_H
#define BEL_NEAR_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct bel_near {
	uint32_t most;
	bool renewed;
	uint64_t now;    /* time of the last reference, from 1 */
	uint64_t oldest; /* pages that were referenced last before it are far */
	uint64_t least;  /* the same for references that need a stack */
	uint64_t *time;  /* by page: its last reference; 0: none; owned */
	size_t pages;

	uint32_t *page; /* the near pages, in no order; owned */
	uint32_t count;
	uint64_t *old; /* the oldest when they were looked through, the oldest first; owned */
	uint32_t old_at, old_count;
};

int bel_near_init(struct bel_near *near, uint32_t most, bool renewed, struct bel_err *err);
void bel_near_release(struct bel_near *near);

/* Slow part of bel_near_take(). */
int bel_near_add(struct bel_near *near, uint32_t page, struct bel_err *err);

/* A reference to a page. 1: it has no stack; 0: it needs one; or negative. */
static inline int bel_near_take(struct bel_near *near, uint32_t page, struct bel_err *err)
{
	if (page >= near->pages || near->time[page] < near->least)
		return bel_near_add(near, page, err);
	near->time[page] = ++near->now;
	return 1;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * recency_log.h: the pages of a trace in the order of their last references.
 *
 * For policies whose lists are in this order. It is the same order for every number of frames, so
 * many sizes share one log. A list of one size is then one bit of each page, which says whether the
 * page is on the list, and a hand: a place in the log with no page of the list before it. To find
 * the oldest page of the list, the hand moves forward to the next page whose bit is set. A hand
 * never moves back, so a list may only receive
 *
 * - the page that is referenced now, or
 * - the oldest page of another list, if the list only ever receives pages from there.
 *
 *	bel_recency_reserve(&log, pages, runs, &err);       before a batch
 *	for (;; (*hand)++) {                                the oldest page on a list
 *		bel_recency_reach(&log, *hand);
 *		if (on_the_list(log.number[*hand]))
 *			break;
 *	}
 *	bel_recency_touch(&log, number, bits);              the page is now the most recent
 *
 * A page has the number page + 1. Number 0 is a gap: it is on no list.
 *
 * A reference only stores its time, once the page is known to be among the recent pages. Their
 * order is not needed until a hand reaches the end of the log. Only then they are sorted and
 * appended. So a page that is referenced a million times between two faults is logged once.
 */
#ifndef BEL_RECENCY_LOG_H
#define BEL_RECENCY_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "policy.h"

/* Set: the page is in the log. Clear: it is among the recent pages. The user has the other bits. */
#define BEL_RECENCY_LOGGED (UINT32_C(1) << 31)

/* What a reference to a page looks at first. */
struct bel_recency_page {
	uint32_t last;    /* time of the last reference, if the page is among the recent pages */
	uint32_t pending; /* why a reference must do more than store its time */
};

struct bel_recency_log {
	uint32_t *number; /* the log, from the oldest page; number[0] is always a gap */
	uint32_t head, room;
	struct bel_recency_page *page; /* by number, as `at` */
	uint32_t *at;                  /* the place of a page that is in the log */
	uint32_t capacity;             /* of both */
	uint32_t pending;              /* of a new page */
	uint32_t *recent;              /* numbers of the pages that are not in the log */
	uint32_t recents, clock;
	uint64_t *key, *spare; /* for sorting */
	uint32_t *moved;       /* for removing gaps: the new place by the old one */
	uint32_t *hand;        /* the user's hands */
	size_t hands;
};

/* `pending`: of a page that was never referenced. */
int bel_recency_init(
	struct bel_recency_log *log, size_t hands, uint32_t pending, struct bel_err *err);
void bel_recency_release(struct bel_recency_log *log);

/* Makes room for pages 0 .. pages - 1 and for as many references as the batch has runs. */
int bel_recency_reserve(
	struct bel_recency_log *log, uint32_t pages, size_t runs, struct bel_err *err);

/* Appends the recent pages to the log. */
void bel_recency_append(struct bel_recency_log *log);

/* Makes sure that the log reaches to a hand's place. Some page must be there. */
BEL_INLINE void bel_recency_reach(struct bel_recency_log *log, const uint32_t *hand)
{
	if (__builtin_expect(*hand == log->head, 0))
		bel_recency_append(log);
}

/* The page becomes the most recent. */
BEL_INLINE void bel_recency_touch(struct bel_recency_log *log, uint32_t number)
{
	struct bel_recency_page *const page = &log->page[number];

	if (page->pending & BEL_RECENCY_LOGGED) {
		page->pending &= ~BEL_RECENCY_LOGGED;
		log->number[log->at[number]] = 0;
		log->recent[log->recents++] = number;
	}
	page->last = log->clock++;
}

#endif

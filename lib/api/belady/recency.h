/* SPDX-License-Identifier: MIT */
/*
 * recency.h: pages in order of their last reference, for two stores per reference.
 *
 * The order is a log. A reference appends its page to the log and stores the position of the entry.
 * The latest entry of each page is live. The oldest live entry is the page referenced longest ago.
 * A full log is compacted to its live entries, at most a quarter of it, so a reference costs O(1)
 * on average.
 *
 *	struct bel_recency order;                        inside the policy's instance
 *	bel_recency_create(&order, env);                 in init(); nothing to destroy
 *	bel_recency_touch(&order, ref.page);             in hit() and fault()
 *	if (bel_recency_oldest(&order, &page)) ...       look at the oldest page ...
 *	bel_recency_forget(&order, page);                ... and remove any page
 */
#ifndef BELADY_RECENCY_H
#define BELADY_RECENCY_H

#include "policy.h"

#define BEL_RECENCY_SLACK 4    /* log entries per page */
#define BEL_RECENCY_FAR 262144 /* from this many pages on, `at` is mostly not in the cache */
#define BEL_RECENCY_AHEAD 16   /* log entries */

struct bel_recency {
	uint32_t *log;  /* BEL_RECENCY_SLACK entries per page; [tail, end) are in use */
	uint32_t *at;   /* a page's latest entry */
	uint32_t pages; /* elements of `at`; the engine updates it */
	uint32_t tail, end;
};

/*
 * Of `per_page` elements for each page, numbered from page * per_page on: at most 2, so that the log is
 * at most half full after it was compacted. Registers the arrays. If that fails, the engine reports it.
 */
BEL_INLINE void bel_recency_create_width(
	struct bel_recency *order, const struct bel_env *env, uint32_t per_page)
{
	order->tail = 0;
	order->end = 0;
	bel_page_list(env, &order->log, BEL_RECENCY_SLACK * sizeof(*order->log));
	env->page_array(env->host, &order->at, per_page * sizeof(*order->at));
	env->page_count(env->host, &order->pages);
}

/* Of pages. */
BEL_INLINE void bel_recency_create(struct bel_recency *order, const struct bel_env *env)
{
	bel_recency_create_width(order, env, 1);
}

/* Not inlined, because it is rare and would make every loop longer. */
static __attribute__((noinline, cold, unused)) void bel_recency_compact(struct bel_recency *order)
{
	uint32_t to = 0;

	for (uint32_t from = order->tail; from < order->end; from++) {
		const uint32_t page = order->log[from];

		if (order->at[page] == from) {
			order->log[to] = page;
			order->at[page] = to++;
		}
	}
	order->tail = 0;
	order->end = to;
}

/* The page becomes the most recent one. */
BEL_INLINE void bel_recency_touch(struct bel_recency *order, uint32_t page)
{
	/* Positions have 32 bits; UINT32_MAX means "in no entry". */
	uint64_t capacity = (uint64_t)order->pages * BEL_RECENCY_SLACK;
	uint32_t end;

	if (capacity > UINT32_MAX)
		capacity = UINT32_MAX;
	if (__builtin_expect(order->end >= capacity, 0))
		bel_recency_compact(order);
	end = order->end;
	order->log[end] = page;
	order->at[page] = end;
	order->end = end + 1;
}

/*
 * 1 with the page referenced longest ago; 0 if there is none. The log is read in order, so the
 * positions of the pages in its next entries can be fetched: what decides whether they are live.
 */
BEL_INLINE int bel_recency_oldest(struct bel_recency *order, uint32_t *page)
{
	const uint32_t end = order->end;
	uint32_t tail = order->tail;
	int found = 0;

	for (; tail < end; tail++) {
		if (order->pages >= BEL_RECENCY_FAR && end - tail > BEL_RECENCY_AHEAD)
			__builtin_prefetch(&order->at[order->log[tail + BEL_RECENCY_AHEAD]], 1);
		*page = order->log[tail];
		if (order->at[*page] == tail) {
			found = 1;
			break;
		}
	}
	order->tail = tail;
	return found;
}

/* For show(): the pages, those referenced longest ago first. */
BEL_INLINE void bel_recency_show(
	const struct bel_recency *order, const struct bel_show *show, enum bel_show_by by)
{
	for (uint32_t at = order->tail; at < order->end; at++)
		if (order->at[order->log[at]] == at)
			show->order(show->host, order->log[at], by);
}

/* Removes a page from the order. */
BEL_INLINE void bel_recency_forget(struct bel_recency *order, uint32_t page)
{
	order->at[page] = UINT32_MAX;
}

#endif

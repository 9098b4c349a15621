/* SPDX-License-Identifier: MIT */
/*
 * recency.h: pages in order of their last reference, at two stores a reference.
 *
 * The order is a log: a reference appends its page and notes where. An entry
 * is live if it is its page's latest; the oldest live entry is the page whose
 * last reference lies farthest back. A full log is compacted to its live entries,
 * at most a quarter of it, so that a reference costs O(1) on average.
 *
 *	struct bel_recency order;                        inside the policy's instance
 *	bel_recency_create(&order, env);                 in init(); nothing to destroy
 *	bel_recency_touch(&order, ref.page);             in hit() and fault()
 *	if (bel_recency_oldest(&order, &page)) ...       look at the oldest page ...
 *	bel_recency_forget(&order, page);                ... and take any page out
 */
#ifndef BELADY_RECENCY_H
#define BELADY_RECENCY_H

#include "policy.h"

#define BEL_RECENCY_SLACK 4 /* log entries a page */

struct bel_recency {
	uint32_t *log;  /* BEL_RECENCY_SLACK entries a page, of which [tail, end) are in use */
	uint32_t *at;   /* a page's latest entry */
	uint32_t pages; /* elements of `at`, as the engine grows it */
	uint32_t tail, end;
};

/* Registers the arrays; failure is the engine's to report. */
BEL_INLINE void bel_recency_create(struct bel_recency *order, const struct bel_env *env)
{
	order->tail = 0;
	order->end = 0;
	env->page_array(env->host, &order->log, BEL_RECENCY_SLACK * sizeof(*order->log));
	env->page_array(env->host, &order->at, sizeof(*order->at));
	env->page_count(env->host, &order->pages);
}

/* Out of line: rare, and not to be repeated in every loop that touches. */
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

/* The page is the most recent from here on. */
BEL_INLINE void bel_recency_touch(struct bel_recency *order, uint32_t page)
{
	/* Positions are 32 bits, and the last one stands for "nowhere". */
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

/* The page whose last reference lies farthest back; 0 if there is none. */
BEL_INLINE int bel_recency_oldest(struct bel_recency *order, uint32_t *page)
{
	uint32_t tail = order->tail;
	int found = 0;

	for (; tail < order->end; tail++) {
		*page = order->log[tail];
		if (order->at[*page] == tail) {
			found = 1;
			break;
		}
	}
	order->tail = tail;
	return found;
}

/* For show(): the pages of the order, the one whose last reference lies farthest back first. */
BEL_INLINE void bel_recency_show(
	const struct bel_recency *order, const struct bel_show *show, enum bel_show_by by)
{
	for (uint32_t at = order->tail; at < order->end; at++)
		if (order->at[order->log[at]] == at)
			show->order(show->host, order->log[at], by);
}

/* The page is in the order no more. */
BEL_INLINE void bel_recency_forget(struct bel_recency *order, uint32_t page)
{
	order->at[page] = UINT32_MAX;
}

#endif

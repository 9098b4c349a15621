/* SPDX-License-Identifier: MIT */
/*
 * page_log.h: pages in order of entering, which leave mostly at the old end.
 *
 * A list (list.h) does the same. But to find the pages that leave next, one has to follow the links
 * of a list from page to page. A log has these pages side by side, so they can be fetched in time.
 * With many pages, that saves a cache miss for each page that leaves. It takes 12 bytes more per page.
 *
 *	struct bel_page_log waiting;                        inside the policy's instance
 *	bel_page_log_create(&waiting, env);                 in init(); nothing to destroy
 *	bel_page_log_enter(&waiting, page);
 *	page = bel_page_log_take(&waiting);                 the oldest; waiting.count is not 0
 *	bel_page_log_remove(&waiting, page);                any page of the log
 *	soon = bel_page_log_soon(&waiting);                 for prefetches, or BEL_NO_PAGE
 */
#ifndef BELADY_PAGE_LOG_H
#define BELADY_PAGE_LOG_H

#include "recency.h"

/* 20 bytes per page. */
struct bel_page_log {
	struct bel_recency order;
	uint32_t count; /* pages */
};

/* Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_page_log_create(struct bel_page_log *log, const struct bel_env *env)
{
	bel_recency_create(&log->order, env);
	log->count = 0;
}

BEL_INLINE void bel_page_log_enter(struct bel_page_log *log, uint32_t page)
{
	bel_recency_touch(&log->order, page);
	log->count++;
}

BEL_INLINE void bel_page_log_remove(struct bel_page_log *log, uint32_t page)
{
	bel_recency_forget(&log->order, page);
	log->count--;
}

BEL_INLINE uint32_t bel_page_log_take(struct bel_page_log *log)
{
	uint32_t page = BEL_NO_PAGE;

	if (bel_recency_oldest(&log->order, &page))
		bel_page_log_remove(log, page);
	return page;
}

/* A page that will be the oldest after some others; BEL_NO_PAGE: pages are few, and in the cache. */
BEL_INLINE uint32_t bel_page_log_soon(const struct bel_page_log *log)
{
	const struct bel_recency *const order = &log->order;

	if (order->pages < BEL_RECENCY_FAR || order->end - order->tail <= BEL_RECENCY_AHEAD)
		return BEL_NO_PAGE;
	return order->log[order->tail + BEL_RECENCY_AHEAD];
}

/* For show(): the pages, the oldest first, and their accessed bits. */
BEL_INLINE void bel_page_log_show(const struct bel_page_log *log, const struct bel_show *show)
{
	const struct bel_recency *const order = &log->order;

	for (uint32_t at = order->tail; at < order->end; at++) {
		const uint32_t page = order->log[at];

		if (order->at[page] != at)
			continue;
		show->order(show->host, page, BEL_SHOW_OTHER);
		show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
	}
}

#endif

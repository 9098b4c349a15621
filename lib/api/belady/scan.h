/* SPDX-License-Identifier: MIT */
/*
 * scan.h: periodic work: ticks at intervals, and scans of the accessed bits of a list of pages, the
 * youngest at its head.
 *
 *	if (!bel_scan_due(out, now, self->interval))      first in tick()
 *		return;
 *	bel_scan_evict(&self->pages, self->link, out);    those not referenced since the last scan
 *	bel_scan_clear(&self->pages, self->link, out);    or evicts none and clears the bits
 *
 * Pages that were referenced, without a walk over the resident ones (except if those are few):
 *
 *	for (page = bel_scan_next(out, 0); page != BEL_NO_PAGE; page = bel_scan_next(out, page + 1))
 */
#ifndef BELADY_SCAN_H
#define BELADY_SCAN_H

#include <endian.h>
#include <string.h>

#include "list.h"

/*
 * Whether reference `now` is the last of an interval: interval - 1, 2 interval - 1, ... Asks for
 * the next tick() at the end of the next interval. (The first tick() comes after reference 0.)
 */
BEL_INLINE int bel_scan_due(struct bel_decision *out, uint64_t now, uint64_t interval)
{
	const uint64_t since = (now + 1) % interval;

	bel_next_tick(out, now + interval - since);
	return since == 0;
}

/*
 * The first page from `page` on and below `end` (at most out->pages) whose accessed bit is set;
 * BEL_NO_PAGE: none. Looks at the engine's bytes in order, 64 at a time: for many pages that is ten
 * times faster than to follow a list.
 */
BEL_INLINE uint32_t bel_scan_next_below(const struct bel_decision *out, uint32_t page, uint32_t end)
{
	const uint64_t all = UINT64_C(0x0101010101010101) * BEL_PAGE_ACCESSED;
	uint64_t word[8];

	while (page < end && end - page >= sizeof(*word)) {
		memcpy(word, out->state + page, sizeof(*word));
		if (*word & all)
			return page + (uint32_t)__builtin_ctzll(le64toh(*word & all)) / 8;
		for (page += sizeof(*word); end - page >= sizeof(word); page += sizeof(word)) {
			memcpy(word, out->state + page, sizeof(word));
			if ((word[0] | word[1] | word[2] | word[3] | word[4] | word[5] | word[6] |
				    word[7]) &
				all)
				break;
		}
	}
	for (; page < end; page++)
		if (out->state[page] & BEL_PAGE_ACCESSED)
			return page;
	return BEL_NO_PAGE;
}

/* The same among all pages. */
BEL_INLINE uint32_t bel_scan_next(const struct bel_decision *out, uint32_t page)
{
	return bel_scan_next_below(out, page, out->pages);
}

/* Whether a walk over the resident pages is cheaper than bel_scan_next() over all. */
BEL_INLINE int bel_scan_few(const struct bel_decision *out)
{
	return out->resident < out->pages / 64;
}

/* Clears the accessed bits of all pages of the list. */
BEL_INLINE void bel_scan_clear(
	const struct bel_list *list, const struct bel_link *link, struct bel_decision *out)
{
	for (uint32_t page = list->tail; page != BEL_NO_PAGE; page = link[page].before)
		bel_clear_accessed(out, page);
}

/* Evicts the pages whose accessed bit is clear, oldest first. Clears the bits of the others. */
BEL_INLINE void bel_scan_evict(
	struct bel_list *list, struct bel_link *link, struct bel_decision *out)
{
	for (uint32_t page = list->tail, next; page != BEL_NO_PAGE; page = next) {
		next = link[page].before;
		if (bel_accessed(out, page)) {
			bel_clear_accessed(out, page);
			continue;
		}
		bel_list_remove(list, link, page);
		bel_evict(out, page);
	}
}

#endif

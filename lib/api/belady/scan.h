/* SPDX-License-Identifier: MIT */
/*
 * scan.h: periodic work: ticks at intervals, and scans of the accessed bits of a list of pages, the
 * youngest at its head.
 *
 *	if (!bel_scan_due(out, now, self->interval))      first in tick()
 *		return;
 *	bel_scan_evict(&self->pages, self->link, out);    those not referenced since the last scan
 *	bel_scan_clear(&self->pages, self->link, out);    or evicts none and clears the bits
 */
#ifndef BELADY_SCAN_H
#define BELADY_SCAN_H

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

/* SPDX-License-Identifier: MIT */
/*
 * show.h: what a policy may tell of itself, between two references, for people to see
 * (bel-explain). It shows, and changes nothing; it may be slow. All pointers are the
 * host's; its functions may be called as often as there is something to tell.
 *
 *	static void fifo_show(void *self, const struct bel_show *show)
 *	{
 *		for (page = oldest; page != NONE; page = newer(page))
 *			show->order(show->host, page, BEL_SHOW_LOADED);
 *	}
 */
#ifndef BELADY_SHOW_H
#define BELADY_SHOW_H

#include <stdint.h>

/* By what show() ranks pages; whoever asks knows these times itself. */
enum bel_show_by {
	BEL_SHOW_LOADED = 1, /* loaded longest ago first */
	BEL_SHOW_LAST_USE,   /* referenced longest ago first */
	BEL_SHOW_NEXT_USE,   /* next referenced farthest ahead first */
	BEL_SHOW_OTHER,      /* something else */
};

/* Where show() tells what the policy knows of its resident pages (bel-explain). */
struct bel_show {
	uint32_t size;
	const uint8_t *state; /* enum bel_page_bit, a byte a page */
	void *host;
	/* Once a page, in the order in which they would leave if no more hits came. */
	void (*order)(void *host, uint32_t page, enum bel_show_by by);
	/* The hand stands at the frame of this page. */
	void (*hand)(void *host, uint32_t page);
	/* The reference bit of a page, for policies that go by it: the hand passes set bits. */
	void (*bit)(void *host, uint32_t page, int set);
};

#endif

/* SPDX-License-Identifier: MIT */
/*
 * show.h: how a policy shows its state to people (bel-explain). show() is called between two
 * references. It changes nothing and may be slow. All pointers belong to the host. The functions
 * may be called any number of times.
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

/* The order in which show() lists pages. The host knows the times itself. */
enum bel_show_by {
	BEL_SHOW_LOADED = 1, /* loaded longest ago first */
	BEL_SHOW_LAST_USE,   /* referenced longest ago first */
	BEL_SHOW_NEXT_USE,   /* next referenced farthest ahead first */
	BEL_SHOW_OTHER,      /* something else */
};

/* Argument of show(): takes what the policy knows about its resident pages. */
struct bel_show {
	uint32_t size;
	const uint8_t *state; /* enum bel_page_bit, one byte per page */
	void *host;
	/* Once for each page, in the order in which they would leave without further hits. */
	void (*order)(void *host, uint32_t page, enum bel_show_by by);
	/* The hand points to the frame of this page. */
	void (*hand)(void *host, uint32_t page);
	/* The reference bit of a page, if the policy uses it: the hand passes set bits. */
	void (*bit)(void *host, uint32_t page, int set);
};

#endif

/* SPDX-License-Identifier: MIT */
/*
 * seats.h: resident pages in frames 0, 1, ..., none free between, so that one can be drawn.
 *
 * A page takes the frame of the one that left, or the first that was not used yet; when a page is
 * dropped, the page of the last used frame moves into its frame.
 *
 *	struct bel_seats seats;                                inside the policy's instance
 *	bel_seats_create(&seats, env);                         in init(); nothing to destroy
 *	frame = bel_random_below(&seed, seats.used);           one of them, all being equally likely
 *	bel_seats_take(&seats, frame, page);                   instead of seats.page[frame]
 *	bel_seats_take(&seats, seats.used++, page);            a further one
 *	bel_seats_drop(&seats, page);
 */
#ifndef BELADY_SEATS_H
#define BELADY_SEATS_H

#include "policy.h"

/* Page arrays, as there are never more frames in use than pages: 8 bytes a page. */
struct bel_seats {
	uint32_t *page;  /* of a frame */
	uint32_t *frame; /* of a resident page */
	uint32_t used;   /* frames */
};

/* Registers the arrays; failure is the engine's to report. */
BEL_INLINE void bel_seats_create(struct bel_seats *seats, const struct bel_env *env)
{
	seats->used = 0;
	env->page_array(env->host, &seats->page, sizeof(*seats->page));
	env->page_array(env->host, &seats->frame, sizeof(*seats->frame));
}

BEL_INLINE void bel_seats_take(struct bel_seats *seats, uint32_t frame, uint32_t page)
{
	seats->page[frame] = page;
	seats->frame[page] = frame;
}

BEL_INLINE void bel_seats_drop(struct bel_seats *seats, uint32_t page)
{
	bel_seats_take(seats, seats->frame[page], seats->page[--seats->used]);
}

#endif

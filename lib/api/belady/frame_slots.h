/* SPDX-License-Identifier: MIT */
/*
 * frame_slots.h: resident pages in frames 0, 1, ... without gaps, so that a random one can be
 * drawn.
 *
 * A page takes the frame of the page that left, or the first frame that was not used yet. When a
 * page is dropped, the page of the last used frame moves into its frame.
 *
 *	struct bel_frame_slots slots;                                inside the policy's instance
 *	bel_frame_slots_create(&slots, env);                         in init(); nothing to destroy
 *	frame = bel_random_below(&seed, slots.used);                 a random frame in use
 *	bel_frame_slots_take(&slots, frame, page);                   instead of slots.page[frame]
 *	bel_frame_slots_take(&slots, slots.used++, page);            a further one
 *	bel_frame_slots_drop(&slots, page);
 */
#ifndef BELADY_FRAME_SLOTS_H
#define BELADY_FRAME_SLOTS_H

#include "policy.h"

/* 8 bytes per page. Page arrays suffice: no more frames are used than there are pages. */
struct bel_frame_slots {
	uint32_t *page;  /* of a frame */
	uint32_t *frame; /* of a resident page */
	uint32_t used;   /* frames */
};

/* Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_frame_slots_create(struct bel_frame_slots *slots, const struct bel_env *env)
{
	slots->used = 0;
	bel_page_list(env, &slots->page, sizeof(*slots->page));
	env->page_array(env->host, &slots->frame, sizeof(*slots->frame));
}

BEL_INLINE void bel_frame_slots_take(struct bel_frame_slots *slots, uint32_t frame, uint32_t page)
{
	slots->page[frame] = page;
	slots->frame[page] = frame;
}

BEL_INLINE void bel_frame_slots_drop(struct bel_frame_slots *slots, uint32_t page)
{
	bel_frame_slots_take(slots, slots->frame[page], slots->page[--slots->used]);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * ring.h: frames in a ring with a hand. The hand starts at frame 0.
 *
 * Frames are filled in the order 0, 1, 2, ... A free frame whose page left is filled before an
 * unused frame; the frame freed last comes first. Memory: 8 bytes per page.
 *
 *	struct bel_ring ring;                          inside the policy's instance
 *	bel_ring_create(&self->ring, env);             in init(); nothing to destroy
 *
 *	full = bel_ring_full(&self->ring);             in evict()
 *	while ((page = bel_ring_page(&self->ring, out, full)) == BEL_NO_PAGE || not_yet(page))
 *		bel_ring_advance(&self->ring);
 *	bel_ring_pass(&self->ring);                    frees its frame, moves the hand on
 *	bel_evict(out, page);
 *
 *	bel_ring_fill(&self->ring, ref.page);          in fault(); if no frame is free, evict first
 *
 *	bel_ring_drop(&self->ring, page);              in drop()
 */
#ifndef BELADY_RING_H
#define BELADY_RING_H

#include "policy.h"

#define BEL_NO_FRAME UINT32_MAX

struct bel_ring {
	uint64_t frames;
	/*
	 * Both are page arrays, although `page` is indexed by frame: frames are used in order, so
	 * no more frames are used than there are pages.
	 */
	uint32_t *page;  /* of a frame; of a free frame: the frame freed before it */
	uint32_t *frame; /* of a resident page */
	uint32_t used;   /* frames filled so far */
	uint32_t freed;  /* the frame freed last, or BEL_NO_FRAME */
	uint32_t hand;
};

/* Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_ring_create(struct bel_ring *ring, const struct bel_env *env)
{
	ring->frames = env->frames;
	ring->used = 0;
	ring->freed = BEL_NO_FRAME;
	ring->hand = 0;
	bel_page_list(env, &ring->page, sizeof(*ring->page));
	env->page_array(env->host, &ring->frame, sizeof(*ring->frame));
}

BEL_INLINE void bel_ring_advance(struct bel_ring *ring)
{
	ring->hand = ring->hand + 1 == ring->used ? 0 : ring->hand + 1;
}

/* The page takes a free frame. There must be one. */
BEL_INLINE void bel_ring_fill(struct bel_ring *ring, uint32_t page)
{
	uint32_t frame = ring->freed;

	if (frame != BEL_NO_FRAME)
		ring->freed = ring->page[frame];
	else
		frame = ring->used++;
	ring->page[frame] = page;
	ring->frame[page] = frame;
}

/* A resident page left for another reason. */
BEL_INLINE void bel_ring_drop(struct bel_ring *ring, uint32_t page)
{
	const uint32_t frame = ring->frame[page];

	ring->page[frame] = ring->freed;
	ring->freed = frame;
}

/* The page `steps` frames after the hand (steps < ring->used); BEL_NO_PAGE: that frame is free. */
BEL_INLINE uint32_t bel_ring_ahead(
	const struct bel_ring *ring, const struct bel_decision *out, uint32_t steps)
{
	const uint32_t left = ring->used - ring->hand;
	const uint32_t frame = steps < left ? ring->hand + steps : steps - left;
	const uint32_t page = ring->page[frame];

	/* In a free frame, `page` is the number of a frame, or BEL_NO_FRAME. */
	if (page >= out->pages || !(out->state[page] & BEL_PAGE_RESIDENT) ||
		ring->frame[page] != frame)
		return BEL_NO_PAGE;
	return page;
}

/* Whether every frame below ring->used has a page. */
BEL_INLINE int bel_ring_full(const struct bel_ring *ring)
{
	return ring->freed == BEL_NO_FRAME;
}

/* The page at the hand; BEL_NO_PAGE: that frame is free. `full` is bel_ring_full(). */
BEL_INLINE uint32_t bel_ring_page(
	const struct bel_ring *ring, const struct bel_decision *out, int full)
{
	return full ? ring->page[ring->hand] : bel_ring_ahead(ring, out, 0);
}

/* The page at the hand is evicted: frees its frame and moves the hand on. */
BEL_INLINE void bel_ring_pass(struct bel_ring *ring)
{
	bel_ring_drop(ring, ring->page[ring->hand]);
	bel_ring_advance(ring);
}

/* For show(): the hand, and the bit of each page: chances[page] != 0, or its accessed bit. */
BEL_INLINE void bel_ring_show(
	const struct bel_ring *ring, const struct bel_show *show, const uint8_t *chances)
{
	for (uint32_t frame = 0; frame < ring->used; frame++) {
		const uint32_t page = ring->page[frame];
		uint32_t freed = ring->freed;

		while (freed != BEL_NO_FRAME && freed != frame)
			freed = ring->page[freed];
		if (freed == frame)
			continue;
		show->bit(show->host, page,
			chances ? chances[page] != 0
				: (show->state[page] & BEL_PAGE_ACCESSED) != 0);
		if (frame == ring->hand)
			show->hand(show->host, page);
	}
}

#endif

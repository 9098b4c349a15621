/* SPDX-License-Identifier: MIT */
/*
 * curve_enhanced_clock.c: enhanced second chance at up to 64 sizes at once, bit-sliced.
 * policies/enhanced-clock.c describes the policy.
 *
 * Pages leave only when all frames are taken. Then a size's queue is a full ring of frames: the hand
 * is at the oldest page, and the new page takes the victim's place.
 *
 * Pass 1 looks for a page neither referenced nor dirty, and changes nothing. A page that it refused
 * stays refused until pass 2 clears its referenced bit or the page leaves. So each size has a map of
 * the refused frames, a bit each, and pass 1 looks only at the others. A page that is loaded with its
 * bit set is refused from the start.
 */
#include <stdlib.h>

#include "queue_sliced.h"

struct enhanced {
	struct bel_queue_sliced q;
	uint64_t *refused[BEL_QUEUE_SLICES]; /* a bit per frame; NULL while frames are free */
};

static inline uint64_t bit_of(uint32_t frame)
{
	return UINT64_C(1) << (frame & 63);
}

/* The first frame in from ... end - 1 that is not refused; end if there is none. */
static inline uint32_t next_allowed(const uint64_t *refused, uint32_t from, uint32_t end)
{
	uint64_t allowed;
	uint32_t word = from >> 6;

	if (from >= end)
		return end;
	allowed = ~refused[word] & UINT64_MAX << (from & 63);
	while (!allowed) {
		if (++word > (end - 1) >> 6)
			return end;
		allowed = ~refused[word];
	}
	from = word * 64 + (uint32_t)__builtin_ctzll(allowed);
	return from < end ? from : end;
}

/* A part of pass 1. True: the frame *at is the victim's. */
static inline bool find_clean(
	struct enhanced *enhanced, unsigned s, uint32_t *at, uint32_t from, uint32_t end)
{
	const struct bel_queue *const ring = &enhanced->q.size[s].queue[0];
	uint64_t *const refused = enhanced->refused[s];

	for (*at = next_allowed(refused, from, end); *at < end;
		*at = next_allowed(refused, *at + 1, end)) {
		const struct bel_queue_page *const page = &enhanced->q.page[ring->page[*at]];

		if (!((page->low | page->dirty) >> s & 1))
			return true;
		refused[*at >> 6] |= bit_of(*at);
	}
	return false;
}

/* Pass 2, after pass 1: takes a dirty page, and clears the bits of the pages that it passes. */
static inline bool find_dirty(struct enhanced *enhanced, unsigned s, uint32_t *at)
{
	const struct bel_queue *const ring = &enhanced->q.size[s].queue[0];
	const uint64_t bit = UINT64_C(1) << s;

	*at = ring->oldest;
	for (uint32_t left = ring->count; left; left--) {
		struct bel_queue_page *const page = &enhanced->q.page[ring->page[*at]];

		if (!(page->low & bit))
			return true;
		page->low &= ~bit;
		if (!(page->dirty & bit))
			enhanced->refused[s][*at >> 6] &= ~bit_of(*at);
		*at = bel_queue_behind(ring, *at);
	}
	return false;
}

/* Evicts a page and puts the new one into its frame; the hand then stands behind it. */
static inline void replace(struct enhanced *enhanced, unsigned s, uint32_t page)
{
	struct bel_queue *const ring = &enhanced->q.size[s].queue[0];
	uint32_t at;

	/* If pass 2 finds no page, it has cleared all bits: the next two passes find one. */
	while (!find_clean(enhanced, s, &at, ring->oldest, ring->count) &&
		!find_clean(enhanced, s, &at, 0, ring->oldest) && !find_dirty(enhanced, s, &at))
		;
	bel_queue_evict(&enhanced->q, s, ring->page[at]);
	ring->page[at] = page;
	if (enhanced->q.setup.param[0] != 0)
		enhanced->refused[s][at >> 6] |= bit_of(at);
	else
		enhanced->refused[s][at >> 6] &= ~bit_of(at);
	ring->oldest = bel_queue_behind(ring, at);
	ring->end = ring->oldest;
}

static void fault(struct bel_queue_sliced *q, uint32_t page, uint64_t missing, uint64_t now)
{
	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);

		if (bel_queue_fault(&q->size[s], now))
			replace((struct enhanced *)q, s, page);
		else
			bel_queue_push(&q->size[s].queue[0], page);
	}
}

/* A size whose frames the pages can fill gets its map. */
static int reserve_maps(struct enhanced *enhanced, struct bel_err *err)
{
	for (size_t s = 0; s < enhanced->q.setup.count; s++) {
		const uint64_t frames = enhanced->q.size[s].frames;

		if (enhanced->refused[s] || frames > enhanced->q.pages)
			continue;
		enhanced->refused[s] = calloc((frames + 63) / 64, sizeof(uint64_t));
		if (!enhanced->refused[s])
			return bel_err_memory(err, "frames of a curve");
	}
	return BEL_OK;
}

static int enhanced_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct bel_queue_sliced *const q = self;

	if (bel_queue_sliced_reserve(q, pages, err) < 0 || reserve_maps(self, err) < 0)
		return BEL_FAIL;
	return q->setup.param[0] != 0
		       ? bel_queue_sliced_feed(q, batch, pages, BEL_QUEUE_BIT_AT_LOAD, fault, err)
		       : bel_queue_sliced_feed(q, batch, pages, BEL_QUEUE_BIT, fault, err);
}

static void *enhanced_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	return bel_queue_sliced_new(setup, sizeof(struct enhanced), 1, "enhanced-clock", err);
}

static void enhanced_destroy(void *self)
{
	struct enhanced *enhanced = self;

	for (size_t s = 0; s < BEL_QUEUE_SLICES; s++)
		free(enhanced->refused[s]);
	bel_queue_sliced_free(self);
}

static const struct bel_param enhanced_params[] = {
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{.name = NULL},
};

static const struct bel_curve_algorithm enhanced_sliced = {
	.policy = "enhanced-clock",
	.name = "sliced",
	.source = "W. Stallings, Operating Systems: Internals and Design Principles, section on "
		  "replacement policy, after the virtual memory of the Macintosh",
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = BEL_QUEUE_SLICES,
	.least_sizes = 2,
	.least_frames = BEL_QUEUE_LEAST,
	.params = enhanced_params,
	.create = enhanced_create,
	.feed = enhanced_feed,
	.finish = bel_queue_sliced_curve,
	.snapshot = bel_queue_sliced_curve,
	.destroy = enhanced_destroy,
};

BEL_CURVE(enhanced_sliced);

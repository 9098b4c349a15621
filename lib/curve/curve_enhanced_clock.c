/* SPDX-License-Identifier: MIT */
/*
 * curve_enhanced_clock.c: enhanced second chance at up to 64 sizes at once, bit-sliced.
 * policies/enhanced-clock.c describes the policy.
 *
 * Pages leave only when all frames are taken. Then a size's slots are a full ring of frames, and the
 * new page takes the victim's place.
 *
 * Pass 1 looks for a page neither referenced nor dirty, and changes nothing. A page that it refused
 * stays refused until pass 2 clears its referenced bit or the page leaves. So each size has a map of
 * the refused frames, a bit each, and pass 1 looks only at the others. A page that is loaded with its
 * bit set is refused from the start.
 */
#include <stdlib.h>

#include "bit_sliced.h"

enum { LEAST_FRAMES = 8 }; /* below, most runs miss: sort, 1 to 7 frames: slower than engines */

struct enhanced {
	struct bel_bit_sliced slices;
	uint64_t *refused[BEL_BIT_SLICES]; /* a bit per frame; NULL while frames are free */
	/* Page number n takes a free frame in a memory of more than n frames. */
	uint32_t seen;                     /* pages referenced so far */
	uint64_t first_sum;                /* sum of the times of their first references */
	size_t filled;                     /* sizes whose frames are all taken */
	uint64_t full_sum[BEL_BIT_SLICES]; /* of each of them: the sum when they were */
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
	const struct bel_bit_sliced *const slices = &enhanced->slices;
	const uint32_t *const page = slices->slots[s].page;
	uint64_t *const refused = enhanced->refused[s];

	for (*at = next_allowed(refused, from, end); *at < end;
		*at = next_allowed(refused, *at + 1, end)) {
		const uint64_t dirty = slices->dirty ? slices->dirty[page[*at]] : 0;

		if (!((slices->slice[page[*at]].referenced | dirty) >> s & 1))
			return true;
		refused[*at >> 6] |= bit_of(*at);
	}
	return false;
}

static inline uint32_t behind(const struct bel_slots *ring, uint32_t frame)
{
	return frame + 1 == ring->used ? 0 : frame + 1;
}

/* Pass 2, after pass 1: takes a dirty page, and clears the bits of the pages that it passes. */
static inline bool find_dirty(struct enhanced *enhanced, unsigned s, uint32_t *at)
{
	struct bel_bit_sliced *const slices = &enhanced->slices;
	const struct bel_slots *const ring = &slices->slots[s];
	const uint64_t bit = UINT64_C(1) << s;

	*at = ring->hand;
	for (uint32_t left = ring->used; left; left--) {
		const uint32_t page = ring->page[*at];

		if (!(slices->slice[page].referenced & bit))
			return true;
		slices->slice[page].referenced &= ~bit;
		if (!slices->dirty || !(slices->dirty[page] & bit))
			enhanced->refused[s][*at >> 6] &= ~bit_of(*at);
		*at = behind(ring, *at);
	}
	return false;
}

/* Evicts a page and puts the new one into its frame; the hand then stands behind it. */
static inline void replace(struct enhanced *enhanced, unsigned s, uint32_t page)
{
	struct bel_bit_sliced *const slices = &enhanced->slices;
	struct bel_slots *const ring = &slices->slots[s];
	uint32_t at;

	/* If pass 2 finds no page, it has cleared all bits: the next two passes find one. */
	while (!find_clean(enhanced, s, &at, ring->hand, ring->used) &&
		!find_clean(enhanced, s, &at, 0, ring->hand) && !find_dirty(enhanced, s, &at))
		;
	bel_bit_sliced_evict(slices, ring, ring->page[at], UINT64_C(1) << s);
	ring->page[at] = page;
	if (slices->setup.param[0] != 0)
		enhanced->refused[s][at >> 6] |= bit_of(at);
	else
		enhanced->refused[s][at >> 6] &= ~bit_of(at);
	ring->hand = behind(ring, at);
}

static void fault(struct bel_bit_sliced *slices, uint32_t page, uint64_t missing)
{
	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		struct bel_slots *const ring = &slices->slots[s];

		if (ring->used < ring->frames)
			ring->page[ring->used++] = page;
		else
			replace((struct enhanced *)slices, s, page);
		ring->faults++;
	}
}

/* A size whose frames the pages can fill gets its map. */
static int reserve_maps(struct enhanced *enhanced, uint32_t pages, struct bel_err *err)
{
	for (size_t s = 0; s < enhanced->slices.setup.count; s++) {
		const uint64_t frames = enhanced->slices.slots[s].frames;

		if (enhanced->refused[s] || frames > pages)
			continue;
		enhanced->refused[s] = calloc((frames + 63) / 64, sizeof(uint64_t));
		if (!enhanced->refused[s])
			return bel_err_memory(err, "frames of a curve");
	}
	return BEL_OK;
}

/* Pages have numbers in order of first reference. */
static void note_first_references(struct enhanced *enhanced, const struct bel_batch *batch)
{
	const struct bel_bit_sliced *const slices = &enhanced->slices;
	uint64_t now = slices->references;

	for (size_t i = 0; i < batch->count; i++) {
		if (batch->runs[i].page == enhanced->seen) {
			enhanced->seen++;
			enhanced->first_sum += now;
			while (enhanced->filled < slices->setup.count &&
				slices->slots[enhanced->filled].frames == enhanced->seen)
				enhanced->full_sum[enhanced->filled++] = enhanced->first_sum;
		}
		now += bel_run_count(batch->runs[i]);
	}
}

static int enhanced_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct enhanced *const enhanced = self;

	if (reserve_maps(enhanced, pages, err) < 0)
		return BEL_FAIL;
	if (enhanced->seen < pages)
		note_first_references(enhanced, batch);
	return bel_bit_sliced_feed(
		self, batch, pages, enhanced->slices.setup.param[0] != 0, fault, err);
}

static void *enhanced_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct enhanced *const enhanced =
		bel_bit_sliced_new(setup, sizeof(*enhanced), false, "enhanced-clock", err);

	/* It prefers clean pages. */
	if (enhanced)
		enhanced->slices.writes = true;
	return enhanced;
}

static int enhanced_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct enhanced *const enhanced = self;

	if (bel_bit_sliced_curve(self, curve, err) < 0)
		return BEL_FAIL;
	curve->policy = "enhanced-clock";
	curve->algorithm = "bit-sliced, 64 sizes";
	curve->mean_resident = calloc(curve->count, sizeof(*curve->mean_resident));
	if (!curve->mean_resident) {
		bel_curve_release(curve);
		return bel_err_memory(err, "a curve");
	}
	for (size_t s = 0; s < curve->count && curve->references; s++) {
		const uint64_t sum =
			s < enhanced->filled ? enhanced->full_sum[s] : enhanced->first_sum;

		curve->mean_resident[s] =
			(double)(enhanced->slices.slots[s].used * curve->references - sum) /
			(double)curve->references;
	}
	return BEL_OK;
}

static void enhanced_destroy(void *self)
{
	struct enhanced *enhanced = self;

	for (size_t s = 0; s < BEL_BIT_SLICES; s++)
		free(enhanced->refused[s]);
	bel_bit_sliced_free(self);
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
	.most_sizes = BEL_BIT_SLICES,
	.least_sizes = 2,
	.least_frames = LEAST_FRAMES,
	.params = enhanced_params,
	.create = enhanced_create,
	.feed = enhanced_feed,
	.finish = enhanced_snapshot,
	.snapshot = enhanced_snapshot,
	.destroy = enhanced_destroy,
};

BEL_CURVE(enhanced_sliced);

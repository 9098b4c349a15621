/* SPDX-License-Identifier: MIT */
/*
 * curve_clock.c: Clock at up to 64 sizes at once, bit-sliced. Pages are loaded with the reference
 * bit set or clear.
 */
#include "bit_sliced.h"
#include "curve_split.h"

enum {
	AHEAD = 16,      /* slots whose pages are fetched before the hand comes to them */
	SLOTS_AHEAD = 64 /* slots that are fetched, so that their pages can be */
};

/* Advances the hand to a victim, removes its page, and returns its slot. */
static inline uint32_t sweep(struct bel_bit_sliced *slices, struct bel_slots *slots, uint64_t bit)
{
	struct bel_bit_slice *const slice = slices->slice;
	uint32_t hand = slots->hand, taken;

	for (;;) {
		struct bel_bit_slice *const at = &slice[slots->page[hand]];

		if (hand + AHEAD < slots->used) {
			const uint32_t soon = slots->page[hand + AHEAD];

			/* No hardware follows 11 hands through 1 M frames: 5% less time. */
			if (hand + SLOTS_AHEAD < slots->used)
				__builtin_prefetch(&slots->page[hand + SLOTS_AHEAD]);
			__builtin_prefetch(&slice[soon], 1);
			if (slices->dirty)
				__builtin_prefetch(&slices->dirty[soon], 1);
		}
		if (!(at->referenced & bit))
			break;
		at->referenced &= ~bit;
		hand = hand + 1 == slots->used ? 0 : hand + 1;
	}
	bel_bit_sliced_evict(slices, slots, slots->page[hand], bit);
	taken = hand;
	slots->hand = hand + 1 == slots->used ? 0 : hand + 1;
	return taken;
}

static void fault(struct bel_bit_sliced *slices, uint32_t page, uint64_t missing)
{
	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		struct bel_slots *const slots = &slices->slots[s];
		const uint32_t frame = slots->used < slots->frames
					       ? slots->used++
					       : sweep(slices, slots, UINT64_C(1) << s);

		slots->page[frame] = page;
		slots->faults++;
	}
}

static int clock_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct bel_bit_sliced *const slices = self;

	return bel_bit_sliced_feed(slices, batch, pages, slices->setup.param[0] != 0, fault, err);
}

static void *clock_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	return bel_bit_sliced_new(setup, sizeof(struct bel_bit_sliced), false, "clock", err);
}

static int clock_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	if (bel_bit_sliced_curve(self, curve, err) < 0)
		return BEL_FAIL;
	curve->policy = "clock";
	curve->algorithm = "bit-sliced, 64 sizes";
	return BEL_OK;
}

static const struct bel_param clock_params[] = {
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{.name = NULL},
};

static const struct bel_curve_shared clock_shared = {
	.policy = "clock",
	.params = clock_params,
	/*
	 * Uniform references to 20,000 pages, 64 sizes from 8 frames on: 3.1 s, all shared 4.4 s.
	 * With 1000 pages, which stay in the cache, a shared pass is always faster.
	 */
	.most_misses = 0.9,
	.from_pages = 8192,
	.create = clock_create,
	.feed = clock_feed,
	.snapshot = clock_snapshot,
	.destroy = bel_bit_sliced_free,
};

BEL_CURVE_SPLIT(clock_shared)

static const struct bel_curve_algorithm clock_sliced = {
	.policy = "clock",
	.name = "sliced",
	.source = "F. J. Corbato, A paging experiment with the Multics system, MIT Project MAC "
		  "Report MAC-M-384, 1968",
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = BEL_BIT_SLICES,
	.least_sizes = 3,
	.params = clock_params,
	BEL_CURVE_SPLIT_MEMBERS(clock_shared),
};

BEL_CURVE(clock_sliced);

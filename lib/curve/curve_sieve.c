/* SPDX-License-Identifier: MIT */
/*
 * curve_sieve.c: SIEVE at up to 64 sizes at once, bit-sliced.
 *
 * The hand walks from the oldest slot to the newest.
 */
#include "bit_sliced.h"

/* Removes the victim and returns its slot. */
static inline uint32_t sift(struct bel_bit_sliced *slices, struct bel_slots *slots, uint64_t bit)
{
	struct bel_bit_slice *const slice = slices->slice;
	uint32_t at = slots->hand, before = slots->before;

	if (at == BEL_NO_SLOT) {
		at = slots->oldest;
		before = BEL_NO_SLOT;
	}
	while (slice[slots->page[at]].referenced & bit) {
		slice[slots->page[at]].referenced &= ~bit;
		before = at;
		at = slots->newer[at];
		if (at == BEL_NO_SLOT) {
			at = slots->oldest;
			before = BEL_NO_SLOT;
		}
	}
	bel_bit_sliced_evict(slices, slots, slots->page[at], bit);
	bel_slots_take(slots, at, before);
	return at;
}

static void fault(struct bel_bit_sliced *slices, uint32_t page, uint64_t missing)
{
	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		struct bel_slots *const slots = &slices->slots[s];
		const uint32_t slot = slots->used < slots->frames
					      ? slots->used++
					      : sift(slices, slots, UINT64_C(1) << s);

		bel_slots_load(slots, slot, page);
	}
}

static int sieve_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	return bel_bit_sliced_feed(self, batch, pages, false, fault, err);
}

static void *sieve_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	return bel_bit_sliced_new(setup, sizeof(struct bel_bit_sliced), true, "sieve", err);
}

static int sieve_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	if (bel_bit_sliced_curve(self, curve, err) < 0)
		return BEL_FAIL;
	curve->policy = "sieve";
	curve->algorithm = "bit-sliced, 64 sizes";
	return BEL_OK;
}

static const struct bel_curve_algorithm sieve_sliced = {
	.policy = "sieve",
	.name = "sliced",
	.source = "Y. Zhang, J. Yang, Y. Yue, Y. Vigfusson, K. V. Rashmi, SIEVE is simpler than "
		  "LRU, NSDI 2024",
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = BEL_BIT_SLICES,
	.least_sizes = 3,
	.create = sieve_create,
	.feed = sieve_feed,
	.finish = sieve_snapshot,
	.snapshot = sieve_snapshot,
	.destroy = bel_bit_sliced_free,
};

BEL_CURVE(sieve_sliced);

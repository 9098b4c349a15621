/* SPDX-License-Identifier: MIT */
/*
 * sample_sieve.c: SIEVE on a sample, with a hand that is as slow as in the whole trace.
 *
 * SIEVE's hand moves to the newest page and starts again at the oldest. Near the newest page the
 * hand is slow. With j newer pages ahead, it reaches a page j faults after its load. It passes the
 * page without evicting it only if the page was referenced in that time, and this chance falls
 * with j. The last frame of a miniature stands for the last 1 / rate pages. To pass these, the
 * hand of the whole memory needs 1 + 1/2 + 1/3 + ... + 1 / (1 / rate - 1) references to newest
 * pages, if references are independent. The miniature's hand needs none. So here the hand waits
 * for as many references to the newest page, and each new page is evicted in the meantime. If
 * references to a page come close together, the true value lies between this result and that of
 * the plain miniature.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bit_sliced.h"
#include "sample.h"

enum { ALWAYS = 16 }; /* references after which any wait ends: a run of several references */

struct slow_sieve {
	struct bel_bit_sliced *slices;
	uint32_t *references; /* by page, modulo 2^32 */
	uint32_t capacity;
	double wait; /* number of references to the newest page that the hand waits for */
	uint32_t
		base[BEL_BIT_SLICES]; /* by size: the newest page's references when it was loaded */
	double met[BEL_BIT_SLICES]; /* by size: references to the newest page with the hand there */
};

static void slow_sieve_destroy(void *self)
{
	struct slow_sieve *sieve = self;

	bel_bit_sliced_free(sieve->slices);
	free(sieve->references);
	free(sieve);
}

static void *slow_sieve_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct slow_sieve *sieve = calloc(1, sizeof(*sieve));
	const uint64_t ahead = (uint64_t)llround(1 / setup->param[0]);

	if (!sieve) {
		bel_err_memory(err, "sieve");
		return NULL;
	}
	for (uint64_t j = 1; j < ahead; j++)
		sieve->wait += 1 / (double)j;
	sieve->slices =
		bel_bit_sliced_new(setup, sizeof(struct bel_bit_sliced), true, "sieve", err);
	if (sieve->slices)
		return sieve;
	free(sieve);
	return NULL;
}

/* Whether the hand, at the newest page, has to wait for more references. */
static bool waits(struct slow_sieve *sieve, unsigned s)
{
	const struct bel_slots *slots = &sieve->slices->slots[s];

	sieve->met[s] += sieve->references[slots->page[slots->newest]] - sieve->base[s];
	if (sieve->met[s] < sieve->wait)
		return true;
	sieve->met[s] = 0;
	return false;
}

/*
 * Removes the victim and returns its slot. *waiting: it was the newest page, and the hand stays
 * there.
 */
static uint32_t sift(struct slow_sieve *sieve, unsigned s, bool *waiting)
{
	struct bel_bit_slice *const slice = sieve->slices->slice;
	struct bel_slots *const slots = &sieve->slices->slots[s];
	const uint64_t bit = UINT64_C(1) << s;
	const bool from_oldest = slots->hand == BEL_NO_SLOT;
	uint32_t at = from_oldest ? slots->oldest : slots->hand;
	uint32_t before = from_oldest ? BEL_NO_SLOT : slots->before;

	while (!(*waiting = at == slots->newest && waits(sieve, s)) &&
		slice[slots->page[at]].referenced & bit) {
		slice[slots->page[at]].referenced &= ~bit;
		before = at;
		at = slots->newer[at];
		if (at == BEL_NO_SLOT) {
			at = slots->oldest;
			before = BEL_NO_SLOT;
		}
	}
	slice[slots->page[at]].resident &= ~bit;
	slice[slots->page[at]].referenced &= ~bit;
	bel_slots_take(slots, at, before);
	return at;
}

static void fault(struct slow_sieve *sieve, uint32_t page, uint64_t missing)
{
	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		struct bel_slots *const slots = &sieve->slices->slots[s];
		bool waiting = false;
		const uint32_t slot =
			slots->used < slots->frames ? slots->used++ : sift(sieve, s, &waiting);

		bel_slots_load(slots, slot, page);
		if (waiting)
			slots->hand = slot;
		else
			sieve->met[s] = 0;
		sieve->base[s] = sieve->references[page] + 1;
	}
}

static int reserve(struct slow_sieve *sieve, uint32_t pages, struct bel_err *err)
{
	uint32_t *grown;

	if (bel_bit_sliced_reserve(sieve->slices, pages, err) < 0)
		return BEL_FAIL;
	if (sieve->slices->capacity <= sieve->capacity)
		return BEL_OK;
	grown = reallocarray(sieve->references, sieve->slices->capacity, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "pages of a curve");
	memset(grown + sieve->capacity, 0,
		(sieve->slices->capacity - sieve->capacity) * sizeof(*grown));
	sieve->references = grown;
	sieve->capacity = sieve->slices->capacity;
	return BEL_OK;
}

static int slow_sieve_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct slow_sieve *sieve = self;

	if (reserve(sieve, pages, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_run run = batch->runs[i];
		struct bel_bit_slice *const slice = &sieve->slices->slice[run.page];
		const uint64_t used = sieve->slices->used, resident = slice->resident;
		const bool several = bel_run_count(run) > 1;

		sieve->slices->references += bel_run_count(run);
		if (resident != used)
			fault(sieve, run.page, used & ~resident);
		sieve->references[run.page] += several ? 1 + ALWAYS : 1;
		slice->referenced |= several ? used : resident;
		slice->resident = used;
	}
	return BEL_OK;
}

static int slow_sieve_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct slow_sieve *sieve = self;

	if (bel_bit_sliced_curve(sieve->slices, curve, err) < 0)
		return BEL_FAIL;
	curve->policy = "sieve";
	curve->algorithm = "bit-sliced, slow hand";
	curve->exact = false;
	return BEL_OK;
}

const struct bel_curve_algorithm bel_sample_sieve = {
	.policy = "sieve",
	.name = "slow",
	.source = "Y. Zhang, J. Yang, Y. Yue, Y. Vigfusson, K. V. Rashmi, SIEVE is simpler than "
		  "LRU, NSDI 2024",
	.caps = BEL_CURVE_SNAPSHOT,
	.most_sizes = BEL_BIT_SLICES,
	.create = slow_sieve_create,
	.feed = slow_sieve_feed,
	.finish = slow_sieve_snapshot,
	.snapshot = slow_sieve_snapshot,
	.destroy = slow_sieve_destroy,
};

/* SPDX-License-Identifier: MIT */
/*
 * curve_second_chance.c: second chance at up to 64 sizes at once, bit-sliced. Pages are loaded with
 * the reference bit set or clear. policies/second-chance.c describes the policy.
 */
#include "curve_split.h"
#include "queue_sliced.h"

static void fault(struct bel_queue_sliced *q, uint32_t page, uint64_t missing, uint64_t now)
{
	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		const uint64_t bit = UINT64_C(1) << s;
		struct bel_queue_size *const size = &q->size[s];
		struct bel_queue *const queue = &size->queue[0];

		if (bel_queue_fault(size, now)) {
			uint32_t oldest;

			while (q->page[oldest = bel_queue_pop(q, queue)].low & bit) {
				q->page[oldest].low &= ~bit;
				bel_queue_push(queue, oldest);
			}
			bel_queue_evict(q, s, oldest);
		}
		bel_queue_push(queue, page);
	}
}

static int second_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct bel_queue_sliced *const q = self;

	return q->setup.param[0] != 0
		       ? bel_queue_sliced_feed(q, batch, pages, BEL_QUEUE_BIT_AT_LOAD, fault, err)
		       : bel_queue_sliced_feed(q, batch, pages, BEL_QUEUE_BIT, fault, err);
}

static void *second_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	return bel_queue_sliced_new(
		setup, sizeof(struct bel_queue_sliced), 1, "second-chance", err);
}

static const struct bel_param second_params[] = {
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{.name = NULL},
};

static const struct bel_curve_shared second_shared = {
	.policy = "second-chance",
	.params = second_params,
	/* Uniform references to 20,000 pages, 64 sizes up to 757: 0.87 s, all shared 1.02 s. */
	.most_misses = 0.9,
	.create = second_create,
	.feed = second_feed,
	.snapshot = bel_queue_sliced_curve,
	.destroy = bel_queue_sliced_free,
};

BEL_CURVE_SPLIT(second_shared)

static const struct bel_curve_algorithm second_sliced = {
	.policy = "second-chance",
	.name = "sliced",
	.source = "A. S. Tanenbaum, H. Bos, Modern Operating Systems, section on the second-chance "
		  "page replacement algorithm",
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = BEL_QUEUE_SLICES,
	.least_sizes = 2,
	.least_frames = BEL_QUEUE_LEAST,
	.params = second_params,
	BEL_CURVE_SPLIT_MEMBERS(second_shared),
};

BEL_CURVE(second_sliced);

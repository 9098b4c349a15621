/* SPDX-License-Identifier: MIT */
/*
 * curve_prefix.c: LRU at every size from one pass, where a reference hits only if all earlier
 * references of its request hit, too. Caches of the blocks of language models work like this.
 *
 * A cache of c pages holds a page whose stack distance is at most c. So the reference hits from
 * the size on that is the largest distance in its request so far; after a first reference to a
 * page, it hits at no size. The counts of these sizes are the curve. Hits and misses alike bring
 * pages to the top of the stack, so LRU's contents do not depend on this rule.
 *
 * References before the first request are requests of one reference each.
 */
#include <stdlib.h>

#include "lru_counts.h"
#include "lru_stack.h"

struct prefix {
	struct bel_lru_stack stack; /* its `distance` counts references by the size they hit from */
	struct bel_curve_setup setup;
	uint64_t requests; /* begun so far */
	bool broken;       /* no further reference of the request hits */
	uint32_t deepest;  /* largest distance of the request so far */
};

static void prefix_destroy(void *self)
{
	struct prefix *const prefix = self;

	bel_lru_stack_release(&prefix->stack);
	free(prefix);
}

static void *prefix_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct prefix *const prefix = aligned_alloc(64, (sizeof(*prefix) + 63) / 64 * 64);

	if (!prefix) {
		bel_err_memory(err, "stack distances");
		return NULL;
	}
	*prefix = (struct prefix){.setup = *setup};
	if (bel_lru_stack_init(&prefix->stack, true, err) < 0) {
		free(prefix);
		return NULL;
	}
	return prefix;
}

static void prefix_request(void *self)
{
	struct prefix *const prefix = self;

	prefix->requests++;
	prefix->broken = false;
	prefix->deepest = 0;
}

static void count(struct prefix *prefix, uint32_t distance, uint32_t references)
{
	uint64_t *const from = prefix->stack.distance;

	if (!prefix->requests) {
		from[distance] += distance > 0;
		from[1] += references - 1;
		return;
	}
	if (distance > prefix->deepest)
		prefix->deepest = distance;
	prefix->broken |= !distance;
	if (!prefix->broken)
		from[prefix->deepest] += references;
}

static int prefix_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct prefix *const prefix = self;
	struct bel_lru_stack *const stack = &prefix->stack;

	if (bel_lru_stack_reserve(stack, pages, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_run run = batch->runs[i];
		uint32_t distance;

		if (bel_lru_stack_refer(stack, run.page, &distance, err) < 0)
			return BEL_FAIL;
		stack->compulsory += !distance;
		stack->references += bel_run_count(run);
		count(prefix, distance, bel_run_count(run));
	}
	return BEL_OK;
}

static int prefix_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct prefix *const prefix = self;
	const struct bel_lru_stack *const stack = &prefix->stack;
	struct bel_curve_setup setup = prefix->setup;
	const struct bel_lru_counts counts = {
		.references = stack->references,
		.runs = stack->references, /* repeated references are counted like others */
		.compulsory = stack->compulsory,
		.pages = stack->pages,
		.distance = stack->distance,
	};

	setup.writebacks = false;
	if (bel_lru_counts_curve(&counts, &setup, curve, err) < 0)
		return BEL_FAIL;
	curve->algorithm = "stack distances, largest of the request so far";
	curve->requests = prefix->requests;
	return BEL_OK;
}

static const struct bel_curve_algorithm prefix = {
	.policy = "lru",
	.name = "prefix",
	.source = "R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for "
		  "storage hierarchies, IBM Systems Journal 9(2), 1970, with the largest distance",
	.caps = BEL_CURVE_ALL | BEL_CURVE_SNAPSHOT | BEL_CURVE_REQUESTS,
	.rank = 1,
	.create = prefix_create,
	.feed = prefix_feed,
	.request = prefix_request,
	.finish = prefix_snapshot,
	.snapshot = prefix_snapshot,
	.destroy = prefix_destroy,
};

BEL_CURVE(prefix);

/* SPDX-License-Identifier: MIT */
/* curve_lru.c: LRU at every size from one pass: faults, write-backs, reuse distances. */
#include <stdlib.h>
#include <string.h>

#include "lru_counts.h"
#include "lru_stack.h"
#include "points.h"

struct lru {
	struct bel_lru_stack stack;
	struct bel_curve_setup setup;
};

static void lru_destroy(void *self)
{
	struct lru *lru = self;

	bel_lru_stack_release(&lru->stack);
	free(lru);
}

static void *lru_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct lru *lru = aligned_alloc(64, (sizeof(*lru) + 63) / 64 * 64);

	if (!lru) {
		bel_err_memory(err, "stack distances");
		return NULL;
	}
	lru->setup = *setup;
	if (bel_lru_stack_init(&lru->stack, setup->portable, err) < 0) {
		free(lru);
		return NULL;
	}
	return lru;
}

static int lru_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct lru *lru = self;

	if (bel_lru_stack_reserve(&lru->stack, pages, err) < 0)
		return BEL_FAIL;
	if (lru->setup.writebacks && !lru->stack.level && bel_curve_writes(batch) &&
		bel_lru_stack_keep_levels(&lru->stack, err) < 0)
		return BEL_FAIL;
	return lru->stack.timed ? bel_lru_stack_feed_avx512(&lru->stack, batch, err)
				: bel_lru_stack_feed(&lru->stack, batch, err);
}

static void count_all_left(const struct bel_lru_stack *s, int64_t *step, int64_t *dirty)
{
	for (unsigned k = 0; k < BEL_NEAR; k++)
		if (s->page[k] != BEL_NO_PAGE)
			bel_lru_count_left(
				step, dirty, s->level[s->page[k]], bel_lru_stack_near_depth(s, k));
	for (uint32_t page = 0; page < s->pages; page++)
		if (s->place[page])
			bel_lru_count_left(step, dirty, s->level[page],
				BEL_NEAR + 1 +
					(uint32_t)bel_rank_bitmap_behind(
						&s->map, s->place[page] - 1, s->next));
}

/* What changes from one size to the next if the trace ends now: write-backs, dirty pages. */
struct steps {
	int64_t *writebacks, *dirty;
};

/* `last`: the trace does end, so no copy is needed. */
static int final_steps(const struct lru *lru, bool last, struct steps *steps, struct bel_err *err)
{
	const struct bel_lru_stack *s = &lru->stack;
	const size_t count = (size_t)s->pages + 2;

	*steps = (struct steps){
		.writebacks = last ? s->step : malloc(count * sizeof(*s->step)),
		.dirty = calloc(count, sizeof(*steps->dirty)),
	};
	if (!steps->writebacks || !steps->dirty)
		return bel_err_memory(err, "write-backs");
	if (!last)
		memcpy(steps->writebacks, s->step, count * sizeof(*s->step));
	count_all_left(s, steps->writebacks, steps->dirty);
	return BEL_OK;
}

static void release_steps(struct steps *steps, bool last)
{
	if (!last)
		free(steps->writebacks);
	free(steps->dirty);
}

static int make_curve(struct lru *lru, bool last, struct bel_curve *curve, struct bel_err *err)
{
	struct bel_lru_stack *const s = &lru->stack;
	struct steps steps = {.dirty = NULL};
	struct bel_lru_counts counts = {
		.references = s->references,
		.runs = s->runs,
		.compulsory = s->compulsory,
		.pages = s->pages,
		.distance = s->distance,
	};
	int r = BEL_OK;

	bel_lru_stack_join_near(s);
	if (s->level)
		r = final_steps(lru, last, &steps, err);
	counts.writebacks = steps.writebacks;
	counts.dirty = steps.dirty;
	if (r == BEL_OK)
		r = bel_lru_counts_curve(&counts, &lru->setup, curve, err);
	release_steps(&steps, last);
	return r;
}

static int lru_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	return make_curve(self, false, curve, err);
}

static int lru_finish(void *self, struct bel_curve *curve, struct bel_err *err)
{
	return make_curve(self, true, curve, err);
}

static const struct bel_curve_algorithm lru = {
	.policy = "lru",
	.name = "stack",
	.source = "R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for "
		  "storage hierarchies, IBM Systems Journal 9(2), 1970",
	.caps = BEL_CURVE_ALL | BEL_CURVE_WRITEBACKS | BEL_CURVE_SNAPSHOT,
	.least_sizes = 4,
	.create = lru_create,
	.feed = lru_feed,
	.finish = lru_finish,
	.snapshot = lru_snapshot,
	.destroy = lru_destroy,
};

BEL_CURVE(lru);

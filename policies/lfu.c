/* SPDX-License-Identifier: MIT */
/*
 * lfu.c: least frequently used (Mattson et al., IBM Systems Journal, 1970): evicts the page with
 * the fewest references.
 *
 * State: a reference count for each page.
 *
 * On a hit: add 1 to the page's count.
 *
 * On a fault:
 * 1. If no frame is free, evict the page with the lowest count; of equal counts, the least
 *    recently used page (fifo=on: the page loaded longest ago). The page being loaded is no
 *    candidate.
 * 2. Load the page with count 1. With keep=on, it continues the count that it had when it was
 *    evicted or dropped.
 *
 * Resident pages are in a heap, by the count that was current when they were last looked at.
 * Counts only grow: a hit changes only the count, and a page found on top of the heap with an old
 * count sinks then.
 *
 * Cost: hit O(1), fault O(log frames), amortized over the hits before it; 44 bytes per page.
 */
#include "heap.h"

struct lfu {
	uint64_t frames;
	int keep, by_loading;
	struct bel_heap heap;
	struct use {
		uint64_t count;
		uint64_t time; /* of the last reference, or of loading if by_loading */
	} * use;
};

static void lfu_init(void *self, const struct bel_env *env)
{
	struct lfu *lfu = self;

	lfu->frames = env->frames;
	lfu->keep = env->param[0] != 0;
	lfu->by_loading = env->param[1] != 0;
	env->page_array(env->host, &lfu->use, sizeof(*lfu->use));
	bel_heap_create_top(&lfu->heap, env);
}

static void lfu_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lfu *lfu = self;

	lfu->use[ref.page].count += bel_count(ref);
	if (!lfu->by_loading)
		lfu->use[ref.page].time = bel_last(now, ref);
}

BEL_INLINE struct bel_key key_of(const struct lfu *lfu, uint32_t page)
{
	return (struct bel_key){lfu->use[page].count, lfu->use[page].time};
}

static uint32_t lfu_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct lfu *lfu = self;
	uint32_t page = BEL_NO_PAGE;

	(void)now;
	(void)out;
	while (bel_heap_least(&lfu->heap, &page) &&
		bel_key_less(lfu->heap.entry[0].key, key_of(lfu, page))) {
		bel_heap_set_least(&lfu->heap, key_of(lfu, page));
		bel_heap_fetch_next(&lfu->heap, lfu->use, sizeof(*lfu->use));
	}
	return page;
}

static void lfu_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lfu *lfu = self;
	struct use *use = &lfu->use[ref.page];

	use->count = (lfu->keep ? use->count : 0) + bel_count(ref);
	use->time = lfu->by_loading ? now : bel_last(now, ref);
	if (bel_resident(out) == lfu->frames) {
		const uint32_t victim = lfu_victim(lfu, now, out);

		bel_heap_replace_least(&lfu->heap, ref.page, key_of(lfu, ref.page));
		bel_evict(out, victim);
		bel_heap_fetch_next(&lfu->heap, out->state, sizeof(*out->state));
		bel_heap_fetch_next(&lfu->heap, lfu->use, sizeof(*lfu->use));
	} else {
		bel_heap_add(&lfu->heap, ref.page, key_of(lfu, ref.page));
	}
}

static void lfu_drop(void *self, uint32_t page)
{
	struct lfu *lfu = self;

	bel_heap_remove(&lfu->heap, page);
}

static const struct bel_hooks lfu_hooks = {
	.hit = lfu_hit,
	.fault = lfu_fault,
	.drop = lfu_drop,
};

static const struct bel_param lfu_params[] = {
	{"keep", "", BEL_PARAM_SWITCH, 0, 0, 1, "a page keeps its count while it is not resident"},
	{"fifo", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"of equal counts, the page loaded longest ago leaves, not the least recent"},
	{.name = NULL},
};

static void lfu_show(void *self, const struct bel_show *show)
{
	struct lfu *lfu = self;

	for (uint32_t at = 0; at < lfu->heap.size; at++)
		lfu->heap.entry[at].key = key_of(lfu, lfu->heap.entry[at].page);
	bel_heap_mend(&lfu->heap);
	bel_heap_show(&lfu->heap, show, BEL_SHOW_OTHER);
}

BEL_RUN(lfu, lfu_hooks, 0)

static const struct bel_policy lfu = {
	BEL_POLICY_BASE(lfu, struct lfu),
	.name = "lfu",
	.title = "least frequently used: the page with the fewest references since it was loaded",
	.source = "R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for "
		  "storage hierarchies, IBM Systems Journal 9(2), 1970",
	.params = lfu_params,
	.victim = lfu_victim,
	.show = lfu_show,
	.aliases = "least frequently used",
};

BEL_POLICY(lfu);

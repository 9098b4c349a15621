/* SPDX-License-Identifier: MIT */
/*
 * mfu.c: most frequently used (Silberschatz, Galvin and Gagne, Operating System Concepts,
 * "Counting-Based Page Replacement"): evicts the page with the most references. The argument: a
 * page with few references was only just loaded and is still to be used.
 *
 * State: a reference count for each page.
 *
 * On a hit: add 1 to the page's count.
 *
 * On a fault:
 * 1. If no frame is free, evict the page with the highest count; of equal counts, the least
 *    recently used page (fifo=on: the page loaded longest ago). The page being loaded is no
 *    candidate.
 * 2. Load the page with count 1. With keep=on, it continues the count that it had when it was
 *    evicted or dropped.
 *
 * Cost: O(log frames) per hit and fault; 36 bytes per page.
 */
#include "heap.h"

struct mfu {
	uint64_t frames;
	int keep, by_loading;
	struct bel_heap heap;
	uint64_t *count; /* of references */
};

static void mfu_init(void *self, const struct bel_env *env)
{
	struct mfu *mfu = self;

	mfu->frames = env->frames;
	mfu->keep = env->param[0] != 0;
	mfu->by_loading = env->param[1] != 0;
	env->page_array(env->host, &mfu->count, sizeof(*mfu->count));
	bel_heap_create(&mfu->heap, env);
}

/* The heap has the lowest key on top, so the highest count needs the lowest key. */
BEL_INLINE struct bel_key key_of(const struct mfu *mfu, uint32_t page, uint64_t time)
{
	return (struct bel_key){UINT64_MAX - mfu->count[page], time};
}

static void mfu_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct mfu *mfu = self;
	const uint64_t time =
		mfu->by_loading ? bel_heap_key(&mfu->heap, ref.page).minor : bel_last(now, ref);

	mfu->count[ref.page] += bel_count(ref);
	bel_heap_lower(&mfu->heap, ref.page, key_of(mfu, ref.page, time));
}

static uint32_t mfu_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct mfu *mfu = self;
	uint32_t victim = BEL_NO_PAGE;

	(void)now;
	(void)out;
	bel_heap_least(&mfu->heap, &victim);
	return victim;
}

static void mfu_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct mfu *mfu = self;
	struct bel_key key;
	uint32_t victim;

	mfu->count[ref.page] = (mfu->keep ? mfu->count[ref.page] : 0) + bel_count(ref);
	key = key_of(mfu, ref.page, mfu->by_loading ? now : bel_last(now, ref));
	if (bel_resident(out) == mfu->frames && bel_heap_least(&mfu->heap, &victim)) {
		bel_heap_replace_least(&mfu->heap, ref.page, key);
		bel_evict(out, victim);
		bel_heap_fetch_next(&mfu->heap, out->state, sizeof(*out->state));
	} else {
		bel_heap_set(&mfu->heap, ref.page, key);
	}
}

static void mfu_drop(void *self, uint32_t page)
{
	struct mfu *mfu = self;

	bel_heap_remove(&mfu->heap, page);
}

static const struct bel_hooks mfu_hooks = {
	.hit = mfu_hit,
	.fault = mfu_fault,
	.drop = mfu_drop,
};

static const struct bel_param mfu_params[] = {
	{"keep", "", BEL_PARAM_SWITCH, 0, 0, 1, "a page keeps its count while it is not resident"},
	{"fifo", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"of equal counts, the page loaded longest ago leaves, not the least recent"},
	{.name = NULL},
};

static void mfu_show(void *self, const struct bel_show *show)
{
	const struct mfu *mfu = self;

	bel_heap_show(&mfu->heap, show, BEL_SHOW_OTHER);
}

BEL_RUN(mfu, mfu_hooks, 0)

static const struct bel_policy mfu = {
	BEL_POLICY_BASE(mfu, struct mfu),
	.name = "mfu",
	.title = "most frequently used: the page with the most references since it was loaded",
	.source = "A. Silberschatz, P. B. Galvin, G. Gagne, Operating System Concepts, section on "
		  "counting-based page replacement",
	.params = mfu_params,
	.victim = mfu_victim,
	.show = mfu_show,
	.aliases = "most frequently used",
};

BEL_POLICY(mfu);

/* SPDX-License-Identifier: MIT */
/*
 * lru.c: least recently used (Mattson et al., IBM Systems Journal, 1970): evicts the page whose
 * last reference lies farthest back.
 *
 * State: resident pages in order of last reference (recency.h).
 *
 * On a hit: the page becomes the most recent.
 *
 * On a fault:
 * 1. If no frame is free, evict the least recent page.
 * 2. Load the page as the most recent.
 *
 * Cost: O(1) per reference on average; 20 bytes per page.
 */
#include "recency.h"

struct lru {
	struct bel_recency order;
	uint64_t frames;
};

static void lru_init(void *self, const struct bel_env *env)
{
	struct lru *lru = self;

	lru->frames = env->frames;
	bel_recency_create(&lru->order, env);
}

static void lru_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lru *lru = self;

	(void)now;
	bel_recency_touch(&lru->order, ref.page);
}

static uint32_t lru_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct lru *lru = self;
	uint32_t victim;

	(void)now;
	(void)out;
	return bel_recency_oldest(&lru->order, &victim) ? victim : BEL_NO_PAGE;
}

static void lru_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct lru *lru = self;
	const uint32_t victim = lru_victim(lru, now, out);

	bel_recency_forget(&lru->order, victim);
	bel_evict(out, victim);
}

static void lru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lru *lru = self;

	if (bel_resident(out) == lru->frames)
		lru_evict(lru, now, out);
	bel_recency_touch(&lru->order, ref.page);
}

static void lru_drop(void *self, uint32_t page)
{
	struct lru *lru = self;

	bel_recency_forget(&lru->order, page);
}

static const struct bel_hooks lru_hooks = {
	.hit = lru_hit,
	.fault = lru_fault,
	.drop = lru_drop,
};

static void lru_show(void *self, const struct bel_show *show)
{
	const struct lru *lru = self;

	bel_recency_show(&lru->order, show, BEL_SHOW_LAST_USE);
}

BEL_RUN(lru, lru_hooks, BEL_POLICY_STACK)

static const struct bel_policy lru = {
	BEL_POLICY_BASE(lru, struct lru),
	.name = "lru",
	.title = "least recently used: the page whose last reference lies farthest back",
	.source = "R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for "
		  "storage hierarchies, IBM Systems Journal 9(2), 1970",
	.victim = lru_victim,
	.evict = lru_evict,
	.show = lru_show,
	.aliases = "least recently used",
};

BEL_POLICY(lru);

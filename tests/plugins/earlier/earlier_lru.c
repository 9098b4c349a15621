/* SPDX-License-Identifier: MIT */
/*
 * earlier_lru.c: policies/lru.c as it was before the engine made instances, compiled against the
 * headers of that day, which are kept in belady/ beside it: plug-ins that are out there must go on
 * to work. Neither is to be changed.
 */
#include <stdlib.h>

#include "recency.h"

struct lru {
	struct bel_recency order;
	uint64_t frames;
};

static void *lru_create(const struct bel_env *env, struct bel_err *err)
{
	struct lru *lru = calloc(1, sizeof(*lru));

	(void)err;
	if (!lru)
		return NULL;
	lru->frames = env->frames;
	bel_recency_create(&lru->order, env);
	return lru;
}

static void lru_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lru *lru = self;

	(void)now;
	bel_recency_touch(&lru->order, ref.page);
}

static void lru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_out *out)
{
	struct lru *lru = self;
	uint32_t victim;

	(void)now;
	if (bel_resident(out) == lru->frames && bel_recency_oldest(&lru->order, &victim)) {
		bel_recency_forget(&lru->order, victim);
		bel_evict(out, victim);
	}
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

#define LRU_CAPS BEL_POLICY_STACK

BEL_RUN(lru, lru_hooks, LRU_CAPS)

static const struct bel_policy lru = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.caps = LRU_CAPS,
	.name = "earlier-lru",
	.title = "least recently used: the page whose last reference lies farthest back",
	.source = "R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for "
		  "storage hierarchies, IBM Systems Journal 9(2), 1970",
	.create = lru_create,
	.destroy = free,
	.hooks = &lru_hooks,
	.run = lru_run,
	.show = lru_show,
};

BEL_POLICY(lru);

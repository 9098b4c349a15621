/* SPDX-License-Identifier: MIT */
/*
 * mru.c: most recently used (Chou and DeWitt, VLDB 1985): evicts the page that was referenced
 * last. Best for loops that do not fit into memory.
 *
 * State: resident pages in order of last reference.
 *
 * On a hit: the page becomes the most recent.
 *
 * On a fault:
 * 1. If no frame is free, evict the most recent page: the page of the reference before.
 * 2. Load the page as the most recent.
 *
 * Cost: O(1) per reference; 8 bytes per page.
 */
#include "list.h"

struct mru {
	uint64_t frames;
	struct bel_list list; /* referenced last at the head */
	struct bel_link *link;
};

static void mru_init(void *self, const struct bel_env *env)
{
	struct mru *mru = self;

	mru->frames = env->frames;
	bel_list_init(&mru->list);
	env->page_array(env->host, &mru->link, sizeof(*mru->link));
}

static void mru_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct mru *mru = self;

	(void)now;
	bel_list_to_head(&mru->list, mru->link, ref.page);
}

static uint32_t mru_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct mru *mru = self;

	(void)now;
	(void)out;
	return mru->list.head;
}

static void mru_drop(void *self, uint32_t page)
{
	struct mru *mru = self;

	bel_list_remove(&mru->list, mru->link, page);
}

static void mru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct mru *mru = self;

	if (bel_resident(out) == mru->frames) {
		const uint32_t victim = mru_victim(mru, now, out);

		mru_drop(mru, victim);
		bel_evict(out, victim);
	}
	bel_list_push(&mru->list, mru->link, ref.page);
}

static const struct bel_hooks mru_hooks = {
	.hit = mru_hit,
	.fault = mru_fault,
	.drop = mru_drop,
};

static void mru_show(void *self, const struct bel_show *show)
{
	const struct mru *mru = self;

	for (uint32_t page = mru->list.head; page != BEL_NO_PAGE; page = mru->link[page].after)
		show->order(show->host, page, BEL_SHOW_OTHER);
}

BEL_RUN(mru, mru_hooks, BEL_POLICY_STACK)

static const struct bel_policy mru = {
	BEL_POLICY_BASE(mru, struct mru),
	.name = "mru",
	.title = "most recently used: the page that was referenced last",
	.source = "H.-T. Chou, D. J. DeWitt, An evaluation of buffer management strategies for "
		  "relational database systems, VLDB 1985",
	.victim = mru_victim,
	.show = mru_show,
	.aliases = "most recently used",
};

BEL_POLICY(mru);

/* SPDX-License-Identifier: MIT */
/*
 * mru.c: most recently used: evicts the page referenced last.
 *
 * That is the page of the reference before the fault, always: it was resident after that
 * reference, and if it was dropped since, a frame is free and nobody has to leave. So one
 * number is all there is to remember. Best for loops that do not fit.
 *
 * O(1); nothing a page.
 */
#include "policy.h"

struct mru {
	uint64_t frames;
	uint32_t latest; /* page of the last reference */
};

static void mru_init(void *self, const struct bel_env *env)
{
	struct mru *mru = self;

	mru->frames = env->frames;
}

static void mru_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct mru *mru = self;

	(void)now;
	mru->latest = ref.page;
}

static uint32_t mru_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct mru *mru = self;

	(void)now;
	return out->state[mru->latest] & BEL_PAGE_RESIDENT ? mru->latest : BEL_NO_PAGE;
}

static void mru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct mru *mru = self;

	(void)now;
	if (bel_resident(out) == mru->frames)
		bel_evict(out, mru->latest);
	mru->latest = ref.page;
}

static void mru_drop(void *self, uint32_t page)
{
	(void)self;
	(void)page;
}

static const struct bel_hooks mru_hooks = {
	.hit = mru_hit,
	.fault = mru_fault,
	.drop = mru_drop,
};

/* Nobody but the latest page ever leaves. */
static void mru_show(void *self, const struct bel_show *show)
{
	const struct mru *mru = self;

	if (show->state[mru->latest] & BEL_PAGE_RESIDENT)
		show->order(show->host, mru->latest, BEL_SHOW_OTHER);
}

BEL_RUN(mru, mru_hooks, BEL_POLICY_STACK)

static const struct bel_policy mru = {
	BEL_POLICY_BASE(mru, struct mru),
	.name = "mru",
	.title = "most recently used: the page of the reference before",
	.source = "H.-T. Chou, D. J. DeWitt, An evaluation of buffer management strategies for "
		  "relational database systems, VLDB 1985",
	.victim = mru_victim,
	.show = mru_show,
	.aliases = "most recently used",
};

BEL_POLICY(mru);

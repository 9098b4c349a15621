/* SPDX-License-Identifier: MIT */
/*
 * mglru.c: the multi-generational LRU of Linux 6.1 (Zhao, 2022), for pages that a program maps:
 * scans of the page tables put accessed pages into the youngest generation.
 *
 * State: two to four generations, numbered; 0 to 3 at first. Each is a list of resident pages.
 *
 * On a hit: nothing. Hardware sets the accessed bit.
 *
 * On a fault:
 * 1. If no frame is free, evict (below).
 * 2. Load the page at the young end of the youngest generation, with its accessed bit set.
 *
 * Evict:
 * 1. While there are more than two generations and the oldest is empty, remove it.
 * 2. If only two are left, age (below), and go to 1.
 * 3. Take the oldest page of the oldest generation. With check=on, if its accessed bit is set,
 *    clear it, move the page to the young end of the youngest generation, and go to 1. Otherwise
 *    evict it.
 *
 * Age:
 * 1. Look at all resident pages, the oldest generation first, each from its old end. If the
 *    accessed bit is set, clear it and move the page to the young end of the youngest generation;
 *    a page already in that generation keeps its place.
 * 2. If there are four generations, the oldest is joined to the old end of the next.
 * 3. A new, empty generation becomes the youngest.
 *
 * Aging runs for evictions, and after every `interval` references (first after reference interval
 * - 1). In the kernel only evictions, lru_gen in debugfs, and other memory pressure cause it; the
 * interval stands for the last two.
 *
 * Not modelled: tiers, which are for pages read through system calls; the balance of anonymous and
 * file pages (a trace does not tell them apart); neighbours in page tables; Bloom filters. What
 * the kernel remembers of evicted pages does not change where mapped pages enter.
 *
 * Cost: O(frames) per aging, otherwise O(1); 20 bytes per page.
 */
#include "load_classes.h"

#define GENERATIONS_MAX 4
#define GENERATIONS_MIN 2

struct mglru {
	uint64_t frames, interval;
	int check;
	uint64_t oldest, youngest; /* numbers of generations */
	uint64_t agings;
	/*
	 * Resident pages in order of entering the youngest generation; class: generation modulo 4.
	 * This is also the order of generations: an older one has only pages that entered earlier.
	 */
	struct bel_load_classes pages;
	uint32_t *accessed; /* during an aging: pages that are moved */
};

static void mglru_init(void *self, const struct bel_env *env)
{
	struct mglru *mglru = self;

	mglru->frames = env->frames;
	mglru->interval = (uint64_t)env->param[0];
	mglru->check = env->param[1] != 0;
	mglru->youngest = GENERATIONS_MAX - 1;
	bel_load_classes_create(&mglru->pages, env);
	env->page_array(env->host, &mglru->accessed, sizeof(*mglru->accessed));
}

static int class_of(uint64_t number)
{
	return (int)(number % GENERATIONS_MAX);
}

static void enter_youngest(struct mglru *mglru, uint32_t page)
{
	bel_load_classes_push(&mglru->pages, page, class_of(mglru->youngest));
}

static void rejuvenate(struct mglru *mglru, uint32_t page)
{
	bel_load_classes_remove(&mglru->pages, page);
	enter_youngest(mglru, page);
}

/* Clears accessed bits. Lists the pages with such a bit that are not in the youngest generation. */
static uint32_t list_accessed(struct mglru *mglru, struct bel_decision *out)
{
	const struct bel_load_classes *pages = &mglru->pages;
	uint32_t count = 0;

	for (uint32_t at = 0; at < pages->end; at += BEL_LOAD_BLOCK) {
		const struct bel_load_block *block = &pages->block[at / BEL_LOAD_BLOCK];

		for (uint64_t bits = block->live; bits; bits &= bits - 1) {
			const uint32_t page = pages->page[at + (uint32_t)__builtin_ctzll(bits)];

			if (!bel_accessed(out, page))
				continue;
			bel_clear_accessed(out, page);
			mglru->accessed[count] = page;
			count += pages->class[page] != class_of(mglru->youngest);
		}
	}
	return count;
}

static void age(struct mglru *mglru, struct bel_decision *out)
{
	const uint32_t count = list_accessed(mglru, out);

	/* A move may change the positions of all pages. */
	for (uint32_t i = 0; i < count; i++)
		rejuvenate(mglru, mglru->accessed[i]);
	if (mglru->youngest - mglru->oldest + 1 == GENERATIONS_MAX) {
		bel_load_classes_join(
			&mglru->pages, class_of(mglru->oldest), class_of(mglru->oldest + 1));
		mglru->oldest++;
	}
	mglru->youngest++;
	mglru->agings++;
}

/* Steps 1 and 2 of an eviction. Returns the page of step 3. */
static uint32_t oldest_page(struct mglru *mglru, struct bel_decision *out)
{
	for (;;) {
		while (mglru->youngest - mglru->oldest + 1 > GENERATIONS_MIN &&
			!mglru->pages.count[class_of(mglru->oldest)])
			mglru->oldest++;
		if (mglru->youngest - mglru->oldest + 1 > GENERATIONS_MIN)
			return bel_load_classes_find(&mglru->pages, class_of(mglru->oldest), 0);
		age(mglru, out);
	}
}

static void mglru_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct mglru *mglru = self;
	uint32_t page;

	(void)now;
	while (page = oldest_page(mglru, out), mglru->check && bel_accessed(out, page)) {
		bel_clear_accessed(out, page);
		bel_load_classes_fetch(&mglru->pages, page, out);
		rejuvenate(mglru, page);
	}
	bel_load_classes_fetch(&mglru->pages, page, out);
	bel_load_classes_remove(&mglru->pages, page);
	bel_evict(out, page);
}

static void mglru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct mglru *mglru = self;

	if (!now)
		bel_next_tick(out, mglru->interval ? mglru->interval - 1 : BEL_NEVER);
	if (bel_resident(out) == mglru->frames)
		mglru_evict(mglru, now, out);
	enter_youngest(mglru, ref.page);
}

static void mglru_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct mglru *mglru = self;

	age(mglru, out);
	bel_next_tick(out, now + mglru->interval);
}

static void mglru_drop(void *self, uint32_t page)
{
	struct mglru *mglru = self;

	bel_load_classes_remove(&mglru->pages, page);
}

static const struct bel_hooks mglru_hooks = {
	.fault = mglru_fault,
	.tick = mglru_tick,
	.drop = mglru_drop,
};

static const struct bel_param mglru_params[] = {
	{"interval", "references", BEL_PARAM_INTEGER, 100000, 0, 9007199254740992.0,
		"references between two scans; 0: only when an eviction needs one"},
	{"check", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"the accessed bit is read once more before a page leaves"},
	{.name = NULL},
};

static void mglru_report(void *self, struct bel_sink *sink)
{
	const struct mglru *mglru = self;

	sink->count(sink->host, "generations", mglru->youngest - mglru->oldest + 1);
	sink->count(sink->host, "agings", mglru->agings);
}

static void mglru_show(void *self, const struct bel_show *show)
{
	const struct mglru *mglru = self;

	for (uint32_t at = 0; at < mglru->pages.end; at++) {
		const uint32_t page = mglru->pages.page[at];

		if (!bel_load_classes_holds(&mglru->pages, at))
			continue;
		show->order(show->host, page, BEL_SHOW_OTHER);
		show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
	}
}

BEL_RUN(mglru, mglru_hooks, BEL_POLICY_BITS)

/* No victim(): looking for a victim ages generations. */
static const struct bel_policy mglru = {
	BEL_POLICY_BASE(mglru, struct mglru),
	.name = "mglru",
	.title = "Linux' multi-generational LRU: page-table scans sort pages into generations",
	.source = "Y. Zhao, Multigenerational LRU framework, Linux 6.1, 2022",
	.params = mglru_params,
	.evict = mglru_evict,
	.report = mglru_report,
	.show = mglru_show,
	.aliases = "multi-generational LRU, multi-gen LRU",
};

BEL_POLICY(mglru);

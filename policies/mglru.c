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
 * Cost: O(frames) per aging, otherwise O(1); 9 bytes per page.
 */
#include "list.h"

#define GENERATIONS_MAX 4
#define GENERATIONS_MIN 2

struct mglru {
	uint64_t frames, interval;
	int check;
	uint64_t oldest, youngest; /* numbers of generations */
	uint64_t agings;
	struct bel_list list[GENERATIONS_MAX]; /* of a generation, by number modulo 4 */
	struct bel_link *link;
	uint8_t *place; /* of a page: its list */
};

static void mglru_init(void *self, const struct bel_env *env)
{
	struct mglru *mglru = self;

	mglru->frames = env->frames;
	mglru->interval = (uint64_t)env->param[0];
	mglru->check = env->param[1] != 0;
	mglru->youngest = GENERATIONS_MAX - 1;
	for (int i = 0; i < GENERATIONS_MAX; i++)
		bel_list_init(&mglru->list[i]);
	env->page_array(env->host, &mglru->link, sizeof(*mglru->link));
	env->page_array(env->host, &mglru->place, sizeof(*mglru->place));
}

static void enter_youngest(struct mglru *mglru, uint32_t page)
{
	mglru->place[page] = mglru->youngest % GENERATIONS_MAX;
	bel_list_push(&mglru->list[mglru->place[page]], mglru->link, page);
}

static void rejuvenate(struct mglru *mglru, uint32_t page)
{
	bel_list_remove(&mglru->list[mglru->place[page]], mglru->link, page);
	enter_youngest(mglru, page);
}

/* The oldest generation's pages become the oldest of the next. */
static void join_oldest(struct mglru *mglru)
{
	const uint8_t from = mglru->oldest % GENERATIONS_MAX;
	const uint8_t to = ++mglru->oldest % GENERATIONS_MAX;
	struct bel_list *const list = &mglru->list[from];

	while (list->count) {
		const uint32_t page = list->head;

		bel_list_remove(list, mglru->link, page);
		bel_list_append(&mglru->list[to], mglru->link, page);
		mglru->place[page] = to;
	}
}

static void age(struct mglru *mglru, struct bel_decision *out)
{
	for (uint64_t number = mglru->oldest; number <= mglru->youngest; number++) {
		uint32_t page = mglru->list[number % GENERATIONS_MAX].tail;

		while (page != BEL_NO_PAGE) {
			const uint32_t younger = mglru->link[page].before;

			if (bel_accessed(out, page)) {
				bel_clear_accessed(out, page);
				if (number != mglru->youngest)
					rejuvenate(mglru, page);
			}
			page = younger;
		}
	}
	if (mglru->youngest - mglru->oldest + 1 == GENERATIONS_MAX)
		join_oldest(mglru);
	mglru->youngest++;
	mglru->agings++;
}

/* Steps 1 and 2 of an eviction. Returns the page of step 3. */
static uint32_t oldest_page(struct mglru *mglru, struct bel_decision *out)
{
	for (;;) {
		while (mglru->youngest - mglru->oldest + 1 > GENERATIONS_MIN &&
			!mglru->list[mglru->oldest % GENERATIONS_MAX].count)
			mglru->oldest++;
		if (mglru->youngest - mglru->oldest + 1 > GENERATIONS_MIN)
			return mglru->list[mglru->oldest % GENERATIONS_MAX].tail;
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
		rejuvenate(mglru, page);
	}
	bel_list_remove(&mglru->list[mglru->place[page]], mglru->link, page);
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

	bel_list_remove(&mglru->list[mglru->place[page]], mglru->link, page);
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

	for (uint64_t number = mglru->oldest; number <= mglru->youngest; number++) {
		uint32_t page = mglru->list[number % GENERATIONS_MAX].tail;

		for (; page != BEL_NO_PAGE; page = mglru->link[page].before) {
			show->order(show->host, page, BEL_SHOW_OTHER);
			show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
		}
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

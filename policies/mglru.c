/* SPDX-License-Identifier: MIT */
/*
 * mglru.c: Linux' multi-generational LRU (6.1 on), for pages that a program maps: pages belong to
 * generations, and a scan of the page tables now and then lifts those that were accessed.
 *
 * Generations are numbered; at most 4 exist at a time, at first 0 to 3. Within one, pages are in
 * a list. A page that is loaded becomes the youngest of the youngest generation; its accessed bit
 * is set.
 *
 * Aging scans all resident pages, the oldest generation first, each from its old end: a set
 * bit is cleared, and the page becomes the youngest of the youngest generation unless it is in
 * that already, where it keeps its place. Then, if there are 4 generations, the oldest is joined
 * to the old end of the next, in order; last, a new, empty generation is the youngest. Aging is
 * done after every `interval` references (after reference interval-1 for the first time;
 * interval=0: not by time), and whenever it is needed for an eviction.
 *
 * If all frames are taken: as long as there are more than 2 generations and the oldest is empty,
 * it ceases to be; if 2 are left, aging is done, and this starts anew. Then the oldest
 * generation's oldest page is looked at. With check=on (as the kernel's reverse map does) a set
 * bit is cleared, the page becomes the youngest of the youngest generation, and this starts
 * anew; else it leaves.
 *
 * The kernel ages when an eviction needs it; the interval stands for the scans that are asked
 * for (lru_gen in debugfs), or that other pressure causes. Not modelled: tiers and their
 * controller, which are for files read through system calls; the balance of anonymous and file
 * pages, as a trace does not tell them apart; looking around at neighbours in page tables; Bloom
 * filters, which save work. The kernel remembers pages that left to tell its users; where mapped
 * pages enter does not hang on that.
 *
 * O(frames) an aging, O(1) else; 9 bytes a page.
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
	uint8_t *place; /* a page's list */
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

/* The oldest page of a generation that may lose pages. */
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

static void mglru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct mglru *mglru = self;

	if (!now)
		bel_next_tick(out, mglru->interval ? mglru->interval - 1 : BEL_NEVER);
	if (bel_resident(out) == mglru->frames) {
		uint32_t page;

		while (page = oldest_page(mglru, out), mglru->check && bel_accessed(out, page)) {
			bel_clear_accessed(out, page);
			rejuvenate(mglru, page);
		}
		bel_list_remove(&mglru->list[mglru->place[page]], mglru->link, page);
		bel_evict(out, page);
	}
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
		"references between scans; 0: only when an eviction needs one"},
	{"check", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"a page's accessed bit is looked at before it leaves, too"},
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

/* No victim(): generations age as it looks. */
static const struct bel_policy mglru = {
	BEL_POLICY_BASE(mglru, struct mglru),
	.name = "mglru",
	.title = "Linux' multi-generational LRU: generations aged by scans of the page tables",
	.source = "Y. Zhao, Multigenerational LRU framework, Linux 6.1, 2022",
	.params = mglru_params,
	.report = mglru_report,
	.show = mglru_show,
	.aliases = "multi-generational LRU, multi-gen LRU",
};

BEL_POLICY(mglru);

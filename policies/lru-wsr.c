/* SPDX-License-Identifier: MIT */
/*
 * lru-wsr.c: LRU-WSR, LRU with write sequence reordering (Jung et al., IEEE Transactions on
 * Consumer Electronics, 2008): a dirty page gets a second chance before it is written back.
 *
 * State: resident pages in order of last reference, each with a cold flag.
 *
 * On a hit: the page becomes the most recent; its cold flag is cleared.
 *
 * On a fault:
 * 1. If no frame is free, evict. While the least recently used page is dirty and not cold, set its
 *    cold flag and move it to the recent end. Then the least recently used page leaves.
 * 2. Load the page as the most recent, not cold.
 *
 * Cost: hit O(1), fault O(1) on average; 9 bytes per page.
 */
#include "list.h"

struct wsr {
	uint64_t frames;
	struct bel_list list; /* used last at the head */
	struct bel_link *link;
	uint8_t *cold;
};

static void wsr_init(void *self, const struct bel_env *env)
{
	struct wsr *wsr = self;

	wsr->frames = env->frames;
	bel_list_init(&wsr->list);
	env->page_array(env->host, &wsr->link, sizeof(*wsr->link));
	env->page_array(env->host, &wsr->cold, sizeof(*wsr->cold));
}

static void wsr_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct wsr *wsr = self;

	(void)now;
	bel_list_to_head(&wsr->list, wsr->link, ref.page);
	if (wsr->cold[ref.page])
		wsr->cold[ref.page] = 0;
}

/* The oldest page that is clean or cold. Without one, all become cold and the oldest leaves. */
static uint32_t wsr_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct wsr *wsr = self;
	uint32_t page = wsr->list.tail;

	(void)now;
	while (page != BEL_NO_PAGE && bel_dirty(out, page) && !wsr->cold[page])
		page = wsr->link[page].before;
	return page == BEL_NO_PAGE ? wsr->list.tail : page;
}

static void wsr_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct wsr *wsr = self;
	uint32_t page;

	(void)now;
	while (page = wsr->list.tail, bel_dirty(out, page) && !wsr->cold[page]) {
		wsr->cold[page] = 1;
		bel_list_to_head(&wsr->list, wsr->link, page);
	}
	bel_list_remove(&wsr->list, wsr->link, page);
	bel_evict(out, page);
}

static void wsr_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct wsr *wsr = self;

	if (bel_resident(out) == wsr->frames)
		wsr_evict(wsr, now, out);
	bel_list_push(&wsr->list, wsr->link, ref.page);
	wsr->cold[ref.page] = 0;
}

static void wsr_drop(void *self, uint32_t page)
{
	struct wsr *wsr = self;

	bel_list_remove(&wsr->list, wsr->link, page);
}

static const struct bel_hooks wsr_hooks = {
	.hit = wsr_hit,
	.fault = wsr_fault,
	.drop = wsr_drop,
};

/* First the pages without a second chance, then those with one. */
static void wsr_show(void *self, const struct bel_show *show)
{
	const struct wsr *wsr = self;

	for (int later = 0; later < 2; later++) {
		uint32_t page = wsr->list.tail;

		for (; page != BEL_NO_PAGE; page = wsr->link[page].before)
			if (((show->state[page] & BEL_PAGE_DIRTY) && !wsr->cold[page]) == later)
				show->order(show->host, page, BEL_SHOW_OTHER);
	}
}

BEL_RUN(wsr, wsr_hooks, 0)

static const struct bel_policy lru_wsr = {
	BEL_POLICY_BASE(wsr, struct wsr),
	.name = "lru-wsr",
	.title = "LRU-WSR: LRU with a second chance for dirty pages",
	.source = "H. Jung, H. Shim, S. Park, S. Kang, J. Cha, LRU-WSR: integration of LRU and "
		  "writes sequence reordering for flash memory, IEEE Transactions on Consumer "
		  "Electronics 54(3), 2008",
	.victim = wsr_victim,
	.evict = wsr_evict,
	.show = wsr_show,
	.aliases = "write sequence reordering",
};

BEL_POLICY(lru_wsr);

/* SPDX-License-Identifier: MIT */
/*
 * cflru.c: CFLRU, clean-first LRU (Park et al., CASES 2006): LRU that prefers clean victims,
 * because writing back is expensive on flash memory.
 *
 * State: resident pages in order of last reference. The clean-first region is the floor(window x
 * frames) least recently used pages, at least one.
 *
 * On a hit: the page becomes the most recent.
 *
 * On a fault:
 * 1. If no frame is free, evict the least recently used clean page of the clean-first region. If
 *    all its pages are dirty, evict the least recently used page.
 * 2. Load the page as the most recent.
 *
 * A page is clean if it was not written since it was loaded. window=0 is LRU. The paper also
 * adapts the window to the costs of reads and writes; this program does not.
 *
 * Cost: hit O(1), fault O(window); 8 bytes per page.
 */
#include "list.h"

struct cflru {
	uint64_t frames, window_pages;
	struct bel_list list; /* used last at the head */
	struct bel_link *link;
};

static void cflru_init(void *self, const struct bel_env *env)
{
	struct cflru *cflru = self;

	cflru->frames = env->frames;
	cflru->window_pages = (uint64_t)((double)env->frames * env->param[0]);
	bel_list_init(&cflru->list);
	env->page_array(env->host, &cflru->link, sizeof(*cflru->link));
}

static void cflru_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct cflru *cflru = self;

	(void)now;
	bel_list_to_head(&cflru->list, cflru->link, ref.page);
}

static uint32_t victim_of(const struct cflru *cflru, const struct bel_decision *out)
{
	uint32_t page = cflru->list.tail;

	for (uint64_t i = 0; i < cflru->window_pages && page != BEL_NO_PAGE; i++) {
		if (!(out->state[page] & BEL_PAGE_DIRTY))
			return page;
		page = cflru->link[page].before;
	}
	return cflru->list.tail;
}

static uint32_t cflru_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct cflru *cflru = self;

	(void)now;
	return victim_of(cflru, out);
}

static void cflru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct cflru *cflru = self;

	(void)now;
	if (bel_resident(out) == cflru->frames) {
		const uint32_t victim = victim_of(cflru, out);

		bel_list_remove(&cflru->list, cflru->link, victim);
		bel_evict(out, victim);
	}
	bel_list_push(&cflru->list, cflru->link, ref.page);
}

static void cflru_drop(void *self, uint32_t page)
{
	struct cflru *cflru = self;

	bel_list_remove(&cflru->list, cflru->link, page);
}

static const struct bel_hooks cflru_hooks = {
	.hit = cflru_hit,
	.fault = cflru_fault,
	.drop = cflru_drop,
};

static const struct bel_param cflru_params[] = {
	{"window", "of frames", BEL_PARAM_REAL, 0.5, 0, 1,
		"least recently used pages among which a clean page leaves first"},
	{.name = NULL},
};

/* In order of last use, although a clean page of the region leaves first. */
static void cflru_show(void *self, const struct bel_show *show)
{
	const struct cflru *cflru = self;

	bel_list_show(&cflru->list, cflru->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(cflru, cflru_hooks, 0)

static const struct bel_policy cflru = {
	BEL_POLICY_BASE(cflru, struct cflru),
	.name = "cflru",
	.title =
		"clean-first LRU: of the least recently used pages, a clean one before a dirty one",
	.source = "S.-Y. Park, D. Jung, J.-U. Kang, J.-S. Kim, J. Lee, CFLRU: a replacement "
		  "algorithm for flash memory, CASES 2006",
	.params = cflru_params,
	.victim = cflru_victim,
	.show = cflru_show,
	.aliases = "clean-first LRU",
};

BEL_POLICY(cflru);

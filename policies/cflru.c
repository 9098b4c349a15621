/* SPDX-License-Identifier: MIT */
/*
 * cflru.c: clean-first LRU: of the pages that were not used for longest, a clean one leaves
 * before a dirty one, because writing back is dear (on flash memory, to begin with).
 *
 * The clean-first region are the floor(window x frames) pages, but at least one, whose last
 * references lie farthest back. The page of it that is clean and was used longest ago leaves; if
 * all are dirty, the one used longest ago. With window=0 this is plain LRU. A page is clean if
 * it was not written since it was loaded; the victim is chosen before the page that faults
 * enters. The paper also adapts the window to the costs of reads and writes; not done here.
 *
 * A hit O(1), a fault O(window); 8 bytes a page.
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
		"pages at the old end among which clean ones leave first"},
	{.name = NULL},
};

/* In order of last use; clean pages of the window overtake. */
static void cflru_show(void *self, const struct bel_show *show)
{
	const struct cflru *cflru = self;

	bel_list_show(&cflru->list, cflru->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(cflru, cflru_hooks, 0)

static const struct bel_policy cflru = {
	BEL_POLICY_BASE(cflru, struct cflru),
	.name = "cflru",
	.title = "clean-first LRU: of the pages used longest ago, a clean one before a dirty one",
	.source = "S.-Y. Park, D. Jung, J.-U. Kang, J.-S. Kim, J. Lee, CFLRU: a replacement "
		  "algorithm for flash memory, CASES 2006",
	.params = cflru_params,
	.victim = cflru_victim,
	.show = cflru_show,
	.aliases = "clean-first LRU",
};

BEL_POLICY(cflru);

/* SPDX-License-Identifier: MIT */
/*
 * nru.c: not recently used (Tanenbaum and Bos, Modern Operating Systems, "The Not Recently Used
 * Page Replacement Algorithm"): evicts a random page of the lowest class that is not empty.
 *
 * State: four classes of resident pages: 0 neither referenced nor written, 1 written, 2
 * referenced, 3 both. "Referenced" is the accessed bit, "written" the dirty bit.
 *
 * On a hit: nothing. Hardware sets the bits.
 *
 * At a tick, after every `interval` references (after reference interval - 1, 2 interval - 1,
 * ...): clear the accessed bits of all resident pages, also of the one just referenced.
 *
 * On a fault:
 * 1. If no frame is free, number the pages of the lowest class that is not empty 0, 1, ... in
 *    order of loading, oldest first. Draw a random number below their count, even if there is only
 *    one (random.h). Evict the page with that number. random=off: evict page 0 and draw nothing.
 * 2. Load the page with its accessed bit set.
 *
 * Cost: O(frames) per eviction and per tick; 8 bytes per page.
 */
#include "random.h"
#include "scan.h"

enum { CLASSES = 4 };

struct nru {
	uint64_t frames;
	uint64_t interval;
	uint64_t draws; /* the generator's state */
	int at_random;
	struct bel_link *link;
	struct bel_list pages; /* resident, the one loaded last at the head */
};

static void nru_init(void *self, const struct bel_env *env)
{
	struct nru *nru = self;

	nru->frames = env->frames;
	nru->draws = env->seed;
	nru->interval = (uint64_t)env->param[0];
	nru->at_random = env->param[1] != 0;
	bel_list_init(&nru->pages);
	env->page_array(env->host, &nru->link, sizeof(*nru->link));
}

static int class_of(const struct bel_decision *out, uint32_t page)
{
	return 2 * bel_accessed(out, page) + bel_dirty(out, page);
}

static uint32_t choose(const struct nru *nru, const struct bel_decision *out, uint64_t *draws)
{
	uint32_t members[CLASSES] = {0}, page, passed = 0;
	int lowest = 0;

	for (page = nru->pages.tail; page != BEL_NO_PAGE; page = nru->link[page].before)
		members[class_of(out, page)]++;
	while (!members[lowest])
		lowest++;
	if (nru->at_random)
		passed = bel_random_below(draws, members[lowest]);
	page = nru->pages.tail;
	while (class_of(out, page) != lowest || passed--)
		page = nru->link[page].before;
	return page;
}

/* Draws from a copy of the generator's state: asking changes nothing. */
static uint32_t nru_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct nru *nru = self;
	uint64_t draws = nru->draws;

	(void)now;
	return nru->pages.count ? choose(nru, out, &draws) : BEL_NO_PAGE;
}

static void nru_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct nru *nru = self;
	const uint32_t victim = choose(nru, out, &nru->draws);

	(void)now;
	bel_list_remove(&nru->pages, nru->link, victim);
	bel_evict(out, victim);
}

static void nru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct nru *nru = self;

	if (bel_resident(out) == nru->frames)
		nru_evict(nru, now, out);
	bel_list_push(&nru->pages, nru->link, ref.page);
}

static void nru_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct nru *nru = self;

	if (!bel_scan_due(out, now, nru->interval))
		return;
	bel_scan_clear(&nru->pages, nru->link, out);
}

static void nru_drop(void *self, uint32_t page)
{
	struct nru *nru = self;

	bel_list_remove(&nru->pages, nru->link, page);
}

static const struct bel_hooks nru_hooks = {
	.fault = nru_fault,
	.tick = nru_tick,
	.drop = nru_drop,
};

static const struct bel_param nru_params[] = {
	{"interval", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"references between two ticks, at which reference bits are cleared"},
	{"random", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"a random page of the class leaves; off: the page loaded longest ago"},
	{.name = NULL},
};

BEL_RUN(nru, nru_hooks, BEL_POLICY_BITS)

static const struct bel_policy nru = {
	BEL_POLICY_BASE(nru, struct nru),
	.name = "nru",
	.title = "not recently used: if possible, a page neither referenced lately nor written",
	.source = "A. S. Tanenbaum, H. Bos, Modern Operating Systems, section on the not recently "
		  "used page replacement algorithm",
	.params = nru_params,
	.victim = nru_victim,
	.evict = nru_evict,
	.aliases = "not recently used, NUR",
};

BEL_POLICY(nru);

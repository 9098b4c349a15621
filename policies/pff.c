/* SPDX-License-Identifier: MIT */
/*
 * pff.c: PFF, page-fault frequency (Chu and Opderbeck, AFIPS FJCC 1972): the resident set grows
 * while faults come in quick succession and shrinks when a fault came late.
 *
 * State: resident pages in order of loading; the time of the last fault; a reference bit per page.
 *
 * On a hit: hardware sets the bit. (Here, the time of the hit is noted instead. A bit is set if that
 * is after the last time when all bits were cleared, so that no fault has to clear them.)
 *
 * On a fault at time t, the one before it at time s:
 * 1. If t - s >= interval, evict all pages that were not referenced since s (bit clear), the one
 *    loaded longest ago first. Otherwise evict nothing. The first fault evicts nothing.
 * 2. Clear the bits of all pages that stay. With clear=off, do so only if t - s >= interval, so
 *    that the bits reach back to the last such fault (as in Stallings).
 * 3. Load the page with its bit set, so that it stays at least until the second fault from now.
 *    With bit=0 only a further reference sets it: after a late fault, the pages referenced since s
 *    are resident and no others.
 *
 * Cost: hit O(1), fault O(1), a fault that evicts O(resident pages); 16 bytes per page.
 */
#include "list.h"

struct pff {
	uint64_t interval;
	int clears, load_unreferenced;
	uint64_t last;    /* time of the last fault; BEL_NEVER: none yet */
	uint64_t cleared; /* time when all bits were last cleared */
	uint64_t *used;   /* a page's bit is set if this is greater than `cleared` */
	struct bel_link *link;
	struct bel_list pages; /* resident, the one loaded last at the head */
};

static void pff_init(void *self, const struct bel_env *env)
{
	struct pff *pff = self;

	pff->interval = (uint64_t)env->param[0];
	pff->clears = env->param[1] != 0;
	pff->load_unreferenced = env->param[2] == 0;
	pff->last = BEL_NEVER;
	bel_list_init(&pff->pages);
	env->page_array(env->host, &pff->link, sizeof(*pff->link));
	env->page_array(env->host, &pff->used, sizeof(*pff->used));
}

static void pff_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct pff *pff = self;

	pff->used[ref.page] = now;
}

static void evict_unreferenced(struct pff *pff, struct bel_decision *out)
{
	for (uint32_t page = pff->pages.tail, next; page != BEL_NO_PAGE; page = next) {
		next = pff->link[page].before;
		if (pff->used[page] > pff->cleared)
			continue;
		bel_list_remove(&pff->pages, pff->link, page);
		bel_evict(out, page);
	}
}

static void pff_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct pff *pff = self;
	const int late = pff->last != BEL_NEVER && now - pff->last >= pff->interval;

	if (late)
		evict_unreferenced(pff, out);
	if (late || pff->clears)
		pff->cleared = now;
	pff->last = now;
	bel_list_push(&pff->pages, pff->link, ref.page);
	if (pff->load_unreferenced)
		bel_load_unreferenced(out);
	/* Time 0 is never after `cleared`. */
	pff->used[ref.page] = pff->load_unreferenced && bel_count(ref) == 1 ? 0 : now + 1;
}

static void pff_drop(void *self, uint32_t page)
{
	struct pff *pff = self;

	bel_list_remove(&pff->pages, pff->link, page);
}

static const struct bel_hooks pff_hooks = {
	.hit = pff_hit,
	.fault = pff_fault,
	.drop = pff_drop,
};

static const struct bel_param pff_params[] = {
	{"interval", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"a fault this long after the one before, or longer, evicts"},
	{"clear", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"every fault clears the reference bits; off: only a fault that evicts"},
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{.name = NULL},
};

BEL_RUN(pff, pff_hooks, BEL_POLICY_VARIABLE | BEL_POLICY_BITS)

/* No victim(): the victims depend on the time of the next fault. */
static const struct bel_policy pff = {
	BEL_POLICY_BASE(pff, struct pff),
	.name = "pff",
	.title =
		"page-fault frequency: a late fault evicts the pages not referenced since the last",
	.source = "W. W. Chu, H. Opderbeck, The page fault frequency replacement algorithm, AFIPS "
		  "Fall Joint Computer Conference, 1972",
	.params = pff_params,
	.aliases = "page fault frequency",
};

BEL_POLICY(pff);

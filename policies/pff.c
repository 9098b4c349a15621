/* SPDX-License-Identifier: MIT */
/*
 * pff.c: PFF, page-fault frequency (Chu and Opderbeck, AFIPS FJCC 1972): the resident set grows
 * while faults come in quick succession and shrinks when a fault came late.
 *
 * State: resident pages in order of loading; the time of the last fault. The reference bit is the
 * accessed bit that hardware sets.
 *
 * On a hit: nothing.
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
 * Cost: O(resident pages) per fault; 8 bytes per page.
 */
#include "scan.h"

struct pff {
	uint64_t interval;
	int clears, load_unreferenced;
	uint64_t last; /* time of the last fault; BEL_NEVER: none yet */
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
}

static void pff_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct pff *pff = self;

	if (pff->last != BEL_NEVER && now - pff->last >= pff->interval)
		bel_scan_evict(&pff->pages, pff->link, out);
	else if (pff->clears)
		bel_scan_clear(&pff->pages, pff->link, out);
	pff->last = now;
	bel_list_push(&pff->pages, pff->link, ref.page);
	if (pff->load_unreferenced)
		bel_load_unreferenced(out);
}

static void pff_drop(void *self, uint32_t page)
{
	struct pff *pff = self;

	bel_list_remove(&pff->pages, pff->link, page);
}

static const struct bel_hooks pff_hooks = {
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

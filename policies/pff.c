/* SPDX-License-Identifier: MIT */
/*
 * pff.c: page-fault frequency: grows while faults come quickly, shrinks when one took its time.
 *
 * At a fault at time t, the one before it being at time s: if t - s >= interval, all pages not
 * referenced since the fault at s leave, in order of loading, the oldest first; if sooner,
 * none do. Then the page is loaded. The first fault evicts nobody. `Referenced` is the accessed
 * bit, which every fault clears for all pages that stay; with clear=off only a fault that
 * lets pages go does, so that the bits reach back to the last such fault (as Stallings tells it).
 * A page is loaded with its bit set, so that it survives the next fault in any case; with bit=0
 * only a further reference sets it, which makes the resident set after a late fault exactly
 * the pages referenced after s.
 *
 * O(resident pages) a fault; 8 bytes a page.
 */
#include "scan.h"

struct pff {
	uint64_t interval;
	int clears, load_unreferenced;
	uint64_t last; /* time of the last fault, BEL_NEVER: there was none */
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
		"a fault so long or longer after the last lets unreferenced pages go"},
	{"clear", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"every fault clears the reference bits, else only one that lets pages go"},
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{.name = NULL},
};

BEL_RUN(pff, pff_hooks, BEL_POLICY_VARIABLE | BEL_POLICY_BITS)

/* No victim(): who leaves depends on when the next fault is. */
static const struct bel_policy pff = {
	BEL_POLICY_BASE(pff, struct pff),
	.name = "pff",
	.title =
		"page-fault frequency: a late fault lets go what was not referenced since the last",
	.source = "W. W. Chu, H. Opderbeck, The page fault frequency replacement algorithm, AFIPS "
		  "Fall Joint Computer Conference, 1972",
	.params = pff_params,
	.aliases = "page fault frequency",
};

BEL_POLICY(pff);

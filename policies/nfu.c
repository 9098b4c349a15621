/* SPDX-License-Identifier: MIT */
/*
 * nfu.c: not frequently used (Tanenbaum and Bos, Modern Operating Systems, "Simulating LRU in
 * Software"): a counter per page counts the intervals in which it was referenced.
 *
 * On a hit: nothing. The reference bit is the accessed bit that hardware sets.
 *
 * At a tick, after every `interval` references (after reference interval - 1, 2 interval - 1,
 * ...), for each resident page, also the one just referenced:
 * 1. Add its accessed bit to its counter.
 * 2. Clear the bit.
 *
 * On a fault:
 * 1. If no frame is free, evict the page with the lowest counter; of equals, the page loaded
 *    longest ago. The accessed bits at that time do not count.
 * 2. Load the page with counter 0. With keep=on, it continues the counter that it had when it was
 *    evicted or dropped.
 *
 * Cost: O(frames) per tick, O(log frames) per fault; 36 bytes per page.
 */
#include "heap.h"
#include "scan.h"

struct nfu {
	uint64_t frames;
	uint64_t interval;
	int keep;
	struct bel_heap heap; /* by counter, then time of loading */
	uint64_t *kept;       /* counter of a page that is not resident */
};

static void nfu_init(void *self, const struct bel_env *env)
{
	struct nfu *nfu = self;

	nfu->frames = env->frames;
	nfu->interval = (uint64_t)env->param[0];
	nfu->keep = env->param[1] != 0;
	env->page_array(env->host, &nfu->kept, sizeof(*nfu->kept));
	bel_heap_create(&nfu->heap, env);
}

/* A page leaves: evicted or dropped. */
static void nfu_drop(void *self, uint32_t page)
{
	struct nfu *nfu = self;

	if (nfu->keep)
		nfu->kept[page] = bel_heap_key(&nfu->heap, page).major;
	bel_heap_remove(&nfu->heap, page);
}

static uint32_t nfu_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct nfu *nfu = self;
	uint32_t victim = BEL_NO_PAGE;

	(void)now;
	(void)out;
	bel_heap_least(&nfu->heap, &victim);
	return victim;
}

static void nfu_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct nfu *nfu = self;
	uint32_t victim;

	if (bel_resident(out) == nfu->frames && bel_heap_least(&nfu->heap, &victim)) {
		nfu_drop(nfu, victim);
		bel_evict(out, victim);
	}
	bel_heap_set(&nfu->heap, ref.page, (struct bel_key){nfu->kept[ref.page], now});
}

static void nfu_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct nfu *nfu = self;
	struct bel_heap *heap = &nfu->heap;

	if (!bel_scan_due(out, now, nfu->interval))
		return;
	for (uint32_t at = 0; at < heap->size; at++) {
		struct bel_heap_entry *entry = &heap->entry[at];

		entry->key.major += bel_accessed(out, entry->page);
		bel_clear_accessed(out, entry->page);
	}
	bel_heap_mend(heap);
}

static const struct bel_hooks nfu_hooks = {
	.fault = nfu_fault,
	.tick = nfu_tick,
	.drop = nfu_drop,
};

static const struct bel_param nfu_params[] = {
	{"interval", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"references between two ticks, at which reference bits are added up"},
	{"keep", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"a page keeps its counter while it is not resident"},
	{.name = NULL},
};

static void nfu_show(void *self, const struct bel_show *show)
{
	const struct nfu *nfu = self;

	bel_heap_show(&nfu->heap, show, BEL_SHOW_OTHER);
}

BEL_RUN(nfu, nfu_hooks, BEL_POLICY_BITS)

static const struct bel_policy nfu = {
	BEL_POLICY_BASE(nfu, struct nfu),
	.name = "nfu",
	.title = "not frequently used: the page referenced in the fewest intervals",
	.source = "A. S. Tanenbaum, H. Bos, Modern Operating Systems, section on simulating LRU in "
		  "software",
	.params = nfu_params,
	.victim = nfu_victim,
	.show = nfu_show,
	.aliases = "not frequently used",
};

BEL_POLICY(nfu);

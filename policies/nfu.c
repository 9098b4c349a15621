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
 * Cost: tick O(pages / 64 + pages referenced since the last), at most O(frames); fault O(log frames)
 * on average; 36 bytes per page.
 */
#include "heap.h"
#include "scan.h"

struct nfu {
	uint64_t frames;
	uint64_t interval;
	int keep;
	struct bel_heap
		heap; /* by counter, then time of loading; its counters may be out of date */
	uint64_t *counter;
};

static void nfu_init(void *self, const struct bel_env *env)
{
	struct nfu *nfu = self;

	nfu->frames = env->frames;
	nfu->interval = (uint64_t)env->param[0];
	nfu->keep = env->param[1] != 0;
	env->page_array(env->host, &nfu->counter, sizeof(*nfu->counter));
	bel_heap_create(&nfu->heap, env);
}

/* Counters only grow: a page on top with an old counter gets its new one; the least stays on top. */
static uint32_t choose(struct nfu *nfu)
{
	uint32_t page = BEL_NO_PAGE;

	while (bel_heap_least(&nfu->heap, &page)) {
		struct bel_key key = nfu->heap.entry[0].key;

		if (key.major == nfu->counter[page])
			break;
		key.major = nfu->counter[page];
		bel_heap_set_least(&nfu->heap, key);
	}
	return page;
}

static uint32_t nfu_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	(void)now;
	(void)out;
	return choose(self);
}

static void nfu_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct nfu *nfu = self;
	struct bel_key key = {0, now};

	if (nfu->keep)
		key.major = nfu->counter[ref.page];
	else
		nfu->counter[ref.page] = 0;
	if (bel_resident(out) == nfu->frames) {
		const uint32_t victim = choose(nfu);

		bel_heap_replace_least(&nfu->heap, ref.page, key);
		bel_evict(out, victim);
		bel_heap_fetch_next(&nfu->heap, out->state, sizeof(*out->state));
		bel_heap_fetch_next(&nfu->heap, nfu->counter, sizeof(*nfu->counter));
	} else {
		bel_heap_set(&nfu->heap, ref.page, key);
	}
}

static void count(struct nfu *nfu, uint32_t page, struct bel_decision *out)
{
	nfu->counter[page] += bel_accessed(out, page);
	bel_clear_accessed(out, page);
}

static void nfu_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct nfu *nfu = self;
	uint32_t page;

	if (!bel_scan_due(out, now, nfu->interval))
		return;
	for (uint32_t at = 0; bel_scan_few(out) && at < nfu->heap.size; at++)
		count(nfu, nfu->heap.entry[at].page, out);
	for (page = 0; !bel_scan_few(out) && (page = bel_scan_next(out, page)) != BEL_NO_PAGE;
		page++)
		count(nfu, page, out);
}

static void nfu_drop(void *self, uint32_t page)
{
	struct nfu *nfu = self;

	bel_heap_remove(&nfu->heap, page);
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
	struct nfu *nfu = self;

	for (uint32_t at = 0; at < nfu->heap.size; at++)
		nfu->heap.entry[at].key.major = nfu->counter[nfu->heap.entry[at].page];
	bel_heap_mend(&nfu->heap);
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

/* SPDX-License-Identifier: MIT */
/*
 * sws.c: SWS, sampled working set (Rodriguez-Rosell and Dupuy, Communications of the ACM, 1973):
 * approximates the working set by periodic scans of reference bits.
 *
 * State: resident pages in order of loading; for each, the number of scans in a row that found its
 * accessed bit clear.
 *
 * On a hit: nothing. Hardware sets the accessed bit.
 *
 * On a fault: load the page with its bit set. Nothing is evicted.
 *
 * At a scan, after every `interval` references (after reference interval - 1, 2 interval - 1,
 * ...), for each resident page, the one loaded longest ago first:
 * 1. Bit set: clear it; its number of scans becomes 0.
 * 2. Bit clear: add 1 to the number. If it is now `scans`, evict the page.
 *
 * So a page stays for interval x scans references after its last one, and at most for one interval
 * longer.
 *
 * Cost: O(resident pages) per scan; 12 bytes per page.
 */
#include "scan.h"

struct sws {
	uint64_t interval;
	uint32_t scans;
	struct bel_link *link;
	uint32_t *idle;        /* of a resident page: scans that found its bit clear */
	struct bel_list pages; /* resident, the one loaded last at the head */
};

static void sws_init(void *self, const struct bel_env *env)
{
	struct sws *sws = self;

	sws->interval = (uint64_t)env->param[0];
	sws->scans = (uint32_t)env->param[1];
	bel_list_init(&sws->pages);
	env->page_array(env->host, &sws->link, sizeof(*sws->link));
	env->page_array(env->host, &sws->idle, sizeof(*sws->idle));
}

static void sws_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct sws *sws = self;

	(void)now;
	(void)out;
	sws->idle[ref.page] = 0;
	bel_list_push(&sws->pages, sws->link, ref.page);
}

static void sws_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct sws *sws = self;

	if (!bel_scan_due(out, now, sws->interval))
		return;
	for (uint32_t page = sws->pages.tail, next; page != BEL_NO_PAGE; page = next) {
		next = sws->link[page].before;
		if (bel_accessed(out, page)) {
			bel_clear_accessed(out, page);
			sws->idle[page] = 0;
		} else if (++sws->idle[page] == sws->scans) {
			bel_list_remove(&sws->pages, sws->link, page);
			bel_evict(out, page);
		}
	}
}

static void sws_drop(void *self, uint32_t page)
{
	struct sws *sws = self;

	bel_list_remove(&sws->pages, sws->link, page);
}

static const struct bel_hooks sws_hooks = {
	.fault = sws_fault,
	.tick = sws_tick,
	.drop = sws_drop,
};

static const struct bel_param sws_params[] = {
	{"interval", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"references between two scans of the reference bits"},
	{"scans", "scans", BEL_PARAM_INTEGER, 1, 1, 1000000,
		"scans in a row that must find a page unreferenced before it leaves"},
	{.name = NULL},
};

BEL_RUN(sws, sws_hooks, BEL_POLICY_VARIABLE | BEL_POLICY_BITS)

/* No victim(): pages leave only at scans. */
static const struct bel_policy sws = {
	BEL_POLICY_BASE(sws, struct sws),
	.name = "sws",
	.title = "sampled working set: scans of reference bits evict pages not referenced lately",
	.source = "J. Rodriguez-Rosell, J.-P. Dupuy, The design, implementation, and evaluation of "
		  "a working set dispatcher, Communications of the ACM 16(4), 1973",
	.params = sws_params,
	.aliases = "sampled working set",
};

BEL_POLICY(sws);

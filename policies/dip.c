/* SPDX-License-Identifier: MIT */
/*
 * dip.c: dynamic insertion: the page used longest ago leaves, but new pages enter either as the
 * most recent (LRU) or mostly as the one to leave next (BIP), whichever faults less.
 *
 * Pages are in order of last use; a hit makes a page the most recent. A page that BIP inserts is
 * the most recent with probability epsilon (one random number an insertion, below epsilon), else
 * it enters at the old end; should the run of references that loads it go on, its hits make it
 * the most recent all the same.
 *
 * Who inserts: pages with number 0 modulo 64 are always inserted by LRU, those with 32 by BIP.
 * A fault on one of the first raises a counter of `psel` bits by 1, on one of the second lowers
 * it by 1, within its range; it begins at 2^(psel-1)-1. From 2^(psel-1) on, all other pages are
 * inserted by BIP, below by LRU; the counter moves first. The paper lets sets of a processor's
 * cache compete; memory is one set, so pages do. duel=off: all pages by BIP; with epsilon=0 that
 * is the paper's LIP, with epsilon=1 it is LRU.
 *
 * O(1) a reference; 8 bytes a page.
 */
#include <stdlib.h>

#include "list.h"
#include "random.h"

#define DUELLISTS 64 /* one page of so many for each side */

struct dip {
	uint64_t frames, seed;
	double epsilon;
	uint32_t psel, psel_max;
	int duel;
	struct bel_list list; /* most recent at the head */
	struct bel_link *link;
};

static void *dip_create(const struct bel_env *env, struct bel_err *err)
{
	struct dip *dip = calloc(1, sizeof(*dip));

	(void)err;
	if (!dip)
		return NULL;
	dip->frames = env->frames;
	dip->seed = env->seed;
	dip->epsilon = env->param[0];
	dip->duel = env->param[1] != 0;
	dip->psel_max = (1u << (unsigned)env->param[2]) - 1;
	dip->psel = dip->psel_max / 2;
	bel_list_init(&dip->list);
	env->page_array(env->host, &dip->link, sizeof(*dip->link));
	return dip;
}

static void dip_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct dip *dip = self;

	(void)now;
	bel_list_to_head(&dip->list, dip->link, ref.page);
}

/* Whether the page is BIP's to insert. */
static int by_bip(struct dip *dip, uint32_t page)
{
	if (!dip->duel)
		return 1;
	if (page % DUELLISTS == 0) {
		dip->psel += dip->psel < dip->psel_max;
		return 0;
	}
	if (page % DUELLISTS == DUELLISTS / 2) {
		dip->psel -= dip->psel > 0;
		return 1;
	}
	return dip->psel > dip->psel_max / 2;
}

static void dip_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_out *out)
{
	struct dip *dip = self;
	const int old_end = by_bip(dip, ref.page) && bel_random_real(&dip->seed) >= dip->epsilon;

	(void)now;
	if (bel_resident(out) == dip->frames) {
		const uint32_t victim = dip->list.tail;

		bel_list_remove(&dip->list, dip->link, victim);
		bel_evict(out, victim);
	}
	if (old_end && bel_count(ref) == 1)
		bel_list_append(&dip->list, dip->link, ref.page);
	else
		bel_list_push(&dip->list, dip->link, ref.page);
}

static void dip_drop(void *self, uint32_t page)
{
	struct dip *dip = self;

	bel_list_remove(&dip->list, dip->link, page);
}

static const struct bel_hooks dip_hooks = {
	.hit = dip_hit,
	.fault = dip_fault,
	.drop = dip_drop,
};

static const struct bel_param dip_params[] = {
	{"epsilon", "", BEL_PARAM_REAL, 0.03125, 0, 1,
		"probability with which BIP inserts a page as the most recent"},
	{"duel", "", BEL_PARAM_SWITCH, 1, 0, 1, "LRU and BIP compete; off: BIP alone"},
	{"psel", "bits", BEL_PARAM_INTEGER, 10, 1, 31, "width of the counter of the duel"},
	{.name = NULL},
};

static void dip_report(void *self, struct bel_sink *sink)
{
	const struct dip *dip = self;

	sink->count(sink->host, "psel", dip->psel);
}

static void dip_show(void *self, const struct bel_show *show)
{
	const struct dip *dip = self;

	bel_list_show(&dip->list, dip->link, show, BEL_SHOW_OTHER);
}

#define DIP_CAPS 0

BEL_RUN(dip, dip_hooks, DIP_CAPS)

static const struct bel_policy dip = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.caps = DIP_CAPS,
	.name = "dip",
	.title = "dynamic insertion: new pages enter as the most or the least recently used",
	.source = "M. K. Qureshi, A. Jaleel, Y. N. Patt, S. C. Steely, J. Emer, Adaptive insertion "
		  "policies for high performance caching, ISCA 2007",
	.params = dip_params,
	.create = dip_create,
	.destroy = free,
	.hooks = &dip_hooks,
	.run = dip_run,
	.report = dip_report,
	.show = dip_show,
};

BEL_POLICY(dip);

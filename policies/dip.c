/* SPDX-License-Identifier: MIT */
/*
 * dip.c: DIP, dynamic insertion policy (Qureshi et al., ISCA 2007, DIP-Global): evicts the least
 * recently used page, and chooses between two ways to insert new pages.
 *
 * State:
 * - Resident pages in order of last reference.
 * - Two directories, LRU's and BIP's: the pages that memory would hold under each insertion alone.
 *   Each sees every reference.
 * - psel, a counter of `psel` bits, 2^(psel-1) - 1 at first.
 *
 * Insertion: LRU inserts a page at the recent end. BIP draws a random number; below epsilon it
 * inserts at the recent end, otherwise at the old end, as the next victim.
 *
 * On each reference, before memory:
 * 1. If it faults in LRU's directory, add 1 to psel. If it faults in BIP's, subtract 1. psel stays
 *    in its range.
 *
 * On a hit: the page becomes the most recent.
 *
 * On a fault:
 * 1. If no frame is free, evict the page at the old end.
 * 2. Insert the page by BIP if psel is 2^(psel-1) or more, otherwise by LRU. Further references of
 *    the same run are hits.
 *
 * The paper then replaces the directories by sets of a processor cache; memory has no sets.
 * duel=off: BIP alone, without directories. With epsilon=0 that is the paper's LIP, with epsilon=1
 * LRU. A page that is dropped leaves the directories, too.
 *
 * Cost: O(1) per reference; 25 bytes per page.
 */
#include "list.h"
#include "random.h"

enum stack { MEMORY, LRU, BIP, STACKS };

struct dip {
	uint64_t frames, seed;
	double epsilon;
	uint32_t psel, psel_max;
	int duel;
	struct bel_list list[STACKS]; /* most recent at the head */
	struct bel_link *link[STACKS];
	uint8_t *known; /* of a page: bits 1 << directory, for those that hold it */
};

static void dip_init(void *self, const struct bel_env *env)
{
	struct dip *dip = self;

	dip->frames = env->frames;
	dip->seed = env->seed;
	dip->epsilon = env->param[0];
	dip->duel = env->param[1] != 0;
	dip->psel_max = (1u << (unsigned)env->param[2]) - 1;
	dip->psel = dip->psel_max / 2;
	for (int s = MEMORY; s < STACKS; s++) {
		bel_list_init(&dip->list[s]);
		env->page_array(env->host, &dip->link[s], sizeof(*dip->link[s]));
	}
	env->page_array(env->host, &dip->known, sizeof(*dip->known));
}

/* Inserts a page at the first of n references. The others are hits. */
static void enter(struct dip *dip, enum stack s, uint32_t page, int by_bip, uint32_t n)
{
	if (by_bip && bel_random_real(&dip->seed) >= dip->epsilon && n == 1)
		bel_list_append(&dip->list[s], dip->link[s], page);
	else
		bel_list_push(&dip->list[s], dip->link[s], page);
}

/* Whether the first of n references faults in the directory. */
static int look_up(struct dip *dip, enum stack s, uint32_t page, uint32_t n)
{
	const uint8_t bit = (uint8_t)(1 << s);

	if (dip->known[page] & bit) {
		bel_list_to_head(&dip->list[s], dip->link[s], page);
		return 0;
	}
	if (dip->list[s].count == dip->frames) {
		const uint32_t victim = dip->list[s].tail;

		bel_list_remove(&dip->list[s], dip->link[s], victim);
		dip->known[victim] &= (uint8_t)~bit;
	}
	enter(dip, s, page, s == BIP, n);
	dip->known[page] |= bit;
	return 1;
}

static void refer(struct dip *dip, uint32_t page, uint32_t n)
{
	if (!dip->duel || (dip->list[LRU].head == page && dip->list[BIP].head == page))
		return;
	if (look_up(dip, LRU, page, n))
		dip->psel += dip->psel < dip->psel_max;
	if (look_up(dip, BIP, page, n))
		dip->psel -= dip->psel > 0;
}

static void dip_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct dip *dip = self;

	(void)now;
	refer(dip, ref.page, bel_count(ref));
	bel_list_to_head(&dip->list[MEMORY], dip->link[MEMORY], ref.page);
}

static uint32_t dip_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct dip *dip = self;

	(void)now;
	(void)out;
	return dip->list[MEMORY].tail;
}

static void dip_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct dip *dip = self;
	const uint32_t victim = dip_victim(dip, now, out);

	bel_list_remove(&dip->list[MEMORY], dip->link[MEMORY], victim);
	bel_evict(out, victim);
}

static void dip_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct dip *dip = self;

	refer(dip, ref.page, bel_count(ref));
	if (bel_resident(out) == dip->frames)
		dip_evict(dip, now, out);
	enter(dip, MEMORY, ref.page, !dip->duel || dip->psel > dip->psel_max / 2, bel_count(ref));
}

static void dip_drop(void *self, uint32_t page)
{
	struct dip *dip = self;

	bel_list_remove(&dip->list[MEMORY], dip->link[MEMORY], page);
	for (int s = LRU; s < STACKS; s++)
		if (dip->known[page] & 1 << s)
			bel_list_remove(&dip->list[s], dip->link[s], page);
	dip->known[page] = 0;
}

static const struct bel_hooks dip_hooks = {
	.hit = dip_hit,
	.fault = dip_fault,
	.drop = dip_drop,
};

static const struct bel_param dip_params[] = {
	{"epsilon", "", BEL_PARAM_REAL, 0.03125, 0, 1,
		"probability with which BIP inserts a page at the recent end"},
	{"duel", "", BEL_PARAM_SWITCH, 1, 0, 1, "LRU and BIP compete; off: BIP alone"},
	{"psel", "bits", BEL_PARAM_INTEGER, 10, 1, 31,
		"width of the counter that compares the two"},
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

	bel_list_show(&dip->list[MEMORY], dip->link[MEMORY], show, BEL_SHOW_OTHER);
}

BEL_RUN(dip, dip_hooks, 0)

static const struct bel_policy dip = {
	BEL_POLICY_BASE(dip, struct dip),
	.name = "dip",
	.title = "DIP: LRU, but new pages enter at the recent or the old end, as faults decide",
	.source = "M. K. Qureshi, A. Jaleel, Y. N. Patt, S. C. Steely, J. Emer, Adaptive insertion "
		  "policies for high performance caching, ISCA 2007",
	.params = dip_params,
	.victim = dip_victim,
	.evict = dip_evict,
	.report = dip_report,
	.show = dip_show,
	.aliases = "dynamic insertion",
};

BEL_POLICY(dip);

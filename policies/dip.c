/* SPDX-License-Identifier: MIT */
/*
 * dip.c: dynamic insertion: the page used longest ago leaves, but new pages enter either as the
 * most recent (LRU) or mostly as the one to leave next (BIP), whichever would fault less.
 *
 * Pages are in order of last use; a hit makes a page the most recent. A page that BIP inserts is
 * the most recent with probability epsilon (one random number an insertion, below epsilon), else it
 * enters at the old end; should the run of references that loads it go on, its hits make it the
 * most recent all the same.
 *
 * Who inserts: the paper's DIP-Global. Two directories as large as memory see all references, one
 * run by LRU, one by BIP; they hold what memory would. A fault in LRU's raises a counter of `psel`
 * bits by 1, then one in BIP's lowers it by 1, within its range; it begins at 2^(psel-1)-1. From
 * 2^(psel-1) on BIP inserts into memory, below LRU; the directories come first, also with their
 * random numbers. (The paper goes on to let sets of a processor's cache take the place of the
 * directories; memory has no sets.) duel=off: no directories, BIP always; with epsilon=0 that is
 * the paper's LIP, with epsilon=1 it is LRU. A page dropped leaves the directories, too.
 *
 * O(1) a reference; 25 bytes a page.
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
	uint8_t *known; /* of a page: 1 << directory */
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

/* n references, of which the first brings the page in. */
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

static void dip_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct dip *dip = self;

	refer(dip, ref.page, bel_count(ref));
	if (bel_resident(out) == dip->frames) {
		const uint32_t victim = dip_victim(dip, now, out);

		bel_list_remove(&dip->list[MEMORY], dip->link[MEMORY], victim);
		bel_evict(out, victim);
	}
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

	bel_list_show(&dip->list[MEMORY], dip->link[MEMORY], show, BEL_SHOW_OTHER);
}

BEL_RUN(dip, dip_hooks, 0)

static const struct bel_policy dip = {
	BEL_POLICY_BASE(dip, struct dip),
	.name = "dip",
	.title = "dynamic insertion: new pages enter as the most or the least recently used",
	.source = "M. K. Qureshi, A. Jaleel, Y. N. Patt, S. C. Steely, J. Emer, Adaptive insertion "
		  "policies for high performance caching, ISCA 2007",
	.params = dip_params,
	.victim = dip_victim,
	.report = dip_report,
	.show = dip_show,
	.aliases = "dynamic insertion",
};

BEL_POLICY(dip);

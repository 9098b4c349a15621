/* SPDX-License-Identifier: MIT */
/*
 * nru.c: not recently used (Tanenbaum and Bos, Modern Operating Systems, "The Not Recently Used
 * Page Replacement Algorithm"): evicts a random page of the lowest class that is not empty.
 *
 * State: four classes of resident pages: 0 neither referenced nor written, 1 written, 2
 * referenced, 3 both. "Referenced" is the accessed bit, "written" the dirty bit.
 *
 * On a hit: hardware sets the bits. (Here, a page whose bits change also changes its class, so that
 * no eviction has to look at all pages.)
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
 * Cost: hit O(1); eviction O(frames / 32,768) and some 30 steps; tick O(frames / 64 + pages
 * referenced since the last); 16 bytes per page.
 */
#include "load_classes.h"
#include "random.h"
#include "scan.h"

enum { WRITTEN = 1, REFERENCED = 2 };

struct nru {
	uint64_t frames;
	uint64_t interval;
	uint64_t draws; /* the generator's state */
	int at_random;
	struct bel_load_classes loads;
	uint32_t late; /* the page at the last tick: its run may have gone on */
};

static void nru_init(void *self, const struct bel_env *env)
{
	struct nru *nru = self;

	nru->frames = env->frames;
	nru->draws = env->seed;
	nru->interval = (uint64_t)env->param[0];
	nru->at_random = env->param[1] != 0;
	nru->late = BEL_NO_PAGE;
	bel_load_classes_create(&nru->loads, env);
}

static void nru_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct nru *nru = self;
	const int is = REFERENCED | (ref.info & BEL_RUN_WRITE ? WRITTEN : 0);
	const int was = nru->loads.class[ref.page];

	(void)now;
	if (__builtin_expect((is & ~was) != 0, 0))
		bel_load_classes_move(&nru->loads, ref.page, is | was);
}

/* References after a tick inside a run set the bit again, but no hit() tells. */
static void catch_up(struct nru *nru, const struct bel_decision *out)
{
	const uint32_t page = nru->late;

	if (page != BEL_NO_PAGE && (out->state[page] & BEL_PAGE_RESIDENT) &&
		bel_accessed(out, page))
		bel_load_classes_move(&nru->loads, page, nru->loads.class[page] | REFERENCED);
	nru->late = BEL_NO_PAGE;
}

/* Chooses the lowest class that is not empty, and draws the number of a page in it. */
static uint32_t choose(
	struct nru *nru, const struct bel_decision *out, uint64_t *draws, int *lowest)
{
	catch_up(nru, out);
	*lowest = 0;
	while (!nru->loads.count[*lowest])
		++*lowest;
	return nru->at_random ? bel_random_below(draws, nru->loads.count[*lowest]) : 0;
}

/* Draws from a copy of the generator's state: asking changes nothing. */
static uint32_t nru_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct nru *nru = self;
	uint64_t draws = nru->draws;
	uint32_t number;
	int lowest;

	(void)now;
	if (!bel_resident(out))
		return BEL_NO_PAGE;
	number = choose(nru, out, &draws, &lowest);
	return bel_load_classes_find(&nru->loads, lowest, number);
}

static void nru_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct nru *nru = self;
	int lowest;
	const uint32_t number = choose(nru, out, &nru->draws, &lowest);

	(void)now;
	bel_evict(out, bel_load_classes_take(&nru->loads, lowest, number));
}

static void nru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct nru *nru = self;

	if (bel_resident(out) == nru->frames)
		nru_evict(nru, now, out);
	bel_load_classes_push(
		&nru->loads, ref.page, REFERENCED | (ref.info & BEL_RUN_WRITE ? WRITTEN : 0));
}

static void nru_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct nru *nru = self;

	if (!bel_scan_due(out, now, nru->interval))
		return;
	catch_up(nru, out);
	bel_load_classes_lower(&nru->loads, out);
	nru->late = out->faulted;
}

static int nru_bits_suffice(const void *self)
{
	(void)self;
	return 1;
}

static void nru_drop(void *self, uint32_t page)
{
	struct nru *nru = self;

	bel_load_classes_remove(&nru->loads, page);
}

static const struct bel_hooks nru_hooks = {
	.hit = nru_hit,
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
	.bits_suffice = nru_bits_suffice,
	.aliases = "not recently used, NUR",
};

BEL_POLICY(nru);

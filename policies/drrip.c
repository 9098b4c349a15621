/* SPDX-License-Identifier: MIT */
/*
 * drrip.c: re-reference interval prediction: each page has a small number, 0 for one that is
 * expected back soon, the greatest for one that is not; such a one leaves.
 *
 * With `bits` bits the greatest value is 2^bits - 1. A hit sets the page's value to 0 (the
 * paper's HP) or, with fp=on, lowers it by 1 down to 0 (FP). When a frame is needed, all values
 * are raised by 1 until a page has the greatest; of several the one whose value was set longest
 * ago leaves (the paper: the leftmost way of the set). Raising all at once sets nobody's value,
 * and neither does a hit on a page whose value is 0 already.
 *
 * A page that SRRIP inserts gets the greatest value less 1; BRRIP gives that with probability
 * epsilon (one random number an insertion, below epsilon), else the greatest. Who inserts: pages
 * with number 0 modulo 64 always by SRRIP, those with 32 by BRRIP. A fault on one of the first
 * raises a counter of `psel` bits by 1, on one of the second lowers it by 1, within its range;
 * it begins at 2^(psel-1)-1. From 2^(psel-1) on, all other pages are inserted by BRRIP, below by
 * SRRIP; the counter moves first. The paper lets sets of a processor's cache compete; memory is
 * one set, so pages do. duel=off: all by BRRIP; with epsilon=1 that is SRRIP.
 *
 * O(1) a hit, O(2^bits) a fault; 9 bytes a page.
 */
#include <stdlib.h>

#include "list.h"
#include "random.h"

#define BITS_MAX 8
#define DUELLISTS 64 /* one page of so many for each side */

/* Values turn instead of growing: `zero` is the list of those with value 0, the next of 1, ... */
struct rrip {
	uint64_t frames, seed;
	double epsilon;
	uint32_t psel, psel_max;
	int duel, fp;
	uint8_t mask, zero;
	struct bel_list list[1 << BITS_MAX]; /* values set last at the head */
	struct bel_link *link;
	uint8_t *place; /* a page's list */
};

static void *rrip_create(const struct bel_env *env, struct bel_err *err)
{
	struct rrip *rrip = calloc(1, sizeof(*rrip));

	(void)err;
	if (!rrip)
		return NULL;
	rrip->frames = env->frames;
	rrip->seed = env->seed;
	rrip->mask = (uint8_t)((1u << (unsigned)env->param[0]) - 1);
	rrip->epsilon = env->param[1];
	rrip->duel = env->param[2] != 0;
	rrip->psel_max = (1u << (unsigned)env->param[3]) - 1;
	rrip->psel = rrip->psel_max / 2;
	rrip->fp = env->param[4] != 0;
	for (int i = 0; i <= rrip->mask; i++)
		bel_list_init(&rrip->list[i]);
	env->page_array(env->host, &rrip->link, sizeof(*rrip->link));
	env->page_array(env->host, &rrip->place, sizeof(*rrip->place));
	return rrip;
}

static void enter(struct rrip *rrip, uint32_t page, uint32_t value)
{
	rrip->place[page] = (uint8_t)((rrip->zero + value) & rrip->mask);
	bel_list_push(&rrip->list[rrip->place[page]], rrip->link, page);
}

/* The value after n hits. */
static uint32_t lowered(const struct rrip *rrip, uint32_t value, uint32_t n)
{
	return rrip->fp && value > n ? value - n : rrip->fp || n ? 0 : value;
}

static void rrip_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct rrip *rrip = self;
	const uint8_t place = rrip->place[ref.page];

	(void)now;
	if (place == rrip->zero)
		return;
	bel_list_remove(&rrip->list[place], rrip->link, ref.page);
	enter(rrip, ref.page,
		lowered(rrip, (uint32_t)(place - rrip->zero) & rrip->mask, bel_count(ref)));
}

/* Whether the page is BRRIP's to insert. */
static int by_brrip(struct rrip *rrip, uint32_t page)
{
	if (!rrip->duel)
		return 1;
	if (page % DUELLISTS == 0) {
		rrip->psel += rrip->psel < rrip->psel_max;
		return 0;
	}
	if (page % DUELLISTS == DUELLISTS / 2) {
		rrip->psel -= rrip->psel > 0;
		return 1;
	}
	return rrip->psel > rrip->psel_max / 2;
}

static void rrip_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_out *out)
{
	struct rrip *rrip = self;
	const int distant =
		by_brrip(rrip, ref.page) && bel_random_real(&rrip->seed) >= rrip->epsilon;
	const uint32_t value = distant ? rrip->mask : rrip->mask - 1u;

	(void)now;
	if (bel_resident(out) == rrip->frames) {
		const struct bel_list *greatest;
		uint32_t victim;

		while (greatest = &rrip->list[(rrip->zero + rrip->mask) & rrip->mask],
			!greatest->count)
			rrip->zero = (uint8_t)((rrip->zero - 1) & rrip->mask);
		victim = greatest->tail;
		bel_list_remove(&rrip->list[rrip->place[victim]], rrip->link, victim);
		bel_evict(out, victim);
	}
	enter(rrip, ref.page, lowered(rrip, value, bel_count(ref) - 1));
}

static void rrip_drop(void *self, uint32_t page)
{
	struct rrip *rrip = self;

	bel_list_remove(&rrip->list[rrip->place[page]], rrip->link, page);
}

static const struct bel_hooks rrip_hooks = {
	.hit = rrip_hit,
	.fault = rrip_fault,
	.drop = rrip_drop,
};

static const struct bel_param rrip_params[] = {
	{"bits", "bits", BEL_PARAM_INTEGER, 2, 1, BITS_MAX, "width of a page's value"},
	{"epsilon", "", BEL_PARAM_REAL, 0.03125, 0, 1,
		"probability with which BRRIP inserts like SRRIP"},
	{"duel", "", BEL_PARAM_SWITCH, 1, 0, 1, "SRRIP and BRRIP compete; off: BRRIP alone"},
	{"psel", "bits", BEL_PARAM_INTEGER, 10, 1, 31, "width of the counter of the duel"},
	{"fp", "", BEL_PARAM_SWITCH, 0, 0, 1, "a hit lowers the value by 1, not to 0"},
	{.name = NULL},
};

static void rrip_report(void *self, struct bel_sink *sink)
{
	const struct rrip *rrip = self;

	sink->count(sink->host, "psel", rrip->psel);
}

static void rrip_show(void *self, const struct bel_show *show)
{
	const struct rrip *rrip = self;

	for (int value = rrip->mask; value >= 0; value--)
		bel_list_show(&rrip->list[(rrip->zero + value) & rrip->mask], rrip->link, show,
			BEL_SHOW_OTHER);
}

#define RRIP_CAPS 0

BEL_RUN(rrip, rrip_hooks, RRIP_CAPS)

static const struct bel_policy drrip = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.caps = RRIP_CAPS,
	.name = "drrip",
	.title = "re-reference interval prediction: a few bits tell how soon a page comes back",
	.source = "A. Jaleel, K. B. Theobald, S. C. Steely, J. Emer, High performance cache "
		  "replacement using re-reference interval prediction (RRIP), ISCA 2010",
	.params = rrip_params,
	.create = rrip_create,
	.destroy = free,
	.hooks = &rrip_hooks,
	.run = rrip_run,
	.report = rrip_report,
	.show = rrip_show,
};

BEL_POLICY(drrip);

/* SPDX-License-Identifier: MIT */
/*
 * drrip.c: DRRIP, dynamic re-reference interval prediction (Jaleel et al., ISCA 2010): each page
 * has a value, 0 for a page expected soon, 2^bits - 1 for a page expected late.
 *
 * State:
 * - A value of `bits` bits per resident page.
 * - Two directories, SRRIP's and BRRIP's: the pages that memory would hold under each insertion
 *   alone. Each sees every reference.
 * - psel, a counter of `psel` bits, 2^(psel-1) - 1 at first.
 *
 * Insertion: SRRIP gives a new page the greatest value less 1. BRRIP draws a random number; below
 * epsilon it does the same, otherwise it gives the greatest value.
 *
 * On each reference, before memory:
 * 1. If it faults in SRRIP's directory, add 1 to psel. If it faults in BRRIP's, subtract 1. psel
 *    stays in its range.
 *
 * On a hit: the value becomes 0 (the paper's HP). fp=on: it is lowered by 1, at least to 0 (FP).
 *
 * On a fault:
 * 1. If no frame is free, add 1 to all values until a page has the greatest value. Evict it; of
 *    several, the page whose value was set longest ago (the paper: the leftmost way of the set).
 *    Adding 1 to all sets no value, nor does a hit on a page whose value is 0.
 * 2. Insert the page by BRRIP if psel is 2^(psel-1) or more, otherwise by SRRIP. Further
 *    references of the same run are hits.
 *
 * The paper uses sets of a processor cache as directories; memory has no sets. duel=off:
 * BRRIP alone, without directories; with epsilon=1 that is SRRIP. A page that is dropped leaves
 * the directories, too.
 *
 * Cost: hit O(1), fault O(2^bits); 28 bytes per page.
 */
#include "list.h"
#include "random.h"

#define BITS_MAX 8

enum directory { MEMORY, SRRIP, BRRIP, DIRECTORIES };

/*
 * A ring of one list per value: list `zero` has the pages with value 0, the next list those with
 * value 1, and so on. To add 1 to all values, `zero` moves back by one list.
 */
struct values {
	struct bel_list list[1 << BITS_MAX]; /* values set last at the head */
	struct bel_link *link;
	uint8_t zero;
	uint64_t count; /* pages */
};

struct rrip {
	uint64_t frames, seed;
	double epsilon;
	uint32_t psel, psel_max;
	int duel, fp;
	uint8_t mask; /* the greatest value */
	struct values directory[DIRECTORIES];
	/* Together, so that a reference reads one cache line. */
	struct about {
		uint8_t place[DIRECTORIES]; /* of a page: its list */
		uint8_t known;              /* bits 1 << directory, for those that hold it */
	} * page;
};

static void rrip_init(void *self, const struct bel_env *env)
{
	struct rrip *rrip = self;

	rrip->frames = env->frames;
	rrip->seed = env->seed;
	rrip->mask = (uint8_t)((1u << (unsigned)env->param[0]) - 1);
	rrip->epsilon = env->param[1];
	rrip->duel = env->param[2] != 0;
	rrip->psel_max = (1u << (unsigned)env->param[3]) - 1;
	rrip->psel = rrip->psel_max / 2;
	rrip->fp = env->param[4] != 0;
	for (struct values *v = rrip->directory; v < rrip->directory + DIRECTORIES; v++) {
		for (int i = 0; i <= rrip->mask; i++)
			bel_list_init(&v->list[i]);
		env->page_array(env->host, &v->link, sizeof(*v->link));
	}
	env->page_array(env->host, &rrip->page, sizeof(*rrip->page));
}

BEL_INLINE void put(struct rrip *rrip, enum directory directory, uint32_t page, uint32_t value)
{
	struct values *const v = &rrip->directory[directory];
	const uint8_t place = (uint8_t)((v->zero + value) & rrip->mask);

	rrip->page[page].place[directory] = place;
	bel_list_push(&v->list[place], v->link, page);
	v->count++;
}

BEL_INLINE void take(struct rrip *rrip, enum directory directory, uint32_t page)
{
	struct values *const v = &rrip->directory[directory];

	bel_list_remove(&v->list[rrip->page[page].place[directory]], v->link, page);
	v->count--;
}

/* Lowers a page's value for n hits. */
BEL_INLINE void lower(struct rrip *rrip, enum directory directory, uint32_t page, uint32_t n)
{
	const uint32_t place = rrip->page[page].place[directory];
	const uint32_t value = (place - rrip->directory[directory].zero) & rrip->mask;

	if (!value || !n)
		return;
	take(rrip, directory, page);
	put(rrip, directory, page, rrip->fp && value > n ? value - n : 0);
}

/* Takes the victim off its list. Fetches what is read of one that leaves soon. */
static uint32_t pop(struct rrip *rrip, enum directory directory, const struct bel_decision *out)
{
	struct values *const v = &rrip->directory[directory];
	struct bel_list *list;
	uint32_t page, soon;

	while (list = &v->list[(v->zero + rrip->mask) & rrip->mask], list->tail == BEL_NO_PAGE)
		v->zero = (uint8_t)((v->zero - 1) & rrip->mask);
	page = list->tail;
	bel_list_remove(list, v->link, page);
	v->count--;
	soon = bel_list_fetch_behind(list, v->link);
	if (soon == BEL_NO_PAGE)
		return page;
	if (directory == MEMORY)
		__builtin_prefetch(&out->state[soon], 1);
	else
		__builtin_prefetch(&rrip->page[soon], 1);
	return page;
}

/* A page with the highest value that occurs is the first to reach the greatest value. */
static uint32_t rrip_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct rrip *rrip = self;
	const struct values *v = &rrip->directory[MEMORY];
	uint32_t page = BEL_NO_PAGE;

	(void)now;
	(void)out;
	for (int value = rrip->mask; value >= 0 && page == BEL_NO_PAGE; value--)
		page = v->list[(v->zero + value) & rrip->mask].tail;
	return page;
}

/* Inserts a page at the first of n references. The others are hits. */
BEL_INLINE void enter(
	struct rrip *rrip, enum directory directory, uint32_t page, int by_brrip, uint32_t n)
{
	const int distant = by_brrip && bel_random_real(&rrip->seed) >= rrip->epsilon;

	put(rrip, directory, page, distant ? rrip->mask : rrip->mask - 1u);
	lower(rrip, directory, page, n - 1);
}

/* Whether the first of n references faults in the directory. */
BEL_INLINE int look_up(struct rrip *rrip, enum directory directory, uint32_t page, uint32_t n)
{
	const uint8_t bit = (uint8_t)(1 << directory);

	if (rrip->page[page].known & bit) {
		lower(rrip, directory, page, n);
		return 0;
	}
	if (rrip->directory[directory].count == rrip->frames)
		rrip->page[pop(rrip, directory, NULL)].known &= (uint8_t)~bit;
	enter(rrip, directory, page, directory == BRRIP, n);
	rrip->page[page].known |= bit;
	return 1;
}

static void refer(struct rrip *rrip, uint32_t page, uint32_t n)
{
	if (!rrip->duel)
		return;
	if (look_up(rrip, SRRIP, page, n))
		rrip->psel += rrip->psel < rrip->psel_max;
	if (look_up(rrip, BRRIP, page, n))
		rrip->psel -= rrip->psel > 0;
}

static void rrip_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct rrip *rrip = self;

	(void)now;
	refer(rrip, ref.page, bel_count(ref));
	lower(rrip, MEMORY, ref.page, bel_count(ref));
}

static void rrip_evict(void *self, uint64_t now, struct bel_decision *out)
{
	(void)now;
	bel_evict(out, pop(self, MEMORY, out));
}

static void rrip_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct rrip *rrip = self;

	refer(rrip, ref.page, bel_count(ref));
	if (bel_resident(out) == rrip->frames)
		rrip_evict(rrip, now, out);
	enter(rrip, MEMORY, ref.page, !rrip->duel || rrip->psel > rrip->psel_max / 2,
		bel_count(ref));
}

static void rrip_drop(void *self, uint32_t page)
{
	struct rrip *rrip = self;

	take(rrip, MEMORY, page);
	for (int directory = SRRIP; directory < DIRECTORIES; directory++)
		if (rrip->page[page].known & 1 << directory)
			take(rrip, directory, page);
	rrip->page[page].known = 0;
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
	{"psel", "bits", BEL_PARAM_INTEGER, 10, 1, 31,
		"width of the counter that compares the two"},
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
	const struct values *v = &rrip->directory[MEMORY];

	for (int value = rrip->mask; value >= 0; value--)
		bel_list_show(
			&v->list[(v->zero + value) & rrip->mask], v->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(rrip, rrip_hooks, 0)

static const struct bel_policy drrip = {
	BEL_POLICY_BASE(rrip, struct rrip),
	.name = "drrip",
	.title = "DRRIP: a few bits per page predict how soon it is referenced again",
	.source = "A. Jaleel, K. B. Theobald, S. C. Steely, J. Emer, High performance cache "
		  "replacement using re-reference interval prediction (RRIP), ISCA 2010",
	.params = rrip_params,
	.victim = rrip_victim,
	.evict = rrip_evict,
	.report = rrip_report,
	.show = rrip_show,
	.aliases = "dynamic RRIP, RRIP",
};

BEL_POLICY(drrip);

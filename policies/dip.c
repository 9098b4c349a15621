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
 * Here, one log has the order of last reference of all stacks, and each stack its own oldest entry.
 * The pages that a stack inserted at its old end, and that were not referenced since, are in a list.
 *
 * Cost: O(1) per reference; 45 bytes per page.
 */
#include "list.h"
#include "random.h"
#include "recency.h"

enum directory { MEMORY, LRU, BIP, DIRECTORIES };

struct stack {
	uint32_t tail,
		count; /* no page is below this entry of the log; pages, with those in `old` */
	struct bel_list
		old; /* the next victim at the tail; if it is empty, the oldest of the log */
	struct bel_link *link;
};

struct dip {
	uint64_t frames, seed;
	double epsilon;
	uint32_t psel, psel_max;
	int duel;
	struct stack stack[DIRECTORIES];
	struct bel_recency order;
	uint8_t *known; /* of a page: the bits below */
};

/* The directory holds the page. */
BEL_INLINE uint8_t holds(enum directory d)
{
	return (uint8_t)(1 << d);
}

/* The page is in the list `old` of that stack. */
BEL_INLINE uint8_t is_old(enum directory d)
{
	return (uint8_t)(1 << (DIRECTORIES + d));
}

static void dip_init(void *self, const struct bel_env *env)
{
	struct dip *dip = self;

	dip->frames = env->frames;
	dip->seed = env->seed;
	dip->epsilon = env->param[0];
	dip->duel = env->param[1] != 0;
	dip->psel_max = (1u << (unsigned)env->param[2]) - 1;
	dip->psel = dip->psel_max / 2;
	for (struct stack *s = dip->stack; s < dip->stack + DIRECTORIES; s++) {
		bel_list_init(&s->old);
		env->page_array(env->host, &s->link, sizeof(*s->link));
	}
	bel_recency_create(&dip->order, env);
	env->page_array(env->host, &dip->known, sizeof(*dip->known));
}

/* A reference: the page becomes the most recent of the log. */
BEL_INLINE void touch(struct dip *dip, uint32_t page)
{
	const uint32_t end = dip->order.end;

	bel_recency_touch(&dip->order, page);
	/* The log was compacted: entries moved down. */
	if (__builtin_expect(dip->order.end <= end, 0))
		for (struct stack *s = dip->stack; s < dip->stack + DIRECTORIES; s++)
			s->tail = 0;
}

/* Inserts a page at the first of n references. The others are hits. */
BEL_INLINE void enter(struct dip *dip, enum directory d, uint32_t page, int by_bip, uint32_t n)
{
	struct stack *const s = &dip->stack[d];

	s->count++;
	dip->known[page] |= holds(d);
	if (by_bip && bel_random_real(&dip->seed) >= dip->epsilon && n == 1) {
		bel_list_append(&s->old, s->link, page);
		dip->known[page] |= is_old(d);
	}
}

/* A reference in this stack: the page is not in `old` any more. */
BEL_INLINE void renew(struct dip *dip, enum directory d, uint32_t page)
{
	struct stack *const s = &dip->stack[d];

	if (!(dip->known[page] & is_old(d)))
		return;
	bel_list_remove(&s->old, s->link, page);
	dip->known[page] &= (uint8_t)~is_old(d);
}

BEL_INLINE void take(struct dip *dip, enum directory d, uint32_t page)
{
	renew(dip, d, page);
	dip->stack[d].count--;
	dip->known[page] &= (uint8_t)~holds(d);
	if (!dip->known[page])
		bel_recency_forget(&dip->order, page);
}

/* Whether this entry of the log has a page of the stack that is not in `old`. */
BEL_INLINE int is_entry(const struct dip *dip, enum directory d, uint32_t at)
{
	const uint32_t page = dip->order.log[at];

	return dip->order.at[page] == at && (dip->known[page] & (holds(d) | is_old(d))) == holds(d);
}

/* The page at the old end of a stack; BEL_NO_PAGE: it is empty. */
static uint32_t oldest(struct dip *dip, enum directory d, const uint8_t *state)
{
	const struct bel_recency *const order = &dip->order;
	struct stack *const s = &dip->stack[d];

	if (s->old.tail != BEL_NO_PAGE)
		return s->old.tail;
	for (; s->tail < order->end; s->tail++) {
		if (order->pages >= BEL_RECENCY_FAR && order->end - s->tail > BEL_RECENCY_AHEAD) {
			const uint32_t soon = order->log[s->tail + BEL_RECENCY_AHEAD];

			__builtin_prefetch(&order->at[soon], 1);
			__builtin_prefetch(&dip->known[soon], 1);
			if (state)
				__builtin_prefetch(&state[soon], 1);
		}
		if (is_entry(dip, d, s->tail))
			return order->log[s->tail];
	}
	return BEL_NO_PAGE;
}

/* Whether the first of n references faults in the directory. */
BEL_INLINE int look_up(struct dip *dip, enum directory d, uint32_t page, uint32_t n)
{
	if (dip->known[page] & holds(d)) {
		renew(dip, d, page);
		return 0;
	}
	if (dip->stack[d].count == dip->frames)
		take(dip, d, oldest(dip, d, NULL));
	enter(dip, d, page, d == BIP, n);
	return 1;
}

BEL_INLINE void refer(struct dip *dip, uint32_t page, uint32_t n)
{
	if (!dip->duel)
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
	touch(dip, ref.page);
	refer(dip, ref.page, bel_count(ref));
	renew(dip, MEMORY, ref.page);
}

static uint32_t dip_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	(void)now;
	return oldest(self, MEMORY, out->state);
}

static void dip_evict(void *self, uint64_t now, struct bel_decision *out)
{
	const uint32_t victim = dip_victim(self, now, out);

	take(self, MEMORY, victim);
	bel_evict(out, victim);
}

static void dip_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct dip *dip = self;

	touch(dip, ref.page);
	refer(dip, ref.page, bel_count(ref));
	if (bel_resident(out) == dip->frames)
		dip_evict(dip, now, out);
	enter(dip, MEMORY, ref.page, !dip->duel || dip->psel > dip->psel_max / 2, bel_count(ref));
}

static void dip_drop(void *self, uint32_t page)
{
	struct dip *dip = self;

	for (int d = MEMORY; d < DIRECTORIES; d++)
		if (dip->known[page] & holds(d))
			take(dip, d, page);
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
	const struct stack *const s = &dip->stack[MEMORY];

	bel_list_show(&s->old, s->link, show, BEL_SHOW_OTHER);
	for (uint32_t at = s->tail; at < dip->order.end; at++)
		if (is_entry(dip, MEMORY, at))
			show->order(show->host, dip->order.log[at], BEL_SHOW_OTHER);
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

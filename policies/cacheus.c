/* SPDX-License-Identifier: MIT */
/*
 * cacheus.c: Cacheus (Rodriguez et al., FAST 2021, and the authors' program): at each eviction one
 * of two experts, a scan-resistant LRU or a churn-resistant LFU, is drawn by learned weights.
 *
 * State, with N frames ([x] is x rounded down):
 * - S, Q: resident pages in two LRU lists with target sizes slimit = N - qlimit and qlimit, which
 *   starts at max(1, [N/100 + 1/2]).
 * - Two histories, one per expert: ghost entries of the last [N/2] pages that it evicted.
 * - Marks: `demoted` for a page that moved from S to Q, until it leaves Q; `new` for a page loaded
 *   into Q by step 5, until it is loaded again. Below, `demoted` and `new` are the numbers of
 *   resident pages marked demoted and of entries in LRU's history marked new.
 * - A count of references and a time of last reference per page; expert weights, 0.5 each at
 *   first.
 *
 * On a hit in S: the page becomes the most recent of S.
 *
 * On a hit in Q:
 * 1. If it is marked demoted, slimit grows by max(1, [new / max(1, demoted) + 1/2]), at most to N
 *    - 1, and the mark goes.
 * 2. If S has slimit pages or more (and is not empty), its oldest page moves to Q, marked demoted.
 * 3. The page becomes the most recent of S.
 *
 * On a fault:
 * 1. If the page is in LRU's history, remove it there. If it is marked new, slimit shrinks by
 *    max(1, [demoted / max(1, new) + 1/2]), at least to 1 (`new` without this entry). Then LRU is
 *    punished.
 * 2. If it is in LFU's history, remove it there; LFU is punished.
 * 3. If it was in no history, S has fewer than slimit pages, and Q is empty: load it into S. Done.
 * 4. If it was in no history, a frame is free, and Q has fewer than qlimit pages: load it into Q.
 *    Done.
 * 5. Otherwise, if no frame is free, evict. Load the page into S if it was in a history, else into
 *    Q, marked new. While S has slimit pages or more, its oldest page moves to Q, marked demoted.
 *
 * Evict:
 * 1. LRU proposes the oldest page of Q (of S if Q is empty), LFU the page with the lowest count;
 *    of equal counts, the most recently referenced page.
 * 2. Draw a random number. Below LRU's weight, LRU's page leaves, otherwise LFU's.
 * 3. The page enters the history of the chosen expert, unless both proposed it.
 *
 * A hit adds 1 to the count. A page from a history gets its old count plus 1 (the program leaves
 * out this 1), any other page starts at 1. Punishment and the learning rate, which adapts after
 * every N references, are in regret.h. A page that is dropped enters no history.
 *
 * Cost: hit O(1), fault O(log N) on average; 54 bytes per page.
 */
#include "frequency.h"
#include "list.h"
#include "regret.h"

enum place { NOWHERE, S, Q, HISTORY, PLACES = HISTORY + 2 }; /* LRU's history, LFU's */
enum mark { NEW = 1, DEMOTED = 2 };

struct cacheus {
	uint64_t frames, seed, s_limit;
	uint64_t fresh, demoted; /* pages marked new in LRU's history; marked demoted */
	struct bel_regret trust; /* LRU, LFU */
	struct bel_rate rate;
	struct bel_list list[PLACES]; /* latest at the head */
	struct bel_link *link;
	struct bel_frequency often;
	uint8_t *place, *mark;
};

static void cacheus_init(void *self, const struct bel_env *env)
{
	struct cacheus *c = self;
	const uint64_t q_limit = (uint64_t)((double)env->frames / 100 + 0.5);

	c->frames = env->frames;
	c->seed = env->seed;
	c->s_limit = env->frames - (q_limit ? q_limit : 1);
	bel_regret_init(&c->trust);
	bel_rate_init(&c->rate, env->frames);
	for (int i = 0; i < PLACES; i++)
		bel_list_init(&c->list[i]);
	bel_frequency_create(&c->often, env, 1);
	env->page_array(env->host, &c->link, sizeof(*c->link));
	env->page_array(env->host, &c->place, sizeof(*c->place));
	env->page_array(env->host, &c->mark, sizeof(*c->mark));
}

static void leave(struct cacheus *c, uint32_t page)
{
	bel_list_remove(&c->list[c->place[page]], c->link, page);
	c->place[page] = NOWHERE;
}

static void enter(struct cacheus *c, uint32_t page, enum place place)
{
	bel_list_push(&c->list[place], c->link, page);
	c->place[page] = place;
}

/* If S is full, its oldest page moves to Q. Returns whether one moved. */
static int shrink_s(struct cacheus *c)
{
	const uint32_t page = c->list[S].tail;
	uint32_t soon;

	if (!c->list[S].count || c->list[S].count < c->s_limit)
		return 0;
	leave(c, page);
	soon = bel_list_fetch_behind(&c->list[S], c->link);
	if (soon != BEL_NO_PAGE) {
		__builtin_prefetch(&c->place[soon], 1);
		__builtin_prefetch(&c->mark[soon], 1);
	}
	enter(c, page, Q);
	c->mark[page] |= DEMOTED;
	c->demoted++;
	return 1;
}

static void unmark_demoted(struct cacheus *c, uint32_t page)
{
	c->demoted -= (c->mark[page] & DEMOTED) != 0;
	c->mark[page] &= NEW;
}

/* By how much slimit moves. */
static uint64_t step(uint64_t over, uint64_t under)
{
	const uint64_t ratio = (uint64_t)((double)over / (double)(under ? under : 1) + 0.5);

	return ratio ? ratio : 1;
}

static void cacheus_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct cacheus *c = self;

	if (c->place[ref.page] == S) {
		bel_list_to_head(&c->list[S], c->link, ref.page);
	} else {
		if (c->mark[ref.page] & DEMOTED)
			c->s_limit += step(c->fresh, c->demoted);
		if (c->s_limit > c->frames - 1)
			c->s_limit = c->frames - 1;
		unmark_demoted(c, ref.page);
		leave(c, ref.page);
		shrink_s(c);
		enter(c, ref.page, S);
	}
	bel_frequency_refer(&c->often, ref.page, bel_count(ref), bel_last(now, ref));
	bel_rate_pass(&c->rate, &c->seed, now, bel_count(ref), 1);
}

static void forget(struct cacheus *c, uint32_t page)
{
	c->fresh -= c->place[page] == HISTORY && (c->mark[page] & NEW);
	leave(c, page);
}

/* Fetches what is read of a page that may leave soon; not of BEL_NO_PAGE. */
BEL_INLINE void fetch(const struct cacheus *c, uint32_t page, const struct bel_decision *out)
{
	if (page == BEL_NO_PAGE || c->often.heap.size < BEL_HEAP_LARGE)
		return;
	__builtin_prefetch(&out->state[page], 1);
	__builtin_prefetch(&c->place[page], 1);
	__builtin_prefetch(&c->mark[page], 1);
	__builtin_prefetch(&c->link[page], 1);
	bel_frequency_fetch(&c->often, page);
}

static void cacheus_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct cacheus *c = self;
	const uint32_t candidate[] = {
		c->list[c->list[Q].count ? Q : S].tail, bel_frequency_least(&c->often)};
	const int who = bel_regret_choose(&c->trust, &c->seed);
	const uint32_t victim = candidate[who];
	struct bel_list *const history = &c->list[HISTORY + who];

	(void)now;
	leave(c, victim);
	unmark_demoted(c, victim);
	bel_frequency_leave(&c->often, victim);
	bel_evict(out, victim);
	fetch(c, bel_list_fetch_behind(&c->list[c->list[Q].count ? Q : S], c->link), out);
	fetch(c, c->often.heap.coming, out);
	if (candidate[0] == candidate[1])
		return;
	if (history->count == c->frames / 2) {
		forget(c, history->tail);
		fetch(c, bel_list_fetch_behind(history, c->link), out);
	}
	enter(c, victim, HISTORY + who);
	c->fresh += !who && (c->mark[victim] & NEW);
}

/* A page of a history faults: its expert is punished. */
static void learn(struct cacheus *c, uint32_t page)
{
	const int who = c->place[page] - HISTORY;

	forget(c, page);
	if (!who && (c->mark[page] & NEW)) {
		const uint64_t less = step(c->demoted, c->fresh);

		c->s_limit = c->s_limit > less ? c->s_limit - less : 1;
	}
	bel_regret_punish(&c->trust, who, c->rate.r);
}

/* Draws from a copy of the generator's state: asking changes nothing. */
static uint32_t cacheus_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct cacheus *c = self;
	const uint32_t candidate[] = {
		c->list[c->list[Q].count ? Q : S].tail, bel_frequency_least(&c->often)};
	uint64_t seed = c->seed;

	(void)now;
	(void)out;
	return candidate[bel_regret_choose(&c->trust, &seed)];
}

static void cacheus_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct cacheus *c = self;
	const int known = c->place[ref.page] != NOWHERE;
	const int full = bel_resident(out) == c->frames;

	if (known)
		learn(c, ref.page);
	else
		c->often.use[ref.page].count = 0;
	c->mark[ref.page] = 0;
	if (!known && c->list[S].count < c->s_limit && !c->list[Q].count) {
		enter(c, ref.page, S);
	} else if (!known && !full && c->list[Q].count < c->frames - c->s_limit) {
		enter(c, ref.page, Q);
	} else {
		if (full)
			cacheus_evict(c, now, out);
		enter(c, ref.page, known ? S : Q);
		c->mark[ref.page] = known ? 0 : NEW;
		while (shrink_s(c))
			;
	}
	bel_frequency_refer(&c->often, ref.page, 1, now);
	bel_frequency_enter(&c->often, ref.page);
	bel_rate_pass(&c->rate, &c->seed, now, 1, 0);
	ref.info -= 1u << BEL_RUN_COUNT_SHIFT;
	if (bel_count(ref))
		cacheus_hit(c, now + 1, ref);
}

static void cacheus_drop(void *self, uint32_t page)
{
	struct cacheus *c = self;

	leave(c, page);
	unmark_demoted(c, page);
	bel_frequency_leave(&c->often, page);
}

static const struct bel_hooks cacheus_hooks = {
	.hit = cacheus_hit,
	.fault = cacheus_fault,
	.drop = cacheus_drop,
};

static void cacheus_report(void *self, struct bel_sink *sink)
{
	const struct cacheus *c = self;

	sink->number(sink->host, "lru_weight", c->trust.weight[0]);
	sink->number(sink->host, "learning_rate", c->rate.r);
}

BEL_RUN(cacheus, cacheus_hooks, 0)

static const struct bel_policy cacheus = {
	BEL_POLICY_BASE(cacheus, struct cacheus),
	.name = "cacheus",
	.title = "Cacheus: scan-resistant LRU or churn-resistant LFU, drawn by learned weights",
	.source = "L. V. Rodriguez, F. Yusuf, S. Lyons, E. Paz, R. Rangaswami, J. Liu, M. Zhao, "
		  "G. Narasimhan, Learning cache replacement with CACHEUS, FAST 2021",
	.victim = cacheus_victim,
	.evict = cacheus_evict,
	.report = cacheus_report,
};

BEL_POLICY(cacheus);

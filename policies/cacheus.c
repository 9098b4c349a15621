/* SPDX-License-Identifier: MIT */
/*
 * cacheus.c: Cacheus: at each eviction chance decides, by learnt weights, between a scan-resistant
 * LRU and a churn-resistant LFU; the rate of learning adapts itself.
 *
 * After the authors' program; N is the number of frames, [x] x rounded down. Pages are in two
 * lists, S and Q, the latest first. qlimit begins at max(1, [N/100 + 1/2]), slimit is always N -
 * qlimit. To shrink S: its oldest page becomes Q's latest, marked demoted; `demoted` is the number
 * of resident pages so marked. A hit in S makes the page S's latest. A hit in Q: if the page is
 * marked demoted, slimit becomes min(N-1, slimit + max(1, [new / max(1, demoted) + 1/2])), and it
 * is not marked any more; if S then has slimit pages or more (and any), it is shrunk by one; the
 * page becomes S's latest.
 *
 * A fault on a page of LRU's history takes it out; if it is marked new, qlimit becomes min(N-1,
 * qlimit + max(1, [demoted / max(1, new) + 1/2])), `new` being the number of pages left in LRU's
 * history that are so marked; LRU is punished. One on a page of LFU's history takes it out and LFU
 * is punished. In both cases a page leaves if all frames are taken, and the page becomes S's
 * latest. Any other page: with fewer than slimit pages in S and none in Q it becomes S's latest;
 * else with a frame free and fewer than qlimit pages in Q, Q's latest; else a page leaves if all
 * frames are taken, and it becomes Q's latest, marked new. The first two of these three cases
 * apart, S is shrunk as long as it has slimit pages or more (and any).
 *
 * LRU's candidate is Q's oldest page (S's, if Q is empty), LFU's the one with the least count, of
 * equals the one used last. A random number below LRU's weight takes the first, else the second;
 * it becomes the latest of that side's history of [N/2] pages, whose oldest is forgotten if it is
 * full. If both are the same page (a number is drawn all the same) it is not remembered. The mark
 * demoted ends when a page leaves, the mark new when it is loaded anew. A page that comes out of a
 * history has its old count plus 1 (the program leaves out that 1), any other 1; a hit adds 1.
 *
 * Weights begin at 0.5; punishment is that of regret.h with rate r, which adapts itself after
 * every N references. A page dropped is in no history. A hit O(1), a fault O(log N) on average; 54
 * bytes a page.
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

/* By a page, if it has no room for another one; whether it was done. */
static int shrink_s(struct cacheus *c)
{
	const uint32_t page = c->list[S].tail;

	if (!c->list[S].count || c->list[S].count < c->s_limit)
		return 0;
	leave(c, page);
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

/* How far a limit moves. */
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

static void evict(struct cacheus *c, struct bel_decision *out)
{
	const uint32_t candidate[] = {
		c->list[c->list[Q].count ? Q : S].tail, bel_frequency_least(&c->often)};
	const int who = bel_regret_choose(&c->trust, &c->seed);
	const uint32_t victim = candidate[who];
	struct bel_list *const history = &c->list[HISTORY + who];

	leave(c, victim);
	unmark_demoted(c, victim);
	bel_frequency_leave(&c->often, victim);
	bel_evict(out, victim);
	if (candidate[0] == candidate[1])
		return;
	if (history->count == c->frames / 2)
		forget(c, history->tail);
	enter(c, victim, HISTORY + who);
	c->fresh += !who && (c->mark[victim] & NEW);
}

/* A page comes out of a history. */
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

/* Draws from a copy of the generator. */
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
		c->often.count[ref.page] = 0;
	c->mark[ref.page] = 0;
	if (!known && c->list[S].count < c->s_limit && !c->list[Q].count) {
		enter(c, ref.page, S);
	} else if (!known && !full && c->list[Q].count < c->frames - c->s_limit) {
		enter(c, ref.page, Q);
	} else {
		if (full)
			evict(c, out);
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
	.title = "Cacheus: scan-resistant LRU or churn-resistant LFU by chance and learnt weights",
	.source = "L. V. Rodriguez, F. Yusuf, S. Lyons, E. Paz, R. Rangaswami, J. Liu, M. Zhao, "
		  "G. Narasimhan, Learning cache replacement with CACHEUS, FAST 2021",
	.victim = cacheus_victim,
	.report = cacheus_report,
};

BEL_POLICY(cacheus);

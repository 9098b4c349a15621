/* SPDX-License-Identifier: MIT */
/*
 * lecar.c: LeCaR, learning cache replacement (Vietri et al., HotStorage 2018): at each eviction
 * one of two experts, LRU and LFU, is drawn by weights. An expert whose victim returns loses
 * weight.
 *
 * State:
 * - For each expert, a history: ghost entries of the last floor(history x frames) pages that it
 *   evicted.
 * - Weights of the experts, 0.5 each at first.
 * - A reference count and a time of last reference per page.
 *
 * On a hit: add 1 to the count; the page becomes the most recent.
 *
 * On a fault:
 * 1. If the page is in a history, remove the entry and multiply that expert's weight by e^(-rate x
 *    d^a). a is the number of references since the eviction; d = 0.005^(1/frames), so that d^a =
 *    e^(-5.298317366548036 x (a / frames)). Then divide both weights by their sum. A weight above
 *    0.99 becomes 0.99, the other 0.01.
 * 2. If no frame is free, evict (below).
 * 3. Load the page. Its count is the old count plus 1 if it was in a history, otherwise 1.
 *
 * Evict:
 * 1. LRU proposes the least recently used page, LFU the page with the lowest count; of equal
 *    counts, the least recently used.
 * 2. Draw a random number. Below LRU's weight, LRU's page leaves, otherwise LFU's.
 * 3. The page enters the history of the chosen expert, unless both proposed it. A full history
 *    forgets its oldest entry.
 *
 * The paper leaves open the sizes of the histories and ties; history=0.5 is the authors' program.
 * e^x is computed by exponential.h, the same on every machine. A page that is dropped enters no
 * history.
 *
 * Cost: hit O(1), fault O(log frames) on average; 53 bytes per page.
 */
#include "frequency.h"
#include "list.h"
#include "regret.h"

#define LN_200 5.298317366548036 /* 0.005 = 1/200 */

enum expert { LRU, LFU, EXPERTS };
enum place { NOWHERE, RESIDENT, HISTORY }; /* HISTORY + expert */

struct lecar {
	uint64_t frames, seed, history_size;
	double rate;
	struct bel_regret trust;
	struct bel_list recent, history[EXPERTS]; /* latest at the head */
	struct bel_link *link;
	struct bel_frequency often; /* for a page in a history, its time is that of the eviction */
	uint8_t *place;
};

static void lecar_init(void *self, const struct bel_env *env)
{
	struct lecar *lecar = self;

	lecar->frames = env->frames;
	lecar->seed = env->seed;
	lecar->rate = env->param[0];
	lecar->history_size = (uint64_t)((double)env->frames * env->param[1]);
	bel_regret_init(&lecar->trust);
	bel_list_init(&lecar->recent);
	bel_list_init(&lecar->history[LRU]);
	bel_list_init(&lecar->history[LFU]);
	bel_frequency_create(&lecar->often, env, 0);
	env->page_array(env->host, &lecar->link, sizeof(*lecar->link));
	env->page_array(env->host, &lecar->place, sizeof(*lecar->place));
}

static void lecar_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lecar *lecar = self;

	bel_frequency_refer(&lecar->often, ref.page, bel_count(ref), bel_last(now, ref));
	bel_list_to_head(&lecar->recent, lecar->link, ref.page);
}

/* The page comes back: the expert that evicted it loses weight. */
static void learn(struct lecar *lecar, uint64_t now, uint32_t page)
{
	const enum expert wrong = lecar->place[page] - HISTORY;
	const double age = (double)(now - lecar->often.use[page].time) / (double)lecar->frames;

	bel_list_remove(&lecar->history[wrong], lecar->link, page);
	bel_regret_punish(&lecar->trust, wrong, lecar->rate * bel_exp_minus(LN_200 * age));
}

static void remember(struct lecar *lecar, uint64_t now, uint32_t page, enum expert by)
{
	struct bel_list *const history = &lecar->history[by];

	if (!lecar->history_size)
		return;
	if (history->count == lecar->history_size) {
		lecar->place[history->tail] = NOWHERE;
		bel_list_remove(history, lecar->link, history->tail);
	}
	bel_list_push(history, lecar->link, page);
	lecar->place[page] = HISTORY + by;
	lecar->often.use[page].time = now;
}

/* Fetches what is read of a page that may leave soon; not of BEL_NO_PAGE. */
BEL_INLINE void fetch(const struct lecar *lecar, uint32_t page, const struct bel_decision *out)
{
	if (page == BEL_NO_PAGE || lecar->often.heap.size < BEL_HEAP_LARGE)
		return;
	__builtin_prefetch(&out->state[page], 1);
	__builtin_prefetch(&lecar->place[page], 1);
	__builtin_prefetch(&lecar->link[page], 1);
	bel_frequency_fetch(&lecar->often, page);
}

/* Evicts a page, which is still in the heap. */
static uint32_t evict(struct lecar *lecar, uint64_t now, struct bel_decision *out)
{
	const uint32_t candidate[] = {lecar->recent.tail, bel_frequency_least(&lecar->often)};
	const enum expert by = bel_regret_choose(&lecar->trust, &lecar->seed);
	const uint32_t victim = candidate[by];

	bel_list_remove(&lecar->recent, lecar->link, victim);
	lecar->place[victim] = NOWHERE;
	if (candidate[LRU] != candidate[LFU])
		remember(lecar, now, victim, by);
	bel_evict(out, victim);
	fetch(lecar, bel_list_fetch_behind(&lecar->recent, lecar->link), out);
	fetch(lecar, lecar->often.heap.coming, out);
	return victim;
}

static void lecar_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct lecar *lecar = self;

	bel_frequency_leave(&lecar->often, evict(lecar, now, out));
}

/* Draws from a copy of the generator's state: asking changes nothing. */
static uint32_t lecar_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct lecar *lecar = self;
	const uint32_t candidate[] = {lecar->recent.tail, bel_frequency_least(&lecar->often)};
	uint64_t seed = lecar->seed;

	(void)now;
	(void)out;
	return candidate[bel_regret_choose(&lecar->trust, &seed)];
}

static void lecar_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lecar *lecar = self;
	uint32_t victim = BEL_NO_PAGE;

	if (lecar->place[ref.page] >= HISTORY)
		learn(lecar, now, ref.page);
	else
		lecar->often.use[ref.page].count = 0;
	if (bel_resident(out) == lecar->frames)
		victim = evict(lecar, now, out);
	lecar->place[ref.page] = RESIDENT;
	bel_frequency_refer(&lecar->often, ref.page, bel_count(ref), bel_last(now, ref));
	bel_list_push(&lecar->recent, lecar->link, ref.page);
	if (victim == BEL_NO_PAGE)
		bel_frequency_enter(&lecar->often, ref.page);
	else
		bel_frequency_replace(&lecar->often, victim, ref.page);
}

static void lecar_drop(void *self, uint32_t page)
{
	struct lecar *lecar = self;

	bel_list_remove(&lecar->recent, lecar->link, page);
	bel_frequency_leave(&lecar->often, page);
	lecar->place[page] = NOWHERE;
}

static const struct bel_hooks lecar_hooks = {
	.hit = lecar_hit,
	.fault = lecar_fault,
	.drop = lecar_drop,
};

static const struct bel_param lecar_params[] = {
	{"rate", "", BEL_PARAM_REAL, 0.45, 0, 1, "learning rate"},
	{"history", "of frames", BEL_PARAM_REAL, 0.5, 0, 100, "ghost entries of each expert"},
	{.name = NULL},
};

static void lecar_report(void *self, struct bel_sink *sink)
{
	const struct lecar *lecar = self;

	sink->number(sink->host, "lru_weight", lecar->trust.weight[LRU]);
	sink->number(sink->host, "lfu_weight", lecar->trust.weight[LFU]);
}

BEL_RUN(lecar, lecar_hooks, 0)

static const struct bel_policy lecar = {
	BEL_POLICY_BASE(lecar, struct lecar),
	.name = "lecar",
	.title = "LeCaR: LRU or LFU, drawn at random by weights learned from wrong evictions",
	.source = "G. Vietri, L. V. Rodriguez, W. A. Martinez, S. Lyons, J. Liu, R. Rangaswami, "
		  "M. Zhao, G. Narasimhan, Driving cache replacement with ML-based LeCaR, "
		  "HotStorage 2018",
	.params = lecar_params,
	.victim = lecar_victim,
	.evict = lecar_evict,
	.report = lecar_report,
	.aliases = "learning cache replacement",
};

BEL_POLICY(lecar);

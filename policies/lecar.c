/* SPDX-License-Identifier: MIT */
/*
 * lecar.c: LeCaR: at each eviction chance decides, by learnt weights, whether the least recently
 * or the least frequently used page leaves; who was wrong of late, loses weight.
 *
 * Pages evicted by either are remembered in a history of their own, of floor(history x frames)
 * pages each; a history that is full forgets the page that it has held longest. A fault on a page
 * of one of them takes it out and multiplies that side's weight by e^(-rate x d^a), where a is the
 * number of references since the eviction and d = 0.005^(1/frames), that is
 * d^a = e^(-5.298317366548036 x a / frames); both weights are then divided by their sum, and a
 * weight above 0.99 set to 0.99, the other to 0.01. Both begin at 0.5. The exponential is that of
 * exponential.h, bit by bit.
 *
 * Then, if all frames are taken: one random number below LRU's weight, and the page referenced
 * longest ago leaves, else the one with the lowest count of references; of equal counts the
 * one referenced longest ago. If both mean the same page, it leaves without being remembered
 * (the random number is drawn all the same). A page that came out of a history has its old count
 * plus 1, any other 1; each hit adds 1.
 *
 * The paper leaves open the sizes of the histories and ties; history=0.5 is its authors' program.
 * A page dropped is in no history.
 *
 * A hit O(1), a fault O(log frames) on average; 53 bytes a page.
 */
#include <stdlib.h>

#include "exponential.h"
#include "heap.h"
#include "list.h"
#include "random.h"

#define LN_200 5.298317366548036 /* 0.005 = 1/200 */
#define WEIGHT_MAX 0.99

enum expert { LRU, LFU, EXPERTS };
enum place { NOWHERE, RESIDENT, HISTORY }; /* HISTORY + expert */

struct lecar {
	uint64_t frames, seed, history_size;
	double rate, weight[EXPERTS];
	struct bel_list recent, history[EXPERTS]; /* latest at the head */
	struct bel_link *link;
	struct bel_heap rare; /* by count; keys lag behind, as hits do not touch it */
	uint64_t *count;
	uint64_t *time; /* of the last reference; of a page of a history: of its eviction */
	uint8_t *place;
};

static void *lecar_create(const struct bel_env *env, struct bel_err *err)
{
	struct lecar *lecar = calloc(1, sizeof(*lecar));

	(void)err;
	if (!lecar)
		return NULL;
	lecar->frames = env->frames;
	lecar->seed = env->seed;
	lecar->rate = env->param[0];
	lecar->history_size = (uint64_t)((double)env->frames * env->param[1]);
	lecar->weight[LRU] = lecar->weight[LFU] = 0.5;
	bel_list_init(&lecar->recent);
	bel_list_init(&lecar->history[LRU]);
	bel_list_init(&lecar->history[LFU]);
	bel_heap_create(&lecar->rare, env);
	env->page_array(env->host, &lecar->link, sizeof(*lecar->link));
	env->page_array(env->host, &lecar->count, sizeof(*lecar->count));
	env->page_array(env->host, &lecar->time, sizeof(*lecar->time));
	env->page_array(env->host, &lecar->place, sizeof(*lecar->place));
	return lecar;
}

static void lecar_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lecar *lecar = self;

	lecar->count[ref.page] += bel_count(ref);
	lecar->time[ref.page] = bel_last(now, ref);
	bel_list_to_head(&lecar->recent, lecar->link, ref.page);
}

static struct bel_key key_of(const struct lecar *lecar, uint32_t page)
{
	return (struct bel_key){.major = lecar->count[page], .minor = lecar->time[page]};
}

/* Keys only grow: the least one that is up to date is the least of all. */
static uint32_t rarest(struct lecar *lecar)
{
	uint32_t page = BEL_NO_PAGE;

	while (bel_heap_least(&lecar->rare, &page)) {
		const struct bel_key key = key_of(lecar, page);

		if (!bel_key_less(bel_heap_key(&lecar->rare, page), key))
			break;
		bel_heap_set(&lecar->rare, page, key);
	}
	return page;
}

/* The page comes back: whoever sent it away is trusted less. */
static void learn(struct lecar *lecar, uint64_t now, uint32_t page)
{
	const enum expert wrong = lecar->place[page] - HISTORY;
	const double age = (double)(now - lecar->time[page]) / (double)lecar->frames;
	double *const weight = lecar->weight;
	double sum;

	bel_list_remove(&lecar->history[wrong], lecar->link, page);
	weight[wrong] *= bel_exp_minus(lecar->rate * bel_exp_minus(LN_200 * age));
	sum = weight[LRU] + weight[LFU];
	for (int i = 0; i < EXPERTS; i++)
		weight[i] /= sum;
	for (int i = 0; i < EXPERTS; i++)
		if (weight[i] > WEIGHT_MAX) {
			weight[i] = WEIGHT_MAX;
			weight[1 - i] = 1 - WEIGHT_MAX;
		}
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
	lecar->time[page] = now;
}

static void evict(struct lecar *lecar, uint64_t now, struct bel_out *out)
{
	const uint32_t candidate[EXPERTS] = {lecar->recent.tail, rarest(lecar)};
	const enum expert by = bel_random_real(&lecar->seed) < lecar->weight[LRU] ? LRU : LFU;
	const uint32_t victim = candidate[by];

	bel_list_remove(&lecar->recent, lecar->link, victim);
	bel_heap_remove(&lecar->rare, victim);
	lecar->place[victim] = NOWHERE;
	if (candidate[LRU] != candidate[LFU])
		remember(lecar, now, victim, by);
	bel_evict(out, victim);
}

static void lecar_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_out *out)
{
	struct lecar *lecar = self;

	if (lecar->place[ref.page] >= HISTORY)
		learn(lecar, now, ref.page);
	else
		lecar->count[ref.page] = 0;
	if (bel_resident(out) == lecar->frames)
		evict(lecar, now, out);
	lecar->place[ref.page] = RESIDENT;
	lecar->count[ref.page] += bel_count(ref);
	lecar->time[ref.page] = bel_last(now, ref);
	bel_list_push(&lecar->recent, lecar->link, ref.page);
	bel_heap_set(&lecar->rare, ref.page, key_of(lecar, ref.page));
}

static void lecar_drop(void *self, uint32_t page)
{
	struct lecar *lecar = self;

	bel_list_remove(&lecar->recent, lecar->link, page);
	bel_heap_remove(&lecar->rare, page);
	lecar->place[page] = NOWHERE;
}

static const struct bel_hooks lecar_hooks = {
	.hit = lecar_hit,
	.fault = lecar_fault,
	.drop = lecar_drop,
};

static const struct bel_param lecar_params[] = {
	{"rate", "", BEL_PARAM_REAL, 0.45, 0, 1, "learning rate"},
	{"history", "of frames", BEL_PARAM_REAL, 0.5, 0, 100, "size of each history"},
	{.name = NULL},
};

static void lecar_report(void *self, struct bel_sink *sink)
{
	const struct lecar *lecar = self;

	sink->number(sink->host, "lru_weight", lecar->weight[LRU]);
	sink->number(sink->host, "lfu_weight", lecar->weight[LFU]);
}

#define LECAR_CAPS 0

BEL_RUN(lecar, lecar_hooks, LECAR_CAPS)

static const struct bel_policy lecar = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.caps = LECAR_CAPS,
	.name = "lecar",
	.title = "LeCaR: LRU or LFU by chance, with weights learnt from regret",
	.source = "G. Vietri, L. V. Rodriguez, W. A. Martinez, S. Lyons, J. Liu, R. Rangaswami, "
		  "M. Zhao, G. Narasimhan, Driving cache replacement with ML-based LeCaR, "
		  "HotStorage 2018",
	.params = lecar_params,
	.create = lecar_create,
	.destroy = free,
	.hooks = &lecar_hooks,
	.run = lecar_run,
	.report = lecar_report,
};

BEL_POLICY(lecar);

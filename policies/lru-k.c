/* SPDX-License-Identifier: MIT */
/*
 * lru-k.c: LRU-K (O'Neil, O'Neil and Weikum, SIGMOD 1993, Fig. 2.1): evicts the page whose K-th
 * last reference lies farthest back.
 *
 * State, for each page, also when it is not resident:
 * - HIST(1) ... HIST(K): the times of its last K uncorrelated references, most recent first; times
 *   count from 1, 0 is unknown.
 * - LAST: the time of its last reference.
 *
 * On a hit at time t:
 * 1. If t - LAST <= crp, the reference is correlated: LAST becomes t. Done.
 * 2. Otherwise, for i = K ... 2: HIST(i) becomes HIST(i - 1) + (LAST - HIST(1)) if HIST(i - 1) is
 *    known, else unknown (the paper's figure adds in that case, too). HIST(1) and LAST become t.
 *
 * On a fault at time t:
 * 1. If no frame is free, evict, among the pages with t - LAST > crp, the one with the lowest
 *    HIST(K), unknown being the lowest; of equals, the one with the lowest LAST. If there is no
 *    such page (the paper leaves this open), the page with the lowest LAST of all.
 * 2. With retain=N > 0: if t - LAST > N, the page's history is forgotten.
 * 3. For i = K ... 2: HIST(i) becomes HIST(i - 1). HIST(1) and LAST become t.
 *
 * A run of n references is n references; with crp > 0 all but the first are correlated. A page
 * that is dropped keeps its history.
 *
 * Keys only grow: a hit leaves the heap alone, and a page found on top with an old key gets its
 * new key then.
 *
 * Cost: hit O(K), fault O(log n) on average; 8 K + 28 bytes per page, 44 with K = 2;
 * with crp > 0, 17 more.
 */
#include "heap.h"
#include "list.h"

#define K_MOST 16

struct lru_k {
	uint64_t frames, period, retain;
	uint32_t k;
	uint64_t *history; /* k elements a page */
	uint64_t *last;    /* 0: never referenced. Only with crp > 0: otherwise it is HIST(1) */
	/* Pages that may leave, by HIST(K) and LAST when their keys were last set. */
	struct bel_heap heap;
	/* With crp > 0: pages with t - LAST <= crp, which may not; most recent at the head. */
	struct bel_list young;
	struct bel_link *link;
	uint8_t *is_young;
};

static void lru_k_init(void *self, const struct bel_env *env)
{
	struct lru_k *lru_k = self;

	lru_k->frames = env->frames;
	lru_k->k = (uint32_t)env->param[0];
	lru_k->period = (uint64_t)env->param[1];
	lru_k->retain = (uint64_t)env->param[2];
	bel_list_init(&lru_k->young);
	env->page_array(env->host, &lru_k->history, lru_k->k * sizeof(*lru_k->history));
	if (!lru_k->period) {
		bel_heap_create_top(&lru_k->heap, env);
		return;
	}
	bel_heap_create(&lru_k->heap, env);
	env->page_array(env->host, &lru_k->last, sizeof(*lru_k->last));
	env->page_array(env->host, &lru_k->link, sizeof(*lru_k->link));
	env->page_array(env->host, &lru_k->is_young, sizeof(*lru_k->is_young));
}

static uint64_t *history_of(const struct lru_k *lru_k, uint32_t page)
{
	return &lru_k->history[(size_t)page * lru_k->k];
}

static uint64_t last_of(const struct lru_k *lru_k, uint32_t page)
{
	return lru_k->period ? lru_k->last[page] : *history_of(lru_k, page);
}

static struct bel_key key_of(const struct lru_k *lru_k, uint32_t page)
{
	return (struct bel_key){history_of(lru_k, page)[lru_k->k - 1], last_of(lru_k, page)};
}

/* Shifts the history; known times also grow by `period`. `time` becomes HIST(1). */
BEL_INLINE void shift(struct lru_k *lru_k, uint32_t page, uint64_t time, uint64_t period)
{
	uint64_t *history = history_of(lru_k, page);

	for (uint32_t i = lru_k->k - 1; i > 0; i--)
		history[i] = history[i - 1] ? history[i - 1] + period : 0;
	history[0] = time;
}

/* n references in a row to a resident page, from `time` on. */
BEL_INLINE void refer(struct lru_k *lru_k, uint32_t page, uint64_t time, uint32_t n)
{
	const uint64_t end = time + n;
	uint64_t last;

	if (!lru_k->period) {
		/* Only the last K of them remain in the history. */
		for (time = n > lru_k->k ? end - lru_k->k : time; time < end; time++)
			shift(lru_k, page, time, 0);
		return;
	}
	last = lru_k->last[page];
	if (time - last > lru_k->period)
		shift(lru_k, page, time, last - history_of(lru_k, page)[0]);
	lru_k->last[page] = end - 1;
	bel_list_to_head(&lru_k->young, lru_k->link, page);
}

static void lru_k_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lru_k *lru_k = self;

	if (lru_k->period && !lru_k->is_young[ref.page]) {
		lru_k->is_young[ref.page] = 1;
		bel_list_push(&lru_k->young, lru_k->link, ref.page);
	}
	refer(lru_k, ref.page, now + 1, bel_count(ref));
}

static void forget_young(struct lru_k *lru_k, uint32_t page)
{
	bel_list_remove(&lru_k->young, lru_k->link, page);
	lru_k->is_young[page] = 0;
}

/* Pages whose correlated period is over go to the heap. */
static void grow_old(struct lru_k *lru_k, uint64_t time)
{
	uint32_t page;

	while ((page = lru_k->young.tail) != BEL_NO_PAGE &&
		time - lru_k->last[page] > lru_k->period) {
		forget_young(lru_k, page);
		if (!bel_heap_has(&lru_k->heap, page))
			bel_heap_set(&lru_k->heap, page, key_of(lru_k, page));
	}
}

/* What the next keys that may be out of date depend on. */
static void fetch_next(const struct lru_k *lru_k)
{
	bel_heap_fetch_next(&lru_k->heap, lru_k->history, lru_k->k * sizeof(*lru_k->history));
	if (!lru_k->period)
		return;
	bel_heap_fetch_next(&lru_k->heap, lru_k->last, sizeof(*lru_k->last));
	bel_heap_fetch_next(&lru_k->heap, lru_k->is_young, sizeof(*lru_k->is_young));
}

static uint32_t choose(struct lru_k *lru_k, uint64_t time)
{
	uint32_t page;

	grow_old(lru_k, time);
	while (bel_heap_least(&lru_k->heap, &page)) {
		const struct bel_key key = key_of(lru_k, page);

		if (lru_k->period && lru_k->is_young[page])
			bel_heap_remove(&lru_k->heap, page);
		else if (bel_key_less(lru_k->heap.entry[0].key, key))
			bel_heap_set_least(&lru_k->heap, key);
		else
			return page;
		fetch_next(lru_k);
	}
	return lru_k->young.tail;
}

static void lru_k_drop(void *self, uint32_t page)
{
	struct lru_k *lru_k = self;

	bel_heap_remove(&lru_k->heap, page);
	if (lru_k->period && lru_k->is_young[page])
		forget_young(lru_k, page);
}

static uint32_t lru_k_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct lru_k *lru_k = self;

	(void)out;
	return choose(lru_k, now + 1);
}

static void lru_k_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lru_k *lru_k = self;
	const uint32_t page = ref.page;
	const uint64_t time = now + 1;

	uint32_t victim = BEL_NO_PAGE;

	if (bel_resident(out) == lru_k->frames) {
		victim = choose(lru_k, time);
		if (lru_k->period)
			lru_k_drop(lru_k, victim);
		bel_evict(out, victim);
	}
	if (lru_k->retain && time - last_of(lru_k, page) > lru_k->retain)
		for (uint32_t i = 0; i < lru_k->k; i++)
			history_of(lru_k, page)[i] = 0;
	shift(lru_k, page, time, 0);
	if (lru_k->period) {
		lru_k->last[page] = time;
		lru_k->is_young[page] = 1;
		bel_list_push(&lru_k->young, lru_k->link, page);
	} else if (victim != BEL_NO_PAGE) {
		bel_heap_replace_least(&lru_k->heap, page, key_of(lru_k, page));
		bel_heap_fetch_next(&lru_k->heap, out->state, sizeof(*out->state));
		fetch_next(lru_k);
	} else {
		bel_heap_add(&lru_k->heap, page, key_of(lru_k, page));
	}
	if (bel_count(ref) > 1)
		refer(lru_k, page, time + 1, bel_count(ref) - 1);
}

static const struct bel_hooks lru_k_hooks = {
	.hit = lru_k_hit,
	.fault = lru_k_fault,
	.drop = lru_k_drop,
};

static const struct bel_param lru_k_params[] = {
	{"k", "references", BEL_PARAM_INTEGER, 2, 1, K_MOST, "which last reference decides"},
	{"crp", "references", BEL_PARAM_INTEGER, 0, 0, 4503599627370496.0,
		"correlated reference period: references this close count as one"},
	{"retain", "references", BEL_PARAM_INTEGER, 0, 0, 4503599627370496.0,
		"history is kept this long after the last reference; 0: for ever"},
	{.name = NULL},
};

/* First brings the heap up to date, as the next faults would. */
static void lru_k_show(void *self, const struct bel_show *show)
{
	struct lru_k *lru_k = self;
	struct bel_heap *heap = &lru_k->heap;

	for (uint32_t i = lru_k->period ? heap->size : 0; i-- > 0;)
		while (i < heap->size && lru_k->is_young[heap->entry[i].page])
			bel_heap_remove(heap, heap->entry[i].page);
	for (uint32_t i = 0; i < heap->size; i++)
		heap->entry[i].key = key_of(lru_k, heap->entry[i].page);
	bel_heap_mend(heap);
	bel_heap_show(heap, show, BEL_SHOW_OTHER);
	bel_list_show(&lru_k->young, lru_k->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(lru_k, lru_k_hooks, 0)

static const struct bel_policy lru_k = {
	BEL_POLICY_BASE(lru_k, struct lru_k),
	.name = "lru-k",
	.title = "LRU-K: the page whose K-th last reference lies farthest back",
	.source = "E. J. O'Neil, P. E. O'Neil, G. Weikum, The LRU-K page replacement algorithm for "
		  "database disk buffering, SIGMOD 1993",
	.params = lru_k_params,
	.victim = lru_k_victim,
	.show = lru_k_show,
	.aliases = "LRU-2",
};

BEL_POLICY(lru_k);

/* SPDX-License-Identifier: MIT */
/*
 * aging.c: aging (Tanenbaum and Bos, Modern Operating Systems, "Simulating LRU in Software"): a
 * shift register per page records in which of the last intervals the page was referenced.
 *
 * On a hit: nothing. The reference bit is the accessed bit that hardware sets.
 *
 * At a tick, after every `interval` references (after reference interval - 1, 2 interval - 1,
 * ...), for each resident page, also the one just referenced:
 * 1. Shift its counter of `bits` bits right by one.
 * 2. Put its accessed bit in at the left.
 * 3. Clear the accessed bit.
 *
 * On a fault:
 * 1. If no frame is free, evict the page with the lowest counter; of equal counters, the page
 *    loaded longest ago.
 * 2. Load the page with counter 0 and its accessed bit set.
 *
 * As in the book, only the counter decides: a page loaded since the last tick is among the first
 * to leave. With current=on, the accessed bit at the time of the fault counts as one more bit,
 * left of the counter.
 *
 * Cost: O(frames) per tick, O(log frames) per fault; 28 bytes per page.
 */
#include "heap.h"
#include "scan.h"

struct aging {
	uint64_t frames;
	uint64_t interval;
	unsigned bits;
	int current;
	struct bel_heap heap; /* by counter, then time of loading */
};

static void aging_init(void *self, const struct bel_env *env)
{
	struct aging *aging = self;

	aging->frames = env->frames;
	aging->interval = (uint64_t)env->param[0];
	aging->bits = (unsigned)env->param[1];
	aging->current = env->param[2] != 0;
	bel_heap_create(&aging->heap, env);
}

/* With current=on, the bit left of a counter: referenced since the last tick. */
static uint64_t current_bit(const struct aging *aging)
{
	return UINT64_C(1) << aging->bits;
}

/*
 * The next victim. With current=on, a page on top of the heap first gets its current bit. That is
 * enough, because keys only grow between ticks.
 */
static uint32_t choose(struct aging *aging, const struct bel_decision *out)
{
	const uint64_t bit = current_bit(aging);
	uint32_t page = 0;

	while (bel_heap_least(&aging->heap, &page)) {
		struct bel_key key = bel_heap_key(&aging->heap, page);

		if (!aging->current || (key.major & bit) || !bel_accessed(out, page))
			break;
		key.major |= bit;
		bel_heap_set(&aging->heap, page, key);
	}
	return page;
}

static uint32_t aging_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct aging *aging = self;

	(void)now;
	return aging->heap.size ? choose(aging, out) : BEL_NO_PAGE;
}

static void aging_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct aging *aging = self;

	if (bel_resident(out) == aging->frames) {
		const uint32_t victim = choose(aging, out);

		bel_heap_remove(&aging->heap, victim);
		bel_evict(out, victim);
	}
	bel_heap_set(&aging->heap, ref.page, (struct bel_key){0, now});
}

static void aging_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct aging *aging = self;
	struct bel_heap *heap = &aging->heap;

	if (!bel_scan_due(out, now, aging->interval))
		return;
	for (uint32_t at = 0; at < heap->size; at++) {
		struct bel_heap_entry *entry = &heap->entry[at];
		uint64_t counter = entry->key.major & (current_bit(aging) - 1);

		if (bel_accessed(out, entry->page))
			counter |= current_bit(aging);
		entry->key.major = counter >> 1;
		bel_clear_accessed(out, entry->page);
	}
	bel_heap_mend(heap);
}

static void aging_drop(void *self, uint32_t page)
{
	struct aging *aging = self;

	bel_heap_remove(&aging->heap, page);
}

static const struct bel_hooks aging_hooks = {
	.fault = aging_fault,
	.tick = aging_tick,
	.drop = aging_drop,
};

static const struct bel_param aging_params[] = {
	{"interval", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"references between two ticks"},
	{"bits", "bits", BEL_PARAM_INTEGER, 8, 1, 62, "width of a page's counter"},
	{"current", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"at a fault, the reference bit counts as the counter's highest bit"},
	{.name = NULL},
};

static void aging_show(void *self, const struct bel_show *show)
{
	struct aging *aging = self;

	for (uint32_t at = 0; aging->current && at < aging->heap.size; at++) {
		struct bel_heap_entry *entry = &aging->heap.entry[at];

		if (show->state[entry->page] & BEL_PAGE_ACCESSED)
			entry->key.major |= current_bit(aging);
	}
	bel_heap_mend(&aging->heap);
	bel_heap_show(&aging->heap, show, BEL_SHOW_OTHER);
}

BEL_RUN(aging, aging_hooks, BEL_POLICY_BITS)

static const struct bel_policy aging = {
	BEL_POLICY_BASE(aging, struct aging),
	.name = "aging",
	.title = "aging: the page with the lowest counter of reference bits, shifted at each tick",
	.source = "A. S. Tanenbaum, H. Bos, Modern Operating Systems, section on simulating LRU in "
		  "software",
	.params = aging_params,
	.victim = aging_victim,
	.show = aging_show,
	.aliases = "ageing",
};

BEL_POLICY(aging);

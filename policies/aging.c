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
 * Here, only pages that were referenced since the last tick are touched at a tick: of the others, the
 * counter is computed when it is needed. Pages with counter 0 are found in order of loading. All
 * others are in groups by the tick at which they were last found referenced, which is the highest
 * bit of their counters. So groups never overlap, and only the lowest one needs an exact order.
 *
 * Cost: tick O(pages / 64 + pages referenced since the last), at most O(frames); fault O(log frames)
 * on average; 64 bytes per page.
 */
#include "heap.h"
#include "load_classes.h"
#include "scan.h"
#include "tick_groups.h"

#define BITS_MAX BEL_TICK_GROUPS_MAX
#define FETCH_PAGES 65536 /* from this many on, what a tick reads of them outgrows the cache */

/* Of a page; loads.class. NEW: counter 0, and with current=on the bit is known to be set. */
enum { ZERO, COUNTED, NEW };
enum { SOME = 32 }; /* pages fetched together */

struct aging {
	uint64_t frames;
	uint64_t interval;
	unsigned bits;
	int current;
	struct bel_load_classes loads;
	struct bel_tick_groups groups; /* COUNTED pages by the tick that found them last */
	uint64_t *counter;             /* of a COUNTED page, after that tick */
	/* The COUNTED pages of the lowest groups, by counter, then position of loading. */
	struct bel_heap heap;
	unsigned heaped; /* groups in the heap */
};

static void aging_init(void *self, const struct bel_env *env)
{
	struct aging *aging = self;

	aging->frames = env->frames;
	aging->interval = (uint64_t)env->param[0];
	aging->bits = (unsigned)env->param[1];
	aging->current = env->param[2] != 0;
	bel_load_classes_create(&aging->loads, env);
	bel_heap_create(&aging->heap, env);
	bel_tick_groups_create(&aging->groups, env, aging->bits);
	env->page_array(env->host, &aging->counter, sizeof(*aging->counter));
}

/* With current=on, the bit left of a counter: referenced since the last tick. */
static uint64_t current_bit(const struct aging *aging)
{
	return UINT64_C(1) << aging->bits;
}

/* Takes the next group into the heap, the one with the lowest counters first. */
static void heap_group(struct aging *aging)
{
	const uint32_t since = aging->bits - 1 - aging->heaped++;
	const struct bel_tick_group group = *bel_tick_group(&aging->groups, since);

	for (uint32_t at = group.from; at < group.to; at++) {
		const uint32_t page = aging->groups.log[at];

		if (bel_tick_groups_live(&aging->groups, at, since))
			bel_heap_set(&aging->heap, page,
				(struct bel_key){
					aging->counter[page] >> since, aging->loads.at[page]});
	}
}

/*
 * The next victim. With current=on, pages that are met with their bit set are put behind all others:
 * those with counter 0 become NEW, those in the heap get the bit.
 */
static uint32_t choose(struct aging *aging, const uint8_t *state)
{
	const uint64_t bit = current_bit(aging);
	const uint8_t skipped = aging->current ? BEL_PAGE_ACCESSED : 0;
	uint32_t page = BEL_NO_PAGE;

	while (aging->loads.count[ZERO]) {
		page = bel_load_classes_find(&aging->loads, ZERO, 0);
		if (!(state[page] & skipped))
			return page;
		bel_load_classes_move(&aging->loads, page, NEW);
	}
	for (;;) {
		struct bel_key key = {bit, 0};

		if (bel_heap_least(&aging->heap, &page))
			key = bel_heap_key(&aging->heap, page);
		if (key.major & bit) {
			if (aging->heaped == aging->bits)
				break;
			heap_group(aging);
			continue;
		}
		if (!(state[page] & skipped))
			return page;
		key.major |= bit;
		bel_heap_set(&aging->heap, page, key);
	}
	return aging->loads.count[NEW] ? bel_load_classes_find(&aging->loads, NEW, 0) : page;
}

static uint32_t aging_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	(void)now;
	return bel_resident(out) ? choose(self, out->state) : BEL_NO_PAGE;
}

/* A page leaves: evicted or dropped. */
static void aging_drop(void *self, uint32_t page)
{
	struct aging *aging = self;

	if (aging->loads.class[page] == COUNTED)
		bel_heap_remove(&aging->heap, page);
	bel_load_classes_remove(&aging->loads, page);
	bel_tick_groups_forget(&aging->groups, page);
}

static void aging_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct aging *aging = self;

	(void)now;
	if (bel_resident(out) == aging->frames) {
		const uint32_t victim = choose(aging, out->state);

		bel_load_classes_fetch(&aging->loads, victim, out);
		aging_drop(aging, victim);
		bel_evict(out, victim);
	}
	bel_load_classes_push(&aging->loads, ref.page, aging->current ? NEW : ZERO);
}

/* This tick finds the page referenced. */
static void find(struct aging *aging, uint32_t page, struct bel_decision *out)
{
	uint64_t counter = current_bit(aging);

	bel_clear_accessed(out, page);
	if (aging->loads.class[page] == COUNTED)
		counter |=
			aging->counter[page] >> (bel_tick_groups_since(&aging->groups, page) - 1);
	else
		bel_load_classes_move(&aging->loads, page, COUNTED);
	aging->counter[page] = counter >> 1;
	bel_tick_groups_append(&aging->groups, page);
}

/* Fetches what a tick reads of a page. */
BEL_INLINE void fetch(const struct aging *aging, uint32_t page)
{
	if (aging->loads.pages < FETCH_PAGES)
		return;
	__builtin_prefetch(&aging->loads.at[page]);
	__builtin_prefetch(&aging->loads.class[page], 1);
	__builtin_prefetch(&aging->counter[page], 1);
	__builtin_prefetch(&aging->groups.found[page], 1);
}

/* All pages that were referenced since the last tick, some at a time so that they are fetched ahead. */
static void find_all(struct aging *aging, struct bel_decision *out)
{
	uint32_t some[SOME], page = 0, count;

	do {
		for (count = 0; count < SOME && (page = bel_scan_next(out, page)) != BEL_NO_PAGE;
			page++) {
			some[count++] = page;
			fetch(aging, page);
		}
		for (uint32_t i = 0; i < count; i++)
			find(aging, some[i], out);
	} while (page != BEL_NO_PAGE);
}

static void aging_tick(void *self, uint64_t now, struct bel_decision *out)
{
	struct aging *aging = self;
	const struct bel_load_classes *loads = &aging->loads;
	struct bel_tick_group *group;

	if (!bel_scan_due(out, now, aging->interval))
		return;
	aging->groups.ticks++;
	aging->heaped = 0;
	bel_heap_clear(&aging->heap);
	/* The last bits of the lowest group are shifted out. */
	group = bel_tick_group(&aging->groups, 0);
	for (uint32_t at = group->from; at < group->to; at++)
		if (bel_tick_groups_live(&aging->groups, at, aging->bits))
			bel_load_classes_move(&aging->loads, aging->groups.log[at], ZERO);
	bel_tick_groups_begin(&aging->groups);
	if (bel_scan_few(out)) {
		for (uint32_t at = 0; at < loads->end; at++)
			if (bel_load_classes_holds(loads, at) && bel_accessed(out, loads->page[at]))
				find(aging, loads->page[at], out);
		return;
	}
	find_all(aging, out);
}

static const struct bel_hooks aging_hooks = {
	.fault = aging_fault,
	.tick = aging_tick,
	.drop = aging_drop,
};

static const struct bel_param aging_params[] = {
	{"interval", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"references between two ticks"},
	{"bits", "bits", BEL_PARAM_INTEGER, 8, 1, BITS_MAX, "width of a page's counter"},
	{"current", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"at a fault, the reference bit counts as the counter's highest bit"},
	{.name = NULL},
};

/* For the time of showing, all pages are in the heap. */
static void aging_show(void *self, const struct bel_show *show)
{
	struct aging *aging = self;
	struct bel_load_classes *loads = &aging->loads;

	while (aging->heaped < aging->bits)
		heap_group(aging);
	for (uint32_t at = 0; at < loads->end; at++) {
		const uint32_t page = loads->page[at];
		struct bel_key key = {0, at};

		if (!bel_load_classes_holds(loads, at))
			continue;
		if (bel_heap_has(&aging->heap, page))
			key = bel_heap_key(&aging->heap, page);
		if (aging->current && (show->state[page] & BEL_PAGE_ACCESSED))
			key.major |= current_bit(aging);
		bel_heap_set(&aging->heap, page, key);
	}
	bel_heap_show(&aging->heap, show, BEL_SHOW_OTHER);
	for (uint32_t at = 0; at < loads->end; at++)
		if (bel_load_classes_holds(loads, at) && loads->class[loads->page[at]] != COUNTED)
			bel_heap_remove(&aging->heap, loads->page[at]);
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

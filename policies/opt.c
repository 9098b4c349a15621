/* SPDX-License-Identifier: MIT */
/*
 * opt.c: OPT (Belady, IBM Systems Journal, 1966): evicts the page whose next reference lies
 * farthest ahead. No other fixed-space policy has fewer faults; no real system can know what it
 * needs.
 *
 * State: resident pages in a heap, the farthest next reference on top. Of pages that are never
 * referenced again, the lowest numbered is the farthest. There are no other ties, because one
 * reference is to one page.
 *
 * On a hit: note the page's next reference. The heap is mended when a victim is needed: most pages
 * have many hits between two faults. A page that was referenced had the smallest key, the present
 * time, so its key only grows. With many frames, hits mend the heap.
 *
 * On a fault:
 * 1. If no frame is free, evict the page on top.
 * 2. Load the page.
 *
 * Paging always loads a referenced page; a cache need not. bypass=on: if no frame is free and the
 * page's own next reference lies farther ahead than those of all resident pages, a run of one
 * reference uses the page without loading it, and nothing else is evicted.
 *
 * Cost: O(log frames) per fault and for each page referenced since the last fault; 24 bytes per
 * page, with many frames 16.
 */
#include "policy.h"

#define NONE UINT32_MAX
#define NOTED 512   /* pages noted before the heap is mended anyway */
#define LARGE 32768 /* from this many frames on, the heap outgrows the cache: hits mend it */
#define ARITY 4     /* children of an entry: half the levels of a binary heap, a cache line each */

struct opt {
	uint64_t frames;
	int bypass; /* a page that would be the next victim is not loaded */
	/* The heap, in page arrays: it never has more entries than there are pages. */
	uint64_t *key;   /* of an entry; the greatest leaves first */
	uint32_t *page;  /* of an entry */
	uint32_t *place; /* of a resident page: its entry */
	uint32_t size;
	uint64_t *next;        /* of a page: its key, if that in the heap is out of date; else 0 */
	uint32_t noted[NOTED]; /* pages whose key in the heap is out of date */
	uint32_t notes;
};

static void opt_init(void *self, const struct bel_env *env)
{
	struct opt *opt = self;

	opt->frames = env->frames;
	opt->bypass = env->param[0] != 0;
	bel_page_list(env, &opt->key, sizeof(*opt->key));
	bel_page_list(env, &opt->page, sizeof(*opt->page));
	env->page_array(env->host, &opt->place, sizeof(*opt->place));
	if (opt->frames < LARGE)
		env->page_array(env->host, &opt->next, sizeof(*opt->next));
}

static uint64_t key_of(struct bel_ref ref)
{
	return ref.next == BEL_NEVER ? BEL_NEVER - ref.page : ref.next;
}

BEL_INLINE void put(struct opt *opt, uint32_t at, uint64_t key, uint32_t page)
{
	opt->key[at] = key;
	opt->page[at] = page;
	opt->place[page] = at;
}

/* Entry `at` is vacant. Puts the page there or above. */
BEL_INLINE void rise(struct opt *opt, uint32_t at, uint64_t key, uint32_t page)
{
	while (at > 0) {
		const uint32_t above = (at - 1) / ARITY;

		if (opt->key[above] >= key)
			break;
		put(opt, at, opt->key[above], opt->page[above]);
		at = above;
	}
	put(opt, at, key, page);
}

/* Entry `at` is vacant. Puts the page there or below. */
static void sink(struct opt *opt, uint32_t at, uint64_t key, uint32_t page)
{
	for (;;) {
		const uint64_t first = (uint64_t)at * ARITY + 1;
		const uint64_t end = first + ARITY < opt->size ? first + ARITY : opt->size;
		uint64_t greatest = first;

		if (first >= opt->size)
			break;
		for (uint64_t child = first + 1; child < end; child++)
			if (opt->key[child] > opt->key[greatest])
				greatest = child;
		if (opt->key[greatest] <= key)
			break;
		put(opt, at, opt->key[greatest], opt->page[greatest]);
		at = (uint32_t)greatest;
	}
	put(opt, at, key, page);
}

/* Moves the noted pages to where their keys belong. */
static __attribute__((noinline)) void mend(struct opt *opt)
{
	for (uint32_t i = 0; i < opt->notes; i++) {
		const uint32_t page = opt->noted[i];

		rise(opt, opt->place[page], opt->next[page], page);
		opt->next[page] = 0;
	}
	opt->notes = 0;
}

static void opt_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct opt *opt = self;
	uint64_t noted;

	(void)now;
	if (opt->frames >= LARGE) {
		rise(opt, opt->place[ref.page], key_of(ref), ref.page);
		return;
	}
	noted = opt->next[ref.page];
	opt->next[ref.page] = key_of(ref);
	if (noted)
		return;
	opt->noted[opt->notes++] = ref.page;
	if (opt->notes == NOTED)
		mend(opt);
}

/* With bypass, the faulting page decides whether a page leaves. */
static uint32_t opt_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct opt *opt = self;

	(void)now;
	(void)out;
	mend(opt);
	return opt->size && !opt->bypass ? opt->page[0] : BEL_NO_PAGE;
}

static void opt_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct opt *opt = self;

	(void)now;
	if (bel_resident(out) < opt->frames) {
		rise(opt, opt->size++, key_of(ref), ref.page);
		return;
	}
	mend(opt);
	if (opt->bypass && bel_count(ref) == 1 && key_of(ref) > opt->key[0]) {
		bel_bypass(out);
		return;
	}
	bel_evict(out, opt->page[0]);
	sink(opt, 0, key_of(ref), ref.page);
}

static void opt_drop(void *self, uint32_t page)
{
	struct opt *opt = self;
	uint32_t at, end;
	uint64_t key;

	mend(opt);
	at = opt->place[page];
	end = --opt->size;
	key = opt->key[end];
	if (at == end)
		return;
	if (key > opt->key[at])
		rise(opt, at, key, opt->page[end]);
	else
		sink(opt, at, key, opt->page[end]);
}

static void opt_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct opt *opt = self;
	uint32_t victim;

	(void)now;
	mend(opt);
	victim = opt->page[0];
	opt_drop(opt, victim);
	bel_evict(out, victim);
}

static const struct bel_hooks opt_hooks = {
	.hit = opt_hit,
	.fault = opt_fault,
	.drop = opt_drop,
};

static const struct bel_param opt_params[] = {
	{"bypass", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"a page that would be the next victim is used without being loaded"},
	{.name = NULL},
};

/*
 * The heap is not sorted: each step shows the page with the greatest key below the last one.
 * No two keys are equal, so no page is skipped.
 */
static void opt_show(void *self, const struct bel_show *show)
{
	struct opt *opt = self;
	uint64_t below = 0;

	mend(opt);
	for (uint32_t shown = 0; shown < opt->size; shown++) {
		uint32_t best = NONE;

		for (uint32_t at = 0; at < opt->size; at++)
			if ((!shown || opt->key[at] < below) &&
				(best == NONE || opt->key[at] > opt->key[best]))
				best = at;
		show->order(show->host, opt->page[best], BEL_SHOW_NEXT_USE);
		below = opt->key[best];
	}
}

BEL_RUN(opt, opt_hooks, BEL_POLICY_FUTURE | BEL_POLICY_STACK | BEL_POLICY_OPTIMAL)

static const struct bel_policy opt = {
	BEL_POLICY_BASE(opt, struct opt),
	.name = "opt",
	.title = "OPT, the optimum: the page whose next reference lies farthest ahead",
	.source = "L. A. Belady, A study of replacement algorithms for a virtual-storage computer, "
		  "IBM Systems Journal 5(2), 1966",
	.params = opt_params,
	.victim = opt_victim,
	.evict = opt_evict,
	.show = opt_show,
	.aliases = "optimal, optimum, Belady, MIN, clairvoyant",
};

BEL_POLICY(opt);

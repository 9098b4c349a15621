/* SPDX-License-Identifier: MIT */
/*
 * pessimal.c: the worst choice, OPT reversed: evicts the page that is referenced again soonest. It
 * shows how bad a policy can be on a trace, as OPT shows how good.
 *
 * State: resident pages in a heap by next reference. Of pages that are never referenced again,
 * which leave only if there are no others, the lowest numbered leaves first.
 *
 * On a hit: note the page's next reference.
 *
 * On a fault:
 * 1. If no frame is free, evict the page that is referenced again soonest. The page being loaded
 *    is no candidate.
 * 2. Load the page.
 *
 * Next references only move on: a hit leaves the heap alone, and a page found on top with a past
 * reference sinks to its place then.
 *
 * Cost: hit O(1), fault O(log frames), amortized over the hits before it; 36 bytes per page.
 */
#include "heap.h"

struct pessimal {
	uint64_t frames;
	struct bel_heap heap;
	uint64_t *next; /* time of a resident page's next reference */
};

static void pessimal_init(void *self, const struct bel_env *env)
{
	struct pessimal *pessimal = self;

	pessimal->frames = env->frames;
	env->page_array(env->host, &pessimal->next, sizeof(*pessimal->next));
	bel_heap_create(&pessimal->heap, env);
}

static void pessimal_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct pessimal *pessimal = self;

	(void)now;
	pessimal->next[ref.page] = ref.next;
}

/* Only BEL_NEVER can be the time of several pages; then the lowest number leaves first. */
BEL_INLINE void place(struct pessimal *pessimal, uint32_t page)
{
	bel_heap_set(&pessimal->heap, page, (struct bel_key){pessimal->next[page], page});
}

static uint32_t pessimal_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct pessimal *pessimal = self;
	uint32_t page = BEL_NO_PAGE;

	(void)now;
	(void)out;
	while (bel_heap_least(&pessimal->heap, &page) &&
		pessimal->heap.entry[0].key.major != pessimal->next[page]) {
		bel_heap_set_least(&pessimal->heap, (struct bel_key){pessimal->next[page], page});
		bel_heap_fetch_next(&pessimal->heap, pessimal->next, sizeof(*pessimal->next));
	}
	return page;
}

static void pessimal_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct pessimal *pessimal = self;

	pessimal->next[ref.page] = ref.next;
	if (bel_resident(out) == pessimal->frames) {
		const uint32_t victim = pessimal_victim(pessimal, now, out);

		bel_heap_replace_least(
			&pessimal->heap, ref.page, (struct bel_key){ref.next, ref.page});
		bel_evict(out, victim);
		bel_heap_fetch_next(&pessimal->heap, out->state, sizeof(*out->state));
		bel_heap_fetch_next(&pessimal->heap, pessimal->next, sizeof(*pessimal->next));
	} else {
		place(pessimal, ref.page);
	}
}

static void pessimal_drop(void *self, uint32_t page)
{
	struct pessimal *pessimal = self;

	bel_heap_remove(&pessimal->heap, page);
}

static const struct bel_hooks pessimal_hooks = {
	.hit = pessimal_hit,
	.fault = pessimal_fault,
	.drop = pessimal_drop,
};

static void pessimal_show(void *self, const struct bel_show *show)
{
	struct pessimal *pessimal = self;

	for (uint32_t at = 0; at < pessimal->heap.size; at++) {
		struct bel_heap_entry *entry = &pessimal->heap.entry[at];

		entry->key.major = pessimal->next[entry->page];
	}
	bel_heap_mend(&pessimal->heap);
	bel_heap_show(&pessimal->heap, show, BEL_SHOW_OTHER);
}

BEL_RUN(pessimal, pessimal_hooks, BEL_POLICY_FUTURE | BEL_POLICY_STACK)

static const struct bel_policy pessimal = {
	BEL_POLICY_BASE(pessimal, struct pessimal),
	.name = "pessimal",
	.title = "the worst choice: the page that is referenced again soonest",
	.source = "the optimum of L. A. Belady, A study of replacement algorithms for a "
		  "virtual-storage computer, IBM Systems Journal 5(2), 1966, turned round",
	.victim = pessimal_victim,
	.show = pessimal_show,
	.aliases = "worst",
};

BEL_POLICY(pessimal);

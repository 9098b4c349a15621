/* SPDX-License-Identifier: MIT */
/*
 * sieve.c: SIEVE (Zhang et al., NSDI 2024): a hand moves over the pages, in order of loading, and
 * evicts the first page that was not referenced since the hand passed it.
 *
 * State: resident pages in order of loading, and the hand, at the oldest page at first. The
 * reference bit is the accessed bit that hardware sets.
 *
 * On a hit: nothing.
 *
 * On a fault:
 * 1. If no frame is free, evict. While the page at the hand has its bit set, clear the bit and
 *    move the hand to the next newer page; after the newest comes the oldest. Evict the page at
 *    the hand; the hand then stands at the next newer page. All other pages keep their places.
 * 2. Load the page as the newest, with its bit clear.
 *
 * Cost: O(1) per fault, amortized over the hits that set the bits; 8 bytes per page.
 */
#include "list.h"

struct sieve {
	uint64_t frames;
	struct bel_link *link;
	struct bel_list queue; /* newest at the head */
	uint32_t hand;         /* the page looked at next; BEL_NO_PAGE: the oldest */
};

static void sieve_init(void *self, const struct bel_env *env)
{
	struct sieve *sieve = self;

	sieve->frames = env->frames;
	sieve->hand = BEL_NO_PAGE;
	bel_list_init(&sieve->queue);
	env->page_array(env->host, &sieve->link, sizeof(*sieve->link));
}

static uint32_t hand_at(const struct sieve *sieve)
{
	return sieve->hand == BEL_NO_PAGE ? sieve->queue.tail : sieve->hand;
}

/* Takes a page out of the queue. If the hand stands there, it moves to the next newer page. */
static void leave(struct sieve *sieve, uint32_t page)
{
	if (sieve->hand == page)
		sieve->hand = sieve->link[page].before;
	bel_list_remove(&sieve->queue, sieve->link, page);
}

/* One turn of the hand without clearing bits. If all are set, the page at the hand leaves. */
static uint32_t sieve_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct sieve *sieve = self;
	uint32_t page = hand_at(sieve);

	(void)now;
	for (uint32_t passed = 0; passed < sieve->queue.count && bel_accessed(out, page);
		passed++) {
		page = sieve->link[page].before;
		if (page == BEL_NO_PAGE)
			page = sieve->queue.tail;
	}
	return page;
}

static void sieve_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct sieve *sieve = self;
	uint32_t page = hand_at(sieve);

	(void)now;
	while (bel_accessed(out, page)) {
		bel_clear_accessed(out, page);
		page = sieve->link[page].before;
		if (page == BEL_NO_PAGE)
			page = sieve->queue.tail;
	}
	sieve->hand = page;
	leave(sieve, page);
	bel_evict(out, page);
}

static void sieve_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct sieve *sieve = self;

	if (bel_resident(out) == sieve->frames)
		sieve_evict(sieve, now, out);
	bel_list_push(&sieve->queue, sieve->link, ref.page);
	bel_load_unreferenced(out);
}

static void sieve_drop(void *self, uint32_t page)
{
	leave(self, page);
}

static const struct bel_hooks sieve_hooks = {
	.fault = sieve_fault,
	.drop = sieve_drop,
};

static void sieve_show(void *self, const struct bel_show *show)
{
	const struct sieve *sieve = self;

	for (uint32_t page = sieve->queue.tail; page != BEL_NO_PAGE;
		page = sieve->link[page].before) {
		show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
		if (page == hand_at(sieve))
			show->hand(show->host, page);
	}
}

BEL_RUN(sieve, sieve_hooks, BEL_POLICY_BITS)

static const struct bel_policy sieve = {
	BEL_POLICY_BASE(sieve, struct sieve),
	.name = "sieve",
	.title = "SIEVE: a hand moves from old to new pages and evicts the first unreferenced one",
	.source = "Y. Zhang, J. Yang, Y. Yue, Y. Vigfusson, K. V. Rashmi, SIEVE is simpler than "
		  "LRU: an efficient turn-key eviction algorithm for web caches, NSDI 2024",
	.victim = sieve_victim,
	.evict = sieve_evict,
	.show = sieve_show,
};

BEL_POLICY(sieve);

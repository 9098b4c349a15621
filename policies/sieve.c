/* SPDX-License-Identifier: MIT */
/*
 * sieve.c: SIEVE: a queue in order of loading that a hand sifts, oldest first.
 *
 * A hit only sets the page's reference bit, which is the engine's accessed bit; a page is
 * loaded with it clear. The hand clears the bits that it passes, takes the first page
 * whose bit is clear, and stays there, among pages that keep their places; past the newest page
 * it starts again at the oldest.
 */
#include "list.h"

struct sieve {
	uint64_t frames;
	struct bel_link *link;
	struct bel_list queue; /* newest at the head */
	uint32_t hand;         /* the page looked at next, BEL_NO_PAGE: the oldest */
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

/* Takes a page out of the queue; a hand that stood there goes on to the next newer one. */
static void leave(struct sieve *sieve, uint32_t page)
{
	if (sieve->hand == page)
		sieve->hand = sieve->link[page].before;
	bel_list_remove(&sieve->queue, sieve->link, page);
}

/* One turn of the hand that clears no bits; if all are set, it would come back to where it is. */
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

static uint32_t sift(const struct sieve *sieve, struct bel_decision *out)
{
	uint32_t page = hand_at(sieve);

	while (bel_accessed(out, page)) {
		bel_clear_accessed(out, page);
		page = sieve->link[page].before;
		if (page == BEL_NO_PAGE)
			page = sieve->queue.tail;
	}
	return page;
}

static void sieve_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct sieve *sieve = self;

	(void)now;
	if (bel_resident(out) == sieve->frames) {
		const uint32_t victim = sift(sieve, out);

		sieve->hand = victim;
		leave(sieve, victim);
		bel_evict(out, victim);
	}
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
	.title = "SIEVE: the next page in order of loading that was not referenced since the hand",
	.source = "Y. Zhang, J. Yang, Y. Yue, Y. Vigfusson, K. V. Rashmi, SIEVE is simpler than "
		  "LRU: an efficient turn-key eviction algorithm for web caches, NSDI 2024",
	.victim = sieve_victim,
	.show = sieve_show,
};

BEL_POLICY(sieve);

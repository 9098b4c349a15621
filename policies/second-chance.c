/* SPDX-License-Identifier: MIT */
/*
 * second-chance.c: second chance (Tanenbaum and Bos, Modern Operating Systems, "The Second-Chance
 * Page Replacement Algorithm"): FIFO, but a page that was referenced goes to the end of the queue
 * once more.
 *
 * State: resident pages in a queue. The reference bit is the accessed bit that hardware sets.
 *
 * On a hit: nothing.
 *
 * On a fault:
 * 1. If no frame is free, evict. While the oldest page of the queue has its bit set, clear the bit
 *    and move the page to the young end. Then evict the oldest page.
 * 2. Load the page at the young end with its bit set. With bit=0, only a further reference sets
 *    it.
 *
 * While no page is dropped, or evicted before a frame is needed, it evicts the same pages as CLOCK.
 *
 * Cost: O(1) per fault, amortized over the hits that set the bits; 8 bytes per page.
 */
#include "list.h"

struct second {
	uint64_t frames;
	struct bel_link *link;
	struct bel_list queue; /* the youngest at the head */
	int load_unreferenced;
};

static void second_init(void *self, const struct bel_env *env)
{
	struct second *second = self;

	second->frames = env->frames;
	second->load_unreferenced = env->param[0] == 0;
	bel_list_init(&second->queue);
	env->page_array(env->host, &second->link, sizeof(*second->link));
}

/* The oldest page with a clear bit. Without one, all bits are cleared and the oldest leaves. */
static uint32_t second_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct second *second = self;
	uint32_t page = second->queue.tail;

	(void)now;
	while (page != BEL_NO_PAGE && bel_accessed(out, page))
		page = second->link[page].before;
	return page == BEL_NO_PAGE ? second->queue.tail : page;
}

static void second_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct second *second = self;
	uint32_t page;

	(void)now;
	while (bel_accessed(out, page = second->queue.tail)) {
		bel_clear_accessed(out, page);
		bel_list_to_head(&second->queue, second->link, page);
	}
	bel_list_remove(&second->queue, second->link, page);
	bel_evict(out, page);
}

static void second_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct second *second = self;

	if (bel_resident(out) == second->frames)
		second_evict(second, now, out);
	bel_list_push(&second->queue, second->link, ref.page);
	if (second->load_unreferenced)
		bel_load_unreferenced(out);
}

static void second_drop(void *self, uint32_t page)
{
	struct second *second = self;

	bel_list_remove(&second->queue, second->link, page);
}

static const struct bel_hooks second_hooks = {
	.fault = second_fault,
	.drop = second_drop,
};

static const struct bel_param second_params[] = {
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{.name = NULL},
};

/* First the pages with a clear bit, then the others, in the order of the queue. */
static void second_show(void *self, const struct bel_show *show)
{
	const struct second *second = self;

	for (int set = 0; set < 2; set++) {
		uint32_t page = second->queue.tail;

		for (; page != BEL_NO_PAGE; page = second->link[page].before) {
			if (((show->state[page] & BEL_PAGE_ACCESSED) != 0) != set)
				continue;
			show->order(show->host, page, BEL_SHOW_OTHER);
			show->bit(show->host, page, set);
		}
	}
}

BEL_RUN(second, second_hooks, BEL_POLICY_BITS)

static const struct bel_policy second = {
	BEL_POLICY_BASE(second, struct second),
	.name = "second-chance",
	.title = "second chance: the oldest page, but a referenced page counts as new once more",
	.source = "A. S. Tanenbaum, H. Bos, Modern Operating Systems, section on the second-chance "
		  "page replacement algorithm",
	.params = second_params,
	.victim = second_victim,
	.evict = second_evict,
	.show = second_show,
	.aliases = "SC, 2nd chance",
};

BEL_POLICY(second);

/* SPDX-License-Identifier: MIT */
/*
 * lifo.c: last in, first out (Coffman and Denning, Operating Systems Theory, 1973): evicts the
 * page that was loaded last. The others stay for ever.
 *
 * On a hit: nothing.
 *
 * On a fault:
 * 1. If no frame is free, evict the page loaded last.
 * 2. Load the page.
 *
 * It serves as a bad example, but not always: on a loop over more pages than there are frames, it
 * keeps frames - 1 of them.
 *
 * Cost: O(1) per fault; 8 bytes per page.
 */
#include "list.h"

struct lifo {
	uint64_t frames;
	struct bel_list stack; /* the page loaded last at the head */
	struct bel_link *link;
};

static void lifo_init(void *self, const struct bel_env *env)
{
	struct lifo *lifo = self;

	lifo->frames = env->frames;
	bel_list_init(&lifo->stack);
	env->page_array(env->host, &lifo->link, sizeof(*lifo->link));
}

static uint32_t lifo_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct lifo *lifo = self;

	(void)now;
	(void)out;
	return lifo->stack.head;
}

static void lifo_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lifo *lifo = self;

	if (bel_resident(out) == lifo->frames) {
		const uint32_t victim = lifo_victim(lifo, now, out);

		bel_list_remove(&lifo->stack, lifo->link, victim);
		bel_evict(out, victim);
	}
	bel_list_push(&lifo->stack, lifo->link, ref.page);
}

static void lifo_drop(void *self, uint32_t page)
{
	struct lifo *lifo = self;

	bel_list_remove(&lifo->stack, lifo->link, page);
}

static const struct bel_hooks lifo_hooks = {
	.fault = lifo_fault,
	.drop = lifo_drop,
};

static void lifo_show(void *self, const struct bel_show *show)
{
	const struct lifo *lifo = self;
	uint32_t page;

	for (page = lifo->stack.head; page != BEL_NO_PAGE; page = lifo->link[page].after)
		show->order(show->host, page, BEL_SHOW_OTHER);
}

BEL_RUN(lifo, lifo_hooks, 0)

static const struct bel_policy lifo = {
	BEL_POLICY_BASE(lifo, struct lifo),
	.name = "lifo",
	.title = "last in, first out: the page that was loaded last",
	.source = "E. G. Coffman, P. J. Denning, Operating systems theory, Prentice-Hall, 1973",
	.victim = lifo_victim,
	.show = lifo_show,
	.aliases = "last in first out",
};

BEL_POLICY(lifo);

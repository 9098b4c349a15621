/* SPDX-License-Identifier: MIT */
/*
 * lifo.c: last in, first out: the page that was loaded last leaves; the others stay for good.
 *
 * Of use as the lower end of a comparison, and not always that: on a loop over more pages than
 * there are frames it keeps frames - 1 of them. Hits are not looked at.
 *
 * O(1) a fault; 8 bytes a page.
 */
#include <stdlib.h>

#include "list.h"

struct lifo {
	uint64_t frames;
	struct bel_list stack; /* the page loaded last at the head */
	struct bel_link *link;
};

static void *lifo_create(const struct bel_env *env, struct bel_err *err)
{
	struct lifo *lifo = calloc(1, sizeof(*lifo));

	(void)err;
	if (!lifo)
		return NULL;
	lifo->frames = env->frames;
	bel_list_init(&lifo->stack);
	env->page_array(env->host, &lifo->link, sizeof(*lifo->link));
	return lifo;
}

static void lifo_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_out *out)
{
	struct lifo *lifo = self;

	(void)now;
	if (bel_resident(out) == lifo->frames) {
		const uint32_t victim = lifo->stack.head;

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

#define LIFO_CAPS 0

BEL_RUN(lifo, lifo_hooks, LIFO_CAPS)

static const struct bel_policy lifo = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.caps = LIFO_CAPS,
	.name = "lifo",
	.title = "last in, first out: the page that was loaded last",
	.source = "E. G. Coffman, P. J. Denning, Operating systems theory, Prentice-Hall, 1973",
	.create = lifo_create,
	.destroy = free,
	.hooks = &lifo_hooks,
	.run = lifo_run,
	.show = lifo_show,
	.aliases = "last in first out",
};

BEL_POLICY(lifo);

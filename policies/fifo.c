/* SPDX-License-Identifier: MIT */
/*
 * fifo.c: first in, first out; also the template for a new policy.
 *
 * To write one: copy this file to policies/NAME.c, change it and its .name, run make. Nothing else
 * needs an edit: BEL_POLICY() makes the policy known to all tools. Or build it apart
 * and name the result, bel-sim -p ./NAME.so (see bel-policy(7)):
 *
 *	cc -O2 -fPIC -shared -DBEL_PLUGIN -I/usr/local/include/belady -o NAME.so NAME.c
 *
 * A policy decides one thing: which page leaves. Which pages are resident or dirty, and how
 * many faults there are, is the engine's business, which also checks what the policy says.
 */
#include <stdlib.h>

#include "policy.h"

#define NONE UINT32_MAX

/* An instance: one policy with one number of frames. Several run at once, in several threads. */
struct fifo {
	uint64_t frames;
	/*
	 * What is kept for each page lives in page arrays, which the engine allocates,
	 * clears, grows and frees; pages are numbered 0, 1, 2, ... in order of first touch,
	 * so that they index arrays. Here: the resident pages as a list, oldest first.
	 */
	struct link {
		uint32_t older, newer;
	} * link;
	uint32_t oldest, newest;
};

static void *fifo_create(const struct bel_env *env, struct bel_err *err)
{
	struct fifo *fifo = calloc(1, sizeof(*fifo));

	(void)err; /* for env->fail(), when parameters do not go together */
	if (!fifo)
		return NULL;
	fifo->frames = env->frames;
	fifo->oldest = NONE;
	fifo->newest = NONE;
	env->page_array(env->host, &fifo->link, sizeof(*fifo->link));
	return fifo;
}

/* Takes a page out of the list. */
static void leave(struct fifo *fifo, uint32_t page)
{
	const struct link link = fifo->link[page];

	if (link.older == NONE)
		fifo->oldest = link.newer;
	else
		fifo->link[link.older].newer = link.newer;
	if (link.newer == NONE)
		fifo->newest = link.older;
	else
		fifo->link[link.newer].older = link.older;
}

/* Adds a page to the list as the newest. */
static void enter(struct fifo *fifo, uint32_t page)
{
	fifo->link[page] = (struct link){.older = fifo->newest, .newer = NONE};
	if (fifo->newest == NONE)
		fifo->oldest = page;
	else
		fifo->link[fifo->newest].newer = page;
	fifo->newest = page;
}

/* Called for a page that is not resident; it is once this returns. */
static void fifo_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_out *out)
{
	struct fifo *fifo = self;

	(void)now; /* virtual time, for policies that look at it */
	if (bel_resident(out) == fifo->frames) {
		const uint32_t victim = fifo->oldest;

		leave(fifo, victim);
		bel_evict(out, victim);
	}
	enter(fifo, ref.page);
}

/* A resident page left without our doing: it was unmapped, or its process ended. */
static void fifo_drop(void *self, uint32_t page)
{
	leave(self, page);
}

/*
 * A FIFO does not look at hits, so it has no hit hook; a policy of fixed space
 * needs no settle hook.
 */
static const struct bel_hooks fifo_hooks = {
	.fault = fifo_fault,
	.drop = fifo_drop,
};

/*
 * For bel-explain, which asks between references what the policy knows: here, who leaves
 * when. A policy may do without.
 */
static void fifo_show(void *self, const struct bel_show *show)
{
	const struct fifo *fifo = self;

	for (uint32_t page = fifo->oldest; page != NONE; page = fifo->link[page].newer)
		show->order(show->host, page, BEL_SHOW_LOADED);
}

#define FIFO_CAPS 0

/* Compiles the engine's loop once more for these very hooks: same results, quicker. */
BEL_RUN(fifo, fifo_hooks, FIFO_CAPS)

static const struct bel_policy fifo = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.caps = FIFO_CAPS,
	.name = "fifo",
	.title = "first in, first out: the page that was loaded longest ago",
	.source = "L. A. Belady, A study of replacement algorithms for a virtual-storage computer, "
		  "IBM Systems Journal 5(2), 1966",
	.create = fifo_create,
	.destroy = free,
	.hooks = &fifo_hooks,
	.run = fifo_run,
	.show = fifo_show,
};

BEL_POLICY(fifo);

/* SPDX-License-Identifier: MIT */
/*
 * fifo.c: first in, first out (Belady, IBM Systems Journal, 1966): evicts the page that was loaded
 * longest ago. Also the template for a new policy.
 *
 * On a hit: nothing.
 *
 * On a fault:
 * 1. If no frame is free, evict the page that was loaded longest ago.
 * 2. Load the page.
 *
 * Cost: O(1) per fault; 8 bytes per page.
 *
 * To write a policy, copy this file to policies/NAME.c, change it and its .name, and run make. No
 * other file changes: BEL_POLICY() makes the policy known to all tools. Or build it as a plug-in
 * and use it with bel-sim -p ./NAME.so (see bel-policy(7)):
 *
 *	cc -O2 -fPIC -shared -DBEL_PLUGIN -I/usr/local/include/belady -o NAME.so NAME.c
 *
 * A policy decides one thing: which page leaves. The engine knows which pages are resident or
 * dirty, counts faults, and checks each decision of the policy.
 */
#include "list.h"

/* An instance: one policy with one number of frames. Several may run at once, in threads. */
struct fifo {
	uint64_t frames;
	/*
	 * Data of pages is in page arrays. The engine allocates, clears, grows and frees
	 * them. Pages are numbered 0, 1, 2, ... in order of first reference; the number is
	 * the index. Here: the links of a list of the resident pages, the youngest at its
	 * head.
	 */
	struct bel_link *link;
	struct bel_list resident;
};

static void fifo_init(void *self, const struct bel_env *env)
{
	struct fifo *fifo = self;

	fifo->frames = env->frames;
	bel_list_init(&fifo->resident);
	env->page_array(env->host, &fifo->link, sizeof(*fifo->link));
}

/* The page that leaves next. A host may ask at any time. Optional. */
static uint32_t fifo_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct fifo *fifo = self;

	(void)now; /* virtual time: not needed here */
	(void)out; /* accessed and dirty bits: not needed here */
	return fifo->resident.tail;
}

/* Evicts that page: for a fault, or for a host that frees frames before they are needed. */
static void fifo_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct fifo *fifo = self;
	const uint32_t victim = fifo_victim(fifo, now, out);

	bel_list_remove(&fifo->resident, fifo->link, victim);
	bel_evict(out, victim);
}

/* Called for a page that is not resident. When this returns, the page is resident. */
static void fifo_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct fifo *fifo = self;

	if (bel_resident(out) == fifo->frames)
		fifo_evict(fifo, now, out);
	bel_list_push(&fifo->resident, fifo->link, ref.page);
}

/* A resident page left without an eviction: it was unmapped, or its process ended. */
static void fifo_drop(void *self, uint32_t page)
{
	struct fifo *fifo = self;

	bel_list_remove(&fifo->resident, fifo->link, page);
}

/* FIFO does nothing at a hit, and nothing at certain times: it has no hit hook and no tick hook. */
static const struct bel_hooks fifo_hooks = {
	.fault = fifo_fault,
	.drop = fifo_drop,
};

/*
 * For bel-explain: shows, between two references, what the policy knows. Here this is the
 * order in which pages leave. Optional.
 */
static void fifo_show(void *self, const struct bel_show *show)
{
	const struct fifo *fifo = self;

	bel_list_show(&fifo->resident, fifo->link, show, BEL_SHOW_LOADED);
}

/* Compiles the engine's loop for these hooks: the same results, but faster. */
BEL_RUN(fifo, fifo_hooks, 0)

static const struct bel_policy fifo = {
	BEL_POLICY_BASE(fifo, struct fifo),
	.name = "fifo",
	.title = "first in, first out: the page that was loaded longest ago",
	.source = "L. A. Belady, A study of replacement algorithms for a virtual-storage computer, "
		  "IBM Systems Journal 5(2), 1966",
	.victim = fifo_victim,
	.evict = fifo_evict,
	.show = fifo_show,
	.aliases = "first in first out, round robin, RR",
};

BEL_POLICY(fifo);

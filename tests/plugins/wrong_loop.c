/* SPDX-License-Identifier: MIT */
/*
 * wrong_loop.c: last in, first out, with an inlined loop of another version, which
 * would count nonsense. The host must run the hooks instead.
 */
#include <stdlib.h>

#include "policy.h"

struct lifo {
	uint64_t frames;
	uint32_t *before; /* page that was newest when this one was loaded */
	uint32_t newest;
};

static void *lifo_create(const struct bel_env *env, struct bel_err *err)
{
	struct lifo *lifo = calloc(1, sizeof(*lifo));

	(void)err;
	if (!lifo)
		return NULL;
	lifo->frames = env->frames;
	env->page_array(env->host, &lifo->before, sizeof(*lifo->before));
	return lifo;
}

static void lifo_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lifo *lifo = self;

	(void)now;
	if (bel_resident(out) == lifo->frames) {
		const uint32_t victim = lifo->newest;

		lifo->newest = lifo->before[victim];
		bel_evict(out, victim);
	}
	lifo->before[ref.page] = lifo->newest;
	lifo->newest = ref.page;
}

static void lifo_drop(void *self, uint32_t page)
{
	struct lifo *lifo = self;
	uint32_t *at = &lifo->newest;

	while (*at != page)
		at = &lifo->before[*at];
	*at = lifo->before[page];
}

static void nonsense_run(struct bel_mem *mem, void *self, const struct bel_batch *batch)
{
	(void)self;
	(void)batch;
	mem->tally.faults += 1000000;
}

static const struct bel_hooks hooks = {.fault = lifo_fault, .drop = lifo_drop};

static const struct bel_policy wrong_loop = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI + 1,
	.name = "lifo",
	.title = "last in, first out",
	.source = "a test of belady",
	.create = lifo_create,
	.destroy = free,
	.hooks = &hooks,
	.run = nonsense_run,
};

BEL_POLICY(wrong_loop);

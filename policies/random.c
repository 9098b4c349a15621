/* SPDX-License-Identifier: MIT */
/*
 * random.c: evicts a resident page drawn at random, each with the same chance.
 *
 * Frames are numbered. A page is loaded into the lowest free one; if all are taken, one number
 * below `frames` is drawn with bel_random_below() from splitmix64 begun at the seed (random.h),
 * the page in that frame leaves, and the new one takes its place. When a page is dropped, the page
 * in the highest frame in use moves to its frame, so that no frame between is ever free.
 * Nothing is drawn for a fault that evicts nobody.
 *
 * O(1) a reference and a fault; 8 bytes a page.
 */
#include "random.h"

struct random {
	uint64_t frames;
	uint64_t draws;  /* the generator's state */
	uint32_t *page;  /* of a frame; a page array, as frames in use are never more than pages */
	uint32_t *frame; /* of a resident page */
	uint32_t used;
};

static void random_init(void *self, const struct bel_env *env)
{
	struct random *random = self;

	random->frames = env->frames;
	random->draws = env->seed;
	env->page_array(env->host, &random->page, sizeof(*random->page));
	env->page_array(env->host, &random->frame, sizeof(*random->frame));
}

static void put(struct random *random, uint32_t frame, uint32_t page)
{
	random->page[frame] = page;
	random->frame[page] = frame;
}

/* Draws from a copy of the generator. */
static uint32_t random_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct random *random = self;
	uint64_t draws = random->draws;

	(void)now;
	(void)out;
	return random->used ? random->page[bel_random_below(&draws, random->used)] : BEL_NO_PAGE;
}

static void random_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct random *random = self;
	uint32_t frame;

	(void)now;
	if (bel_resident(out) == random->frames) {
		frame = bel_random_below(&random->draws, random->used);
		bel_evict(out, random->page[frame]);
	} else {
		frame = random->used++;
	}
	put(random, frame, ref.page);
}

static void random_drop(void *self, uint32_t page)
{
	struct random *random = self;

	put(random, random->frame[page], random->page[--random->used]);
}

static const struct bel_hooks random_hooks = {
	.fault = random_fault,
	.drop = random_drop,
};

BEL_RUN(random, random_hooks, 0)

static const struct bel_policy random_policy = {
	BEL_POLICY_BASE(random, struct random),
	.name = "random",
	.title = "random: any resident page, each with the same chance",
	.source = "L. A. Belady, A study of replacement algorithms for a virtual-storage computer, "
		  "IBM Systems Journal 5(2), 1966",
	.victim = random_victim,
	.aliases = "rand, random replacement, RR",
};

BEL_POLICY(random_policy);

/* SPDX-License-Identifier: MIT */
/*
 * random.c: random replacement (Belady, IBM Systems Journal, 1966): evicts a resident page drawn
 * at random, each with the same probability.
 *
 * On a hit: nothing.
 *
 * On a fault:
 * 1. If no frame is free, draw a random number below the number of frames (random.h, starting from
 *    the seed) and evict the page in that frame. Nothing is drawn while a frame is free.
 * 2. Load the page into that frame, or into the lowest free one.
 *
 * After a drop, the page in the highest used frame moves into the freed frame, so that no frame
 * between is free.
 *
 * Cost: O(1) per reference; 8 bytes per page.
 */
#include "random.h"
#include "frame_slots.h"

struct random {
	uint64_t frames;
	uint64_t draws; /* the generator's state */
	struct bel_frame_slots slots;
};

static void random_init(void *self, const struct bel_env *env)
{
	struct random *random = self;

	random->frames = env->frames;
	random->draws = env->seed;
	bel_frame_slots_create(&random->slots, env);
}

/* Draws from a copy of the generator's state: asking changes nothing. */
static uint32_t random_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct random *random = self;
	uint64_t draws = random->draws;

	(void)now;
	(void)out;
	return random->slots.used ? random->slots.page[bel_random_below(&draws, random->slots.used)]
				  : BEL_NO_PAGE;
}

static void random_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct random *random = self;
	uint32_t frame;

	(void)now;
	if (bel_resident(out) == random->frames) {
		frame = bel_random_below(&random->draws, random->slots.used);
		bel_evict(out, random->slots.page[frame]);
	} else {
		frame = random->slots.used++;
	}
	bel_frame_slots_take(&random->slots, frame, ref.page);
}

static void random_drop(void *self, uint32_t page)
{
	struct random *random = self;

	bel_frame_slots_drop(&random->slots, page);
}

static void random_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct random *random = self;
	const uint32_t frame = bel_random_below(&random->draws, random->slots.used);
	const uint32_t victim = random->slots.page[frame];

	(void)now;
	bel_frame_slots_drop(&random->slots, victim);
	bel_evict(out, victim);
}

static const struct bel_hooks random_hooks = {
	.fault = random_fault,
	.drop = random_drop,
};

BEL_RUN(random, random_hooks, 0)

static const struct bel_policy random_policy = {
	BEL_POLICY_BASE(random, struct random),
	.name = "random",
	.title = "random: any resident page, each with the same probability",
	.source = "L. A. Belady, A study of replacement algorithms for a virtual-storage computer, "
		  "IBM Systems Journal 5(2), 1966",
	.victim = random_victim,
	.evict = random_evict,
	.aliases = "rand, random replacement, RR",
};

BEL_POLICY(random_policy);

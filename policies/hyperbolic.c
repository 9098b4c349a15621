/* SPDX-License-Identifier: MIT */
/*
 * hyperbolic.c: hyperbolic caching (Blankstein, Sen and Freedman, USENIX ATC 2017): of a few pages
 * drawn at random, evicts the page with the fewest references per time in memory.
 *
 * State: for each resident page, n, its references since it was loaded, with that one, and t0, the
 * time when it was loaded. Its rank at time t is n / (t - t0). Ranks are compared exactly, as
 * products of integers.
 *
 * On a hit: add 1 to n.
 *
 * On a fault:
 * 1. If no frame is free, draw `sample` resident pages with replacement, all equally likely: each
 *    random number, below the number of pages, chooses a frame. Evict the page with the lowest
 *    rank; of equals, the page drawn first. sample=0 compares all pages, in order of frames.
 * 2. Load the page into the victim's frame, or into the first unused frame. After a drop, the page
 *    of the last used frame moves into the freed frame.
 *
 * Cost: hit O(1), fault O(sample); 24 bytes per page.
 */
#include "frame_slots.h"
#include "random.h"

struct hyperbolic {
	uint64_t frames, seed;
	uint32_t sample;
	struct bel_frame_slots slots;
	uint64_t *count;  /* references since the page was loaded */
	uint64_t *loaded; /* time of loading */
};

static void hyperbolic_init(void *self, const struct bel_env *env)
{
	struct hyperbolic *hyperbolic = self;

	hyperbolic->frames = env->frames;
	hyperbolic->seed = env->seed;
	hyperbolic->sample = (uint32_t)env->param[0];
	bel_frame_slots_create(&hyperbolic->slots, env);
	env->page_array(env->host, &hyperbolic->count, sizeof(*hyperbolic->count));
	env->page_array(env->host, &hyperbolic->loaded, sizeof(*hyperbolic->loaded));
}

static void hyperbolic_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct hyperbolic *hyperbolic = self;

	(void)now;
	hyperbolic->count[ref.page] += bel_count(ref);
}

/* Whether page a ranks below page b. */
static int ranks_below(const struct hyperbolic *hyperbolic, uint64_t now, uint32_t a, uint32_t b)
{
	const unsigned __int128 left =
		(unsigned __int128)hyperbolic->count[a] * (now - hyperbolic->loaded[b]);
	const unsigned __int128 right =
		(unsigned __int128)hyperbolic->count[b] * (now - hyperbolic->loaded[a]);

	return left < right;
}

/* The victim's frame. The frames below slots.used are in use. */
static uint32_t choose(const struct hyperbolic *hyperbolic, uint64_t now, uint64_t *seed)
{
	const uint32_t draws = hyperbolic->sample ? hyperbolic->sample : hyperbolic->slots.used;
	uint32_t best = 0;

	for (uint32_t i = 0; i < draws; i++) {
		const uint32_t frame =
			hyperbolic->sample ? bel_random_below(seed, hyperbolic->slots.used) : i;

		if (!i || ranks_below(hyperbolic, now, hyperbolic->slots.page[frame],
				  hyperbolic->slots.page[best]))
			best = frame;
	}
	return best;
}

/* Draws from a copy of the generator's state: asking changes nothing. */
static uint32_t hyperbolic_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct hyperbolic *hyperbolic = self;
	uint64_t seed = hyperbolic->seed;

	(void)out;
	if (!hyperbolic->slots.used)
		return BEL_NO_PAGE;
	return hyperbolic->slots.page[choose(hyperbolic, now, &seed)];
}

static void hyperbolic_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct hyperbolic *hyperbolic = self;
	uint32_t frame;

	if (bel_resident(out) == hyperbolic->frames) {
		frame = choose(hyperbolic, now, &hyperbolic->seed);
		bel_evict(out, hyperbolic->slots.page[frame]);
	} else {
		frame = hyperbolic->slots.used++;
	}
	bel_frame_slots_take(&hyperbolic->slots, frame, ref.page);
	hyperbolic->count[ref.page] = bel_count(ref);
	hyperbolic->loaded[ref.page] = now;
}

static void hyperbolic_drop(void *self, uint32_t page)
{
	struct hyperbolic *hyperbolic = self;

	bel_frame_slots_drop(&hyperbolic->slots, page);
}

static void hyperbolic_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct hyperbolic *hyperbolic = self;
	const uint32_t victim = hyperbolic->slots.page[choose(hyperbolic, now, &hyperbolic->seed)];

	bel_frame_slots_drop(&hyperbolic->slots, victim);
	bel_evict(out, victim);
}

static const struct bel_hooks hyperbolic_hooks = {
	.hit = hyperbolic_hit,
	.fault = hyperbolic_fault,
	.drop = hyperbolic_drop,
};

static const struct bel_param hyperbolic_params[] = {
	{"sample", "pages", BEL_PARAM_INTEGER, 64, 0, 1000000,
		"pages drawn for each eviction; 0: all pages are compared"},
	{.name = NULL},
};

BEL_RUN(hyperbolic, hyperbolic_hooks, 0)

static const struct bel_policy hyperbolic = {
	BEL_POLICY_BASE(hyperbolic, struct hyperbolic),
	.name = "hyperbolic",
	.title = "hyperbolic caching: of a sample, the fewest references per time in memory",
	.source = "A. Blankstein, S. Sen, M. J. Freedman, Hyperbolic caching: flexible caching for "
		  "web applications, USENIX ATC 2017",
	.params = hyperbolic_params,
	.victim = hyperbolic_victim,
	.evict = hyperbolic_evict,
	.aliases = "hyperbolic caching",
};

BEL_POLICY(hyperbolic);

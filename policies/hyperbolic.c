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
 * Cost: hit O(1), fault O(sample); 24 bytes per page. With many frames, the random reads of the sample
 * are nearly all of the time.
 */
#include "draws.h"
#include "frame_slots.h"

/* Of the page in a frame. A draw chooses a frame: this way each costs one cache line. */
struct rank {
	uint64_t count;  /* references since it was loaded */
	uint64_t loaded; /* time of loading */
};

struct hyperbolic {
	uint64_t frames, seed;
	uint32_t draws; /* 0: all */
	struct bel_draws ahead;
	struct bel_frame_slots slots;
	struct rank *rank; /* of a frame */
};

static void hyperbolic_init(void *self, const struct bel_env *env)
{
	struct hyperbolic *hyperbolic = self;

	hyperbolic->frames = env->frames;
	hyperbolic->seed = env->seed;
	hyperbolic->draws = (uint32_t)env->param[0];
	bel_frame_slots_create(&hyperbolic->slots, env);
	env->page_array(env->host, &hyperbolic->rank, sizeof(*hyperbolic->rank));
}

static void hyperbolic_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct hyperbolic *hyperbolic = self;

	(void)now;
	hyperbolic->rank[hyperbolic->slots.frame[ref.page]].count += bel_count(ref);
}

#define INFINITE UINT32_MAX /* a count above all others, up to this time */

/* Whether a ranks below b. From the time INFINITE on, products need more than 64 bits: wide. */
BEL_INLINE int ranks_below(struct rank a, struct rank b, uint64_t now, int wide)
{
	if (!wide)
		return a.count * (now - b.loaded) < b.count * (now - a.loaded);
	return (unsigned __int128)a.count * (now - b.loaded) <
	       (unsigned __int128)b.count * (now - a.loaded);
}

/* The lowest rank so far, and its frame. */
struct lowest {
	struct rank rank;
	uint32_t frame;
};

BEL_INLINE void compare(const struct hyperbolic *hyperbolic, uint64_t now, uint32_t frame, int wide,
	struct lowest *lowest)
{
	const struct rank rank = hyperbolic->rank[frame];

	if (ranks_below(rank, lowest->rank, now, wide)) {
		*lowest = (struct lowest){rank, frame};
		__builtin_prefetch(&hyperbolic->slots.page[frame], 1);
	}
}

/* The victim's frame. The frames below slots.used are in use. */
static uint32_t choose(struct hyperbolic *hyperbolic, uint64_t now, uint64_t *seed)
{
	struct lowest lowest = {
		.rank = {now < INFINITE ? INFINITE : UINT64_MAX, now}}; /* above all */
	struct bel_sample sample;

	bel_sample_start(&sample, hyperbolic->draws, hyperbolic->slots.used);
	while (bel_sample_next(&sample, &hyperbolic->ahead, seed)) {
		if (now < INFINITE)
			for (uint32_t i = 0; i < sample.count; i++)
				compare(hyperbolic, now, sample.frame[i], 0, &lowest);
		else
			for (uint32_t i = 0; i < sample.count; i++)
				compare(hyperbolic, now, sample.frame[i], 1, &lowest);
	}
	return lowest.frame;
}

/* Draws from a copy of the generator's state: asking changes nothing. */
static uint32_t hyperbolic_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct hyperbolic *hyperbolic = self;
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
		if (hyperbolic->draws <= BEL_DRAWS_MAX)
			bel_draws_ahead(&hyperbolic->ahead, hyperbolic->seed,
				hyperbolic->slots.used, hyperbolic->draws, hyperbolic->rank,
				sizeof(*hyperbolic->rank));
	} else {
		frame = hyperbolic->slots.used++;
	}
	bel_frame_slots_take(&hyperbolic->slots, frame, ref.page);
	hyperbolic->rank[frame] = (struct rank){.count = bel_count(ref), .loaded = now};
}

static void hyperbolic_drop(void *self, uint32_t page)
{
	struct hyperbolic *hyperbolic = self;
	struct bel_frame_slots *slots = &hyperbolic->slots;

	hyperbolic->rank[slots->frame[page]] = hyperbolic->rank[slots->used - 1];
	bel_frame_slots_drop(slots, page);
}

static void hyperbolic_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct hyperbolic *hyperbolic = self;
	const uint32_t victim = hyperbolic->slots.page[choose(hyperbolic, now, &hyperbolic->seed)];

	hyperbolic_drop(hyperbolic, victim);
	bel_evict(out, victim);
}

static const struct bel_hooks hyperbolic_hooks = {
	.hit = hyperbolic_hit,
	.fault = hyperbolic_fault,
	.drop = hyperbolic_drop,
};

static const struct bel_param hyperbolic_params[] = {
	{"sample", "pages", BEL_PARAM_INTEGER, 64, 0, 4096,
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

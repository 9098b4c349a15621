/* SPDX-License-Identifier: MIT */
/*
 * clock.c: a hand goes round the frames and takes the first page without a reference bit.
 *
 * The hand starts at frame 0, clears the bits that it passes and, having taken a frame,
 * stands behind it. Frames are filled in order 0, 1, 2, ...; a frame whose page was
 * dropped is filled before an unused one, the one freed last first.
 *
 * Hits are not looked at: the reference bit is the engine's accessed bit, as in hardware. A
 * page is loaded with it set; with bit=0 only a further reference sets it.
 *
 * With bits=k, k above 1, the generalized clock: a counter of k bits in place of the bit. It
 * starts as the bit would (1 or 0), every further reference adds 1 until it is 2^k - 1, and
 * the hand, instead of clearing, takes 1 off. It has to see each reference, then. (In the paper's
 * GCLOCK(V1), weights all 1; its V2 instead sets the counter at each reference.)
 *
 * O(1) a fault, spread over the hits before it; 9 bytes a page.
 */
#include "ring.h"

struct clock {
	struct bel_ring ring;
	int load_unreferenced;
	uint32_t most;    /* chances that a page may have; 1: the accessed bit will do */
	uint8_t *chances; /* of a resident page, if more than 1 */
};

static void clock_init(void *self, const struct bel_env *env)
{
	struct clock *clock = self;

	clock->load_unreferenced = env->param[0] == 0;
	clock->most = (1u << (unsigned)env->param[1]) - 1;
	bel_ring_create(&clock->ring, env);
	env->page_array(env->host, &clock->chances, sizeof(*clock->chances));
}

/* `count` further references. */
BEL_INLINE void add_chances(struct clock *clock, uint32_t page, uint32_t count)
{
	const uint32_t capacity = clock->most - clock->chances[page];

	clock->chances[page] += (uint8_t)(count < capacity ? count : capacity);
}

static void clock_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct clock *clock = self;

	(void)now;
	if (clock->most > 1)
		add_chances(clock, ref.page, bel_count(ref));
}

/* Whether the hand passes the page, which has a chance less then. */
BEL_INLINE int passes(struct clock *clock, uint32_t page, struct bel_decision *out)
{
	if (clock->most == 1) {
		if (!bel_accessed(out, page))
			return 0;
		bel_clear_accessed(out, page);
		return 1;
	}
	if (!clock->chances[page])
		return 0;
	clock->chances[page]--;
	return 1;
}

/* Each page's chances: the hand takes the first one that has the fewest. */
static uint32_t clock_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct clock *clock = self;
	uint32_t fewest = UINT32_MAX, victim = BEL_NO_PAGE, page;

	(void)now;
	for (uint32_t i = 0; i < clock->ring.used; i++) {
		uint32_t chances;

		if ((page = bel_ring_ahead(&clock->ring, out, i)) == BEL_NO_PAGE)
			continue;
		chances = clock->most > 1 ? clock->chances[page] : bel_accessed(out, page);
		if (chances < fewest) {
			fewest = chances;
			victim = page;
		}
	}
	return victim;
}

static void clock_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct clock *clock = self;
	struct bel_ring *ring = &clock->ring;

	(void)now;
	if (bel_resident(out) == ring->frames) {
		while (passes(clock, bel_ring_page(ring), out))
			bel_ring_advance(ring);
		bel_evict(out, bel_ring_page(ring));
		bel_ring_replace(ring, ref.page);
	} else {
		bel_ring_fill(ring, ref.page);
	}
	if (clock->load_unreferenced)
		bel_load_unreferenced(out);
	if (clock->most > 1) {
		clock->chances[ref.page] = !clock->load_unreferenced;
		add_chances(clock, ref.page, bel_count(ref) - 1);
	}
}

static void clock_drop(void *self, uint32_t page)
{
	struct clock *clock = self;

	bel_ring_drop(&clock->ring, page);
}

static const struct bel_hooks clock_hooks = {
	.hit = clock_hit,
	.fault = clock_fault,
	.drop = clock_drop,
};

/* With one bit nothing is done at a hit. */
static const struct bel_hooks clock_bit_hooks = {
	.fault = clock_fault,
	.drop = clock_drop,
};

static const struct bel_param clock_params[] = {
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{"bits", "bits", BEL_PARAM_INTEGER, 1, 1, 8,
		"from 2 on: a counter so wide, which counts references, in place of the bit"},
	{.name = NULL},
};

static void clock_show(void *self, const struct bel_show *show)
{
	const struct clock *clock = self;

	bel_ring_show(&clock->ring, show, clock->most > 1 ? clock->chances : NULL);
}

enum { clock_caps = BEL_POLICY_BITS };

BEL_RUN(clock_bit, clock_bit_hooks, clock_caps)
BEL_RUN(clock_count, clock_hooks, clock_caps)

static void clock_run(struct bel_mem *mem, void *self, const struct bel_batch *batch)
{
	const struct clock *clock = self;

	if (clock->most > 1)
		clock_count_run(mem, self, batch);
	else
		clock_bit_run(mem, self, batch);
}

static const struct bel_policy clock_policy = {
	BEL_POLICY_BASE(clock, struct clock),
	.name = "clock",
	.title = "second chance: the first page from the hand on that was not referenced",
	.source = "F. J. Corbato, A paging experiment with the Multics system, MIT Project MAC "
		  "Report MAC-M-384, 1968; bits: W. Effelsberg, T. Haerder, Principles of database "
		  "buffer management, ACM Transactions on Database Systems 9(4), 1984",
	.params = clock_params,
	.victim = clock_victim,
	.show = clock_show,
};

BEL_POLICY(clock_policy);

/* SPDX-License-Identifier: MIT */
/*
 * clock.c: CLOCK (Corbato, MIT Project MAC, 1968): a hand goes round the frames and evicts the
 * first page whose reference bit is clear.
 *
 * State: the frames in a ring, and the hand, which starts at frame 0. The reference bit is the
 * accessed bit that hardware sets.
 *
 * On a hit: nothing.
 *
 * On a fault:
 * 1. If no frame is free, evict. While the page at the hand has its bit set, clear the bit and
 *    move the hand on. Evict the page at the hand; the hand then stands at the next frame.
 * 2. Load the page into the free frame. Frames are filled in the order 0, 1, 2, ...; a frame that
 *    was used before is filled before an unused one, the one freed last first.
 * 3. The page is loaded with its bit set. With bit=0, only a further reference sets it.
 *
 * bits=k with k > 1 is the generalized clock, GCLOCK(V1) of Effelsberg and Haerder (ACM TODS 1984)
 * with all weights 1: a counter of k bits replaces the bit. It starts at 1 (with bit=0 at 0), each
 * further reference adds 1 up to 2^k - 1, and the hand subtracts 1 where it would clear the bit.
 *
 * Cost: O(1) per fault, amortized over the hits before it; 9 bytes per page.
 */
#include "ring.h"

struct clock {
	struct bel_ring ring;
	int load_unreferenced;
	uint32_t most;    /* largest counter; 1: the accessed bit replaces it */
	uint8_t *chances; /* of a resident page: its counter, if most > 1 */
};

static void clock_init(void *self, const struct bel_env *env)
{
	struct clock *clock = self;

	clock->load_unreferenced = env->param[0] == 0;
	clock->most = (1u << (unsigned)env->param[1]) - 1;
	bel_ring_create(&clock->ring, env);
	env->page_array(env->host, &clock->chances, sizeof(*clock->chances));
}

/* Counts `count` further references. */
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

/* Returns whether the hand passes the page, and takes one chance from it then. */
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

/* The hand evicts the first of the pages with the fewest chances. */
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

static void clock_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct clock *clock = self;
	const int full = bel_ring_full(&clock->ring);
	uint32_t page;

	(void)now;
	while ((page = bel_ring_page(&clock->ring, out, full)) == BEL_NO_PAGE ||
		passes(clock, page, out))
		bel_ring_advance(&clock->ring);
	bel_ring_pass(&clock->ring);
	bel_evict(out, page);
}

static void clock_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct clock *clock = self;

	if (bel_resident(out) == clock->ring.frames)
		clock_evict(clock, now, out);
	bel_ring_fill(&clock->ring, ref.page);
	if (clock->load_unreferenced)
		bel_load_unreferenced(out);
	if (clock->most > 1) {
		clock->chances[ref.page] = !clock->load_unreferenced;
		add_chances(clock, ref.page, bel_count(ref) - 1);
	}
}

static int clock_bits_suffice(const void *self)
{
	return ((const struct clock *)self)->most == 1;
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

/* With bits=1, a hit needs no hook: hardware sets the accessed bit. */
static const struct bel_hooks clock_bit_hooks = {
	.fault = clock_fault,
	.drop = clock_drop,
};

static const struct bel_param clock_params[] = {
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{"bits", "bits", BEL_PARAM_INTEGER, 1, 1, 8,
		"from 2 on: width of a reference counter that replaces the bit"},
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
	.title =
		"CLOCK, second chance: from the hand on, the first page with a clear reference bit",
	.source = "F. J. Corbato, A paging experiment with the Multics system, MIT Project MAC "
		  "Report MAC-M-384, 1968; bits: W. Effelsberg, T. Haerder, Principles of database "
		  "buffer management, ACM Transactions on Database Systems 9(4), 1984",
	.params = clock_params,
	.victim = clock_victim,
	.evict = clock_evict,
	.bits_suffice = clock_bits_suffice,
	.show = clock_show,
};

BEL_POLICY(clock_policy);

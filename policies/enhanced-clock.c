/* SPDX-License-Identifier: MIT */
/*
 * enhanced-clock.c: enhanced second chance (Stallings, Operating Systems, "Replacement Policy",
 * after the virtual memory of the Macintosh): CLOCK that prefers pages that need not be written
 * back.
 *
 * State: the frames in a ring, and the hand, which starts at frame 0. The reference bit is the
 * accessed bit that hardware sets.
 *
 * On a hit: nothing.
 *
 * On a fault:
 * 1. If no frame is free, evict. The hand goes round in passes, from where it stands:
 *    - pass 1 changes nothing; it takes the first page neither referenced nor dirty;
 *    - pass 2 takes the first page not referenced but dirty, and clears the bits of the pages it
 *      passes;
 *    - pass 3 is as pass 1, pass 4 as pass 2. One of the four finds a page.
 * 2. A pass is one full turn. The hand then stands behind the frame it took.
 * 3. Load the page into the free frame. Frames are filled in the order 0, 1, 2, ...; a frame that
 *    was used before is filled before an unused one, the one freed last first.
 * 4. The page is loaded with its bit set. With bit=0, only a further reference sets it.
 *
 * Cost: O(frames) per eviction at worst; 8 bytes per page.
 */
#include <limits.h>

#include "ring.h"

struct enhanced {
	struct bel_ring ring;
	int load_unreferenced;
};

static void enhanced_init(void *self, const struct bel_env *env)
{
	struct enhanced *enhanced = self;

	enhanced->load_unreferenced = env->param[0] == 0;
	bel_ring_create(&enhanced->ring, env);
}

/* One pass for a page with accessed bit 0 and dirty bit `dirty`. 1: the hand stands at one. */
static int turn(struct bel_ring *ring, struct bel_decision *out, int dirty, int clears)
{
	const int full = bel_ring_full(ring);

	for (uint32_t i = 0; i < ring->used; i++, bel_ring_advance(ring)) {
		const uint32_t page = bel_ring_page(ring, out, full);

		if (page == BEL_NO_PAGE)
			continue;
		if (!bel_accessed(out, page) && bel_dirty(out, page) == dirty)
			return 1;
		if (clears)
			bel_clear_accessed(out, page);
	}
	return 0;
}

/* The pass, from 0, that would take the page. Of the lowest rank, the first page leaves. */
static int rank(const struct bel_decision *out, uint32_t page)
{
	return 2 * bel_accessed(out, page) + bel_dirty(out, page);
}

static uint32_t enhanced_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct enhanced *enhanced = self;
	int least = INT_MAX;
	uint32_t victim = BEL_NO_PAGE;

	(void)now;
	for (uint32_t i = 0; i < enhanced->ring.used && least; i++) {
		const uint32_t page = bel_ring_ahead(&enhanced->ring, out, i);

		if (page != BEL_NO_PAGE && rank(out, page) < least) {
			least = rank(out, page);
			victim = page;
		}
	}
	return victim;
}

static void enhanced_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct enhanced *enhanced = self;
	struct bel_ring *ring = &enhanced->ring;
	uint32_t page;

	(void)now;
	while (!turn(ring, out, 0, 0) && !turn(ring, out, 1, 1))
		; /* pass 2 clears all bits, so that pass 3 or 4 finds a page */
	page = ring->page[ring->hand];
	bel_ring_pass(ring);
	bel_evict(out, page);
}

static void enhanced_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct enhanced *enhanced = self;

	if (bel_resident(out) == enhanced->ring.frames)
		enhanced_evict(enhanced, now, out);
	bel_ring_fill(&enhanced->ring, ref.page);
	if (enhanced->load_unreferenced)
		bel_load_unreferenced(out);
}

static void enhanced_drop(void *self, uint32_t page)
{
	struct enhanced *enhanced = self;

	bel_ring_drop(&enhanced->ring, page);
}

static const struct bel_hooks enhanced_hooks = {
	.fault = enhanced_fault,
	.drop = enhanced_drop,
};

static const struct bel_param enhanced_params[] = {
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{.name = NULL},
};

static void enhanced_show(void *self, const struct bel_show *show)
{
	const struct enhanced *enhanced = self;

	bel_ring_show(&enhanced->ring, show, NULL);
}

BEL_RUN(enhanced, enhanced_hooks, BEL_POLICY_BITS)

static const struct bel_policy enhanced = {
	BEL_POLICY_BASE(enhanced, struct enhanced),
	.name = "enhanced-clock",
	.title = "enhanced second chance: from the hand on, a clean unreferenced page first",
	.source = "W. Stallings, Operating Systems: Internals and Design Principles, section on "
		  "replacement policy, after the virtual memory of the Macintosh",
	.params = enhanced_params,
	.victim = enhanced_victim,
	.evict = enhanced_evict,
	.show = enhanced_show,
	.aliases = "enhanced second chance, ESC",
};

BEL_POLICY(enhanced);

/* SPDX-License-Identifier: MIT */
/*
 * wsclock.c: WSClock (Carr and Hennessy, SOSP 1981): a hand goes round the frames and looks for a
 * page outside the working set.
 *
 * State: the frames in a ring, and the hand, which starts at frame 0. For each resident page, the
 * time at which it was last known to be referenced, and a mark: scheduled for writing.
 *
 * On a hit: nothing. Hardware sets the accessed bit.
 *
 * On a fault at time `now`:
 * 1. If no frame is free, evict (below). The hand then stands behind the victim's frame.
 * 2. Load the page with its bit set, time `now`, and no mark. Frames are filled in the order 0, 1,
 *    2, ...; a frame that was used before is filled before an unused one, the one freed last
 *    first.
 *
 * Evict, for each page that the hand meets, for at most one turn:
 * 1. Bit set: clear it; the time becomes `now` and the mark goes. Move on.
 * 2. now - time <= tau, so the page is in the working set: move on.
 * 3. Clean, or marked: evict it.
 * 4. Dirty and not marked: mark it and move on.
 * If a full turn found no page to evict, take the first marked page; if there is none, the first
 * clean page; if all are dirty, the page at the hand, where it began.
 *
 * The paper's system writes marked pages back early and finds them clean on the next turn. Here
 * they stay dirty and are written back when they leave. If a turn finds no page, the paper reduces
 * the number of programs, which is not modelled. Taking a clean page instead is from Tanenbaum and
 * Bos, Modern Operating Systems.
 *
 * Cost: O(frames) per eviction at worst; 16 bytes per page.
 */
#include <limits.h>

#include "ring.h"
#include "scan.h"

struct wsclock {
	struct bel_ring ring;
	uint64_t tau;
	uint64_t none_until; /* steps 3 and 4 find no page up to this time */
	/*
	 * Of a frame: 2 x the time when its page was last known to be referenced, + 1 if marked.
	 * Only the hand reads it, which passes frames in order: so it is in the cache.
	 */
	uint64_t *about;
};

static void wsclock_init(void *self, const struct bel_env *env)
{
	struct wsclock *wsclock = self;

	wsclock->tau = (uint64_t)env->param[0];
	bel_ring_create(&wsclock->ring, env);
	bel_page_list(env, &wsclock->about, sizeof(*wsclock->about));
}

static uint64_t time_of(const struct wsclock *wsclock, uint32_t frame)
{
	return wsclock->about[frame] / 2;
}

static int scheduled(const struct wsclock *wsclock, uint32_t frame)
{
	return wsclock->about[frame] % 2;
}

/* Steps 1 to 4 of an eviction, for the page at the hand. Returns whether it leaves. */
static int takes(struct wsclock *wsclock, uint32_t page, uint64_t now, struct bel_decision *out)
{
	const uint32_t frame = wsclock->ring.hand;

	if (bel_accessed(out, page)) {
		bel_clear_accessed(out, page);
		wsclock->about[frame] = 2 * now;
		return 0;
	}
	if (now - time_of(wsclock, frame) <= wsclock->tau)
		return 0;
	if (!bel_dirty(out, page) || scheduled(wsclock, frame))
		return 1;
	wsclock->about[frame] |= 1;
	return 0;
}

/*
 * A turn that finds only referenced pages and pages younger than tau. After the frames were filled,
 * this happens at each fault for a while. It looks only at the pages with accessed bits, and then
 * for the first clean page. Zipf, 1 M pages: two thirds of all time were turns over all frames.
 */
static void turn(struct wsclock *wsclock, uint64_t now, struct bel_decision *out)
{
	struct bel_ring *ring = &wsclock->ring;
	const uint32_t start = ring->hand;

	for (uint32_t page = bel_scan_next(out, 0); page != BEL_NO_PAGE;
		page = bel_scan_next(out, page + 1)) {
		bel_clear_accessed(out, page);
		wsclock->about[ring->frame[page]] = 2 * now;
	}
	while (bel_dirty(out, ring->page[ring->hand])) {
		bel_ring_advance(ring);
		if (ring->hand == start)
			break;
	}
}

/* A turn found no page. All that are loaded later, or referenced, get later times. */
static void postpone(struct wsclock *wsclock)
{
	uint64_t least = UINT64_MAX;

	for (uint32_t frame = 0; frame < wsclock->ring.used; frame++)
		if (time_of(wsclock, frame) < least)
			least = time_of(wsclock, frame);
	wsclock->none_until = least + wsclock->tau;
}

/* Moves the hand to the page to evict. `full` is a constant: there is a loop for each value. */
BEL_INLINE void sweep(
	struct wsclock *wsclock, uint64_t now, struct bel_decision *out, const int full)
{
	struct bel_ring *ring = &wsclock->ring;
	const uint32_t start = ring->hand;
	uint32_t clean = BEL_NO_FRAME, page;
	int marked = 0;

	if (full && now <= wsclock->none_until && !bel_scan_few(out)) {
		turn(wsclock, now, out);
		return;
	}
	do {
		page = bel_ring_page(ring, out, full);
		if (!full && page == BEL_NO_PAGE) {
			bel_ring_advance(ring);
			continue;
		}
		if (takes(wsclock, page, now, out))
			return;
		marked |= scheduled(wsclock, ring->hand);
		if (clean == BEL_NO_FRAME && !bel_dirty(out, page))
			clean = ring->hand;
		bel_ring_advance(ring);
	} while (ring->hand != start);
	postpone(wsclock);
	if (clean != BEL_NO_FRAME && !marked)
		ring->hand = clean;
	while (bel_ring_page(ring, out, full) == BEL_NO_PAGE ||
		(marked && !scheduled(wsclock, ring->hand)))
		bel_ring_advance(ring);
}

/*
 * 0: step 3 evicts the page. 1: step 4 marks it. 2, 3: the page is in the working set, clean or
 * dirty. Of the lowest rank, the first page from the hand on leaves.
 */
static int rank(
	const struct wsclock *wsclock, uint32_t page, uint64_t now, const struct bel_decision *out)
{
	const uint32_t frame = wsclock->ring.frame[page];
	const int old = !bel_accessed(out, page) && now - time_of(wsclock, frame) > wsclock->tau;

	if (old)
		return bel_dirty(out, page) && !scheduled(wsclock, frame);
	return 2 + bel_dirty(out, page);
}

static uint32_t wsclock_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct wsclock *wsclock = self;
	int least = INT_MAX;
	uint32_t victim = BEL_NO_PAGE;

	for (uint32_t i = 0; i < wsclock->ring.used && least; i++) {
		const uint32_t page = bel_ring_ahead(&wsclock->ring, out, i);

		if (page != BEL_NO_PAGE && rank(wsclock, page, now, out) < least) {
			least = rank(wsclock, page, now, out);
			victim = page;
		}
	}
	return victim;
}

static void wsclock_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct wsclock *wsclock = self;
	uint32_t page;

	if (bel_ring_full(&wsclock->ring))
		sweep(wsclock, now, out, 1);
	else
		sweep(wsclock, now, out, 0);
	page = wsclock->ring.page[wsclock->ring.hand];
	bel_ring_pass(&wsclock->ring);
	bel_evict(out, page);
}

static void wsclock_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct wsclock *wsclock = self;

	if (bel_resident(out) == wsclock->ring.frames)
		wsclock_evict(wsclock, now, out);
	bel_ring_fill(&wsclock->ring, ref.page);
	wsclock->about[wsclock->ring.frame[ref.page]] = 2 * now;
}

static void wsclock_drop(void *self, uint32_t page)
{
	struct wsclock *wsclock = self;

	bel_ring_drop(&wsclock->ring, page);
}

static const struct bel_hooks wsclock_hooks = {
	.fault = wsclock_fault,
	.drop = wsclock_drop,
};

static const struct bel_param wsclock_params[] = {
	{"tau", "references", BEL_PARAM_INTEGER, 10000, 1, 9007199254740992.0,
		"a page not referenced for longer is outside the working set"},
	{.name = NULL},
};

static void wsclock_show(void *self, const struct bel_show *show)
{
	const struct wsclock *wsclock = self;

	bel_ring_show(&wsclock->ring, show, NULL);
}

BEL_RUN(wsclock, wsclock_hooks, BEL_POLICY_BITS)

static const struct bel_policy wsclock = {
	BEL_POLICY_BASE(wsclock, struct wsclock),
	.name = "wsclock",
	.title = "WSClock: a hand evicts a page that was not referenced for longer than tau",
	.source = "R. W. Carr, J. L. Hennessy, WSClock: a simple and effective algorithm for "
		  "virtual memory management, SOSP 1981",
	.params = wsclock_params,
	.victim = wsclock_victim,
	.evict = wsclock_evict,
	.show = wsclock_show,
	.aliases = "working set clock",
};

BEL_POLICY(wsclock);

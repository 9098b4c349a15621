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
 * Cost: O(frames) per eviction at worst; 17 bytes per page.
 */
#include <limits.h>

#include "ring.h"

struct wsclock {
	struct bel_ring ring;
	uint64_t tau;
	uint64_t *time;     /* of a resident page: when it was last known to be referenced */
	uint8_t *scheduled; /* of a resident page: its mark */
};

static void wsclock_init(void *self, const struct bel_env *env)
{
	struct wsclock *wsclock = self;

	wsclock->tau = (uint64_t)env->param[0];
	bel_ring_create(&wsclock->ring, env);
	env->page_array(env->host, &wsclock->time, sizeof(*wsclock->time));
	env->page_array(env->host, &wsclock->scheduled, sizeof(*wsclock->scheduled));
}

/* Steps 1 to 4 of an eviction, for one page. Returns whether it leaves. */
static int takes(struct wsclock *wsclock, uint32_t page, uint64_t now, struct bel_decision *out)
{
	if (bel_accessed(out, page)) {
		bel_clear_accessed(out, page);
		wsclock->time[page] = now;
		wsclock->scheduled[page] = 0;
		return 0;
	}
	if (now - wsclock->time[page] <= wsclock->tau)
		return 0;
	if (!bel_dirty(out, page) || wsclock->scheduled[page])
		return 1;
	wsclock->scheduled[page] = 1;
	return 0;
}

/* Moves the hand to the page to evict. `full` is a constant: there is a loop for each value. */
BEL_INLINE void sweep(
	struct wsclock *wsclock, uint64_t now, struct bel_decision *out, const int full)
{
	struct bel_ring *ring = &wsclock->ring;
	const uint32_t start = ring->hand;
	uint32_t clean = BEL_NO_FRAME, page;
	int scheduled = 0;

	do {
		page = bel_ring_page(ring, out, full);
		if (!full && page == BEL_NO_PAGE) {
			bel_ring_advance(ring);
			continue;
		}
		if (takes(wsclock, page, now, out))
			return;
		scheduled |= wsclock->scheduled[page];
		if (clean == BEL_NO_FRAME && !bel_dirty(out, page))
			clean = ring->hand;
		bel_ring_advance(ring);
	} while (ring->hand != start);
	if (clean != BEL_NO_FRAME && !scheduled)
		ring->hand = clean;
	while ((page = bel_ring_page(ring, out, full)) == BEL_NO_PAGE ||
		(scheduled && !wsclock->scheduled[page]))
		bel_ring_advance(ring);
}

/*
 * 0: step 3 evicts the page. 1: step 4 marks it. 2, 3: the page is in the working set, clean or
 * dirty. Of the lowest rank, the first page from the hand on leaves.
 */
static int rank(
	const struct wsclock *wsclock, uint32_t page, uint64_t now, const struct bel_decision *out)
{
	const int old = !bel_accessed(out, page) && now - wsclock->time[page] > wsclock->tau;

	if (old)
		return bel_dirty(out, page) && !wsclock->scheduled[page];
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
	wsclock->time[ref.page] = now;
	wsclock->scheduled[ref.page] = 0;
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

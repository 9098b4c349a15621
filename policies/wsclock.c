/* SPDX-License-Identifier: MIT */
/*
 * wsclock.c: a hand on a ring of frames that looks for a page outside of the working set.
 *
 * With each page goes the time at which it was last known to be referenced; loading counts. At a
 * fault at time `now` with all frames taken, the hand looks at page after page:
 *
 *	referenced (the accessed bit, set since loading or since the hand last cleared it):
 *		the bit is cleared, the time becomes `now`; the hand goes on
 *	now - time <= tau, in the working set: the hand goes on
 *	else, clean or passed for writing before: it leaves
 *	else, dirty: from now on passed for writing; the hand goes on
 *
 * A page found referenced is no longer passed for writing: it has to be found old and dirty
 * anew. If a full turn found none to take, another takes the first page passed for writing; if
 * there is none, the first clean page of the turn leaves, and if all are dirty, the page at the
 * hand, which is where it began. The hand then stands behind the frame taken; it starts at
 * frame 0. Frames are filled in order 0, 1, 2, ...; a frame whose page was dropped is filled
 * before an unused one, the one freed last first.
 *
 * The paper's system writes such pages early and finds them clean on the next turn; here
 * they stay dirty and are written when they leave, by then on the same grounds. Load
 * control, the paper's answer to a turn without a find, is not a matter of one program;
 * the clean page instead is Tanenbaum's.
 *
 * O(frames) a fault that evicts, at the worst; 17 bytes a page.
 */
#include <limits.h>

#include "ring.h"

struct wsclock {
	struct bel_ring ring;
	uint64_t tau;
	uint64_t *time;     /* a resident page was last known to be referenced */
	uint8_t *scheduled; /* passed for writing */
};

static void wsclock_init(void *self, const struct bel_env *env)
{
	struct wsclock *wsclock = self;

	wsclock->tau = (uint64_t)env->param[0];
	bel_ring_create(&wsclock->ring, env);
	env->page_array(env->host, &wsclock->time, sizeof(*wsclock->time));
	env->page_array(env->host, &wsclock->scheduled, sizeof(*wsclock->scheduled));
}

/* Whether the hand takes the page; if not, what it leaves behind. */
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

/* All frames are taken: moves the hand to the page to evict. */
static void sweep(struct wsclock *wsclock, uint64_t now, struct bel_decision *out)
{
	struct bel_ring *ring = &wsclock->ring;
	const uint32_t start = ring->hand;
	uint32_t clean = BEL_NO_FRAME;
	int scheduled = 0;

	do {
		const uint32_t page = bel_ring_page(ring);

		if (takes(wsclock, page, now, out))
			return;
		scheduled |= wsclock->scheduled[page];
		if (clean == BEL_NO_FRAME && !bel_dirty(out, page))
			clean = ring->hand;
		bel_ring_advance(ring);
	} while (ring->hand != start);
	if (scheduled) {
		while (!wsclock->scheduled[bel_ring_page(ring)])
			bel_ring_advance(ring);
	} else if (clean != BEL_NO_FRAME) {
		ring->hand = clean;
	}
}

/* Taken at sight; once it is scheduled; for being clean; for want of others. The first of the least
 * leaves. */
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

static void wsclock_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct wsclock *wsclock = self;
	struct bel_ring *ring = &wsclock->ring;

	if (bel_resident(out) == ring->frames) {
		sweep(wsclock, now, out);
		bel_evict(out, bel_ring_page(ring));
		bel_ring_replace(ring, ref.page);
	} else {
		bel_ring_fill(ring, ref.page);
	}
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
		"window: a page not referenced for longer is outside of the working set"},
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
	.title = "a hand that looks for a page not referenced for longer than tau",
	.source = "R. W. Carr, J. L. Hennessy, WSClock: a simple and effective algorithm for "
		  "virtual memory management, SOSP 1981",
	.params = wsclock_params,
	.victim = wsclock_victim,
	.show = wsclock_show,
	.aliases = "working set clock",
};

BEL_POLICY(wsclock);

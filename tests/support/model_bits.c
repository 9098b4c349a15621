/* SPDX-License-Identifier: MIT */
/*
 * model_bits.c: the reference models of the fixed-space policies that use reference bits: Clock,
 * second chance, NRU, enhanced clock, aging, NFU, WSClock.
 */
#include "model_random.h"
#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

static bool is_full(const struct reference_model *t)
{
	return t->resident.count == t->frames;
}

static bool every(const struct reference_model *t, const char *interval)
{
	return (t->now + 1) % (uint64_t)model_param(t, interval) == 0;
}

/* ---- a ring of frames with a hand ---- */

struct ring {
	uint64_t page[PAGES_MAX]; /* in each frame; no more frames are used than there are pages */
	size_t used, hand;
	struct model_list freed; /* free frames, the one freed last at the end */
	uint64_t counter[PAGES_MAX], time[PAGES_MAX];
	bool passed[PAGES_MAX]; /* wsclock: the hand passed the page to have it written */
};

static void ring_fill(struct ring *ring, uint64_t page)
{
	size_t frame = ring->used;

	if (ring->freed.count)
		frame = ring->freed.page[--ring->freed.count];
	else
		ring->used++;
	ring->page[frame] = page;
}

/* Replaces the page at the hand, and moves the hand on. */
static void ring_replace(struct reference_model *t, struct ring *ring, uint64_t page)
{
	model_evict(t, ring->page[ring->hand]);
	ring->page[ring->hand] = page;
	ring->hand = (ring->hand + 1) % t->frames;
}

static void ring_drop(struct reference_model *t, uint64_t page)
{
	struct ring *ring = t->self;
	size_t frame = 0;

	while (ring->page[frame] != page)
		frame++;
	ring->page[frame] = UINT64_MAX;
	model_list_add(&ring->freed, frame);
}

static void ring_end(struct reference_model *t)
{
	struct ring *ring = t->self;

	model_list_free(&ring->freed);
}

static bool loads_cleared(const struct reference_model *t)
{
	return model_param(t, "bit") == 0;
}

/* ---- clock ---- */

static void clock_hit(struct reference_model *t, uint64_t page)
{
	struct ring *ring = t->self;
	const uint64_t most = (UINT64_C(1) << (int)model_param(t, "bits")) - 1;

	if (ring->counter[page] < most)
		ring->counter[page]++;
}

static void clock_fault(struct reference_model *t, uint64_t page)
{
	struct ring *ring = t->self;

	if (is_full(t)) {
		while (ring->counter[ring->page[ring->hand]]) {
			ring->counter[ring->page[ring->hand]]--;
			ring->hand = (ring->hand + 1) % t->frames;
		}
		ring_replace(t, ring, page);
	} else {
		ring_fill(ring, page);
	}
	ring->counter[page] = !loads_cleared(t);
}

static const char *const clock_specs[] = {
	"clock", "clock:bit=0", "clock:bits=2", "clock:bits=3:bit=0", "clock:bits=8", NULL};

static const struct model_kind clock_model = {
	.policy = "clock",
	.specs = clock_specs,
	.size = sizeof(struct ring),
	.hit = clock_hit,
	.fault = clock_fault,
	.drop = ring_drop,
	.end = ring_end,
};

MODEL(clock_model);

/* ---- second-chance: page[0] is the oldest ---- */

static void second_fault(struct reference_model *t, uint64_t page)
{
	struct model_list *queue = t->self;

	while (is_full(t)) {
		const uint64_t oldest = model_list_pop(queue);

		if (model_accessed(t, oldest)) {
			model_clear_accessed(t, oldest);
			model_list_add(queue, oldest);
		} else {
			model_evict(t, oldest);
		}
	}
	model_list_add(queue, page);
	if (loads_cleared(t))
		model_enter_cleared(t);
}

static void second_drop(struct reference_model *t, uint64_t page)
{
	model_list_take(t->self, page);
}

static void second_end(struct reference_model *t)
{
	model_list_free(t->self);
}

static const char *const second_specs[] = {"second-chance", "second-chance:bit=0", NULL};

static const struct model_kind second = {
	.policy = "second-chance",
	.specs = second_specs,
	.size = sizeof(struct model_list),
	.fault = second_fault,
	.drop = second_drop,
	.end = second_end,
};

MODEL(second);

/* ---- nru ---- */

static void nru_start(struct reference_model *t)
{
	*(uint64_t *)t->self = t->seed;
}

static void nru_fault(struct reference_model *t, uint64_t page)
{
	uint64_t members[4][PAGES_MAX], count[4] = {0}, chosen = 0, lowest = 0;

	(void)page;
	if (!is_full(t))
		return;
	for (size_t i = 0; i < t->resident.count; i++) {
		const uint64_t p = t->resident.page[i];
		const int of = 2 * model_accessed(t, p) + model_dirty(t, p);

		members[of][count[of]++] = p;
	}
	while (!count[lowest])
		lowest++;
	if (model_param(t, "random") != 0)
		chosen = model_random_below(t->self, count[lowest]);
	model_evict(t, members[lowest][chosen]);
}

static void nru_after(struct reference_model *t, uint64_t page)
{
	(void)page;
	for (size_t i = 0; every(t, "interval") && i < t->resident.count; i++)
		model_clear_accessed(t, t->resident.page[i]);
}

static const char *const nru_specs[] = {
	"nru", "nru:interval=1", "nru:interval=7", "nru:interval=50:random=off", NULL};

static const struct model_kind nru = {
	.policy = "nru",
	.specs = nru_specs,
	.size = sizeof(uint64_t),
	.start = nru_start,
	.fault = nru_fault,
	.after = nru_after,
};

MODEL(nru);

/* ---- enhanced-clock ---- */

static void enhanced_fault(struct reference_model *t, uint64_t page)
{
	struct ring *ring = t->self;

	if (loads_cleared(t))
		model_enter_cleared(t);
	if (!is_full(t)) {
		ring_fill(ring, page);
		return;
	}
	for (bool wants_dirty = false;; wants_dirty = !wants_dirty) {
		for (uint64_t i = 0; i < t->frames; i++) {
			const uint64_t p = ring->page[ring->hand];

			if (!model_accessed(t, p) && model_dirty(t, p) == wants_dirty) {
				ring_replace(t, ring, page);
				return;
			}
			if (wants_dirty)
				model_clear_accessed(t, p);
			ring->hand = (ring->hand + 1) % t->frames;
		}
	}
}

static const char *const enhanced_specs[] = {"enhanced-clock", "enhanced-clock:bit=0", NULL};

static const struct model_kind enhanced = {
	.policy = "enhanced-clock",
	.specs = enhanced_specs,
	.size = sizeof(struct ring),
	.fault = enhanced_fault,
	.drop = ring_drop,
	.end = ring_end,
};

MODEL(enhanced);

/* ---- aging, nfu: the page with the least number leaves; of equals, the one loaded first ---- */

static void least_leaves(struct reference_model *t, const uint64_t rank[PAGES_MAX])
{
	uint64_t victim = t->resident.page[0];

	for (size_t i = 1; i < t->resident.count; i++) {
		if (rank[t->resident.page[i]] < rank[victim])
			victim = t->resident.page[i];
	}
	model_evict(t, victim);
}

static void aging_fault(struct reference_model *t, uint64_t page)
{
	uint64_t *counter = t->self, rank[PAGES_MAX];
	const uint64_t bit = UINT64_C(1) << (int)model_param(t, "bits");

	for (uint64_t p = 0; p < PAGES_MAX; p++)
		rank[p] = counter[p];
	for (size_t i = 0; model_param(t, "current") != 0 && i < t->resident.count; i++)
		rank[t->resident.page[i]] += bit * model_accessed(t, t->resident.page[i]);
	if (is_full(t))
		least_leaves(t, rank);
	counter[page] = 0;
}

static void aging_after(struct reference_model *t, uint64_t page)
{
	uint64_t *counter = t->self;
	const uint64_t left = UINT64_C(1) << ((int)model_param(t, "bits") - 1);

	(void)page;
	for (size_t i = 0; every(t, "interval") && i < t->resident.count; i++) {
		const uint64_t p = t->resident.page[i];

		counter[p] = counter[p] / 2 + left * model_accessed(t, p);
		model_clear_accessed(t, p);
	}
}

static const char *const aging_specs[] = {"aging", "aging:interval=1", "aging:interval=5:bits=1",
	"aging:interval=10:bits=3", "aging:interval=20:bits=62:current=on", NULL};

static const struct model_kind aging = {
	.policy = "aging",
	.specs = aging_specs,
	.size = PAGES_MAX * sizeof(uint64_t),
	.fault = aging_fault,
	.after = aging_after,
};

MODEL(aging);

static void nfu_fault(struct reference_model *t, uint64_t page)
{
	uint64_t *counter = t->self;

	if (is_full(t))
		least_leaves(t, counter);
	if (model_param(t, "keep") == 0)
		counter[page] = 0;
}

static void nfu_after(struct reference_model *t, uint64_t page)
{
	uint64_t *counter = t->self;

	(void)page;
	for (size_t i = 0; every(t, "interval") && i < t->resident.count; i++) {
		const uint64_t p = t->resident.page[i];

		counter[p] += model_accessed(t, p);
		model_clear_accessed(t, p);
	}
}

static const char *const nfu_specs[] = {
	"nfu", "nfu:interval=1", "nfu:interval=8", "nfu:interval=8:keep=on", NULL};

static const struct model_kind nfu = {
	.policy = "nfu",
	.specs = nfu_specs,
	.size = PAGES_MAX * sizeof(uint64_t),
	.fault = nfu_fault,
	.after = nfu_after,
};

MODEL(nfu);

/* ---- wsclock ---- */

/*
 * At most one turn of the hand. Returns whether it stopped at a victim. Otherwise *clean is the
 * frame of the first clean page, or SIZE_MAX.
 */
static bool wsclock_turn(struct reference_model *t, struct ring *ring, size_t *clean)
{
	*clean = SIZE_MAX;
	for (uint64_t i = 0; i < t->frames; i++) {
		const uint64_t p = ring->page[ring->hand];

		if (model_accessed(t, p)) {
			model_clear_accessed(t, p);
			ring->time[p] = t->now;
			ring->passed[p] = false;
		} else if ((double)(t->now - ring->time[p]) > model_param(t, "tau")) {
			if (!model_dirty(t, p) || ring->passed[p])
				return true;
			ring->passed[p] = true;
		}
		if (!model_dirty(t, p) && *clean == SIZE_MAX)
			*clean = ring->hand;
		ring->hand = (ring->hand + 1) % t->frames;
	}
	return false;
}

static void wsclock_fault(struct reference_model *t, uint64_t page)
{
	struct ring *ring = t->self;
	size_t clean;

	ring->time[page] = t->now;
	ring->passed[page] = false;
	if (!is_full(t)) {
		ring_fill(ring, page);
		return;
	}
	if (!wsclock_turn(t, ring, &clean)) {
		const size_t start = ring->hand;
		uint64_t i = 0;

		while (i < t->frames && !ring->passed[ring->page[(start + i) % t->frames]])
			i++;
		if (i < t->frames)
			ring->hand = (start + i) % t->frames;
		else if (clean != SIZE_MAX)
			ring->hand = clean;
	}
	ring_replace(t, ring, page);
}

static const char *const wsclock_specs[] = {
	"wsclock", "wsclock:tau=1", "wsclock:tau=10", "wsclock:tau=60", NULL};

static const struct model_kind wsclock = {
	.policy = "wsclock",
	.specs = wsclock_specs,
	.size = sizeof(struct ring),
	.fault = wsclock_fault,
	.drop = ring_drop,
	.end = ring_end,
};

MODEL(wsclock);

/* SPDX-License-Identifier: MIT */
/*
 * curve_car.c: CAR at up to 64 sizes at once, bit-sliced. policies/car.c describes the policy.
 *
 * A hit sets the referenced bit at all sizes. Each size has its clocks, its ghost entries and its
 * target.
 */
#include "queue_sliced.h"

enum { FIRST, SECOND }; /* T1 and T2 of the queues of pages, B1 and B2 of the ghost entries */

struct car {
	struct bel_queue_sliced q;
	double target[BEL_QUEUE_SLICES]; /* the paper's p */
};

static inline void evict(struct car *car, unsigned s)
{
	struct bel_queue_sliced *const q = &car->q;
	struct bel_queue *const clock = q->size[s].queue;
	const uint64_t bit = UINT64_C(1) << s;

	for (;;) {
		const bool first = !clock[SECOND].count ||
				   (clock[FIRST].count && clock[FIRST].count >= car->target[s]);
		const unsigned k = first ? FIRST : SECOND;
		const uint32_t page = bel_queue_pop(q, &clock[k]);

		if (!(q->page[page].low & bit)) {
			bel_queue_evict(q, s, page);
			bel_ghost_enter(q, s, k, page);
			return;
		}
		q->page[page].low &= ~bit;
		bel_queue_push(&clock[SECOND], page);
	}
}

/* Limits the number of ghost entries. */
static inline void forget(struct bel_queue_sliced *q, unsigned s)
{
	const struct bel_queue_size *const size = &q->size[s];
	const uint64_t once = size->queue[FIRST].count + size->ghosts[FIRST];

	if (once == size->frames)
		bel_ghost_forget(q, s, FIRST);
	else if (once + size->queue[SECOND].count + size->ghosts[SECOND] == 2 * size->frames)
		bel_ghost_forget(q, s, SECOND);
}

/* max(1, a / b). */
static inline double step(uint64_t a, uint64_t b)
{
	return a <= b ? 1 : (double)a / (double)b;
}

/* Changes the target for a page that has an entry in ghosts k. */
static inline void adapt(struct car *car, unsigned s, unsigned k)
{
	const struct bel_queue_size *const size = &car->q.size[s];
	const uint64_t *const ghosts = size->ghosts;
	double target = car->target[s];

	if (k == FIRST) {
		target += step(ghosts[SECOND], ghosts[FIRST]);
		if (target > (double)size->frames)
			target = (double)size->frames;
	} else {
		target -= step(ghosts[FIRST], ghosts[SECOND]);
		if (target < 0)
			target = 0;
	}
	car->target[s] = target;
}

static void fault(struct bel_queue_sliced *q, uint32_t page, uint64_t missing, uint64_t now)
{
	struct car *const car = (struct car *)q;
	const uint64_t once = q->page[page].ghost[FIRST],
		       ghost = once | q->page[page].ghost[SECOND];

	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		const unsigned k = once >> s & 1 ? FIRST : SECOND;
		struct bel_queue_size *const size = &q->size[s];

		if (bel_queue_fault(size, now))
			evict(car, s);
		if (!(ghost >> s & 1)) {
			forget(q, s);
			bel_queue_push(&size->queue[FIRST], page);
			continue;
		}
		adapt(car, s, k);
		bel_ghost_take(q, s, k, page);
		bel_queue_push(&size->queue[SECOND], page);
	}
}

static int car_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	return bel_queue_sliced_feed(self, batch, pages, BEL_QUEUE_BIT, fault, err);
}

static void *car_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct car *const car = bel_queue_sliced_new(setup, sizeof(*car), 2, "car", err);

	/* An eviction makes an entry before the fault takes or forgets one. */
	for (size_t s = 0; car && s < setup->count; s++)
		car->q.size[s].ghost_most[FIRST] = car->q.size[s].ghost_most[SECOND] =
			setup->x[s] + 1;
	return car;
}

static void car_report(const void *self, size_t index, struct bel_sink *sink)
{
	const struct car *const car = self;
	const struct bel_queue_size *const size = &car->q.size[index];

	sink->number(sink->host, "p", car->target[index]);
	sink->count(sink->host, "t1_pages", size->queue[FIRST].count);
	sink->count(sink->host, "t2_pages", size->queue[SECOND].count);
	sink->count(sink->host, "b1_pages", size->ghosts[FIRST]);
	sink->count(sink->host, "b2_pages", size->ghosts[SECOND]);
}

static const struct bel_curve_algorithm car_sliced = {
	.policy = "car",
	.name = "sliced",
	.source = "S. Bansal, D. S. Modha, CAR: clock with adaptive replacement, FAST 2004",
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = BEL_QUEUE_SLICES,
	.least_sizes = 2,
	.least_frames = BEL_QUEUE_LEAST,
	.create = car_create,
	.feed = car_feed,
	.finish = bel_queue_sliced_curve,
	.snapshot = bel_queue_sliced_curve,
	.report = car_report,
	.destroy = bel_queue_sliced_free,
};

BEL_CURVE(car_sliced);

/* SPDX-License-Identifier: MIT */
/*
 * curve_cart.c: CART at up to 64 sizes at once, bit-sliced. policies/cart.c describes the policy.
 *
 * A hit sets the referenced bit at all sizes. Each size has its clocks, its ghost entries and its
 * targets. The mask `high` says which resident pages are long-term.
 */
#include "curve_split.h"
#include "queue_sliced.h"

enum { FIRST, SECOND }; /* T1 and T2 of the queues of pages, B1 and B2 of the ghost entries */

struct targets {
	double t1;  /* the paper's p */
	int64_t b1; /* the paper's q */
	int64_t longs;
};

struct cart {
	struct bel_queue_sliced q;
	struct targets targets[BEL_QUEUE_SLICES];
};

static inline int64_t count(const struct bel_queue_size *size, unsigned k)
{
	return size->queue[k].count;
}

static inline int64_t ghosts(const struct bel_queue_size *size, unsigned k)
{
	return (int64_t)size->ghosts[k];
}

/* `shorts`: the short-term pages now. */
static inline void raise_b1(const struct bel_queue_size *size, struct targets *to, int64_t shorts)
{
	const int64_t frames = (int64_t)size->frames, most = 2 * frames - count(size, FIRST);

	if (count(size, SECOND) + ghosts(size, SECOND) + count(size, FIRST) - shorts < frames)
		return;
	if (++to->b1 > most)
		to->b1 = most;
}

/* Step 2 of an eviction, for the page that was taken from T1. */
static inline void pass(struct cart *cart, unsigned s, uint32_t page)
{
	struct bel_queue_size *const size = &cart->q.size[s];
	struct targets *const to = &cart->targets[s];
	struct bel_queue_page *const at = &cart->q.page[page];
	const uint64_t bit = UINT64_C(1) << s;

	if (!(at->low & bit)) {
		const int64_t least = (int64_t)size->frames - count(size, FIRST);

		bel_queue_push(&size->queue[SECOND], page);
		if (--to->b1 < least)
			to->b1 = least;
		return;
	}
	at->low &= ~bit;
	bel_queue_push(&size->queue[FIRST], page);
	if (!(at->high & bit) && ((double)count(size, FIRST) >= to->t1 + 1 ||
					 count(size, FIRST) >= ghosts(size, FIRST))) {
		at->high |= bit;
		to->longs++;
	}
}

/* Steps 1 and 2 of an eviction: afterwards the oldest pages of both clocks may leave. */
static inline void turn(struct cart *cart, unsigned s)
{
	struct bel_queue_sliced *const q = &cart->q;
	struct bel_queue_size *const size = &q->size[s];
	struct bel_queue *const clock = size->queue;
	const uint64_t bit = UINT64_C(1) << s;

	while (clock[SECOND].count && q->page[bel_queue_oldest(&clock[SECOND])].low & bit) {
		const uint32_t page = bel_queue_pop(q, &clock[SECOND]);

		q->page[page].low &= ~bit;
		bel_queue_push(&clock[FIRST], page);
		raise_b1(size, &cart->targets[s], (int64_t)size->frames - cart->targets[s].longs);
	}
	while (clock[FIRST].count) {
		const struct bel_queue_page *const at = &q->page[bel_queue_oldest(&clock[FIRST])];

		if (!((at->high | at->low) & bit))
			break;
		pass(cart, s, bel_queue_pop(q, &clock[FIRST]));
	}
}

/* An eviction. `known`: the faulting page has a ghost entry. */
static inline void evict(struct cart *cart, unsigned s, bool known)
{
	struct bel_queue_sliced *const q = &cart->q;
	struct bel_queue_size *const size = &q->size[s];
	struct targets *const to = &cart->targets[s];
	uint32_t page;
	bool first;

	turn(cart, s);
	first = !count(size, SECOND) ||
		(count(size, FIRST) && (double)count(size, FIRST) >= to->t1);
	page = bel_queue_pop(q, &size->queue[first ? FIRST : SECOND]);
	to->longs -= (int64_t)(q->page[page].high >> s & 1);
	bel_queue_evict(q, s, page);
	bel_ghost_enter(q, s, first ? FIRST : SECOND, page);
	if (known || size->ghosts[FIRST] + size->ghosts[SECOND] <= size->frames)
		return;
	first = ghosts(size, FIRST) > (to->b1 > 0 ? to->b1 : 0) || !ghosts(size, SECOND);
	bel_ghost_forget(q, s, first ? FIRST : SECOND);
}

/* max(1, a / b). */
static inline double step(int64_t a, int64_t b)
{
	return a <= b ? 1 : (double)a / (double)b;
}

/* Changes the target of T1 for a page that has an entry in ghosts k. */
static inline void adapt(
	const struct bel_queue_size *size, struct targets *to, unsigned k, int64_t shorts)
{
	const double frames = (double)size->frames;

	if (k == FIRST) {
		to->t1 += step(shorts, ghosts(size, FIRST));
		if (to->t1 > frames)
			to->t1 = frames;
	} else {
		to->t1 -= step(to->longs, ghosts(size, SECOND));
		if (to->t1 < 0)
			to->t1 = 0;
	}
}

/* Loads the page at size s. k: the queue of its ghost entry; BEL_QUEUE_KINDS: it has none. */
static inline void load(struct cart *cart, unsigned s, uint32_t page, unsigned k)
{
	struct bel_queue_sliced *const q = &cart->q;
	struct bel_queue_size *const size = &q->size[s];
	struct targets *const to = &cart->targets[s];
	const int64_t shorts = count(size, FIRST) + count(size, SECOND) - to->longs;

	bel_queue_push(&size->queue[FIRST], page);
	if (k == BEL_QUEUE_KINDS) {
		q->page[page].high &= ~(UINT64_C(1) << s);
		return;
	}
	adapt(size, to, k, shorts);
	bel_ghost_take(q, s, k, page);
	q->page[page].high |= UINT64_C(1) << s;
	to->longs++;
	if (k == SECOND)
		raise_b1(size, to, shorts);
}

static void fault(struct bel_queue_sliced *q, uint32_t page, uint64_t missing, uint64_t now)
{
	struct cart *const cart = (struct cart *)q;
	const uint64_t first = q->page[page].ghost[FIRST], second = q->page[page].ghost[SECOND];

	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		const unsigned k = first >> s & 1    ? FIRST
				   : second >> s & 1 ? SECOND
						     : BEL_QUEUE_KINDS;

		if (bel_queue_fault(&q->size[s], now))
			evict(cart, s, k != BEL_QUEUE_KINDS);
		load(cart, s, page, k);
	}
}

static int cart_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	return bel_queue_sliced_feed(self, batch, pages, BEL_QUEUE_BIT, fault, err);
}

static void *cart_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct cart *const cart = bel_queue_sliced_new(setup, sizeof(*cart), 2, "cart", err);

	/* An eviction makes an entry before the fault takes or forgets one. */
	for (size_t s = 0; cart && s < setup->count; s++)
		cart->q.size[s].ghost_most[FIRST] = cart->q.size[s].ghost_most[SECOND] =
			setup->x[s] + 1;
	return cart;
}

static void cart_report(const void *self, size_t index, struct bel_sink *sink)
{
	const struct cart *const cart = self;
	const struct bel_queue_size *const size = &cart->q.size[index];

	sink->number(sink->host, "p", cart->targets[index].t1);
	sink->count(sink->host, "t1_pages", size->queue[FIRST].count);
	sink->count(sink->host, "t2_pages", size->queue[SECOND].count);
	sink->count(sink->host, "long_pages", (uint64_t)cart->targets[index].longs);
}

static const struct bel_curve_shared cart_shared = {
	.policy = "cart",
	/* Uniform references to 20,000 pages, 64 sizes of 1000 to 10,000 frames, all shared: 1.1 to 1.2
	 * times the time of engines. */
	.most_misses = 0.5,
	.from_frames = 1000,
	.create = cart_create,
	.feed = cart_feed,
	.snapshot = bel_queue_sliced_curve,
	.report = cart_report,
	.destroy = bel_queue_sliced_free,
};

BEL_CURVE_SPLIT(cart_shared)

static const struct bel_curve_algorithm cart_sliced = {
	.policy = "cart",
	.name = "sliced",
	.source = "S. Bansal, D. S. Modha, CAR: clock with adaptive replacement, FAST 2004",
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = BEL_QUEUE_SLICES,
	.least_sizes = 2,
	.least_frames = BEL_QUEUE_LEAST,
	BEL_CURVE_SPLIT_MEMBERS(cart_shared),
};

BEL_CURVE(cart_sliced);

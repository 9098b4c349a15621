/* SPDX-License-Identifier: MIT */
/*
 * cart.c: CART, CAR with temporal filtering (Bansal and Modha, FAST 2004, Fig. 3): a page counts
 * as long-term only if it is referenced again after a while.
 *
 * State, with c frames:
 * - T1, T2: clocks of resident pages; B1, B2: ghost entries; as in car.c.
 * - Each resident page is short-term or long-term; nS and nL count them.
 * - p, a real number: the target size of T1. q, an integer: the target size of B1. Both start at
 *   0.
 *
 * On a hit: nothing. Hardware sets the accessed bit.
 *
 * On a fault:
 * 1. If no frame is free, evict (below).
 * 2. Without a ghost entry: load the page at the end of T1 as short-term.
 * 3. With an entry in B1: add max(1, nS / |B1|) to p, at most c. In B2: subtract max(1, nL /
 *    |B2|), at least 0. |B1| and |B2| include this entry. Remove the entry and load the page at
 *    the end of T1 as long-term. If the entry was in B2, raise q (below).
 * 4. The page is loaded with its accessed bit clear.
 *
 * Evict:
 * 1. While the first page of T2 has its bit set: clear it, move the page to the end of T1, and
 *    raise q.
 * 2. While the first page of T1 is long-term or has its bit set: if the bit is set, clear it and
 *    move the page to the end of T1; if it is short-term and |T1| >= min(p + 1, |B1|), it becomes
 *    long-term. If the bit is clear, move the page to the end of T2, and q becomes max(q - 1, c -
 *    |T1|). The sizes are those after the move.
 * 3. If |T1| >= max(1, p) or T2 is empty, evict the first page of T1 into B1; otherwise the first
 *    page of T2 into B2.
 * 4. If the faulting page has no ghost entry and |B1| + |B2| = c + 1: forget the oldest entry of
 *    B1 if |B1| > max(0, q) or B2 is empty; otherwise the oldest of B2.
 *
 * Raise q: if |T2| + |B2| + |T1| - nS >= c, q becomes min(q + 1, 2c - |T1|). The sizes are those
 * after the page was moved or loaded. A page that is dropped leaves no ghost entry.
 *
 * Cost: O(1) per reference on average; 10 bytes per page.
 */
#include "list.h"

enum place { NOWHERE, T1, T2, B1, B2 };

struct cart {
	int64_t frames;
	double t1_target;  /* the paper's p */
	int64_t b1_target; /* the paper's q */
	int64_t shorts, longs;
	struct bel_list list[B2 + 1]; /* pages enter at the head; the hand is at the tail */
	struct bel_link *link;
	uint8_t *place;   /* of a page: the list it is on */
	uint8_t *is_long; /* of a resident page: 1 if long-term, 0 if short-term */
};

static void cart_init(void *self, const struct bel_env *env)
{
	struct cart *cart = self;

	cart->frames = (int64_t)env->frames;
	for (int place = T1; place <= B2; place++)
		bel_list_init(&cart->list[place]);
	env->page_array(env->host, &cart->link, sizeof(*cart->link));
	env->page_array(env->host, &cart->place, sizeof(*cart->place));
	env->page_array(env->host, &cart->is_long, sizeof(*cart->is_long));
}

/* Moves a page to the end of a list. NOWHERE: takes it off its list. */
static void move(struct cart *cart, uint32_t page, enum place to)
{
	if (cart->place[page] != NOWHERE)
		bel_list_remove(&cart->list[cart->place[page]], cart->link, page);
	if (to != NOWHERE)
		bel_list_push(&cart->list[to], cart->link, page);
	cart->place[page] = (uint8_t)to;
}

static int64_t count(const struct cart *cart, enum place place)
{
	return cart->list[place].count;
}

static void set_filter(struct cart *cart, uint32_t page, int is_long)
{
	cart->is_long[page] = (uint8_t)is_long;
	cart->longs += is_long;
	cart->shorts += !is_long;
}

static void lose_filter(struct cart *cart, uint32_t page)
{
	cart->longs -= cart->is_long[page];
	cart->shorts -= !cart->is_long[page];
}

static void raise_b1_target(struct cart *cart)
{
	const int64_t most = 2 * cart->frames - count(cart, T1);

	if (count(cart, T2) + count(cart, B2) + count(cart, T1) - cart->shorts < cart->frames)
		return;
	if (++cart->b1_target > most)
		cart->b1_target = most;
}

/* Step 2 of an eviction, for one page. */
static void pass(struct cart *cart, uint32_t page, struct bel_decision *out)
{
	if (!bel_accessed(out, page)) {
		move(cart, page, T2);
		if (--cart->b1_target < cart->frames - count(cart, T1))
			cart->b1_target = cart->frames - count(cart, T1);
		return;
	}
	bel_clear_accessed(out, page);
	move(cart, page, T1);
	if (!cart->is_long[page] && ((double)count(cart, T1) >= cart->t1_target + 1 ||
					    count(cart, T1) >= count(cart, B1))) {
		lose_filter(cart, page);
		set_filter(cart, page, 1);
	}
}

/* Steps 1 to 3 of an eviction. */
static void replace(struct cart *cart, struct bel_decision *out)
{
	uint32_t page;
	int at_t1;

	while ((page = cart->list[T2].tail) != BEL_NO_PAGE && bel_accessed(out, page)) {
		bel_clear_accessed(out, page);
		move(cart, page, T1);
		raise_b1_target(cart);
	}
	while ((page = cart->list[T1].tail) != BEL_NO_PAGE &&
		(cart->is_long[page] || bel_accessed(out, page)))
		pass(cart, page, out);
	at_t1 = !count(cart, T2) || (count(cart, T1) && (double)count(cart, T1) >= cart->t1_target);
	page = cart->list[at_t1 ? T1 : T2].tail;
	lose_filter(cart, page);
	move(cart, page, at_t1 ? B1 : B2);
	bel_evict(out, page);
}

/* max(1, a / b). */
static double step(int64_t a, int64_t b)
{
	return a <= b ? 1 : (double)a / (double)b;
}

static void adapt(struct cart *cart, enum place ghost)
{
	if (ghost == B1) {
		cart->t1_target += step(cart->shorts, count(cart, B1));
		if (cart->t1_target > (double)cart->frames)
			cart->t1_target = (double)cart->frames;
	} else if (ghost == B2) {
		cart->t1_target -= step(cart->longs, count(cart, B2));
		if (cart->t1_target < 0)
			cart->t1_target = 0;
	}
}

/* Steps 1 to 4 of an eviction, as for a fault on a page without a ghost entry. */
static void cart_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct cart *cart = self;

	(void)now;
	replace(cart, out);
	if (count(cart, B1) + count(cart, B2) == cart->frames + 1) {
		const int64_t keep = cart->b1_target > 0 ? cart->b1_target : 0;
		const int of_b1 = count(cart, B1) > keep || !count(cart, B2);

		move(cart, cart->list[of_b1 ? B1 : B2].tail, NOWHERE);
	}
}

static void cart_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct cart *cart = self;
	const enum place from = cart->place[ref.page];

	if ((int64_t)bel_resident(out) == cart->frames && from == NOWHERE)
		cart_evict(cart, now, out);
	else if ((int64_t)bel_resident(out) == cart->frames)
		replace(cart, out);
	adapt(cart, from);
	move(cart, ref.page, T1);
	set_filter(cart, ref.page, from != NOWHERE);
	if (from == B2)
		raise_b1_target(cart);
	bel_load_unreferenced(out);
}

static void cart_drop(void *self, uint32_t page)
{
	lose_filter(self, page);
	move(self, page, NOWHERE);
}

static const struct bel_hooks cart_hooks = {
	.fault = cart_fault,
	.drop = cart_drop,
};

static void cart_report(void *self, struct bel_sink *sink)
{
	const struct cart *cart = self;

	sink->number(sink->host, "p", cart->t1_target);
	sink->count(sink->host, "t1_pages", cart->list[T1].count);
	sink->count(sink->host, "t2_pages", cart->list[T2].count);
	sink->count(sink->host, "long_pages", (uint64_t)cart->longs);
}

static void cart_show(void *self, const struct bel_show *show)
{
	const struct cart *cart = self;

	for (int place = T1; place <= T2; place++)
		for (uint32_t page = cart->list[place].tail; page != BEL_NO_PAGE;
			page = cart->link[page].before) {
			show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
			if (page == cart->list[place].tail)
				show->hand(show->host, page);
		}
}

BEL_RUN(cart, cart_hooks, BEL_POLICY_BITS)

/* No victim(): looking for a victim moves pages between the lists. */
static const struct bel_policy cart = {
	BEL_POLICY_BASE(cart, struct cart),
	.name = "cart",
	.title = "CART: CAR, but references close together count as one",
	.source = "S. Bansal, D. S. Modha, CAR: clock with adaptive replacement, FAST 2004",
	.evict = cart_evict,
	.report = cart_report,
	.show = cart_show,
	.aliases = "CAR with temporal filtering",
};

BEL_POLICY(cart);

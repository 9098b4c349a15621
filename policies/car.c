/* SPDX-License-Identifier: MIT */
/*
 * car.c: CAR, clock with adaptive replacement (Bansal and Modha, FAST 2004, Fig. 2): ARC with
 * clocks in place of LRU lists, so that a hit only sets the accessed bit.
 *
 * State, with c frames:
 * - T1, T2: resident pages, in the order in which the clock's hand meets them.
 * - B1, B2: ghost entries of pages evicted from T1 and T2, in order of eviction.
 * - p: the target size of T1, a real number from 0 to c. It starts at 0.
 *
 * On a hit: nothing. Hardware sets the accessed bit.
 *
 * On a fault:
 * 1. If no frame is free, evict (below).
 * 2. If the page has no ghost entry: if |T1| + |B1| = c, forget the oldest entry of B1; if not,
 *    but all four lists together have 2c entries, forget the oldest of B2. Load the page at the
 *    end of T1.
 * 3. If it has an entry in B1, add max(1, |B2| / |B1|) to p, at most c. In B2, subtract max(1,
 *    |B1| / |B2|), at least 0. The sizes are those after step 1, with this entry. Remove the entry
 *    and load the page at the end of T2.
 * 4. The page is loaded with its accessed bit clear.
 *
 * Evict:
 * 1. Look at the first page of T1 if |T1| >= max(1, p) or T2 is empty, otherwise at the first page
 *    of T2.
 * 2. If its accessed bit is set, clear the bit, move the page to the end of T2, and go to 1.
 * 3. Otherwise evict it. Its ghost entry is the newest of B1 or B2.
 *
 * Step 2 of a fault depends only on list sizes, also when drops left frames free. A page that is
 * dropped leaves no ghost entry.
 *
 * Cost: O(1) per reference on average; 9 bytes per page.
 */
#include "list.h"

enum place { NOWHERE, T1, T2, B1, B2 };

struct car {
	uint64_t frames;
	double target;                /* the paper's p */
	struct bel_list list[B2 + 1]; /* pages enter at the head; the hand is at the tail */
	struct bel_link *link;
	uint8_t *place; /* of a page: the list it is on */
};

static void car_init(void *self, const struct bel_env *env)
{
	struct car *car = self;

	car->frames = env->frames;
	for (int place = T1; place <= B2; place++)
		bel_list_init(&car->list[place]);
	env->page_array(env->host, &car->link, sizeof(*car->link));
	env->page_array(env->host, &car->place, sizeof(*car->place));
}

/* Moves a page to the end of a list. NOWHERE: takes it off its list. */
static void move(struct car *car, uint32_t page, enum place to)
{
	if (car->place[page] != NOWHERE)
		bel_list_remove(&car->list[car->place[page]], car->link, page);
	if (to != NOWHERE)
		bel_list_push(&car->list[to], car->link, page);
	car->place[page] = (uint8_t)to;
}

static uint32_t count(const struct car *car, enum place place)
{
	return car->list[place].count;
}

static void car_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct car *car = self;

	(void)now;
	for (;;) {
		const int at_t1 =
			!count(car, T2) || (count(car, T1) && count(car, T1) >= car->target);
		const uint32_t page = car->list[at_t1 ? T1 : T2].tail;

		if (!bel_accessed(out, page)) {
			move(car, page, at_t1 ? B1 : B2);
			bel_evict(out, page);
			return;
		}
		bel_clear_accessed(out, page);
		move(car, page, T2);
	}
}

/* Step 2 of a fault: limits the number of ghost entries. */
static void forget(struct car *car)
{
	const uint64_t once = (uint64_t)count(car, T1) + count(car, B1);

	if (once == car->frames)
		move(car, car->list[B1].tail, NOWHERE);
	else if (once + count(car, T2) + count(car, B2) == 2 * car->frames)
		move(car, car->list[B2].tail, NOWHERE);
}

/* max(1, a / b). */
static double step(uint32_t a, uint32_t b)
{
	return a <= b ? 1 : (double)a / (double)b;
}

static void car_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct car *car = self;
	const enum place from = car->place[ref.page];

	if (bel_resident(out) == car->frames)
		car_evict(car, now, out);
	if (from == NOWHERE) {
		forget(car);
	} else if (from == B1) {
		car->target += step(count(car, B2), count(car, B1));
		if (car->target > (double)car->frames)
			car->target = (double)car->frames;
	} else {
		car->target -= step(count(car, B1), count(car, B2));
		if (car->target < 0)
			car->target = 0;
	}
	move(car, ref.page, from == NOWHERE ? T1 : T2);
	bel_load_unreferenced(out);
}

static void car_drop(void *self, uint32_t page)
{
	move(self, page, NOWHERE);
}

static const struct bel_hooks car_hooks = {
	.fault = car_fault,
	.drop = car_drop,
};

static void car_report(void *self, struct bel_sink *sink)
{
	const struct car *car = self;

	sink->number(sink->host, "p", car->target);
	sink->count(sink->host, "t1_pages", count(car, T1));
	sink->count(sink->host, "t2_pages", count(car, T2));
	sink->count(sink->host, "b1_pages", count(car, B1));
	sink->count(sink->host, "b2_pages", count(car, B2));
}

static void car_show(void *self, const struct bel_show *show)
{
	const struct car *car = self;

	for (int place = T1; place <= T2; place++)
		for (uint32_t page = car->list[place].tail; page != BEL_NO_PAGE;
			page = car->link[page].before) {
			show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
			if (page == car->list[place].tail)
				show->hand(show->host, page);
		}
}

BEL_RUN(car, car_hooks, BEL_POLICY_BITS)

/* No victim(): looking for a victim moves pages between the lists. */
static const struct bel_policy car = {
	BEL_POLICY_BASE(car, struct car),
	.name = "car",
	.title = "CAR: two clocks, for one reference and for more; ghost hits set their sizes",
	.source = "S. Bansal, D. S. Modha, CAR: clock with adaptive replacement, FAST 2004",
	.evict = car_evict,
	.report = car_report,
	.show = car_show,
	.aliases = "clock with adaptive replacement",
};

BEL_POLICY(car);

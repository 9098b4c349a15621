/* SPDX-License-Identifier: MIT */
/*
 * car.c: clock with adaptive replacement: two clocks, for pages of short and of long use, whose
 * shares ghosts decide; a hit only sets the accessed bit.
 *
 * T1, T2: resident pages in the order in which their clocks' hands meet them; B1, B2: pages that
 * left T1 and T2 (ghosts), in order of leaving. p, a real number from 0 to c, the number of
 * frames, is the size that T1 aims at. As in Fig. 2 of the paper:
 *
 * A fault with all frames taken first evicts. While |T1| >= max(1, p) the hand looks at T1's
 * first page, else at T2's; a page whose bit is clear leaves and becomes the youngest ghost of B1
 * or B2; of a page whose bit is set it is cleared, and the page goes to the end of T2 (from
 * either). Then, for a page that is no ghost: if |T1| + |B1| = c, B1's oldest is forgotten, else,
 * if all four together hold 2c, B2's oldest. That page goes to the end of T1. A ghost of B1 adds
 * max(1, |B2| / |B1|) to p, one of B2 subtracts max(1, |B1| / |B2|), with the sizes as they then
 * are, the page itself among them, and p kept in its range; it goes to the end of T2. All pages
 * enter with the bit clear. The forgetting goes by sizes alone, and so happens also on a fault
 * with a frame free, as there are after drops. A page that is dropped is not remembered.
 *
 * O(1) a reference on average; 9 bytes a page.
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

/* From the list it is on, if any, to another one's end, or off all of them. */
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

/* All frames are taken. */
static void replace(struct car *car, struct bel_decision *out)
{
	for (;;) {
		const int at_t1 = count(car, T1) && count(car, T1) >= car->target;
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

/* Keeps the directory in its bounds as a page comes that is not in it. */
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

	(void)now;
	if (bel_resident(out) == car->frames)
		replace(car, out);
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

/* No victim(): the hands move pages between the lists as they look. */
static const struct bel_policy car = {
	BEL_POLICY_BASE(car, struct car),
	.name = "car",
	.title = "CAR: two clocks, of pages met once and again, whose shares ghosts decide",
	.source = "S. Bansal, D. S. Modha, CAR: clock with adaptive replacement, FAST 2004",
	.report = car_report,
	.show = car_show,
	.aliases = "clock with adaptive replacement",
};

BEL_POLICY(car);

/* SPDX-License-Identifier: MIT */
/*
 * hot_cold.h: hot and cold pages on one clock, for the CLOCK-Pro family (Jiang, Chen and Zhang,
 * USENIX Annual Technical Conference 2005).
 *
 * The clock is a list: pages are put at its head. On it are hot pages, resident cold pages, which
 * may be in their test period, and ghosts: cold pages that were evicted in their test period. The
 * three hands point to the hot page, the resident cold page and the page in test that are farthest
 * from the head: the tails of three lists. Every operation is O(1). Memory: 25 bytes per page.
 *
 *	struct bel_hot_cold clock;                          inside the policy's instance
 *	bel_hot_cold_create(&self->clock, env, repeats);    in init(); nothing to destroy
 *	bel_hot_cold_referenced(&self->clock, ref.page);    first of all in fault()
 *
 *	bel_hot_cold_enter(&self->clock, page, BEL_HOT);    to the head, wherever it was
 *	bel_hot_cold_let_go(&self->clock, page);            evicted: a ghost if in test, else off
 *	bel_hot_cold_leave(&self->clock, page);             off the clock
 *
 * A policy may use the bits of `state` from BEL_OWN on, and the links of `in_test` for lists of
 * pages that are not in test. It must take a page off such a list before it calls enter() or
 * leave().
 */
#ifndef BELADY_HOT_COLD_H
#define BELADY_HOT_COLD_H

#include "list.h"

#define BEL_MIN_COLD 2 /* least number of frames for cold pages */

enum bel_hot_cold_bit { BEL_ON_CLOCK = 0x1, BEL_HOT = 0x2, BEL_TEST = 0x4, BEL_OWN = 0x8 };

struct bel_hot_cold {
	struct bel_list hot, cold; /* resident */
	struct bel_list test;      /* resident and ghosts */
	uint64_t ghosts;
	struct bel_link *link, *in_test;
	uint64_t *stamp; /* of a page on the clock: larger means put at the head later */
	uint64_t stamps;
	uint8_t *state; /* BEL_ON_CLOCK: resident; a ghost has only BEL_TEST */
	int repeats;    /* references right after the load set the accessed bit, as in hardware */
	uint32_t fresh; /* !repeats: the page loaded last, until another page is referenced */
	uint8_t *bits;  /* state of pages, from the engine */
};

/* Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_hot_cold_create(
	struct bel_hot_cold *clock, const struct bel_env *env, int repeats)
{
	clock->repeats = repeats;
	clock->fresh = BEL_NO_PAGE;
	env->page_state(env->host, &clock->bits);
	bel_list_init(&clock->hot);
	bel_list_init(&clock->cold);
	bel_list_init(&clock->test);
	clock->ghosts = 0;
	clock->stamps = 0;
	env->page_array(env->host, &clock->link, sizeof(*clock->link));
	env->page_array(env->host, &clock->in_test, sizeof(*clock->in_test));
	env->page_array(env->host, &clock->stamp, sizeof(*clock->stamp));
	env->page_array(env->host, &clock->state, sizeof(*clock->state));
}

/*
 * To be called at each reference, before anything else. Without `repeats`, references to a page
 * right after its load must not set its accessed bit. The engine has set the bit; it is cleared
 * when another page is referenced. So the state does not depend on how references were folded into
 * runs.
 */
BEL_INLINE void bel_hot_cold_referenced(struct bel_hot_cold *clock, uint32_t page)
{
	if (clock->fresh == BEL_NO_PAGE || clock->fresh == page)
		return;
	clock->bits[clock->fresh] &= (uint8_t)~BEL_PAGE_ACCESSED;
	clock->fresh = BEL_NO_PAGE;
}

/* `percent` of the frames, rounded down and limited to [least, most]. */
BEL_INLINE uint64_t bel_hot_cold_share(
	uint64_t frames, double percent, uint64_t least, uint64_t most)
{
	uint64_t share = (uint64_t)((double)frames * percent / 100);

	if (share < least)
		share = least;
	return share > most ? most : share;
}

BEL_INLINE void bel_hot_cold_leave(struct bel_hot_cold *clock, uint32_t page)
{
	const uint8_t state = clock->state[page];

	if (state & BEL_TEST)
		bel_list_remove(&clock->test, clock->in_test, page);
	if (state & BEL_ON_CLOCK)
		bel_list_remove(state & BEL_HOT ? &clock->hot : &clock->cold, clock->link, page);
	else if (state & BEL_TEST)
		clock->ghosts--;
	clock->state[page] = 0;
}

/* In drop(). */
BEL_INLINE void bel_hot_cold_drop(struct bel_hot_cold *clock, uint32_t page)
{
	if (page == clock->fresh)
		clock->fresh = BEL_NO_PAGE;
	bel_hot_cold_leave(clock, page);
}

/* `state`: BEL_HOT, BEL_TEST or 0, with bits of the policy. */
BEL_INLINE void bel_hot_cold_enter(struct bel_hot_cold *clock, uint32_t page, uint8_t state)
{
	bel_hot_cold_leave(clock, page);
	clock->state[page] = state | BEL_ON_CLOCK;
	clock->stamp[page] = clock->stamps++;
	bel_list_push(state & BEL_HOT ? &clock->hot : &clock->cold, clock->link, page);
	if (state & BEL_TEST)
		bel_list_push(&clock->test, clock->in_test, page);
}

/* In fault(): the page goes to the head, with its accessed bit clear. */
BEL_INLINE void bel_hot_cold_load(
	struct bel_hot_cold *clock, uint32_t page, uint8_t state, struct bel_decision *out)
{
	bel_hot_cold_enter(clock, page, state);
	bel_load_unreferenced(out);
	if (!clock->repeats)
		clock->fresh = page;
}

/* A resident cold page was evicted. */
BEL_INLINE void bel_hot_cold_let_go(struct bel_hot_cold *clock, uint32_t page)
{
	if (!(clock->state[page] & BEL_TEST)) {
		bel_hot_cold_leave(clock, page);
		return;
	}
	bel_list_remove(&clock->cold, clock->link, page);
	clock->state[page] = BEL_TEST;
	clock->ghosts++;
}

/* Ends the test of the page at the test hand. 1: it was a ghost, which leaves the clock. */
BEL_INLINE int bel_hot_cold_end_test(struct bel_hot_cold *clock)
{
	const uint32_t page = clock->test.tail;

	if (!(clock->state[page] & BEL_ON_CLOCK)) {
		bel_hot_cold_leave(clock, page);
		return 1;
	}
	bel_list_remove(&clock->test, clock->in_test, page);
	clock->state[page] &= (uint8_t)~BEL_TEST;
	return 0;
}

/* For show(): accessed bits, and the hands for hot and cold pages. */
BEL_INLINE void bel_hot_cold_show(const struct bel_hot_cold *clock, const struct bel_show *show)
{
	for (int hot = 0; hot <= 1; hot++) {
		const struct bel_list *list = hot ? &clock->hot : &clock->cold;

		for (uint32_t page = list->tail; page != BEL_NO_PAGE;
			page = clock->link[page].before) {
			show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
			if (page == list->tail)
				show->hand(show->host, page);
		}
	}
}

/*
 * Defines NAME_hit(), NAME_hooks, NAME_run(), NAME_bits_suffice() and NAME_show() for a policy. Its
 * instance is a struct SELF with the clock in its member `clock`. With `repeats`, the loop needs no
 * hit(): the engine sets the accessed bits.
 */
#define BEL_HOT_COLD_HOOKS(NAME, SELF, CAPS)                                                       \
	enum { NAME##_caps = (CAPS) };                                                             \
                                                                                                   \
	static void NAME##_hit(void *self, uint64_t now, struct bel_ref ref)                       \
	{                                                                                          \
		(void)now;                                                                         \
		bel_hot_cold_referenced(&((struct SELF *)self)->clock, ref.page);                  \
	}                                                                                          \
                                                                                                   \
	static const struct bel_hooks NAME##_hooks = {                                             \
		.hit = NAME##_hit, .fault = NAME##_fault, .drop = NAME##_drop};                    \
                                                                                                   \
	static void NAME##_run(struct bel_mem *mem, void *self, const struct bel_batch *batch)     \
	{                                                                                          \
		static const struct bel_hooks plain = {                                            \
			.fault = NAME##_fault, .drop = NAME##_drop};                               \
                                                                                                   \
		if (((struct SELF *)self)->clock.repeats)                                          \
			bel_loop(mem, self, &plain, (CAPS), batch);                                \
		else                                                                               \
			bel_loop(mem, self, &NAME##_hooks, (CAPS), batch);                         \
	}                                                                                          \
                                                                                                   \
	static int NAME##_bits_suffice(const void *self)                                           \
	{                                                                                          \
		return ((const struct SELF *)self)->clock.repeats;                                 \
	}                                                                                          \
                                                                                                   \
	static void NAME##_show(void *self, const struct bel_show *show)                           \
	{                                                                                          \
		bel_hot_cold_show(&((struct SELF *)self)->clock, show);                            \
	}

#endif

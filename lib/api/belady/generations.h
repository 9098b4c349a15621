/* SPDX-License-Identifier: MIT */
/*
 * generations.h: resident pages in two to four generations, as in Linux' multi-generational LRU
 * (mm/vmscan.c, Linux 6.12).
 *
 * Generations are numbered; a younger one has a higher number. Each has a list of pages, its young
 * end at the head. A page has a number, and is on the list of that number or of an older one: a
 * scan of page tables gives it a younger number without touching the lists, and a scan of the
 * oldest list moves it there later.
 *
 *	struct bel_generations all;                          inside the policy's instance
 *	bel_generations_create(&all, env);                   in init(); nothing to destroy
 *	bel_generations_enter(&all, page);                   at the young end of the youngest
 *	bel_generations_renumber(&all, page);                gets the number of the youngest
 *	n = bel_generations_take(&all, taken, 64, &scanned); up to 64 of the oldest
 *	bel_generations_remove(&all, page);                  off its list, in no generation
 *	all.youngest++;                                      a new generation; at most four
 */
#ifndef BELADY_GENERATIONS_H
#define BELADY_GENERATIONS_H

#include "list.h"

#define BEL_GENERATIONS_MAX 4
#define BEL_GENERATIONS_MIN 2
#define BEL_GENERATIONS_FAR 4096    /* pages */
#define BEL_GENERATION_NUMBER 0x3u  /* of `about`: a page's number, modulo 4 */
#define BEL_GENERATION_LIST 0xcu    /* the number of its list, modulo 4 */
#define BEL_GENERATION_SPARED 0x10u /* the policy sets it: the page is not taken, once */

/* 9 bytes per page. */
struct bel_generations {
	uint64_t oldest, youngest; /* numbers */
	struct bel_list list[BEL_GENERATIONS_MAX];
	uint64_t count[BEL_GENERATIONS_MAX]; /* pages of each number, modulo 4 */
	struct bel_link *link;
	uint8_t *about; /* of a page; the upper three bits are the policy's */
};

/* Registers the arrays. If that fails, the engine reports it. Generations 0 to 3 are empty. */
BEL_INLINE void bel_generations_create(struct bel_generations *all, const struct bel_env *env)
{
	all->oldest = 0;
	all->youngest = BEL_GENERATIONS_MAX - 1;
	for (int i = 0; i < BEL_GENERATIONS_MAX; i++) {
		bel_list_init(&all->list[i]);
		all->count[i] = 0;
	}
	env->page_array(env->host, &all->link, sizeof(*all->link));
	env->page_array(env->host, &all->about, sizeof(*all->about));
}

BEL_INLINE uint64_t bel_generations_left(const struct bel_generations *all)
{
	return all->youngest - all->oldest + 1;
}

BEL_INLINE uint32_t bel_generations_number(const struct bel_generations *all, uint32_t page)
{
	return all->about[page] & BEL_GENERATION_NUMBER;
}

/* Whether bel_generations_renumber() would change nothing. */
BEL_INLINE int bel_generations_is_settled(const struct bel_generations *all, uint32_t page)
{
	return (all->about[page] & (BEL_GENERATION_NUMBER | BEL_GENERATION_SPARED)) ==
	       all->youngest % BEL_GENERATIONS_MAX;
}

BEL_INLINE int bel_generations_is_youngest(const struct bel_generations *all, uint32_t page)
{
	return bel_generations_number(all, page) == all->youngest % BEL_GENERATIONS_MAX;
}

/* Puts a page that is on no list at the young end of the list of its number. */
BEL_INLINE void bel_generations_put(struct bel_generations *all, uint32_t page)
{
	const uint32_t number = bel_generations_number(all, page);

	all->about[page] = (uint8_t)((all->about[page] & ~BEL_GENERATION_LIST) | number << 2);
	bel_list_push(&all->list[number], all->link, page);
}

/* Gives a page in no generation the number of the youngest. It is not spared. */
BEL_INLINE void bel_generations_join(struct bel_generations *all, uint32_t page)
{
	const uint32_t number = (uint32_t)(all->youngest % BEL_GENERATIONS_MAX);

	all->about[page] =
		(uint8_t)((all->about[page] & ~(BEL_GENERATION_NUMBER | BEL_GENERATION_SPARED)) |
			  number);
	all->count[number]++;
}

BEL_INLINE void bel_generations_renumber(struct bel_generations *all, uint32_t page)
{
	all->count[bel_generations_number(all, page)]--;
	bel_generations_join(all, page);
}

/* A page on no list. */
BEL_INLINE void bel_generations_enter(struct bel_generations *all, uint32_t page)
{
	bel_generations_join(all, page);
	bel_generations_put(all, page);
}

BEL_INLINE void bel_generations_remove(struct bel_generations *all, uint32_t page)
{
	const uint32_t list = (all->about[page] & BEL_GENERATION_LIST) >> 2;

	all->count[bel_generations_number(all, page)]--;
	bel_list_remove(&all->list[list], all->link, page);
	all->link[page].before = 0;
}

/*
 * Notes the oldest generation of now in the link of a page that is in no generation: no list uses
 * it. After bel_generations_remove() it is 0: none. The link is in the cache now, and when the page
 * enters again, so this costs no time.
 */
BEL_INLINE void bel_generations_keep_oldest(struct bel_generations *all, uint32_t page)
{
	all->link[page].before = (uint32_t)all->oldest + 1;
}

/* Whether it is still the oldest one. Ask before the page enters. */
BEL_INLINE int bel_generations_is_kept(const struct bel_generations *all, uint32_t page)
{
	return all->link[page].before == (uint32_t)all->oldest + 1;
}

/* Pages on the oldest list. */
BEL_INLINE uint32_t bel_generations_old(const struct bel_generations *all)
{
	return all->list[all->oldest % BEL_GENERATIONS_MAX].count;
}

/* A page of the oldest generation, on no list, gets the number of the next one. */
BEL_INLINE void bel_generations_spare(struct bel_generations *all, uint32_t page, uint32_t number)
{
	all->count[bel_generations_number(all, page)]--;
	all->count[number]++;
	all->about[page] &=
		(uint8_t) ~(BEL_GENERATION_SPARED | BEL_GENERATION_NUMBER | BEL_GENERATION_LIST);
	all->about[page] |= (uint8_t)(number | number << 2);
	bel_list_append(&all->list[number], all->link, page);
}

/*
 * Scans the oldest list from its old end until it has given `most` pages, and takes those off into
 * `taken`. A page with a younger number goes to the young end of the list of its number. A page that
 * is spared gets the next number, at the old end of that list, and is spared no more. Only with three
 * generations or more. Returns how many were taken; adds to *scanned how many were looked at.
 */
BEL_INLINE uint32_t bel_generations_take(
	struct bel_generations *all, uint32_t *taken, uint32_t most, uint64_t *scanned)
{
	const uint32_t oldest = (uint32_t)(all->oldest % BEL_GENERATIONS_MAX);
	struct bel_list *list = &all->list[oldest];
	uint32_t count = 0, about;

	for (; count < most && list->count; ++*scanned) {
		const uint32_t page = list->tail;

		bel_list_remove(list, all->link, page);
		bel_list_fetch_tail(list, all->link);
		about = all->about[page] & (BEL_GENERATION_NUMBER | BEL_GENERATION_SPARED);
		if (about == oldest)
			taken[count++] = page;
		else if (about != (oldest | BEL_GENERATION_SPARED))
			bel_generations_put(all, page);
		else
			bel_generations_spare(all, page, (oldest + 1) % BEL_GENERATIONS_MAX);
	}
	all->count[oldest] -= count;
	return count;
}

/*
 * Goes one page on from `at` on the oldest list, and fetches what bel_generations_take() and an
 * eviction read; as bel_list_fetch_on(). A short list is mostly in the cache.
 */
BEL_INLINE uint32_t bel_generations_fetch_on(
	const struct bel_generations *all, uint32_t at, const struct bel_decision *out)
{
	const struct bel_list *list = &all->list[all->oldest % BEL_GENERATIONS_MAX];
	uint32_t page;

	if (list->count < BEL_GENERATIONS_FAR)
		return BEL_NO_PAGE;
	page = bel_list_fetch_on(list, all->link, at);
	if (page == BEL_NO_PAGE)
		return page;
	__builtin_prefetch(&all->about[page], 1);
	__builtin_prefetch(&out->state[page], 1);
	return page;
}

/* While the oldest list is empty and more than two generations are left, removes it. */
BEL_INLINE void bel_generations_trim(struct bel_generations *all)
{
	while (bel_generations_left(all) > BEL_GENERATIONS_MIN && !bel_generations_old(all))
		all->oldest++;
}

/* Whether two generations are left. */
BEL_INLINE int bel_generations_few(const struct bel_generations *all)
{
	return bel_generations_left(all) == BEL_GENERATIONS_MIN;
}

/* Whether three are left, and the youngest has more than half of the pages, or the oldest less than
 * a quarter. */
BEL_INLINE int bel_generations_uneven(const struct bel_generations *all, uint64_t pages)
{
	return bel_generations_left(all) == BEL_GENERATIONS_MIN + 1 &&
	       (all->count[all->youngest % BEL_GENERATIONS_MAX] * 2 > pages ||
		       all->count[all->oldest % BEL_GENERATIONS_MAX] * 4 < pages);
}

/* For show(): the lists, the oldest first, each from its old end; and the accessed bits. */
static __attribute__((unused)) void bel_generations_show(
	const struct bel_generations *all, const struct bel_show *show)
{
	for (uint64_t number = all->oldest; number <= all->youngest; number++) {
		const struct bel_list *list = &all->list[number % BEL_GENERATIONS_MAX];

		bel_list_show(list, all->link, show, BEL_SHOW_OTHER);
		for (uint32_t page = list->tail; page != BEL_NO_PAGE; page = all->link[page].before)
			show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
	}
}

#endif

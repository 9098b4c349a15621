/* SPDX-License-Identifier: MIT */
/*
 * list.h: doubly linked lists of pages; every operation is O(1).
 *
 * Several lists can share one array of links, if a page is on at most one of them: for example a
 * list of resident pages and a list of ghosts (pages that were evicted and are remembered).
 *
 *	struct bel_link *link;                       inside the policy's instance
 *	struct bel_list resident, ghosts;
 *
 *	env->page_array(env->host, &self->link, sizeof(*self->link));
 *	bel_list_init(&self->resident);
 *	bel_list_push(&self->resident, self->link, page);      at the head
 *	bel_list_remove(&self->resident, self->link, page);    from any position
 *	victim = self->resident.tail;                          BEL_NO_PAGE: empty
 *
 * The policy must know which list a page is on; one byte per page is enough.
 */
#ifndef BELADY_LIST_H
#define BELADY_LIST_H

#include "policy.h"

#define BEL_LIST_FAR 1024 /* from this many pages on, those of a list are mostly not in the cache */

/* The neighbours of a page on a list; BEL_NO_PAGE at the ends. Undefined if it is on no list. */
struct bel_link {
	uint32_t before; /* towards the head */
	uint32_t after;  /* towards the tail */
};

struct bel_list {
	uint32_t head, tail;
	uint32_t count;
};

BEL_INLINE void bel_list_init(struct bel_list *list)
{
	list->head = BEL_NO_PAGE;
	list->tail = BEL_NO_PAGE;
	list->count = 0;
}

/* Puts a page that is on no list at the head. */
BEL_INLINE void bel_list_push(struct bel_list *list, struct bel_link *link, uint32_t page)
{
	link[page] = (struct bel_link){.before = BEL_NO_PAGE, .after = list->head};
	if (list->head == BEL_NO_PAGE)
		list->tail = page;
	else
		link[list->head].before = page;
	list->head = page;
	list->count++;
}

/* Puts a page that is on no list at the tail. */
BEL_INLINE void bel_list_append(struct bel_list *list, struct bel_link *link, uint32_t page)
{
	link[page] = (struct bel_link){.before = list->tail, .after = BEL_NO_PAGE};
	if (list->tail == BEL_NO_PAGE)
		list->head = page;
	else
		link[list->tail].after = page;
	list->tail = page;
	list->count++;
}

/* Puts a page that is on no list before page `at` of this list. */
BEL_INLINE void bel_list_insert(
	struct bel_list *list, struct bel_link *link, uint32_t at, uint32_t page)
{
	const uint32_t before = link[at].before;

	if (before == BEL_NO_PAGE) {
		bel_list_push(list, link, page);
		return;
	}
	link[page] = (struct bel_link){.before = before, .after = at};
	link[before].after = page;
	link[at].before = page;
	list->count++;
}

/* Takes a page off the list that it is on. */
BEL_INLINE void bel_list_remove(struct bel_list *list, struct bel_link *link, uint32_t page)
{
	const struct bel_link at = link[page];

	if (at.before == BEL_NO_PAGE)
		list->head = at.after;
	else
		link[at.before].after = at.after;
	if (at.after == BEL_NO_PAGE)
		list->tail = at.before;
	else
		link[at.after].before = at.before;
	list->count--;
}

/* Moves a page of this list to its head. */
BEL_INLINE void bel_list_to_head(struct bel_list *list, struct bel_link *link, uint32_t page)
{
	if (list->head == page)
		return;
	bel_list_remove(list, link, page);
	bel_list_push(list, link, page);
}

/* The tail leaves next: fetches its neighbours. */
BEL_INLINE void bel_list_fetch_tail(const struct bel_list *list, const struct bel_link *link)
{
	if (list->tail != BEL_NO_PAGE)
		__builtin_prefetch(&link[list->tail], 1);
}

/*
 * A page was taken off the tail, and the next one follows soon. Fetches the neighbours of the page
 * before the tail: those of the tail itself were fetched at the step before. Returns the page, of which
 * the policy may fetch more; BEL_NO_PAGE: pages are few, and in the cache.
 */
BEL_INLINE uint32_t bel_list_fetch_behind(const struct bel_list *list, const struct bel_link *link)
{
	uint32_t page;

	if (list->count < BEL_LIST_FAR)
		return BEL_NO_PAGE;
	page = link[list->tail].before;
	__builtin_prefetch(&link[page], 1);
	return page;
}

/*
 * Goes one page on from `at` towards the head, and fetches what is known of it; from BEL_NO_PAGE, to
 * the tail. Returns it. If several pages are taken off the tail at a time now and then, this can run
 * before: one page at each fault, so that no step waits for the one before. `at` may have left the
 * list; then another page is fetched in vain.
 */
BEL_INLINE uint32_t bel_list_fetch_on(
	const struct bel_list *list, const struct bel_link *link, uint32_t at)
{
	const uint32_t page = at == BEL_NO_PAGE ? list->tail : link[at].before;

	if (page != BEL_NO_PAGE)
		__builtin_prefetch(&link[page], 1);
	return page;
}

/* For show(): the pages from the tail to the head; the tail leaves first. */
BEL_INLINE void bel_list_show(const struct bel_list *list, const struct bel_link *link,
	const struct bel_show *show, enum bel_show_by by)
{
	for (uint32_t page = list->tail; page != BEL_NO_PAGE; page = link[page].before)
		show->order(show->host, page, by);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * page_queue.h: a queue of page numbers, in an array used as a ring.
 *
 *	bel_queue_reserve(&queue, pages, most, &err);     before a batch
 *	bel_queue_push(&queue, page);
 *	oldest = bel_queue_take(&queue);
 *
 * A page that leaves from the middle of a queue stays there as a stale entry, so a queue needs no
 * links. A later entry of the page is behind it. So it is enough to count the stale entries of each
 * page, in two bits for each of 64 queues. If the bits are not enough, or the array is full, the
 * queue is cleaned up. (With one bit 2Q's A1out was cleaned up so often that 64 sizes of Zipf
 * references took six times as long.)
 *
 *	bel_queue_enter(&queue, stale, page, bit);        stale[page] counts
 *	bel_queue_leave(&queue, stale, page, bit);        its entry becomes stale
 *	oldest = bel_queue_next(&queue, stale, bit);
 */
#ifndef BEL_PAGE_QUEUE_H
#define BEL_PAGE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "policy.h"

struct bel_queue {
	uint32_t *page;
	uint32_t capacity, count;
	uint32_t oldest, end; /* indices of the oldest page and behind the newest */
};

BEL_INLINE uint32_t bel_queue_behind(const struct bel_queue *queue, uint32_t at)
{
	return at + 1 == queue->capacity ? 0 : at + 1;
}

/* There must be room. */
BEL_INLINE void bel_queue_push(struct bel_queue *queue, uint32_t page)
{
	queue->page[queue->end] = page;
	queue->end = bel_queue_behind(queue, queue->end);
	queue->count++;
}

BEL_INLINE uint32_t bel_queue_oldest(const struct bel_queue *queue)
{
	return queue->page[queue->oldest];
}

/* Takes the oldest page; there is one. */
BEL_INLINE uint32_t bel_queue_take(struct bel_queue *queue)
{
	const uint32_t page = queue->page[queue->oldest];

	queue->oldest = bel_queue_behind(queue, queue->oldest);
	queue->count--;
	return page;
}

/* The stale entries of a page, as a number of two bits; the bit is that of the queue. */
struct bel_stale {
	uint64_t low, high;
};

/* The oldest entry of the page is taken. Whether it was stale. */
BEL_INLINE bool bel_stale_take(struct bel_stale *stale, uint64_t bit)
{
	if (!((stale->low | stale->high) & bit))
		return false;
	stale->high &= ~bit | stale->low;
	stale->low ^= bit;
	return true;
}

/* Removes all stale entries. `stale`: by page. */
void bel_queue_clean(struct bel_queue *queue, struct bel_stale *stale, uint64_t bit);

/* Room for half as many entries as the array has is enough. */
BEL_INLINE void bel_queue_enter(
	struct bel_queue *queue, struct bel_stale *stale, uint32_t page, uint64_t bit)
{
	if (queue->count == queue->capacity)
		bel_queue_clean(queue, stale, bit);
	bel_queue_push(queue, page);
}

/* The page has an entry that is not stale. */
BEL_INLINE void bel_queue_leave(
	struct bel_queue *queue, struct bel_stale *stale, uint32_t page, uint64_t bit)
{
	struct bel_stale *const of = &stale[page];

	if (of->low & of->high & bit)
		bel_queue_clean(queue, stale, bit);
	of->high |= of->low & bit;
	of->low ^= bit;
}

/* Takes the oldest entry that is not stale; there is one. */
BEL_INLINE uint32_t bel_queue_next(struct bel_queue *queue, struct bel_stale *stale, uint64_t bit)
{
	uint32_t page;

	do
		page = bel_queue_take(queue);
	while (bel_stale_take(&stale[page], bit));
	return page;
}

/*
 * Makes room for entries that can become stale, of which at most `most`, and one for each of these
 * pages, are not.
 */
int bel_queue_reserve_stale(
	struct bel_queue *queue, uint64_t pages, uint64_t most, struct bel_err *err);

/* Makes room for `need` entries, of at most `most`. The entries keep their order. */
int bel_queue_reserve(struct bel_queue *queue, uint64_t need, uint64_t most, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * page_queue.h: a queue of page numbers, in an array used as a ring.
 *
 *	bel_queue_reserve(&queue, pages, most, &err);     before a batch
 *	bel_queue_push(&queue, page);
 *	oldest = bel_queue_take(&queue);
 *
 * A page that leaves from the middle of a queue stays there as a stale entry, which the user
 * recognises when it becomes the oldest. So a queue needs no links.
 */
#ifndef BEL_PAGE_QUEUE_H
#define BEL_PAGE_QUEUE_H

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

/* Makes room for `need` entries, of at most `most`. The entries keep their order. */
int bel_queue_reserve(
	struct bel_queue *queue, uint64_t need, uint64_t most, struct bel_err *err);

#endif

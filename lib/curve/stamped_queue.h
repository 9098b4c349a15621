/* SPDX-License-Identifier: MIT */
/*
 * stamped_queue.h: a queue of page numbers, each with the time when it was added.
 *
 *	bel_stamped_reserve(&queue, most, &err);       before a batch
 *	bel_stamped_push(&queue, stamp, page);
 *	oldest = bel_stamped_at(&queue, queue.oldest++)->page;
 *
 * The caller frees queue.entry. Memory: 16 bytes per entry, in a power of two of entries.
 */
#ifndef BEL_STAMPED_QUEUE_H
#define BEL_STAMPED_QUEUE_H

#include <stdlib.h>

#include "err.h"
#include "policy.h"

struct bel_stamped {
	uint64_t stamp; /* larger: put at the head later */
	uint32_t page;
};

/* In an array used as a ring: entry number n is in element n modulo capacity. */
struct bel_stamped_queue {
	struct bel_stamped *entry;
	uint64_t capacity; /* a power of two, or 0 */
	uint64_t oldest, end;
};

BEL_INLINE uint64_t bel_stamped_count(const struct bel_stamped_queue *queue)
{
	return queue->end - queue->oldest;
}

BEL_INLINE struct bel_stamped *bel_stamped_at(const struct bel_stamped_queue *queue, uint64_t at)
{
	return &queue->entry[at & (queue->capacity - 1)];
}

BEL_INLINE void bel_stamped_push(struct bel_stamped_queue *queue, uint64_t stamp, uint32_t page)
{
	*bel_stamped_at(queue, queue->end++) = (struct bel_stamped){stamp, page};
}

/* Makes room for so many entries. */
static inline int bel_stamped_reserve(
	struct bel_stamped_queue *queue, uint64_t need, struct bel_err *err)
{
	struct bel_stamped_queue grown = {.capacity = queue->capacity ? queue->capacity : 64};

	if (need <= queue->capacity)
		return BEL_OK;
	while (grown.capacity < need)
		grown.capacity *= 2;
	grown.entry = malloc(grown.capacity * sizeof(*grown.entry));
	if (!grown.entry)
		return bel_err_memory(err, "a queue of pages");
	for (uint64_t at = queue->oldest; at != queue->end; at++)
		*bel_stamped_at(&grown, grown.end++) = *bel_stamped_at(queue, at);
	free(queue->entry);
	*queue = grown;
	return BEL_OK;
}

#endif

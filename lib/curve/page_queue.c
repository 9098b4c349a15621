/* SPDX-License-Identifier: MIT */
/* page_queue.c: the memory of queues of pages. */
#include "page_queue.h"

#include <stdlib.h>

/* Room for stale entries beside twice the others, so that cleaning up is rare also if they are few. */
enum { SPARE = 64 };

void bel_queue_clean(struct bel_queue *queue, struct bel_stale *stale, uint64_t bit)
{
	for (uint32_t left = queue->count; left; left--) {
		const uint32_t page = bel_queue_take(queue);

		if (!bel_stale_take(&stale[page], bit))
			bel_queue_push(queue, page);
	}
}

int bel_queue_reserve_stale(
	struct bel_queue *queue, uint64_t pages, uint64_t most, struct bel_err *err)
{
	return bel_queue_reserve(queue, 2 * pages + SPARE, 2 * most + SPARE, err);
}

int bel_queue_reserve(struct bel_queue *queue, uint64_t need, uint64_t most, struct bel_err *err)
{
	uint64_t capacity = queue->capacity + (uint64_t)queue->capacity / 2;
	uint32_t *grown;

	if (need > most)
		need = most;
	if (need <= queue->capacity)
		return BEL_OK;
	capacity = capacity < need ? need : capacity > most ? most : capacity;
	if (capacity > UINT32_MAX)
		capacity = UINT32_MAX;
	grown = calloc(capacity, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "queues of a curve");
	for (uint32_t i = 0, at = queue->oldest; i < queue->count; i++) {
		grown[i] = queue->page[at];
		at = bel_queue_behind(queue, at);
	}
	free(queue->page);
	queue->page = grown;
	queue->capacity = (uint32_t)capacity;
	queue->oldest = 0;
	queue->end = queue->count == queue->capacity ? 0 : queue->count;
	return BEL_OK;
}

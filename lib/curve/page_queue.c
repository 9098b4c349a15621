/* SPDX-License-Identifier: MIT */
/* page_queue.c: the memory of queues of pages. */
#include "page_queue.h"

#include <stdlib.h>

int bel_queue_reserve(
	struct bel_queue *queue, uint64_t need, uint64_t most, struct bel_err *err)
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

/* SPDX-License-Identifier: MIT */
/* queue_sliced.c: the memory of policies that promote lazily, and their curve. */
#include "queue_sliced.h"

#include <stdlib.h>
#include <string.h>

#include "points.h"

/*
 * A queue of ghost entries has room for twice the entries and for some more, so that removing the
 * stale ones is rare also where there are few.
 */
enum { GHOST_SPARE = 64 };

void *bel_queue_sliced_new(const struct bel_curve_setup *setup, size_t bytes, unsigned queues,
	const char *policy, struct bel_err *err)
{
	struct bel_queue_sliced *q;

	if (!setup->x || !setup->count || setup->count > BEL_QUEUE_SLICES) {
		bel_usage(err, "%s: a pass takes 1 to %d sizes", policy, BEL_QUEUE_SLICES);
		return NULL;
	}
	q = calloc(1, bytes);
	if (!q) {
		bel_err_memory(err, policy);
		return NULL;
	}
	q->setup = *setup;
	q->policy = policy;
	q->queues = queues;
	q->used = UINT64_MAX >> (BEL_QUEUE_SLICES - setup->count);
	for (size_t s = 0; s < setup->count; s++)
		q->size[s].frames = setup->x[s];
	return q;
}

void bel_queue_sliced_free(void *self)
{
	struct bel_queue_sliced *q = self;

	for (size_t s = 0; s < BEL_QUEUE_SLICES; s++)
		for (unsigned k = 0; k < BEL_QUEUE_KINDS; k++) {
			free(q->size[s].queue[k].page);
			free(q->size[s].ghost[k].page);
		}
	free(q->page);
	free(q);
}

void bel_ghost_compact(struct bel_queue_sliced *q, unsigned s, unsigned k)
{
	struct bel_queue *const ghost = &q->size[s].ghost[k];
	const uint64_t bit = UINT64_C(1) << s;

	for (uint32_t left = ghost->count; left; left--) {
		const uint32_t page = bel_queue_pop(q, ghost);

		if (q->page[page].stale[k] & bit)
			q->page[page].stale[k] &= ~bit;
		else
			bel_queue_push(ghost, page);
	}
}

static int reserve_size(const struct bel_queue_sliced *q, struct bel_queue_size *size,
	uint32_t pages, struct bel_err *err)
{
	for (unsigned k = 0; k < q->queues; k++)
		if (bel_queue_reserve(&size->queue[k], pages, size->frames, err) < 0)
			return BEL_FAIL;
	for (unsigned k = 0; k < BEL_QUEUE_KINDS; k++)
		if (size->ghost_most[k] && bel_queue_reserve(&size->ghost[k], 2 * (uint64_t)pages,
						   2 * size->ghost_most[k] + GHOST_SPARE, err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

static int reserve_pages(struct bel_queue_sliced *q, uint32_t pages, struct bel_err *err)
{
	size_t capacity = q->capacity ? q->capacity : 1024;
	struct bel_queue_page *grown;

	while (capacity < pages)
		capacity += capacity / 2;
	grown = aligned_alloc(sizeof(*grown), capacity * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "pages of a curve");
	if (q->pages)
		memcpy(grown, q->page, q->pages * sizeof(*grown));
	memset(grown + q->pages, 0, (capacity - q->pages) * sizeof(*grown));
	free(q->page);
	q->page = grown;
	q->capacity = (uint32_t)capacity;
	return BEL_OK;
}

int bel_queue_sliced_reserve(struct bel_queue_sliced *q, uint32_t pages, struct bel_err *err)
{
	if (pages > q->capacity && reserve_pages(q, pages, err) < 0)
		return BEL_FAIL;
	if (pages <= q->pages)
		return BEL_OK;
	for (size_t s = 0; s < q->setup.count; s++)
		if (reserve_size(q, &q->size[s], pages, err) < 0)
			return BEL_FAIL;
	q->pages = pages;
	return BEL_OK;
}

int bel_queue_sliced_curve(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct bel_queue_sliced *const q = self;

	if (bel_points_init_writebacks(curve, &q->setup, q->pages, err) < 0)
		return BEL_FAIL;
	curve->mean_resident = calloc(curve->count, sizeof(*curve->mean_resident));
	if (!curve->mean_resident) {
		bel_curve_release(curve);
		return bel_err_memory(err, "a curve");
	}
	for (size_t s = 0; s < curve->count; s++) {
		const struct bel_queue_size *const size = &q->size[s];

		curve->faults[s] = size->faults;
		if (curve->writebacks)
			curve->writebacks[s] = size->writebacks;
		/* Each page that took a free frame counts from then on. */
		if (q->references)
			curve->mean_resident[s] =
				(double)(size->resident * q->references - size->load_times) /
				(double)q->references;
	}
	for (uint32_t page = 0; curve->dirty && page < q->pages; page++)
		bel_points_count_dirty(curve, q->page[page].dirty);
	curve->policy = q->policy;
	curve->algorithm = "bit-sliced, 64 sizes";
	curve->exact = true;
	curve->references = q->references;
	curve->pages = q->pages;
	curve->compulsory = q->pages;
	return BEL_OK;
}

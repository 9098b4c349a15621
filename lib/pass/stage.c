/* SPDX-License-Identifier: MIT */
/* stage.c: a buffer of runs between a stream and its consumers. */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

enum {
	MIN_RUNS = 16384,   /* these fit in a second-level cache */
	MAX_RUNS = 1 << 20, /* these fit in memory */
};

/*
 * Consumers take turns with each stage. Each one finds the cache filled by the others. A stage
 * must be long enough to make up for that: about as many runs as there are pages.
 */
size_t bel_stage_capacity(uint32_t pages, size_t consumers)
{
	size_t capacity = MIN_RUNS;

	while (consumers > 1 && capacity < pages && capacity < MAX_RUNS)
		capacity *= 2;
	return capacity;
}

int bel_stage_clear(struct bel_stage *stage, uint64_t now, size_t capacity, struct bel_err *err)
{
	if (capacity > stage->capacity) {
		free(stage->runs);
		free(stage->next);
		stage->runs = malloc(capacity * sizeof(*stage->runs));
		stage->next = malloc(capacity * sizeof(*stage->next));
		stage->capacity = stage->runs && stage->next ? capacity : 0;
		if (!stage->capacity)
			return bel_err_memory(err, "buffered references");
	}
	bel_events_clear(&stage->list);
	stage->count = stage->cuts = stage->parts = 0;
	stage->pages = 0;
	stage->now = stage->end = now;
	return BEL_OK;
}

void bel_stage_release(struct bel_stage *stage)
{
	free(stage->runs);
	free(stage->next);
	free(stage->cut);
	free(stage->part);
	bel_events_release(&stage->list);
	memset(stage, 0, sizeof(*stage));
}

/*
 * Adds the events before run `to` of the chunk, from run `from` on. After the last run: all other
 * events.
 */
static int add_part(struct bel_stage *stage, const struct bel_chunk *chunk, size_t from, size_t to,
	struct bel_err *err)
{
	struct bel_stage_part *part;

	if (stage->parts == stage->part_capacity) {
		const size_t capacity = stage->part_capacity ? 2 * stage->part_capacity : 256;

		part = reallocarray(stage->part, capacity, sizeof(*part));
		if (!part)
			return bel_err_memory(err, "buffered references");
		stage->part = part;
		stage->part_capacity = capacity;
	}
	part = &stage->part[stage->parts++];
	*part = (struct bel_stage_part){
		.chunk = *chunk,
		.first_run = stage->count,
		.first_event = stage->list.count,
	};
	part->chunk.count = to - from;
	part->chunk.event_count = 0;
	part->chunk.now = stage->end;
	if (from) {
		memset(part->chunk.kinds, 0, sizeof(part->chunk.kinds));
		part->chunk.crossings = 0;
	}
	for (size_t i = 0; i < chunk->event_count; i++) {
		struct bel_event event = chunk->events[i];

		if (event.at < from || (event.at >= to && to < chunk->count))
			continue;
		event.at -= from;
		if (bel_events_add(&stage->list, &event, err) < 0)
			return BEL_FAIL;
		part->chunk.event_count++;
	}
	return BEL_OK;
}

int bel_stage_add(
	struct bel_stage *stage, const struct bel_chunk *chunk, size_t *from, struct bel_err *err)
{
	const size_t capacity = stage->capacity - stage->count, left = chunk->count - *from;
	const size_t n = left < capacity ? left : capacity;
	struct bel_run *const runs = stage->runs + stage->count;
	const uint64_t before = stage->end;

	if (left && !n)
		return 0;
	if (stage->events && add_part(stage, chunk, *from, *from + n, err) < 0)
		return BEL_FAIL;
	if (n)
		memcpy(runs, chunk->runs + *from, n * sizeof(*runs));
	if (chunk->count) /* a chunk of events alone has no next uses */
		stage->has_next = chunk->next != NULL;
	if (chunk->next && n)
		memcpy(stage->next + stage->count, chunk->next + *from, n * sizeof(*chunk->next));
	if (n == chunk->count) {
		stage->end += chunk->references;
	} else {
		for (size_t i = 0; i < n; i++)
			stage->end += bel_run_count(runs[i]);
	}
	if (stage->events)
		stage->part[stage->parts - 1].chunk.references = stage->end - before;
	stage->count += n;
	*from += n;
	return n == left;
}

int bel_stage_cut(struct bel_stage *stage, uint32_t pages, struct bel_err *err)
{
	if (stage->cuts == stage->cut_capacity) {
		const size_t capacity = stage->cut_capacity ? 2 * stage->cut_capacity : 64;
		struct bel_stage_cut *const cut = reallocarray(stage->cut, capacity, sizeof(*cut));

		if (!cut)
			return bel_err_memory(err, "intervals");
		stage->cut = cut;
		stage->cut_capacity = capacity;
	}
	stage->cut[stage->cuts++] = (struct bel_stage_cut){stage->count, stage->end, pages};
	return BEL_OK;
}

static void feed_parts(const struct bel_stage *stage, const struct bel_consumer *consumer,
	void *self, struct bel_granules pages, struct bel_err *own)
{
	for (size_t i = 0; i < stage->parts && !own->code; i++) {
		const struct bel_stage_part *const part = &stage->part[i];
		struct bel_chunk chunk = part->chunk;

		chunk.runs = stage->runs + part->first_run;
		chunk.next = stage->has_next ? stage->next + part->first_run : NULL;
		chunk.events = stage->list.event + part->first_event;
		consumer->feed(self, &chunk, pages, own);
	}
}

void bel_stage_feed(const struct bel_stage *stage, const struct bel_consumer *consumer, void *self,
	const struct bel_granule *granule, struct bel_err *own)
{
	struct bel_granules pages = {granule, stage->pages};
	struct bel_chunk chunk = {.now = stage->now};
	size_t from = 0;

	if (stage->events && consumer->caps & BEL_CONSUMER_EVENTS) {
		feed_parts(stage, consumer, self, pages, own);
		return;
	}
	for (size_t i = 0; i <= stage->cuts && !own->code; i++) {
		const struct bel_stage_cut *const cut = i < stage->cuts ? &stage->cut[i] : NULL;

		chunk.runs = stage->runs + from;
		chunk.next = stage->has_next ? stage->next + from : NULL;
		chunk.count = (cut ? cut->runs : stage->count) - from;
		chunk.references = (cut ? cut->now : stage->end) - chunk.now;
		pages.count = cut ? cut->pages : stage->pages;
		if (chunk.count)
			consumer->feed(self, &chunk, pages, own);
		if (cut && !own->code && consumer->cut)
			consumer->cut(self, own);
		if (cut) {
			from = cut->runs;
			chunk.now = cut->now;
		}
	}
}

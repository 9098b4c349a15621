/* SPDX-License-Identifier: MIT */
/* stream_replay.c: stores a stream so that it can be read again. */
#include "stream_replay.h"

#include <stdlib.h>

/* A stored chunk; its runs are the next ones of next_uses. */
struct part {
	size_t runs, first_event, events;
	uint32_t space;
};

struct bel_replay {
	struct bel_next_uses *runs;
	bool events, turned;
	struct part *part;
	size_t parts, capacity;
	struct bel_events list; /* events of all parts; `at` counts runs within the part */
	/* Reading: */
	struct bel_batch batch;
	size_t batch_at;      /* runs of the batch already given */
	size_t part_at;       /* the part being given */
	size_t run_at;        /* runs of the part already given */
	size_t event_at;      /* events of the list already given */
	struct bel_event *at; /* events of a piece, counted from its first run */
	size_t at_capacity;
};

int bel_replay_new(struct bel_replay **replay, const struct bel_next_uses_setup *setup, bool events,
	struct bel_err *err)
{
	struct bel_replay *const made = calloc(1, sizeof(*made));

	if (!made)
		return bel_err_memory(err, "a trace that is read twice");
	made->events = events;
	made->runs = bel_next_uses_new(setup, err);
	if (!made->runs) {
		free(made);
		return BEL_FAIL;
	}
	*replay = made;
	return BEL_OK;
}

void bel_replay_free(struct bel_replay *replay)
{
	if (!replay)
		return;
	bel_next_uses_free(replay->runs);
	bel_events_release(&replay->list);
	free(replay->part);
	free(replay->at);
	free(replay);
}

static int add_part(struct bel_replay *replay, const struct bel_chunk *chunk, struct bel_err *err)
{
	struct part *part;

	if (replay->parts == replay->capacity) {
		const size_t capacity = replay->capacity ? 2 * replay->capacity : 256;

		part = reallocarray(replay->part, capacity, sizeof(*part));
		if (!part)
			return bel_err_memory(err, "a trace that is read twice");
		replay->part = part;
		replay->capacity = capacity;
	}
	part = &replay->part[replay->parts++];
	*part = (struct part){
		.runs = chunk->count,
		.first_event = replay->list.count,
		.events = chunk->event_count,
		.space = chunk->space,
	};
	for (size_t i = 0; i < chunk->event_count; i++)
		if (bel_events_add(&replay->list, &chunk->events[i], err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

int bel_replay_add(struct bel_replay *replay, const struct bel_chunk *chunk, struct bel_err *err)
{
	if (replay->events && add_part(replay, chunk, err) < 0)
		return BEL_FAIL;
	return bel_next_uses_add(replay->runs, chunk->runs, chunk->count, err);
}

int bel_replay_begin(struct bel_replay *replay, bool next_uses, struct bel_err *err)
{
	if (next_uses && !replay->turned && bel_next_uses_compute(replay->runs, err) < 0)
		return BEL_FAIL;
	replay->turned |= next_uses;
	bel_next_uses_rewind(replay->runs);
	replay->batch.count = replay->batch_at = 0;
	replay->part_at = replay->run_at = replay->event_at = 0;
	return BEL_OK;
}

/* The events of the present part before its run `to`, or all that are left of the part. */
static int piece_events(struct bel_replay *replay, const struct part *part, size_t to,
	struct bel_chunk *chunk, struct bel_err *err)
{
	const size_t end = part->first_event + part->events;
	size_t count = 0;

	while (replay->event_at + count < end &&
		(to == part->runs || replay->list.event[replay->event_at + count].at < to))
		count++;
	if (count > replay->at_capacity) {
		struct bel_event *const at = reallocarray(replay->at, count, sizeof(*at));

		if (!at)
			return bel_err_memory(err, "events");
		replay->at = at;
		replay->at_capacity = count;
	}
	for (size_t i = 0; i < count; i++) {
		replay->at[i] = replay->list.event[replay->event_at + i];
		replay->at[i].at -= replay->run_at;
	}
	chunk->events = replay->at;
	chunk->event_count = count;
	chunk->space = part->space;
	replay->event_at += count;
	return BEL_OK;
}

/* Gets the next batch: 1; 0: no runs are left. */
static int fill_batch(struct bel_replay *replay, struct bel_err *err)
{
	if (replay->batch_at < replay->batch.count)
		return 1;
	replay->batch_at = 0;
	return bel_next_uses_read(replay->runs, &replay->batch, err);
}

int bel_replay_next(struct bel_replay *replay, struct bel_chunk *chunk, struct bel_err *err)
{
	const struct part *part = NULL;
	size_t n = 0;
	int r = 1;

	*chunk = (struct bel_chunk){.count = 0};
	if (replay->events && replay->part_at == replay->parts)
		return 0;
	if (replay->events)
		part = &replay->part[replay->part_at];
	if (!part || part->runs) {
		r = fill_batch(replay, err);
		if (r <= 0)
			return r;
		n = replay->batch.count - replay->batch_at;
	}
	if (part) {
		n = n < part->runs - replay->run_at ? n : part->runs - replay->run_at;
		if (piece_events(replay, part, replay->run_at + n, chunk, err) < 0)
			return BEL_FAIL;
		replay->run_at += n;
		if (replay->run_at == part->runs) {
			replay->part_at++;
			replay->run_at = 0;
		}
	}
	if (n) {
		chunk->runs = replay->batch.runs + replay->batch_at;
		if (replay->turned)
			chunk->next = replay->batch.next + replay->batch_at;
	}
	chunk->count = n;
	replay->batch_at += n;
	for (size_t i = 0; i < n; i++)
		chunk->references += bel_run_count(chunk->runs[i]);
	return 1;
}

/* SPDX-License-Identifier: MIT */
/* stream_replay.c: stores a stream so that it can be read again. */
#include "stream_replay.h"

#include <stdlib.h>
#include <string.h>

#include "native_layout.h"

/* A stored chunk; its runs are the next ones of next_uses. */
struct part {
	uint64_t runs;
	uint64_t first_byte, bytes; /* its events, encoded */
	uint32_t events, space;
};

struct bel_replay {
	struct bel_next_uses *runs;
	bool events, turned;
	/* With events; these share the budget of `runs`. */
	struct bel_spool *parts;
	struct bel_spool *coded;
	struct bel_bytes bytes; /* encoded events of one part */
	/* Reading: */
	struct bel_batch batch;
	size_t batch_at; /* runs of the batch already given */
	struct part part;
	uint64_t part_at;       /* its number */
	struct bel_events list; /* its events; `at` counts runs within the part */
	size_t run_at;          /* runs of the part already given */
	size_t event_at;        /* events of the part already given */
	struct bel_event *at;   /* events of a piece, counted from its first run */
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
	if (events) {
		struct bel_spool_budget *const budget = bel_next_uses_budget(made->runs);

		made->parts = bel_spool_new(sizeof(struct part), budget, err);
		made->coded = made->parts ? bel_spool_new(1, budget, err) : NULL;
		if (!made->coded) {
			bel_replay_free(made);
			return BEL_FAIL;
		}
	}
	*replay = made;
	return BEL_OK;
}

void bel_replay_free(struct bel_replay *replay)
{
	if (!replay)
		return;
	bel_spool_free(replay->parts);
	bel_spool_free(replay->coded);
	bel_next_uses_free(replay->runs);
	bel_events_release(&replay->list);
	free(replay->bytes.data);
	free(replay->at);
	free(replay);
}

/* ---- events of a part, as bytes: each as in a native trace, then its name ---- */

static void encode(struct bel_bytes *bytes, const struct bel_chunk *chunk)
{
	bytes->size = 0;
	for (size_t i = 0; i < chunk->event_count; i++) {
		struct bel_event bare = chunk->events[i];
		const char *const name = bare.name;

		bare.name = NULL;
		bel_event_encode(bytes, &bare, i ? &chunk->events[i - 1] : NULL, chunk->space);
		bel_bytes_varint(bytes, name ? strlen(name) + 1 : 0);
		if (name)
			bel_bytes_put(bytes, name, strlen(name) + 1);
	}
}

/* The list's names are in `bytes`. */
static int decode(struct bel_replay *replay, struct bel_err *err)
{
	const struct part *const part = &replay->part;
	struct bel_view view = {replay->bytes.data, replay->bytes.data + part->bytes, false};
	uint64_t at = 0, length;

	bel_events_clear(&replay->list);
	for (uint32_t i = 0; i < part->events; i++) {
		if (bel_event_decode(&view, &at, part->space, part->runs, &replay->list, err) < 0)
			return BEL_FAIL;
		length = bel_view_varint(&view);
		if (length)
			replay->list.event[i].name = (const char *)bel_view_take(&view, length);
	}
	return BEL_OK;
}

static int add_part(struct bel_replay *replay, const struct bel_chunk *chunk, struct bel_err *err)
{
	struct bel_bytes *const bytes = &replay->bytes;
	struct part part = {
		.runs = chunk->count,
		.first_byte = bel_spool_count(replay->coded),
		.events = (uint32_t)chunk->event_count,
		.space = chunk->space,
	};

	encode(bytes, chunk);
	if (bytes->failed)
		return bel_err_memory(err, "a trace that is read twice");
	part.bytes = bytes->size;
	if (bel_spool_append(replay->coded, bytes->data, bytes->size, err) < 0)
		return BEL_FAIL;
	return bel_spool_append(replay->parts, &part, 1, err);
}

/* Reads the part that is given next. */
static int read_part(struct bel_replay *replay, struct bel_err *err)
{
	struct part *const part = &replay->part;

	replay->run_at = replay->event_at = 0;
	if (bel_spool_read(replay->parts, replay->part_at, part, 1, err) < 0)
		return BEL_FAIL;
	replay->bytes.size = 0;
	if (part->bytes && !bel_bytes_room(&replay->bytes, part->bytes))
		return bel_err_memory(err, "events");
	if (bel_spool_read(replay->coded, part->first_byte, replay->bytes.data, part->bytes, err) <
		0)
		return BEL_FAIL;
	return decode(replay, err);
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
static int piece_events(
	struct bel_replay *replay, size_t to, struct bel_chunk *chunk, struct bel_err *err)
{
	const struct part *const part = &replay->part;
	size_t count = 0;

	while (replay->event_at + count < part->events &&
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
	const struct part *const part = replay->events ? &replay->part : NULL;
	size_t n = 0;
	int r = 1;

	*chunk = (struct bel_chunk){.count = 0};
	if (part && replay->part_at == bel_spool_count(replay->parts))
		return 0;
	if (part && !replay->run_at && read_part(replay, err) < 0)
		return BEL_FAIL;
	if (!part || part->runs) {
		r = fill_batch(replay, err);
		if (r <= 0)
			return r;
		n = replay->batch.count - replay->batch_at;
	}
	if (part) {
		n = n < part->runs - replay->run_at ? n : part->runs - replay->run_at;
		if (piece_events(replay, replay->run_at + n, chunk, err) < 0)
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

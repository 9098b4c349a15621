/* SPDX-License-Identifier: MIT */
/* recorder.c: writes batches of references to a native trace, with skip and limit. */
#include "recorder.h"

#include <poll.h>
#include <string.h>

/*
 * A write failed: the reader of our pipe has gone, which is not an error, or there is a real
 * error.
 */
static void failed(struct bel_recorder *recorder)
{
	struct pollfd pipe = {.fd = fileno(recorder->file), .events = POLLOUT};

	if (poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR))
		recorder->hung_up = true;
	else
		recorder->failed = true;
}

/* Opens the writer of the trace, or of the next part. `after`: the checksum of the part before. */
static int open_writer(struct bel_recorder *recorder, uint64_t after)
{
	const struct bel_trace_info info = {
		.granule_bits = recorder->granule_bits,
		.address_bits = 64,
		.first_byte = recorder->first_byte,
		.kernel = recorder->kernel,
		.phrases = recorder->phrased,
		.near_pages = recorder->near_pages,
		.near_bits = recorder->near_pages ? recorder->near_bits : 0,
		.near_renewed = recorder->near_renewed,
		.part = recorder->split.part,
		.part_events = recorder->split.told.count,
		.part_after = after,
		.command = recorder->command,
		.name = recorder->name,
		.tool = recorder->tool,
		.format = "bel",
	};

	return bel_native_writer_open(
		&recorder->writer, recorder->file, &info, recorder->level, &recorder->err);
}

int bel_recorder_start(struct bel_recorder *recorder, const char *tool)
{
	snprintf(recorder->tool, sizeof(recorder->tool), "%s", tool);
	recorder->split.part = recorder->split.bytes > 0;
	if (recorder->granule_bits > 0 && !recorder->phrased) {
		recorder->fold = bel_fold_new(
			recorder->granule_bits, 0, recorder->first_byte, &recorder->err);
		if (!recorder->fold) {
			recorder->failed = true;
			return BEL_FAIL;
		}
	}
	if (open_writer(recorder, 0) < 0) {
		failed(recorder);
		return BEL_FAIL;
	}
	return 0;
}

/* Removes the first n references of a batch; its events stay. */
static void drop_front(struct bel_accesses *batch, size_t n)
{
	batch->count -= n;
	memmove(batch->access, batch->access + n, batch->count * sizeof(*batch->access));
	for (size_t i = 0; i < batch->events.count; i++) {
		struct bel_event *const event = &batch->events.event[i];

		event->at = event->at > n ? event->at - n : 0;
	}
}

/* Removes all but the first n references. */
static void drop_rest(struct bel_accesses *batch, size_t n)
{
	batch->count = n;
	while (batch->events.count && batch->events.event[batch->events.count - 1].at > n)
		batch->events.count--;
}

/* Writes a chunk. One without runs matters too: it has the kinds of references of the open run. */
static int write_chunk(
	struct bel_recorder *recorder, const struct bel_chunk *chunk, struct bel_granules granules)
{
	struct bel_split *const split = &recorder->split;
	struct bel_chunk part = *chunk;

	recorder->pages = granules.count;
	recorder->events += chunk->event_count;
	if (split->bytes &&
		(bel_split_events(split, chunk->events, chunk->event_count, &recorder->err) < 0 ||
			bel_split_runs(split, &part.runs, part.count, &granules, &recorder->err) <
				0)) {
		recorder->failed = true;
		return BEL_FAIL;
	}
	return bel_native_write_chunk(recorder->writer, &part, granules, &recorder->err);
}

/* The open run of a folded trace. */
static int write_open_run(struct bel_recorder *recorder)
{
	struct bel_chunk chunk;

	if (!recorder->fold)
		return BEL_OK;
	if (bel_fold_end(recorder->fold, &chunk, &recorder->err) < 0) {
		recorder->failed = true;
		return BEL_FAIL;
	}
	return write_chunk(recorder, &chunk, bel_fold_granules(recorder->fold));
}

/* The events at the front of a part. */
static int write_told(struct bel_recorder *recorder)
{
	const struct bel_events *const told = &recorder->split.told;
	const uint32_t space = told->count ? told->event[0].space : 0;
	const struct bel_chunk chunk = {
		.events = told->event, .event_count = told->count, .space = space};
	const struct bel_accesses batch = {.events = *told, .space = space};

	return recorder->granule_bits
		       ? bel_native_write_chunk(recorder->writer, &chunk,
				 (struct bel_granules){NULL, 0}, &recorder->err)
		       : bel_native_write_accesses(recorder->writer, &batch, &recorder->err);
}

/* Ends a part and begins the next one, for references that come: no part is without them. */
static int change_part(struct bel_recorder *recorder)
{
	struct bel_split *const split = &recorder->split;
	uint64_t checksum;

	if (write_open_run(recorder) < 0 ||
		bel_native_writer_end(recorder->writer, NULL, &recorder->err) < 0)
		return BEL_FAIL;
	checksum = bel_native_end_checksum(recorder->writer);
	split->references += bel_native_written(recorder->writer);
	bel_native_writer_free(recorder->writer);
	recorder->writer = NULL;
	if (bel_split_begin(split, &recorder->err) < 0 ||
		split->next(split->host, ++split->part, &recorder->file, &recorder->err) < 0) {
		recorder->failed = true;
		return BEL_FAIL;
	}
	return open_writer(recorder, checksum) < 0 ? BEL_FAIL : write_told(recorder);
}

static bool cut(struct bel_recorder *recorder)
{
	recorder->cut = false;
	if (change_part(recorder) == 0)
		return true;
	if (!recorder->failed)
		failed(recorder);
	return false;
}

uint64_t bel_recorder_written(const struct bel_recorder *recorder)
{
	return recorder->split.references +
	       (recorder->writer ? bel_native_written(recorder->writer) : 0);
}

static int write_batch(struct bel_recorder *recorder, const struct bel_accesses *batch)
{
	struct bel_chunk chunk;
	int again, r;

	if (!recorder->fold) {
		recorder->events += batch->events.count;
		if (recorder->split.bytes && bel_split_events(&recorder->split, batch->events.event,
						     batch->events.count, &recorder->err) < 0) {
			recorder->failed = true;
			return BEL_FAIL;
		}
		return bel_native_write_accesses(recorder->writer, batch, &recorder->err);
	}
	do {
		again = bel_fold_add(recorder->fold, batch, &chunk, &recorder->err);
		if (again < 0) {
			recorder->failed = true;
			return again;
		}
		r = write_chunk(recorder, &chunk, bel_fold_granules(recorder->fold));
	} while (again > 0 && r == 0);
	return r;
}

void bel_recorder_add(struct bel_recorder *recorder, struct bel_accesses *batch)
{
	if (bel_recorder_closed(recorder))
		return;
	if (recorder->skip) {
		const size_t n = recorder->skip < batch->count ? recorder->skip : batch->count;

		recorder->skip -= n;
		drop_front(batch, n);
	}
	if (batch->count >= recorder->limit) {
		drop_rest(batch, recorder->limit);
		recorder->limited = true;
	}
	recorder->limit -= batch->count;
	if (batch->count && bel_recorder_full(recorder) && !cut(recorder))
		return;
	if (write_batch(recorder, batch) < 0 && !recorder->failed)
		failed(recorder);
}

void bel_recorder_add_phrases(struct bel_recorder *recorder, const struct bel_phrase_block *block,
	struct bel_granules granules)
{
	struct bel_split *const split = &recorder->split;
	struct bel_phrase_block part = *block;

	if (bel_recorder_closed(recorder) ||
		(recorder->cut && block->all.references && !cut(recorder)))
		return;
	recorder->pages = granules.count;
	recorder->events += block->all.event_count;
	if (split->bytes && (bel_split_events(split, block->all.events, block->all.event_count,
				     &recorder->err) < 0 ||
				    bel_split_runs(split, &part.run, part.runs, &granules,
					    &recorder->err) < 0)) {
		recorder->failed = true;
		return;
	}
	if (bel_native_write_phrases(recorder->writer, &part, granules, &recorder->err) < 0)
		failed(recorder);
}

void bel_recorder_end(struct bel_recorder *recorder, const char *reason)
{
	if (!recorder->writer || recorder->hung_up || recorder->failed)
		return;
	if ((write_open_run(recorder) < 0 ||
		    bel_native_writer_end(recorder->writer, reason, &recorder->err) < 0) &&
		!recorder->failed)
		failed(recorder);
}

void bel_recorder_release(struct bel_recorder *recorder)
{
	bel_native_writer_free(recorder->writer);
	bel_fold_free(recorder->fold);
	bel_split_release(&recorder->split);
	recorder->writer = NULL;
	recorder->fold = NULL;
}

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

int bel_recorder_start(struct bel_recorder *recorder, const char *tool)
{
	const struct bel_trace_info info = {
		.granule_bits = recorder->granule_bits,
		.address_bits = 64,
		.first_byte = recorder->first_byte,
		.kernel = recorder->kernel,
		.phrases = recorder->phrased,
		.near_pages = recorder->near_pages,
		.near_bits = recorder->near_pages ? recorder->near_bits : 0,
		.command = recorder->command,
		.name = recorder->name,
		.tool = tool,
		.format = "bel",
	};

	if (recorder->granule_bits > 0 && !recorder->phrased) {
		recorder->fold = bel_fold_new(
			recorder->granule_bits, 0, recorder->first_byte, &recorder->err);
		if (!recorder->fold) {
			recorder->failed = true;
			return BEL_FAIL;
		}
	}
	if (bel_native_writer_open(&recorder->writer, recorder->file, &info, recorder->level,
		    &recorder->err) < 0) {
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
	recorder->pages = granules.count;
	recorder->events += chunk->event_count;
	return bel_native_write_chunk(recorder->writer, chunk, granules, &recorder->err);
}

static int write_batch(struct bel_recorder *recorder, const struct bel_accesses *batch)
{
	struct bel_chunk chunk;
	int again, r;

	if (!recorder->fold)
		recorder->events += batch->events.count;
	if (!recorder->fold)
		return bel_native_write_accesses(recorder->writer, batch, &recorder->err);
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
	if (write_batch(recorder, batch) < 0 && !recorder->failed)
		failed(recorder);
}

void bel_recorder_add_phrases(struct bel_recorder *recorder, const struct bel_phrase_block *block,
	struct bel_granules granules)
{
	if (bel_recorder_closed(recorder))
		return;
	recorder->pages = granules.count;
	recorder->events += block->all.event_count;
	if (bel_native_write_phrases(recorder->writer, block, granules, &recorder->err) < 0)
		failed(recorder);
}

void bel_recorder_end(struct bel_recorder *recorder, const char *reason)
{
	struct bel_chunk chunk;
	int r = 0;

	if (!recorder->writer || recorder->hung_up || recorder->failed)
		return;
	if (recorder->fold) {
		r = bel_fold_end(recorder->fold, &chunk, &recorder->err);
		if (r < 0) {
			recorder->failed = true;
			return;
		}
		r = write_chunk(recorder, &chunk, bel_fold_granules(recorder->fold));
	}
	if (r < 0 || bel_native_writer_end(recorder->writer, reason, &recorder->err) < 0)
		failed(recorder);
}

void bel_recorder_release(struct bel_recorder *recorder)
{
	bel_native_writer_free(recorder->writer);
	bel_fold_free(recorder->fold);
	recorder->writer = NULL;
	recorder->fold = NULL;
}

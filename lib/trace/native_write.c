/* SPDX-License-Identifier: MIT */
/* native_write.c: the writer of the native format; it never seeks. */
#include <errno.h>
#include <stdlib.h>

#include "native_writer.h"

enum { DEFAULT_LEVEL = 3 };

/*
 * With more granules, the index has no table of granules: its payload, of up to 16 bytes for each
 * granule, could be more than a block's 4 GiB.
 */
enum { MAX_INDEXED_GRANULES = 128 << 20 };

/* Maximum bytes of event names in a block, to keep its payload within the limits. */
enum { MAX_NAME_BYTES = 16 << 20 };

uint64_t bel_native_written(const struct bel_native_writer *w)
{
	return w->totals.references + w->block.references;
}

uint64_t bel_native_bytes(const struct bel_native_writer *w)
{
	return w->offset;
}

uint64_t bel_native_end_checksum(const struct bel_native_writer *w)
{
	return w->totals.checksum;
}

static int put(struct bel_native_writer *w, const void *data, size_t size, struct bel_err *err)
{
	if (size && fwrite(data, 1, size, w->file) != size)
		return bel_fail_errno(err, errno, "cannot write the trace");
	w->offset += size;
	return BEL_OK;
}

static int write_head(
	struct bel_native_writer *w, const struct bel_trace_info *info, struct bel_err *err)
{
	struct bel_bytes head = {0};
	int r = bel_head_encode(&head, info, err);

	if (r == BEL_OK)
		r = put(w, head.data, head.size, err);
	free(head.data);
	return r;
}

int bel_native_writer_open(struct bel_native_writer **writer, FILE *file,
	const struct bel_trace_info *info, int level, struct bel_err *err)
{
	struct bel_native_writer *w = calloc(1, sizeof(*w));

	*writer = w;
	if (!w)
		return bel_err_memory(err, "the trace writer");
	w->file = file;
	w->exact = info->granule_bits == 0;
	w->kernel = info->kernel;
	w->phrases = info->phrases;
	w->stacks = info->near_pages > 0;
	w->block.type = w->exact ? BEL_BLOCK_ACCESSES : BEL_BLOCK_RUNS;
	w->zstd = ZSTD_createCCtx();
	if (!w->zstd || (w->exact && bel_granule_map_init(&w->map, err) < 0)) {
		bel_native_writer_free(w);
		*writer = NULL;
		return bel_err_memory(err, "the trace writer");
	}
	ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, level ? level : DEFAULT_LEVEL);
	if (write_head(w, info, err) < 0) {
		bel_native_writer_free(w);
		*writer = NULL;
		return BEL_FAIL;
	}
	return BEL_OK;
}

void bel_native_writer_free(struct bel_native_writer *w)
{
	if (!w)
		return;
	ZSTD_freeCCtx(w->zstd);
	bel_events_release(&w->events);
	bel_granule_map_release(&w->map);
	free(w->payload.data);
	free(w->stored.data);
	free(w->index);
	free(w);
}

/* Compresses the payload and writes head and payload. */
static int write_block(struct bel_native_writer *w, struct bel_block *block, struct bel_err *err)
{
	size_t bound = ZSTD_compressBound(w->payload.size), size;
	uint8_t head[BEL_NATIVE_BLOCK], *packed;
	const uint8_t *stored;

	w->stored.size = 0;
	packed = bel_bytes_room(&w->stored, bound);
	if (w->payload.failed || !packed)
		return bel_err_memory(err, "a block");
	size = ZSTD_compress2(w->zstd, packed, bound, w->payload.data, w->payload.size);
	if (ZSTD_isError(size))
		return bel_fail(err, "zstd: %s", ZSTD_getErrorName(size));
	stored = size < w->payload.size ? packed : w->payload.data;
	block->payload = (uint32_t)w->payload.size;
	block->stored = (uint32_t)(size < w->payload.size ? size : w->payload.size);
	bel_block_encode(block, stored, head);
	if (block->type == BEL_BLOCK_END)
		w->totals.checksum = get_le(head + BEL_NATIVE_BLOCK - 8, 8);
	if (put(w, head, sizeof(head), err) < 0 || put(w, stored, block->stored, err) < 0)
		return BEL_FAIL;
	return BEL_OK;
}

static int add_index(struct bel_native_writer *w, struct bel_err *err)
{
	if (w->index_count == w->index_capacity) {
		size_t capacity = w->index_capacity ? 2 * w->index_capacity : 64;
		struct bel_index_entry *grown = realloc(w->index, capacity * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "the trace's index");
		w->index = grown;
		w->index_capacity = capacity;
	}
	w->index[w->index_count++] =
		(struct bel_index_entry){w->offset, w->block.now, w->block.granules_before};
	return BEL_OK;
}

void bel_writer_begin(struct bel_native_writer *w, size_t events)
{
	struct bel_block *b = &w->block;

	b->events = (uint32_t)events;
	b->granules_new = w->granules_after - b->granules_before;
	b->number = (uint32_t)w->totals.blocks;
	b->id_bytes = w->granules_after <= 1 << 16 ? 2 : w->granules_after <= 1 << 24 ? 3 : 4;
	w->payload.size = 0;
	if (w->kernel)
		bel_kernel_encode(&w->payload, b);
}

int bel_writer_close(
	struct bel_native_writer *w, const struct bel_event *events, struct bel_err *err)
{
	struct bel_block *b = &w->block;

	bel_granules_encode(&w->payload, w->granules.granule, b->granules_before, b->granules_new);
	for (uint32_t i = 0; i < b->events; i++)
		bel_event_encode(&w->payload, &events[i], i ? &events[i - 1] : NULL, b->space);
	if (add_index(w, err) < 0 || write_block(w, b, err) < 0)
		return BEL_FAIL;
	bel_totals_count(&w->totals, b, events);
	bel_events_clear(&w->events);
	w->name_bytes = 0;
	w->long_counts = false;
	*b = (struct bel_block){.type = w->exact ? BEL_BLOCK_ACCESSES : BEL_BLOCK_RUNS,
		.space = b->space,
		.granules_before = w->granules_after,
		.now = w->totals.references};
	return BEL_OK;
}

int bel_writer_flush(struct bel_native_writer *w, struct bel_err *err)
{
	struct bel_block *b = &w->block;

	if (!b->records && !w->events.count)
		return BEL_OK;
	bel_writer_begin(w, w->events.count);
	bel_records_encode(&w->payload, w->run, b->records, b->id_bytes, w->long_counts);
	return bel_writer_close(w, w->events.event, err);
}

/* Begins a new block if the next records and events do not fit into the open one. */
static int make_room(struct bel_native_writer *w, size_t records, size_t events, uint32_t space,
	struct bel_err *err)
{
	if ((space != w->block.space || w->block.records + records > BEL_NATIVE_RECORDS ||
		    w->events.count + events > BEL_NATIVE_EVENTS) &&
		bel_writer_flush(w, err) < 0)
		return BEL_FAIL;
	w->block.space = space;
	return BEL_OK;
}

/* Takes events from *next on, up to those at record `at` of the chunk. */
static int take_events(struct bel_native_writer *w, const struct bel_event *events, size_t count,
	size_t *next, size_t at, struct bel_err *err)
{
	for (; *next < count && events[*next].at <= at; ++*next) {
		struct bel_event event = events[*next];

		/* A part of a trace may have lost the call stacks that its events belong to. */
		if (!w->stacks && bel_event_is_stack(event.type))
			continue;
		if ((w->events.count == BEL_NATIVE_EVENTS || w->name_bytes > MAX_NAME_BYTES) &&
			bel_writer_flush(w, err) < 0)
			return BEL_FAIL;
		w->name_bytes += event.name ? strlen(event.name) : 0;
		event.at = w->block.records;
		if (bel_events_add(&w->events, &event, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* This loop runs for each run that is written, so it must be fast. */
int bel_writer_records(struct bel_native_writer *w, const struct bel_run *run, size_t n,
	struct bel_run *record, uint64_t *references, struct bel_err *err)
{
	uint32_t after = w->granules_after, codes = 0, many = 0, zero = 0;
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		const struct bel_run r = run[i];
		const uint32_t code = bel_tag_code[r.info & BEL_RUN_FLAGS];
		const uint32_t length = bel_run_count(r);

		/* Numbers that are too large are found after the loop. */
		if (__builtin_expect(r.page >= after, 0))
			after = r.page == after && after < UINT32_MAX ? after + 1 : UINT32_MAX;
		codes |= code;
		many |= length;
		zero |= length - 1;
		sum += length;
		record[i] = (struct bel_run){r.page, code | length << 3};
	}
	if (codes > 7 || zero >> 31 || after > w->granules.count)
		return bel_fail(err, "a run after run %llu is malformed",
			(unsigned long long)(w->totals.runs + w->block.records));
	w->granules_after = after;
	w->long_counts |= many >= 32;
	*references += sum;
	return BEL_OK;
}

/* Takes runs without events between them. */
static int take_runs(
	struct bel_native_writer *w, const struct bel_run *run, size_t count, struct bel_err *err)
{
	while (count > 0) {
		const size_t capacity = BEL_NATIVE_RECORDS - w->block.records;
		const size_t n = count < capacity ? count : capacity;

		if (bel_writer_records(
			    w, run, n, w->run + w->block.records, &w->block.references, err) < 0)
			return BEL_FAIL;
		w->block.records += (uint32_t)n;
		run += n;
		count -= n;
		if (w->block.records == BEL_NATIVE_RECORDS && count > 0 &&
			bel_writer_flush(w, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* The head is written before the first reference, and must announce kernel references. */
static int check_kind(const struct bel_native_writer *w, unsigned kind, struct bel_err *err)
{
	if (w->kernel || kind >= BEL_KINDS || !(BEL_KERNEL_KINDS >> kind & 1))
		return BEL_OK;
	return bel_fail(err, "the trace's head does not announce kernel references");
}

int bel_native_write_chunk(struct bel_native_writer *w, const struct bel_chunk *chunk,
	struct bel_granules granules, struct bel_err *err)
{
	size_t next = 0, done = 0;

	if (w->exact)
		return bel_usage(err, "a trace of granule 1 takes exact references, not runs");
	w->granules = granules;
	if (bel_event_mark_in_front(chunk->events, chunk->event_count) &&
		bel_writer_flush(w, err) < 0)
		return BEL_FAIL;
	if (make_room(w, chunk->count, chunk->event_count, chunk->space, err) < 0)
		return BEL_FAIL;
	w->block.crossings += chunk->crossings;
	for (unsigned k = 0; k < BEL_KINDS; k++) {
		if (chunk->kinds[k] && check_kind(w, k, err) < 0)
			return BEL_FAIL;
		w->block.kinds[k] += chunk->kinds[k];
	}
	while (done < chunk->count) {
		size_t to = chunk->count;

		if (take_events(w, chunk->events, chunk->event_count, &next, done, err) < 0)
			return BEL_FAIL;
		if (next < chunk->event_count && chunk->events[next].at < to)
			to = chunk->events[next].at;
		if (take_runs(w, chunk->runs + done, to - done, err) < 0)
			return BEL_FAIL;
		done = to;
	}
	return take_events(w, chunk->events, chunk->event_count, &next, SIZE_MAX, err);
}

int bel_native_write_accesses(
	struct bel_native_writer *w, const struct bel_accesses *batch, struct bel_err *err)
{
	const struct bel_events *events = &batch->events;
	size_t next = 0;

	if (!w->exact)
		return bel_usage(err, "a folded trace takes runs, not exact references");
	if (make_room(w, batch->count, events->count, batch->space, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_access *a = &batch->access[i];
		uint32_t id;

		if (take_events(w, events->event, events->count, &next, i, err) < 0 ||
			(w->block.records == BEL_NATIVE_RECORDS && bel_writer_flush(w, err) < 0))
			return BEL_FAIL;
		if (check_kind(w, a->kind, err) < 0)
			return BEL_FAIL;
		if (a->kind >= BEL_KINDS || !a->size || a->size >= 1u << 29)
			return bel_fail(err, "a reference of kind %u and size %u is not possible",
				a->kind, a->size);
		id = bel_granule_number(&w->map, batch->space, a->address, err);
		if (id == BEL_GRANULE_NONE)
			return BEL_FAIL;
		w->granules = (struct bel_granules){w->map.granule, w->map.count};
		w->granules_after = w->map.count;
		w->run[w->block.records++] = (struct bel_run){id, a->kind | a->size << 3};
		w->long_counts |= a->size >= 32;
		w->block.references++;
		w->block.kinds[a->kind]++;
	}
	return take_events(w, events->event, events->count, &next, SIZE_MAX, err);
}

static int write_index(struct bel_native_writer *w, struct bel_err *err)
{
	struct bel_block block = {.type = BEL_BLOCK_INDEX};
	struct bel_index_entry last = {0};
	uint32_t count = w->granules_after <= MAX_INDEXED_GRANULES ? w->granules_after : 0;

	w->payload.size = 0;
	bel_bytes_varint(&w->payload, w->index_count);
	for (size_t i = 0; i < w->index_count; i++) {
		const struct bel_index_entry *e = &w->index[i];

		bel_bytes_varint(&w->payload, e->offset - last.offset);
		bel_bytes_varint(&w->payload, e->now - last.now);
		bel_bytes_varint(&w->payload, e->granules_before - last.granules_before);
		last = *e;
	}
	bel_bytes_varint(&w->payload, count);
	for (uint32_t i = 0, n; i < count; i += n) {
		const struct bel_granule *g = &w->granules.granule[i];

		for (n = 1; i + n < count && g[n].space == g->space; n++)
			continue;
		bel_bytes_varint(&w->payload, g->space);
		bel_bytes_varint(&w->payload, n);
	}
	bel_granules_encode(&w->payload, w->granules.granule, 0, count);
	return write_block(w, &block, err);
}

int bel_native_writer_end(struct bel_native_writer *w, const char *reason, struct bel_err *err)
{
	struct bel_block end = {.type = BEL_BLOCK_END};
	const struct bel_native_totals *t = &w->totals;
	const size_t length = reason ? strnlen(reason, BEL_NATIVE_NAME) : 0;
	uint64_t index_at, end_at;
	uint8_t tail[BEL_NATIVE_TAIL];

	if (bel_writer_flush(w, err) < 0)
		return BEL_FAIL;
	index_at = w->offset;
	if (write_index(w, err) < 0)
		return BEL_FAIL;
	end_at = w->offset;
	end.references = t->references;
	end.crossings = t->crossings;
	memcpy(end.kinds, t->kinds, sizeof(end.kinds));
	w->payload.size = 0;
	if (w->kernel)
		bel_kernel_encode(&w->payload, &end);
	bel_bytes_varint(&w->payload, t->runs);
	bel_bytes_varint(&w->payload, t->blocks);
	bel_bytes_varint(&w->payload, t->events);
	bel_bytes_varint(&w->payload, t->granules);
	bel_bytes_varint(&w->payload, t->spaces);
	bel_bytes_varint(&w->payload, index_at);
	bel_bytes_varint(&w->payload, length);
	bel_bytes_put(&w->payload, reason, length);
	put_le(tail, end_at, 8);
	memcpy(tail + 8, BEL_NATIVE_TRAILER, 8);
	if (write_block(w, &end, err) < 0 || put(w, tail, sizeof(tail), err) < 0)
		return BEL_FAIL;
	if (fflush(w->file) != 0)
		return bel_fail_errno(err, errno, "cannot write the trace");
	return BEL_OK;
}

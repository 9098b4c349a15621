/* SPDX-License-Identifier: MIT */
/*
 * native_read.c: the reader of the native format. Every number in the head of a
 * block is checked against the contents of the block.
 */
#include <stdlib.h>

#include "native_reader.h"

const struct bel_trace_info *bel_native_info(const struct bel_native_reader *r)
{
	return &r->info;
}

uint64_t bel_native_now(const struct bel_native_reader *r)
{
	return r->record ? r->block.now + r->record_next : r->seen.references;
}

struct bel_granules bel_native_granules(const struct bel_native_reader *r)
{
	return (struct bel_granules){r->granule, r->granules};
}

const struct bel_native_totals *bel_native_totals(const struct bel_native_reader *r)
{
	return r->ended ? &r->totals : NULL;
}

int bel_native_reader_open(
	struct bel_native_reader **reader, struct bel_input *input, struct bel_err *err)
{
	struct bel_native_reader *r = calloc(1, sizeof(*r));

	*reader = NULL;
	if (!r)
		return bel_err_memory(err, "the trace reader");
	r->input = input;
	r->zstd = ZSTD_createDCtx();
	r->run = malloc(BEL_NATIVE_RECORDS * sizeof(*r->run));
	if (!r->zstd || !r->run) {
		bel_native_reader_free(r);
		return bel_err_memory(err, "the trace reader");
	}
	for (unsigned tag = 0; tag < 256; tag++)
		r->info_of_tag[tag] = tag >> 3 << BEL_RUN_COUNT_SHIFT | bel_tag_flags[tag & 7];
	if (bel_reader_head(r, err) < 0) {
		bel_native_reader_free(r);
		return BEL_FAIL;
	}
	r->first_block = r->input->offset;
	*reader = r;
	return BEL_OK;
}

void bel_native_reader_free(struct bel_native_reader *r)
{
	if (!r)
		return;
	ZSTD_freeDCtx(r->zstd);
	bel_events_release(&r->events);
	free(r->command);
	free(r->name);
	free(r->reduced);
	free(r->tool);
	free(r->granule);
	free(r->unpacked.data);
	free(r->run);
	free(r->reason);
	XXH3_freeState(r->places);
	bel_reader_phrases_release(&r->phrase);
	free(r);
}

/* Checks that the totals at the end of the trace match the blocks that were read. */
static bool totals_agree(const struct bel_native_totals *a, const struct bel_native_totals *b)
{
	return a->references == b->references && a->runs == b->runs && a->blocks == b->blocks &&
	       a->events == b->events && a->crossings == b->crossings &&
	       a->granules == b->granules && a->spaces == b->spaces &&
	       memcmp(a->kinds, b->kinds, sizeof(a->kinds)) == 0;
}

static int read_end(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err)
{
	uint64_t index_at, end_at = r->input->offset;

	if (bel_reader_totals(r, view, &r->totals, &index_at, err) < 0)
		return BEL_FAIL;
	if (index_at != r->index_at)
		return bel_reader_damaged(r, "the index is not where the totals say", err);
	if (!r->sought && !totals_agree(&r->totals, &r->seen))
		return bel_reader_damaged(r, "the totals do not match the blocks", err);
	r->totals.checksum = get_le(r->input->data + BEL_NATIVE_BLOCK - 8, 8);
	bel_input_take(r->input, BEL_NATIVE_BLOCK + (size_t)r->block.stored);
	if (bel_reader_need(r, BEL_NATIVE_TAIL, err) < 0)
		return BEL_FAIL;
	if (get_le(r->input->data, 8) != end_at ||
		memcmp(r->input->data + 8, BEL_NATIVE_TRAILER, 8) != 0)
		return bel_reader_damaged(r, "bad end mark", err);
	bel_input_take(r->input, BEL_NATIVE_TAIL);
	if (bel_input_fill(r->input, 1, err) != 0)
		return bel_reader_damaged(r, "bytes after the end of the trace", err);
	r->ended = true;
	return 0;
}

/* Reads up to the next block of references; 1, or 0 after the end mark. */
static int next_block(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err)
{
	while (!r->ended) {
		const struct bel_block *b = &r->block;

		if (bel_reader_block(r, err) < 0)
			return BEL_FAIL;
		if (b->type == BEL_BLOCK_INDEX && !r->index_at) {
			r->index_at = r->input->offset;
			if ((r->places ? bel_reader_check_index(r, err)
				       : bel_reader_pass_index(r, err)) < 0)
				return BEL_FAIL;
			continue;
		}
		if (r->index_at && b->type != BEL_BLOCK_END)
			return bel_reader_damaged(r, "a block follows the index", err);
		if (bel_reader_unpack(r, view, err) < 0)
			return BEL_FAIL;
		if (b->type == BEL_BLOCK_END)
			return read_end(r, view, err);
		if ((b->type == BEL_BLOCK_ACCESSES) != (r->info.granule_bits == 0) ||
			(b->type == BEL_BLOCK_PHRASES && !r->phrases))
			return bel_reader_damaged(r, "block of the wrong type", err);
		if (b->now != r->seen.references || b->granules_before != r->granules ||
			b->number != (uint32_t)r->seen.blocks)
			return bel_reader_damaged(r, "block out of order", err);
		if (r->places)
			bel_place_hash(r->places,
				&(struct bel_place){r->input->offset, b->now, b->granules_before});
		return 1;
	}
	return 0;
}

int bel_native_read_chunk(struct bel_native_reader *r, struct bel_chunk *chunk, struct bel_err *err)
{
	const struct bel_block *b = &r->block;
	struct bel_view view;
	int got = next_block(r, &view, err);

	if (got <= 0)
		return got;
	got = b->type == BEL_BLOCK_PHRASES ? bel_reader_phrases(r, &view, err)
					   : bel_reader_runs(r, &view, err);
	if (got < 0 || bel_reader_granules(r, &view, err) < 0 ||
		bel_reader_events(r, &view, err) < 0)
		return BEL_FAIL;
	if (view.data != view.end)
		return bel_reader_damaged(r, "block longer than its contents", err);
	*chunk = (struct bel_chunk){
		.runs = r->run,
		.count = b->records,
		.events = r->events.event,
		.event_count = r->events.count,
		.now = b->now,
		.references = b->references,
		.crossings = b->crossings,
		.space = b->space,
	};
	memcpy(chunk->kinds, b->kinds, sizeof(chunk->kinds));
	bel_totals_count(&r->seen, &r->block, r->events.event);
	bel_input_take(r->input, BEL_NATIVE_BLOCK + (size_t)b->stored);
	return 1;
}

/* Finds the parts of an exact block's payload: records, long sizes, granules, events. */
static int open_accesses(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err)
{
	const struct bel_block *b = &r->block;
	const size_t width = b->id_bytes + 1u;
	const uint8_t *record = bel_view_take(view, b->records * width);

	if (!record)
		return bel_reader_damaged(r, "block shorter than its records", err);
	r->sizes = *view;
	for (size_t i = 0; i < b->records; i++)
		if (record[i * width + b->id_bytes] >> 3 == 0)
			bel_view_varint(view);
	if (bel_reader_granules(r, view, err) < 0 || bel_reader_events(r, view, err) < 0)
		return BEL_FAIL;
	if (view->data != view->end || b->references != b->records)
		return bel_reader_damaged(r, "block longer than its contents", err);
	r->record = record;
	r->record_next = 0;
	r->event_next = 0;
	bel_totals_count(&r->seen, &r->block, r->events.event);
	return 1;
}

int bel_native_read_accesses(
	struct bel_native_reader *r, struct bel_accesses *out, struct bel_err *err)
{
	const size_t width = r->block.id_bytes + 1u;
	struct bel_view view;
	uint32_t from;

	if (!r->record) {
		int got = next_block(r, &view, err);

		if (got > 0)
			got = open_accesses(r, &view, err);
		if (got <= 0)
			return got;
		return bel_native_read_accesses(r, out, err);
	}
	from = r->record_next;
	out->space = r->block.space;
	for (out->count = 0; out->count < out->capacity && r->record_next < r->block.records;
		out->count++, r->record_next++) {
		const uint8_t *p = r->record + r->record_next * width;
		uint32_t id = (uint32_t)get_le(p, r->block.id_bytes);
		uint8_t tag = p[r->block.id_bytes];
		uint64_t size = tag >> 3 ? tag >> 3 : bel_view_varint(&r->sizes);

		if (id >= r->granules || (tag & 7) >= BEL_KINDS || !size || size > UINT32_MAX)
			return bel_reader_damaged(r, "bad record of a reference", err);
		out->access[out->count] =
			(struct bel_access){r->granule[id].number, (uint32_t)size, tag & 7};
	}
	for (; r->event_next < r->events.count &&
		r->events.event[r->event_next].at <= r->record_next;
		r->event_next++) {
		struct bel_event event = r->events.event[r->event_next];

		event.at -= from;
		if (bel_events_add(&out->events, &event, err) < 0)
			return BEL_FAIL;
	}
	if (r->record_next == r->block.records) {
		r->record = NULL;
		bel_input_take(r->input, BEL_NATIVE_BLOCK + (size_t)r->block.stored);
	}
	return 1;
}

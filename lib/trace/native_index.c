/* SPDX-License-Identifier: MIT */
/* native_index.c: the end of a trace: the totals, and the index for random access. */
#include <stdlib.h>

#include "native_reader.h"

int bel_reader_totals(struct bel_native_reader *r, struct bel_view *view,
	struct bel_native_totals *t, uint64_t *index_at, struct bel_err *err)
{
	const struct bel_block *b = &r->block;
	const uint8_t *text;
	uint64_t granules, spaces, length;

	*t = (struct bel_native_totals){.references = b->references, .crossings = b->crossings};
	memcpy(t->kinds, b->kinds, sizeof(t->kinds));
	t->runs = bel_view_varint(view);
	t->blocks = bel_view_varint(view);
	t->events = bel_view_varint(view);
	granules = bel_view_varint(view);
	spaces = bel_view_varint(view);
	*index_at = bel_view_varint(view);
	length = bel_view_varint(view);
	text = bel_view_take(view, length);
	if (view->failed || granules > UINT32_MAX || spaces > UINT32_MAX)
		return bel_reader_damaged(r, "malformed totals", err);
	t->granules = (uint32_t)granules;
	t->spaces = (uint32_t)spaces;
	free(r->reason);
	r->reason = length ? strndup((const char *)text, length) : NULL;
	if (length && !r->reason)
		return bel_err_memory(err, "the trace's totals");
	t->reason = r->reason;
	return BEL_OK;
}

/*
 * Reads the end block of a seekable file and leaves the window there. Returns 1, or 0 if the file
 * is not seekable or has no end block (the window may have moved even then).
 */
static int peek(struct bel_native_reader *r, struct bel_native_totals *totals, uint64_t *index_at,
	struct bel_err *err)
{
	uint64_t end_at;
	struct bel_view view;

	if (!r->input->seekable || r->input->size < BEL_NATIVE_HEAD + BEL_NATIVE_TAIL)
		return 0;
	if (bel_input_seek(r->input, r->input->size - BEL_NATIVE_TAIL, err) < 0 ||
		bel_reader_need(r, BEL_NATIVE_TAIL, err) < 0)
		return BEL_FAIL;
	end_at = get_le(r->input->data, 8);
	/* If the end is damaged, reading from the front will find the damage. */
	if (memcmp(r->input->data + 8, BEL_NATIVE_TRAILER, 8) != 0 || end_at >= r->input->size)
		return 0;
	if (bel_input_seek(r->input, end_at, err) < 0 || bel_reader_block(r, err) < 0 ||
		bel_reader_unpack(r, &view, err) < 0)
		return BEL_FAIL;
	if (r->block.type != BEL_BLOCK_END)
		return bel_reader_damaged(r, "the end mark points at another block", err);
	if (bel_reader_totals(r, &view, totals, index_at, err) < 0)
		return BEL_FAIL;
	totals->checksum = get_le(r->input->data + BEL_NATIVE_BLOCK - 8, 8);
	return 1;
}

int bel_native_peek_totals(
	struct bel_native_reader *r, struct bel_native_totals *totals, struct bel_err *err)
{
	uint64_t back = r->input->offset, index_at;
	struct bel_block block = r->block;
	int got = peek(r, totals, &index_at, err);

	if (got < 0 || !r->input->seekable)
		return got;
	r->block = block;
	return bel_input_seek(r->input, back, err) < 0 ? BEL_FAIL : got;
}

/* An entry of the index. */
struct place {
	uint64_t offset, now;
	uint32_t granules_before;
	uint64_t block; /* its number */
};

/* Finds the block that contains the reference: the last one that starts at or before it. */
static int find_place(struct bel_native_reader *r, struct bel_view *view, uint64_t reference,
	struct place *found, struct bel_err *err)
{
	struct place at = {0};
	uint64_t count = bel_view_varint(view);

	for (uint64_t i = 0; i < count && !view->failed; i++) {
		at.offset += bel_view_varint(view);
		at.now += bel_view_varint(view);
		at.granules_before += (uint32_t)bel_view_varint(view);
		at.block = i;
		if (at.now <= reference)
			*found = at;
	}
	return view->failed || !count ? bel_reader_damaged(r, "malformed index", err) : BEL_OK;
}

/* Loads the granules of the blocks before the place: 1, or 0 if the index does not list them. */
static int load_granules(struct bel_native_reader *r, struct bel_view *view,
	const struct place *place, struct bel_err *err)
{
	uint64_t count = bel_view_varint(view), last = 0;

	if (view->failed || count > UINT32_MAX - 1 || count > (uint64_t)(view->end - view->data))
		return bel_reader_damaged(r, "malformed index", err);
	if (count < place->granules_before)
		return 0;
	if (bel_reader_reserve(r, count, err) < 0)
		return BEL_FAIL;
	for (uint64_t i = 0; i < count && !view->failed;) {
		uint64_t space = bel_view_varint(view), n = bel_view_varint(view);

		if (space > UINT32_MAX || !n || n > count - i)
			return bel_reader_damaged(r, "malformed index", err);
		for (; n; n--)
			r->granule[i++].space = (uint32_t)space;
	}
	for (uint64_t i = 0; i < count; i++)
		r->granule[i].number = last += bel_unzigzag(bel_view_varint(view));
	return view->failed || view->data != view->end
		       ? bel_reader_damaged(r, "malformed index", err)
		       : 1;
}

int bel_native_seek(struct bel_native_reader *r, uint64_t reference, struct bel_err *err)
{
	struct bel_native_totals totals;
	struct place place = {0};
	struct bel_view view;
	uint64_t index_at;
	int got = peek(r, &totals, &index_at, err);

	if (got < 0 || !r->input->seekable)
		return got;
	if (got == 0 || totals.blocks == 0) /* no index or no blocks: read from the front */
		return bel_input_seek(r->input, r->first_block, err);
	if (bel_input_seek(r->input, index_at, err) < 0 || bel_reader_block(r, err) < 0 ||
		bel_reader_unpack(r, &view, err) < 0)
		return BEL_FAIL;
	if (r->block.type != BEL_BLOCK_INDEX)
		return bel_reader_damaged(r, "the totals point at another block", err);
	if (find_place(r, &view, reference, &place, err) < 0)
		return BEL_FAIL;
	got = load_granules(r, &view, &place, err);
	if (got < 0)
		return got;
	if (got == 0) /* too many granules for the index: read from the front */
		return bel_input_seek(r->input, r->first_block, err);
	r->granules = place.granules_before;
	r->seen = (struct bel_native_totals){.references = place.now, .blocks = place.block};
	r->sought = true;
	return bel_input_seek(r->input, place.offset, err) < 0 ? BEL_FAIL : 1;
}

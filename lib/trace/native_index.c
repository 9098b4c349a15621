/* SPDX-License-Identifier: MIT */
/* native_index.c: the end of a trace: the totals, and the index for random access. */
#include <stdlib.h>

#include "native_reader.h"

/* The index of a file is believed up to so many granules for each byte of the file. */
enum { BYTE_GRANULES = 4 };

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
 * Reads the end block at `end_at`, directly before the trailer: 1, or 0 if there is none. In two
 * traces one after the other, the last trailer points into the first one.
 */
static int take_end_block(struct bel_native_reader *r, uint64_t end_at, struct bel_err *err)
{
	struct bel_err wrong = {.code = BEL_OK};
	struct bel_view view;

	if (bel_reader_block(r, &wrong) == BEL_OK && r->block.type == BEL_BLOCK_END &&
		end_at + BEL_NATIVE_BLOCK + r->block.stored + BEL_NATIVE_TAIL == r->input->size &&
		bel_reader_unpack(r, &view, &wrong) == BEL_OK &&
		bel_reader_totals(r, &view, &r->peeked, &r->peeked_index_at, &wrong) == BEL_OK) {
		r->peeked.checksum = get_le(r->input->data + BEL_NATIVE_BLOCK - 8, 8);
		return 1;
	}
	/* What cannot be read or has no memory is no damage. */
	if (!wrong.error)
		return 0;
	if (err)
		*err = wrong;
	return BEL_FAIL;
}

/*
 * Reads the end block of a seekable file and leaves the window there. Returns 1, or 0 if the file
 * is not seekable or has no sound end (the window may have moved even then): if the end is damaged,
 * reading from the front will find the damage.
 */
static int read_end_block(struct bel_native_reader *r, struct bel_err *err)
{
	uint64_t end_at;

	if (!r->input->seekable || r->input->size < BEL_NATIVE_HEAD + BEL_NATIVE_TAIL)
		return 0;
	if (bel_input_seek(r->input, r->input->size - BEL_NATIVE_TAIL, err) < 0 ||
		bel_reader_need(r, BEL_NATIVE_TAIL, err) < 0)
		return BEL_FAIL;
	end_at = get_le(r->input->data, 8);
	if (memcmp(r->input->data + 8, BEL_NATIVE_TRAILER, 8) != 0 || end_at >= r->input->size)
		return 0;
	return bel_input_seek(r->input, end_at, err) < 0 ? BEL_FAIL
							 : take_end_block(r, end_at, err);
}

/* The same, only once. */
static int peek(struct bel_native_reader *r, struct bel_err *err)
{
	int got = 1;

	if (!r->has_peeked)
		got = read_end_block(r, err);
	r->has_peeked = got > 0;
	return got;
}

int bel_native_peek_totals(
	struct bel_native_reader *r, struct bel_native_totals *totals, struct bel_err *err)
{
	uint64_t back = r->input->offset;
	struct bel_block block = r->block;
	int got = peek(r, err);

	*totals = r->peeked;
	totals->reason = r->reason;
	if (got < 0 || !r->input->seekable)
		return got;
	r->block = block;
	return bel_input_seek(r->input, back, err) < 0 ? BEL_FAIL : got;
}

/*
 * The payload of the index, unpacked piece by piece: it may be larger than a window, and a small
 * file can claim gigabytes of it.
 */
struct payload {
	struct bel_native_reader *r;
	uint32_t stored, left; /* bytes to come: of the block, and of what is in it */
	bool packed;
	XXH3_state_t *hash; /* of the stored bytes; NULL: they have been checked before */
	int result;         /* negative: *err says what failed */
	struct bel_err *err;
	struct bel_view view; /* the piece: bytes that have not been taken */
	uint8_t piece[16384];
};

/* Unpacks or copies bytes from the window; returns how many. */
static size_t unpack(struct payload *p, uint8_t *to, size_t room)
{
	struct bel_input *const input = p->r->input;
	const size_t most = input->have < p->stored ? input->have : p->stored;
	ZSTD_inBuffer in = {input->data, most, 0};
	ZSTD_outBuffer out = {to, room, 0};

	if (p->packed) {
		if (ZSTD_isError(ZSTD_decompressStream(p->r->zstd, &out, &in)))
			p->result = bel_reader_damaged(p->r, "block does not decompress", p->err);
	} else {
		in.pos = out.pos = most < room ? most : room;
		memcpy(to, input->data, in.pos);
	}
	if (p->hash)
		XXH3_64bits_update(p->hash, input->data, in.pos);
	bel_input_take(input, in.pos);
	p->stored -= (uint32_t)in.pos;
	if (p->result == BEL_OK && !out.pos && !p->stored)
		p->result = bel_reader_damaged(p->r, "block does not decompress", p->err);
	return out.pos;
}

/* Fills the piece; what was not taken moves to its front. */
static void fill(struct payload *p)
{
	size_t have = (size_t)(p->view.end - p->view.data);

	memmove(p->piece, p->view.data, have);
	while (p->result == BEL_OK && p->left && have < sizeof(p->piece)) {
		const size_t room = sizeof(p->piece) - have;
		size_t got;

		if (p->stored)
			p->result = bel_reader_need(p->r, 1, p->err);
		if (p->result < 0)
			break;
		got = unpack(p, p->piece + have, room < p->left ? room : p->left);
		have += got;
		p->left -= (uint32_t)got;
	}
	p->view = (struct bel_view){p->piece, p->piece + have, p->result < 0};
}

static uint64_t next(struct payload *p)
{
	enum { LONGEST = 10 };

	if (p->view.end - p->view.data < LONGEST && p->left && !p->view.failed)
		fill(p);
	return bel_view_varint(&p->view);
}

static int malformed(const struct payload *p)
{
	return p->result < 0 ? p->result : bel_reader_damaged(p->r, "malformed index", p->err);
}

/* Begins the payload of the index, whose head was read. */
static void begin(struct payload *p, struct bel_native_reader *r, struct bel_err *err)
{
	ZSTD_DCtx_reset(r->zstd, ZSTD_reset_session_only);
	p->r = r;
	p->err = err;
	p->stored = r->block.stored;
	p->left = r->block.payload;
	p->packed = p->stored != p->left;
	p->hash = NULL;
	p->result = BEL_OK;
	p->view = (struct bel_view){p->piece, p->piece, false};
}

/* Goes to the index, checks it, and begins its payload. */
static int open_payload(struct bel_native_reader *r, struct payload *p, struct bel_err *err)
{
	if (bel_input_seek(r->input, r->peeked_index_at, err) < 0 || bel_reader_block(r, err) < 0)
		return BEL_FAIL;
	if (r->block.type != BEL_BLOCK_INDEX)
		return bel_reader_damaged(r, "the totals point at another block", err);
	if (bel_reader_pass_index(r, err) < 0 ||
		bel_input_seek(r->input, r->peeked_index_at + BEL_NATIVE_BLOCK, err) < 0)
		return BEL_FAIL;
	begin(p, r, err);
	return BEL_OK;
}

/* From the place of a block to that of the next one. */
static void next_place(struct payload *p, struct bel_place *at)
{
	at->offset += next(p);
	at->now += next(p);
	at->granules_before += next(p);
}

/* Finds the block that contains the reference: the last one that starts at or before it. */
static int find_place(
	struct payload *p, uint64_t reference, struct bel_place *found, uint64_t *block)
{
	struct bel_place at = {.offset = 0};
	uint64_t count = next(p);

	for (uint64_t i = 0; i < count && !p->view.failed; i++) {
		next_place(p, &at);
		if (at.now <= reference) {
			*found = at;
			*block = i;
		}
	}
	return p->view.failed || !count ? malformed(p) : BEL_OK;
}

/*
 * Loads the granules of the blocks before the place: 1, or 0 if the index does not list them, or
 * claims implausibly many of them. In a record and in the index, a granule takes about a byte at
 * the highest level of compression; so memory is bounded by the file, and not by what it claims.
 */
static int load_granules(struct payload *p, const struct bel_place *place)
{
	struct bel_native_reader *const r = p->r;
	const uint32_t want = (uint32_t)place->granules_before;
	uint64_t count = next(p), last = 0;

	if (p->view.failed || count > UINT32_MAX - 1 || want != place->granules_before)
		return malformed(p);
	if (count < want || want / BYTE_GRANULES > r->input->size)
		return 0;
	if (bel_reader_reserve(r, want, p->err) < 0)
		return BEL_FAIL;
	for (uint64_t i = 0; i < count && !p->view.failed;) {
		uint64_t space = next(p), n = next(p);

		if (space > UINT32_MAX || !n || n > count - i)
			return malformed(p);
		for (; n && i < want; n--)
			r->granule[i++].space = (uint32_t)space;
		i += n;
	}
	for (uint32_t i = 0; i < want; i++)
		r->granule[i].number = last += bel_unzigzag(next(p));
	return p->view.failed ? malformed(p) : 1;
}

int bel_native_seek(struct bel_native_reader *r, uint64_t reference, struct bel_err *err)
{
	struct payload payload;
	struct bel_place place = {.offset = 0};
	uint64_t block = 0;
	int got = peek(r, err);

	if (got < 0 || !r->input->seekable)
		return got;
	if (got == 0 || r->peeked.blocks == 0) /* no index or no blocks: read from the front */
		return bel_input_seek(r->input, r->first_block, err);
	if (open_payload(r, &payload, err) < 0 ||
		find_place(&payload, reference, &place, &block) < 0)
		return BEL_FAIL;
	got = load_granules(&payload, &place);
	if (got < 0)
		return got;
	if (got == 0)
		return bel_input_seek(r->input, r->first_block, err);
	r->granules = (uint32_t)place.granules_before;
	r->seen = (struct bel_native_totals){.references = place.now, .blocks = block};
	r->sought = true;
	return bel_input_seek(r->input, place.offset, err) < 0 ? BEL_FAIL : 1;
}

int bel_native_check_index(struct bel_native_reader *r, struct bel_err *err)
{
	r->places = XXH3_createState();
	if (!r->places)
		return bel_err_memory(err, "the trace's index");
	XXH3_64bits_reset(r->places);
	return BEL_OK;
}

static bool places_agree(struct payload *p)
{
	const uint64_t count = next(p);
	struct bel_place at = {.offset = 0};
	XXH3_state_t *const hash = XXH3_createState();
	bool agree;

	if (!hash) {
		p->result = bel_err_memory(p->err, "the trace's index");
		return false;
	}
	XXH3_64bits_reset(hash);
	for (uint64_t i = 0; i < count && !p->view.failed; i++) {
		next_place(p, &at);
		bel_place_hash(hash, &at);
	}
	agree = count == p->r->seen.blocks &&
		XXH3_64bits_digest(hash) == XXH3_64bits_digest(p->r->places);
	XXH3_freeState(hash);
	return agree;
}

static bool granules_agree(struct payload *p)
{
	const struct bel_native_reader *const r = p->r;
	const uint64_t count = next(p);
	uint64_t last = 0;

	if (count && count != r->granules)
		return false;
	for (uint64_t i = 0; i < count && !p->view.failed;) {
		const uint64_t space = next(p), n = next(p);

		if (!n || n > count - i)
			return false;
		for (const uint64_t to = i + n; i < to; i++)
			if (r->granule[i].space != space)
				return false;
	}
	for (uint64_t i = 0; i < count && !p->view.failed; i++) {
		last += bel_unzigzag(next(p));
		if (r->granule[i].number != last)
			return false;
	}
	return !p->view.failed && p->view.data == p->view.end && !p->left;
}

/* The rest of the stored bytes, for their checksum. */
static int pass_rest(struct payload *p, struct bel_err *err)
{
	struct bel_input *const input = p->r->input;

	while (p->stored) {
		size_t n;

		if (bel_reader_need(p->r, 1, err) < 0)
			return BEL_FAIL;
		n = input->have < p->stored ? input->have : p->stored;
		XXH3_64bits_update(p->hash, input->data, n);
		bel_input_take(input, n);
		p->stored -= (uint32_t)n;
	}
	return BEL_OK;
}

int bel_reader_check_index(struct bel_native_reader *r, struct bel_err *err)
{
	enum { CHECKED = BEL_NATIVE_BLOCK - 8 };
	const uint64_t at = r->input->offset, checksum = get_le(r->input->data + CHECKED, 8);
	XXH3_state_t *const hash = XXH3_createState();
	struct payload payload;
	const char *wrong = NULL;
	bool agree;
	int result;

	if (!hash)
		return bel_err_memory(err, "the trace's index");
	XXH3_64bits_reset_withSeed(hash, XXH3_64bits(r->input->data, CHECKED));
	bel_input_take(r->input, BEL_NATIVE_BLOCK);
	begin(&payload, r, err);
	payload.hash = hash;
	agree = places_agree(&payload) && granules_agree(&payload);
	result = pass_rest(&payload, err);
	if (result == BEL_OK && XXH3_64bits_digest(hash) != checksum)
		wrong = "block checksum mismatch";
	else if (result == BEL_OK && payload.result < 0)
		result = payload.result;
	else if (result == BEL_OK && !agree)
		wrong = "the index does not say what the blocks say";
	XXH3_freeState(hash);
	if (result < 0 || !wrong)
		return result;
	return bel_fail(err, "%s: byte %llu: %s", r->input->name, (unsigned long long)at, wrong);
}

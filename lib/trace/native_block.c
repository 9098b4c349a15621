/* SPDX-License-Identifier: MIT */
/* native_block.c: a block of the native format into the window: whole, checked and unpacked. */
#include <xxhash.h>

#include "native_reader.h"

enum {
	CHECKED = BEL_NATIVE_BLOCK - 8, /* bytes of a block's head that its checksum covers */
	PIECE = 65536,                  /* of an index, at most this is in the window at once */
};

bool bel_native_probe(const uint8_t *data, size_t have)
{
	return have >= 8 && memcmp(data, BEL_NATIVE_MAGIC, 8) == 0;
}

int bel_reader_damaged(const struct bel_native_reader *r, const char *what, struct bel_err *err)
{
	return bel_fail(err, "%s: byte %llu: %s", r->input->name,
		(unsigned long long)r->input->offset, what);
}

int bel_reader_need(struct bel_native_reader *r, size_t size, struct bel_err *err)
{
	int got = bel_input_fill(r->input, size, err);

	if (got < 0)
		return got;
	if (r->input->have < size)
		return bel_fail(err, "%s: byte %llu: the trace is truncated", r->input->name,
			(unsigned long long)(r->input->offset + r->input->have));
	return BEL_OK;
}

int bel_reader_block(struct bel_native_reader *r, struct bel_err *err)
{
	const char *wrong;

	if (bel_reader_need(r, BEL_NATIVE_BLOCK, err) < 0)
		return BEL_FAIL;
	wrong = bel_block_decode(r->input->data, &r->block);
	if (wrong)
		return bel_reader_damaged(r, wrong, err);
	if (r->block.type == BEL_BLOCK_INDEX)
		return BEL_OK;
	if (bel_reader_need(r, BEL_NATIVE_BLOCK + (size_t)r->block.stored, err) < 0)
		return BEL_FAIL;
	if (!bel_block_intact(r->input->data, r->input->data + BEL_NATIVE_BLOCK, r->block.stored))
		return bel_reader_damaged(r, "block checksum mismatch", err);
	return BEL_OK;
}

int bel_reader_pass_index(struct bel_native_reader *r, struct bel_err *err)
{
	const uint64_t at = r->input->offset, checksum = get_le(r->input->data + CHECKED, 8);
	XXH3_state_t *const hash = XXH3_createState();
	uint32_t left = r->block.stored;
	int result = BEL_OK;

	if (!hash)
		return bel_err_memory(err, "the trace's index");
	XXH3_64bits_reset_withSeed(hash, XXH3_64bits(r->input->data, CHECKED));
	bel_input_take(r->input, BEL_NATIVE_BLOCK);
	while (left && result == BEL_OK) {
		const uint32_t n = left < PIECE ? left : PIECE;

		result = bel_reader_need(r, n, err);
		if (result < 0)
			break;
		XXH3_64bits_update(hash, r->input->data, n);
		bel_input_take(r->input, n);
		left -= n;
	}
	if (result == BEL_OK && XXH3_64bits_digest(hash) != checksum)
		result = bel_fail(err, "%s: byte %llu: block checksum mismatch", r->input->name,
			(unsigned long long)at);
	XXH3_freeState(hash);
	return result;
}

int bel_reader_unpack(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err)
{
	const struct bel_block *b = &r->block;
	const uint8_t *stored = r->input->data + BEL_NATIVE_BLOCK;
	uint8_t *payload;

	r->unpacked.size = 0;
	payload = bel_bytes_room(&r->unpacked, (size_t)b->payload + 8); /* reads are 8 wide */
	if (!payload)
		return bel_err_memory(err, "a block of the trace");
	if (b->stored == b->payload)
		memcpy(payload, stored, b->stored);
	else if (ZSTD_decompressDCtx(r->zstd, payload, b->payload, stored, b->stored) != b->payload)
		return bel_reader_damaged(r, "block does not decompress", err);
	memset(payload + b->payload, 0, 8);
	*view = (struct bel_view){payload, payload + b->payload, false};
	if (r->info.kernel)
		bel_kernel_decode(view, &r->block);
	return view->failed ? bel_reader_damaged(r, "block without counts", err) : BEL_OK;
}

/* SPDX-License-Identifier: MIT */
/* native_block.c: a block of the native format into the window: whole, checked and unpacked. */
#include "native_reader.h"

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
	if (bel_reader_need(r, BEL_NATIVE_BLOCK + (size_t)r->block.stored, err) < 0)
		return BEL_FAIL;
	if (!bel_block_intact(r->input->data, r->input->data + BEL_NATIVE_BLOCK, r->block.stored))
		return bel_reader_damaged(r, "block checksum mismatch", err);
	return BEL_OK;
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
	if (r->info.kernel && b->type != BEL_BLOCK_INDEX)
		bel_kernel_decode(view, &r->block);
	return view->failed ? bel_reader_damaged(r, "block without counts", err) : BEL_OK;
}

/* SPDX-License-Identifier: MIT */
/* native_layout.c: block heads, varints, tags and events of the native format. */
#include "native_layout.h"

#include <stdlib.h>
#include <xxhash.h>

#include "run.h"

static const char block_magic[4] = {'B', 'L', 'K', '\n'};

uint64_t bel_native_checksum(
	const uint8_t *head, size_t head_size, const uint8_t *rest, size_t size)
{
	/* The hash of the head seeds that of the rest, so the two need not be copied together. */
	return XXH3_64bits_withSeed(rest, size, XXH3_64bits(head, head_size));
}

void bel_block_encode(
	const struct bel_block *block, const uint8_t *stored, uint8_t head[BEL_NATIVE_BLOCK])
{
	memset(head, 0, BEL_NATIVE_BLOCK);
	memcpy(head, block_magic, 4);
	head[4] = block->type;
	head[5] = block->id_bytes;
	put_le(head + 8, block->stored, 4);
	put_le(head + 12, block->payload, 4);
	put_le(head + 16, block->records, 4);
	put_le(head + 20, block->events, 4);
	put_le(head + 24, block->space, 4);
	put_le(head + 28, block->granules_before, 4);
	put_le(head + 32, block->granules_new, 4);
	put_le(head + 36, block->number, 4);
	put_le(head + 40, block->now, 8);
	put_le(head + 48, block->references, 8);
	for (int k = 0; k < BEL_NATIVE_KINDS; k++)
		put_le(head + 56 + 8 * k, block->kinds[k], 8);
	put_le(head + 88, block->crossings, 8);
	put_le(head + 96, bel_native_checksum(head, 96, stored, block->stored), 8);
}

bool bel_block_intact(const uint8_t head[BEL_NATIVE_BLOCK], const uint8_t *stored, size_t size)
{
	return get_le(head + 96, 8) == bel_native_checksum(head, 96, stored, size);
}

/* These limits prevent a damaged head from requesting gigabytes. */
static const char *beyond_limits(const struct bel_block *b)
{
	static const uint32_t most = 64 << 20;

	if (b->type == BEL_BLOCK_INDEX)
		return NULL; /* its size grows with the trace; only random access unpacks it */
	if (b->type == BEL_BLOCK_END)
		return b->payload > BEL_NATIVE_END ? "bad block head: size" : NULL;
	if (b->type != BEL_BLOCK_RUNS && b->type != BEL_BLOCK_ACCESSES &&
		b->type != BEL_BLOCK_PHRASES)
		return "unknown block type";
	if (b->id_bytes < 2 || b->id_bytes > 4)
		return "bad block head: width of granule numbers";
	if (b->payload > most || b->stored > most)
		return "bad block head: size";
	if (b->records > (b->type == BEL_BLOCK_PHRASES ? BEL_NATIVE_PHRASED : BEL_NATIVE_RECORDS) ||
		b->events > BEL_NATIVE_EVENTS)
		return "bad block head: number of records";
	if (b->granules_new > b->records || b->granules_before > UINT32_MAX - 1 - b->granules_new)
		return "bad block head: number of granules";
	return NULL;
}

const char *bel_block_decode(const uint8_t head[BEL_NATIVE_BLOCK], struct bel_block *block)
{
	if (memcmp(head, block_magic, 4) != 0)
		return "not the start of a block";
	*block = (struct bel_block){
		.type = head[4],
		.id_bytes = head[5],
		.stored = (uint32_t)get_le(head + 8, 4),
		.payload = (uint32_t)get_le(head + 12, 4),
		.records = (uint32_t)get_le(head + 16, 4),
		.events = (uint32_t)get_le(head + 20, 4),
		.space = (uint32_t)get_le(head + 24, 4),
		.granules_before = (uint32_t)get_le(head + 28, 4),
		.granules_new = (uint32_t)get_le(head + 32, 4),
		.number = (uint32_t)get_le(head + 36, 4),
		.now = get_le(head + 40, 8),
		.references = get_le(head + 48, 8),
		.crossings = get_le(head + 88, 8),
	};
	for (int k = 0; k < BEL_NATIVE_KINDS; k++)
		block->kinds[k] = get_le(head + 56 + 8 * k, 8);
	if (block->stored > block->payload)
		return "bad block head: size";
	return beyond_limits(block);
}

void bel_kernel_encode(struct bel_bytes *bytes, const struct bel_block *block)
{
	for (int k = BEL_NATIVE_KINDS; k < BEL_KINDS; k++)
		bel_bytes_varint(bytes, block->kinds[k]);
}

void bel_kernel_decode(struct bel_view *view, struct bel_block *block)
{
	for (int k = BEL_NATIVE_KINDS; k < BEL_KINDS; k++)
		block->kinds[k] = bel_view_varint(view);
}

void bel_totals_count(struct bel_native_totals *totals, const struct bel_block *block,
	const struct bel_event *events)
{
	totals->blocks++;
	totals->runs += block->records;
	totals->events += block->events;
	totals->references += block->references;
	totals->crossings += block->crossings;
	for (int k = 0; k < BEL_KINDS; k++)
		totals->kinds[k] += block->kinds[k];
	totals->granules = block->granules_before + block->granules_new;
	if (block->space >= totals->spaces)
		totals->spaces = block->space + 1;
	for (uint32_t i = 0; i < block->events; i++)
		if (events[i].space >= totals->spaces)
			totals->spaces = events[i].space + 1;
}

uint8_t *bel_bytes_room(struct bel_bytes *bytes, size_t more)
{
	size_t capacity = bytes->capacity ? bytes->capacity : 4096;
	uint8_t *grown;

	if (bytes->failed)
		return NULL;
	if (bytes->capacity - bytes->size >= more)
		return bytes->data + bytes->size;
	while (capacity - bytes->size < more)
		capacity *= 2;
	grown = realloc(bytes->data, capacity);
	if (!grown) {
		bytes->failed = true;
		return NULL;
	}
	bytes->data = grown;
	bytes->capacity = capacity;
	return grown + bytes->size;
}

void bel_bytes_varint(struct bel_bytes *bytes, uint64_t value)
{
	uint8_t *const p = bel_bytes_room(bytes, BEL_VARINT_MOST);

	if (p)
		bytes->size = (size_t)(bel_varint_put(p, value) - bytes->data);
}

void bel_bytes_put(struct bel_bytes *bytes, const void *data, size_t size)
{
	uint8_t *p = bel_bytes_room(bytes, size);

	if (!p || !size)
		return;
	memcpy(p, data, size);
	bytes->size += size;
}

uint64_t bel_view_varint(struct bel_view *view)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64 && view->data < view->end; shift += 7) {
		uint8_t byte = *view->data++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			/* The tenth byte has only one bit. */
			if (shift == 63 && byte > 1)
				break;
			return value;
		}
	}
	view->failed = true;
	view->data = view->end;
	return 0;
}

const uint8_t *bel_view_take(struct bel_view *view, size_t size)
{
	const uint8_t *p = view->data;

	if ((size_t)(view->end - view->data) < size) {
		view->failed = true;
		view->data = view->end;
		return NULL;
	}
	view->data += size;
	return p;
}

const uint8_t bel_tag_flags[8] = {
	BEL_RUN_FETCH,
	BEL_RUN_DATA,
	BEL_RUN_DATA | BEL_RUN_WRITE,
	BEL_RUN_FETCH | BEL_RUN_DATA,
	BEL_RUN_FETCH | BEL_RUN_DATA | BEL_RUN_WRITE,
	BEL_RUN_SPLIT | BEL_RUN_FETCH,
	BEL_RUN_SPLIT | BEL_RUN_DATA,
	BEL_RUN_SPLIT | BEL_RUN_DATA | BEL_RUN_WRITE,
};

#define DATA BEL_RUN_DATA
#define WRITE (BEL_RUN_DATA | BEL_RUN_WRITE)

const uint8_t bel_tag_code[BEL_RUN_FLAGS + 1] = {
	[0] = 8,
	[BEL_RUN_FETCH] = 0,
	[DATA] = 1,
	[WRITE] = 2,
	[BEL_RUN_FETCH | DATA] = 3,
	[BEL_RUN_FETCH | WRITE] = 4,
	[BEL_RUN_SPLIT | BEL_RUN_FETCH] = 5,
	[BEL_RUN_SPLIT | DATA] = 6,
	[BEL_RUN_SPLIT | WRITE] = 7,
	[BEL_RUN_WRITE] = 8,
	[BEL_RUN_WRITE | BEL_RUN_FETCH] = 8,
	[BEL_RUN_SPLIT] = 8,
	[BEL_RUN_SPLIT | BEL_RUN_FETCH | DATA] = 8,
	[BEL_RUN_SPLIT | BEL_RUN_WRITE] = 8,
	[BEL_RUN_SPLIT | BEL_RUN_WRITE | BEL_RUN_FETCH] = 8,
	[BEL_RUN_FLAGS] = 8,
};

#undef DATA
#undef WRITE

void bel_records_encode(struct bel_bytes *bytes, const struct bel_run *record, size_t count,
	unsigned id_bytes, bool long_counts)
{
	const unsigned width = id_bytes + 1;
	uint8_t *p = bel_bytes_room(bytes, count * width + 8); /* stores are 8 wide */

	if (!p)
		return;
	for (size_t i = 0; i < count; i++, p += width) {
		const uint32_t info = record[i].info, tag = info < 1 << 8 ? info : info & 7;

		put_le(p, record[i].page | (uint64_t)tag << (8 * id_bytes), 8);
	}
	bytes->size += count * width;
	for (size_t i = 0; i < count && long_counts; i++) {
		if (record[i].info >= 1 << 8)
			bel_bytes_varint(bytes, record[i].info >> 3);
	}
}

void bel_granules_encode(
	struct bel_bytes *bytes, const struct bel_granule *granule, uint32_t first, uint32_t count)
{
	uint64_t last = first ? granule[first - 1].number : 0;

	for (uint32_t i = first; i < first + count; i++) {
		bel_bytes_varint(bytes, bel_zigzag(granule[i].number - last));
		last = granule[i].number;
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * claim_trace.c: small traces that claim much, for tests of what that costs.
 *
 *	claim_trace KIND COUNT >TRACE
 *	claim_trace KIND COUNT <TRACE >TRACE, for index, listing and renumber
 *
 * Sound native traces: checksums, order and totals are right. KIND:
 *	spaces    COUNT events of as many address spaces, whose numbers lie far apart
 *	starts    COUNT processes that start, each in a space of its own
 *	threads   COUNT threads that start
 *	maps      COUNT regions from high addresses to low, a page each
 *	names     COUNT mapped files, each name of 60,000 bytes
 *	marks     COUNT marks
 *	forks     COUNT forks of a process of 10,000 regions
 *	wide      COUNT references of 256 MiB each, one behind the other
 *	collide   COUNT pages whose numbers are multiples of the inverse of the golden ratio
 *	index     a trace's index with COUNT granules more than the trace has, in a small frame
 *	listing   the same, but not compressed, and the last block has the granules before it that it has
 *	renumber  a trace's index with the granules 0, 1, 2, ..., whatever the trace's are
 *	summary   no trace: a summary whose frame unpacks to COUNT bytes
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "native.h"
#include "native_layout.h"

static struct bel_err err;

static void check(int r)
{
	if (r >= 0)
		return;
	fprintf(stderr, "claim_trace: %s\n", err.text);
	exit(3);
}

static void put(struct bel_native_writer *writer, struct bel_access access, struct bel_event *event)
{
	const struct bel_accesses batch = {
		.access = &access,
		.count = access.size != 0,
		.events = {.event = event, .count = event != NULL},
	};

	check(bel_native_write_accesses(writer, &batch, &err));
}

static void fork_all(struct bel_native_writer *writer, uint64_t count)
{
	struct bel_event event = {.type = BEL_EVENT_MAP, .region = BEL_REGION_MMAP, .length = 4096};

	for (uint64_t i = 0; i < 10000; i++) {
		event.start = i << 13;
		put(writer, (struct bel_access){0}, &event);
	}
	event = (struct bel_event){.type = BEL_EVENT_FORK, .space = 1};
	for (uint64_t i = 0; i < count; i++)
		put(writer, (struct bel_access){0}, &event);
}

/* One event or reference; false: no such kind. */
static bool put_one(struct bel_native_writer *writer, const char *kind, uint64_t i, uint64_t count)
{
	static char name[60001];
	struct bel_event event = {.type = BEL_EVENT_MAP, .region = BEL_REGION_MMAP, .length = 4096};
	struct bel_access access = {0};

	if (!strcmp(kind, "spaces")) {
		event.space = (uint32_t)((i + 1) * (UINT32_MAX / count));
	} else if (!strcmp(kind, "starts")) {
		event = (struct bel_event){
			.type = BEL_EVENT_START, .space = (uint32_t)i, .pid = (uint32_t)i};
	} else if (!strcmp(kind, "threads")) {
		event = (struct bel_event){.type = BEL_EVENT_THREAD_START, .value = i};
	} else if (!strcmp(kind, "maps")) {
		event.start = (count - i) << 13;
	} else if (!strcmp(kind, "names")) {
		memset(name, 'n', sizeof(name) - 1);
		snprintf(name, 21, "%020llu", (unsigned long long)i);
		name[20] = 'n';
		event.start = i << 13;
		event.name = name;
	} else if (!strcmp(kind, "marks")) {
		event = (struct bel_event){.type = BEL_EVENT_MARK, .name = "m"};
	} else if (!strcmp(kind, "wide")) {
		access = (struct bel_access){i << 28, 1 << 28, BEL_LOAD};
	} else if (!strcmp(kind, "collide")) {
		access = (struct bel_access){i * UINT64_C(0xf1de83e19937733d), 1, BEL_LOAD};
	} else {
		return false;
	}
	put(writer, access, access.size ? NULL : &event);
	return true;
}

/* Fills the payload of an index for the trace's blocks; returns the offset of its own index. */
static size_t claim_payload(
	struct bel_bytes *payload, const uint8_t *trace, uint64_t count, bool packed)
{
	struct bel_bytes entries = {0};
	struct bel_block block, before = {0};
	size_t at = BEL_NATIVE_HEAD + get_le(trace + 16, 4), last = 0;
	uint64_t blocks = 0, granules;

	for (; !bel_block_decode(trace + at, &block) && block.type != BEL_BLOCK_INDEX; blocks++) {
		bel_bytes_varint(&entries, at - last);
		bel_bytes_varint(&entries, block.now - before.now);
		granules = block.granules_before - before.granules_before;
		bel_bytes_varint(&entries, granules + (packed && blocks == 1 ? count : 0));
		before = block;
		last = at;
		at += BEL_NATIVE_BLOCK + (size_t)block.stored;
	}
	granules = before.granules_before + before.granules_new;
	bel_bytes_varint(payload, blocks);
	bel_bytes_put(payload, entries.data, entries.size);
	bel_bytes_varint(payload, granules + count);
	bel_bytes_varint(payload, 0);
	bel_bytes_varint(payload, granules + count);
	for (uint64_t i = 0; i < granules + count; i++)
		bel_bytes_varint(payload, bel_zigzag(i > 0));
	free(entries.data);
	return at;
}

/* A trace whose index claims more granules than its blocks number. */
static void claim_index(uint64_t count, bool packed)
{
	struct bel_bytes trace = {0}, payload = {0}, frame = {0};
	struct bel_block block = {.type = BEL_BLOCK_INDEX};
	uint8_t head[BEL_NATIVE_BLOCK], end_at[8];
	const uint8_t *end;
	size_t at, got;

	while ((got = fread(bel_bytes_room(&trace, 1 << 16), 1, 1 << 16, stdin)))
		trace.size += got;
	at = claim_payload(&payload, trace.data, count, packed);
	block.stored = block.payload = (uint32_t)payload.size;
	if (packed) {
		const size_t bound = ZSTD_compressBound(payload.size);

		frame.size = ZSTD_compress(
			bel_bytes_room(&frame, bound), bound, payload.data, payload.size, 19);
		block.stored = (uint32_t)frame.size;
	}
	bel_block_encode(&block, packed ? frame.data : payload.data, head);
	fwrite(trace.data, 1, at, stdout);
	fwrite(head, 1, sizeof(head), stdout);
	fwrite(packed ? frame.data : payload.data, 1, block.stored, stdout);
	put_le(end_at, at + sizeof(head) + block.stored, 8);
	end = trace.data + get_le(trace.data + trace.size - BEL_NATIVE_TAIL, 8);
	fwrite(end, 1, (size_t)(trace.data + trace.size - BEL_NATIVE_TAIL - end), stdout);
	fwrite(end_at, 1, sizeof(end_at), stdout);
	fwrite(BEL_NATIVE_TRAILER, 1, 8, stdout);
	free(trace.data);
	free(payload.data);
	free(frame.data);
}

static void claim_summary(size_t count)
{
	enum { HEAD = 48 };
	const size_t bound = ZSTD_compressBound(count);
	uint8_t *const bytes = calloc(1, count), *const packed = malloc(bound);
	uint8_t head[HEAD] = "\x89"
			     "BSUM\r\n\x1a\1";
	const size_t size = bytes && packed ? ZSTD_compress(packed, bound, bytes, count, 1) : 0;

	put_le(head + 24, 100, 8);
	put_le(head + 32, size, 8);
	put_le(head + 40, bel_native_checksum(head, 40, packed, size), 8);
	fwrite(head, 1, HEAD, stdout);
	fwrite(packed, 1, size, stdout);
	free(bytes);
	free(packed);
}

int main(int argc, char **argv)
{
	const uint64_t count = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	struct bel_trace_info info = {.address_bits = 64};
	struct bel_native_writer *writer;

	if (!count)
		return 2;
	if (!strcmp(argv[1], "summary")) {
		claim_summary(count);
		return 0;
	}
	if (!strcmp(argv[1], "renumber")) {
		claim_index(0, false);
		return 0;
	}
	if (!strcmp(argv[1], "index") || !strcmp(argv[1], "listing")) {
		claim_index(count, argv[1][0] == 'i');
		return 0;
	}
	if (!strcmp(argv[1], "collide"))
		info.unit_bits = 12;
	check(bel_native_writer_open(&writer, stdout, &info, 1, &err));
	put(writer, (struct bel_access){0x1000, 1, BEL_LOAD}, NULL);
	if (!strcmp(argv[1], "forks")) {
		fork_all(writer, count);
	} else {
		for (uint64_t i = 0; i < count; i++)
			if (!put_one(writer, argv[1], i, count))
				return 2;
	}
	check(bel_native_writer_end(writer, NULL, &err));
	bel_native_writer_free(writer);
	return 0;
}

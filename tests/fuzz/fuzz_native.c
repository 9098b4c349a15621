/* SPDX-License-Identifier: MIT */
/*
 * fuzz_native.c: the native reader against any bytes. Checksums and block numbers would stop
 * nearly every mutation at the door, so that they are put right first, where the lengths
 * allow: what is behind the door has to hold by itself.
 */
#include <stdlib.h>
#include <string.h>

#include "native_layout.h"
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void mend(uint8_t *data, size_t size)
{
	size_t at = BEL_NATIVE_HEAD, fields;
	uint32_t number = 0;

	if (size < BEL_NATIVE_HEAD)
		return;
	fields = get_le(data + 16, 4);
	if (fields > size - BEL_NATIVE_HEAD)
		return;
	put_le(data + 24, bel_native_checksum(data, 24, data + at, fields), 8);
	for (at += fields; size - at >= BEL_NATIVE_BLOCK;) {
		uint8_t *head = data + at;
		size_t stored = get_le(head + 8, 4);

		if (stored > size - at - BEL_NATIVE_BLOCK)
			return;
		if (head[4] <= BEL_BLOCK_ACCESSES || head[4] == BEL_BLOCK_PHRASES)
			put_le(head + 36, number++, 4);
		put_le(head + 96, bel_native_checksum(head, 96, head + BEL_NATIVE_BLOCK, stored),
			8);
		at += BEL_NATIVE_BLOCK + stored;
	}
}

static void read_all(const uint8_t *data, size_t size, unsigned page_bits, bool first_byte)
{
	struct bel_source_options options = {
		.format = "bel", .page_bits = page_bits, .first_byte = first_byte, .salvage = true};
	struct bel_input *input;
	struct bel_source *source;
	struct bel_chunk chunk;
	struct bel_err err;
	uint64_t now = 0;

	if (bel_input_open_memory(&input, "memory", data, size, &err) < 0 ||
		bel_source_open_input(&source, input, &options, &err) < 0)
		return;
	while (bel_source_next(source, &chunk, &err) > 0) {
		uint32_t pages = bel_source_pages(source).count;

		if (chunk.now != now)
			abort();
		now += chunk.references;
		for (size_t i = 0; i < chunk.count; i++)
			if (chunk.runs[i].page >= pages || !bel_run_count(chunk.runs[i]))
				abort();
		for (size_t i = 0; i < chunk.event_count; i++)
			if (chunk.events[i].at > chunk.count)
				abort();
	}
	bel_source_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	read_all(copy, size, 0, false);
	mend(copy, size);
	read_all(copy, size, 0, false);
	read_all(copy, size, 21, true);
	free(copy);
	return 0;
}

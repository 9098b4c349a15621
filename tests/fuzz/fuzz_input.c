/* SPDX-License-Identifier: MIT */
/*
 * fuzz_input.c: decompression of any bytes. The first byte picks how much the
 * window is asked for at a time; any two ways must give the same stream.
 */
#include <stdlib.h>
#include <string.h>

#include "read_refs.h"

/* A few bytes may stand for terabytes. */
#define STREAM_MAX ((uint64_t)4 << 20)

struct stream {
	uint64_t length, hash;
	int code;
	struct bel_err err;
};

static void hash_bytes(struct stream *stream, const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n && stream->length < STREAM_MAX; i++, stream->length++)
		stream->hash = (stream->hash ^ data[i]) * 0x100000001b3;
}

static struct stream run(const uint8_t *data, size_t size, size_t want, size_t take)
{
	struct stream stream = {.length = 0};
	struct bel_input *input;

	stream.code = bel_input_open_memory(&input, "memory", data, size, &stream.err);
	if (stream.code < 0)
		return stream;
	while (stream.length < STREAM_MAX) {
		const uint64_t offset = input->offset;
		size_t n;

		stream.code = bel_input_fill(input, want, &stream.err);
		if (stream.code <= 0) {
			/* What was decoded before the damage is there. */
			hash_bytes(&stream, input->data, input->have);
			break;
		}
		if (!input->have || (input->have < want && !input->ended))
			abort();
		n = input->have < take ? input->have : take;
		hash_bytes(&stream, input->data, n);
		bel_input_take(input, n);
		if (input->offset != offset + n)
			abort();
	}
	bel_input_close(input);
	return stream;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream a, b;

	if (!size)
		return 0;
	a = run(data + 1, size - 1, 65536, SIZE_MAX);
	b = run(data + 1, size - 1, 1 + data[0], 1 + data[0] % 61);
	if (a.length < STREAM_MAX &&
		(a.length != b.length || a.hash != b.hash || a.code != b.code ||
			(a.code < 0 && strcmp(a.err.text, b.err.text) != 0)))
		abort();
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * fuzz_summary.c: the reader of summaries against any bytes. The checksum would stop nearly every
 * mutation, and zstd the rest, so the input is the contents of a summary: the frame and its head
 * are made here. What is taken must join with itself and give curves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "native_layout.h"
#include "slice_summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 48 };

static struct bel_slice_summary *read_as(
	const uint8_t *data, size_t size, uint64_t from, uint64_t to)
{
	static const uint8_t magic[8] = {0x89, 'B', 'S', 'U', 'M', '\r', '\n', 0x1a};
	const size_t bound = ZSTD_compressBound(size);
	uint8_t *const file = calloc(1, HEAD + bound);
	struct bel_slice_summary *s = NULL;
	struct bel_err err = {0};
	size_t packed;
	FILE *stream;

	if (!file)
		return NULL;
	packed = ZSTD_compress(file + HEAD, bound, data, size, 1);
	memcpy(file, magic, sizeof(magic));
	put_le(file + 8, 1, 4);
	put_le(file + 16, from, 8);
	put_le(file + 24, to, 8);
	put_le(file + 32, packed, 8);
	put_le(file + 40, bel_native_checksum(file, 40, file + HEAD, packed), 8);
	stream = fmemopen(file, HEAD + packed, "r");
	if (stream) {
		if (bel_slice_summary_read(&s, stream, "s", &err) < 0)
			s = NULL;
		fclose(stream);
	}
	free(file);
	return s;
}

static void use(const struct bel_slice_summary *s)
{
	static const char *const policy[] = {"lru", "ws", "vmin"};
	const struct bel_curve_setup setup = {.writebacks = true};
	struct bel_curve curve;
	struct bel_err err = {0};

	for (unsigned k = 0; k < 3; k++)
		if (bel_slice_summary_curve(s, policy[k], &setup, &curve, &err) == 0)
			bel_curve_release(&curve);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bel_slice_summary *const front = read_as(data, size, 0, 5);
	struct bel_slice_summary *const behind = read_as(data, size, 5, UINT64_MAX);
	struct bel_err err = {0};

	if (front && behind) {
		use(front);
		if (bel_slice_summary_join(front, behind, &err) == 0)
			use(front);
	}
	bel_slice_summary_free(front);
	bel_slice_summary_free(behind);
	return 0;
}

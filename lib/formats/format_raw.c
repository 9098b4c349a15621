/* SPDX-License-Identifier: MIT */
/*
 * format_raw.c: page numbers as bare integers of 32 or 64 bits in either byte
 * order. Any bytes are valid, so the format is chosen only by --from or by suffix.
 */
#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"

struct raw {
	struct bel_input *input; /* the caller's */
	size_t width;            /* bytes per number */
	bool big;                /* the most significant byte comes first */
};

static void *open_raw(struct bel_input *input, size_t width, bool big, struct bel_err *err)
{
	struct raw *const raw = malloc(sizeof(*raw));

	if (raw)
		*raw = (struct raw){input, width, big};
	else
		bel_err_memory(err, "a reader of raw numbers");
	return raw;
}

static inline uint64_t load(const uint8_t *data, size_t width, bool big)
{
	uint64_t wide;
	uint32_t narrow;

	if (width == 8) {
		memcpy(&wide, data, 8);
		return big ? be64toh(wide) : le64toh(wide);
	}
	memcpy(&narrow, data, 4);
	return big ? be32toh(narrow) : le32toh(narrow);
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	const struct raw *const raw = reader;
	struct bel_input *const input = raw->input;
	int r = bel_input_fill(input, raw->width, err);
	size_t count;

	out->count = 0;
	out->space = 0;
	if (r <= 0)
		return r;
	if (input->have < raw->width)
		return bel_fail(err, "%s: byte %" PRIu64 ": %zu bytes left, but a number has %zu",
			input->name, input->offset, input->have, raw->width);
	count = input->have / raw->width;
	if (count > out->capacity)
		count = out->capacity;
	for (size_t i = 0; i < count; i++)
		out->access[i] = (struct bel_access){
			load(input->data + i * raw->width, raw->width, raw->big), 1, BEL_LOAD};
	bel_input_take(input, count * raw->width);
	out->count = count;
	return 1;
}

static int write_raw(
	FILE *file, const struct bel_accesses *batch, size_t width, bool big, struct bel_err *err)
{
	for (size_t i = 0; i < batch->count; i++) {
		const uint64_t page = batch->access[i].address;
		const uint64_t wide = big ? htobe64(page) : htole64(page);
		const uint32_t narrow = big ? htobe32((uint32_t)page) : htole32((uint32_t)page);

		if (width == 4 && page > UINT32_MAX)
			return bel_fail(err,
				"page %" PRIu64 " does not fit in 32 bits; use u64le or u64be",
				page);
		fwrite(width == 8 ? (const void *)&wide : &narrow, width, 1, file);
	}
	return 0;
}

#define RAW(NAME, WIDTH, BIG, TITLE)                                                               \
	static void *open_##NAME(struct bel_input *input,                                          \
		const struct bel_format_options *options, struct bel_err *err)                     \
	{                                                                                          \
		(void)options;                                                                     \
		return open_raw(input, WIDTH, BIG, err);                                           \
	}                                                                                          \
	static int write_##NAME(FILE *file, const struct bel_accesses *batch, struct bel_err *err) \
	{                                                                                          \
		return write_raw(file, batch, WIDTH, BIG, err);                                    \
	}                                                                                          \
	static const struct bel_format NAME = {                                                    \
		.name = #NAME,                                                                     \
		.title = TITLE,                                                                    \
		.suffixes = "." #NAME,                                                             \
		.caps = BEL_FORMAT_PAGE_NUMBERS | BEL_FORMAT_BINARY,                               \
		.open = open_##NAME,                                                               \
		.read = read_batch,                                                                \
		.close = free,                                                                     \
		.write = write_##NAME,                                                             \
	};                                                                                         \
	BEL_FORMAT(NAME)

RAW(u32le, 4, false, "page numbers of 32 bits, low byte first");
RAW(u32be, 4, true, "page numbers of 32 bits, high byte first");
RAW(u64le, 8, false, "page numbers of 64 bits, low byte first");
RAW(u64be, 8, true, "page numbers of 64 bits, high byte first");

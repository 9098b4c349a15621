/* SPDX-License-Identifier: MIT */
/*
 * slice_summary_file.c: summaries as files. Little-endian:
 *
 *	0   8   magic: 89 42 53 55 4D 0D 0A 1A
 *	8   4   version: 1
 *	12  4   0
 *	16  16  from, to: numbers of references; to all ones: the trace's end
 *	32  8   bytes of the zstd frame that follows
 *	40  8   checksum: XXH3 of the frame, seeded with XXH3 (seed 0) of bytes 0 to 39
 *
 * The frame holds texts (a length, then the bytes) and varints: title, file (before it, 1: there is
 * a file, 2: pages have weights, 3: both), policies, checksum of the trace, logarithm of the page
 * size, windows; references, runs, value and runs of the digest; pages, their spaces as pairs
 * (space, how many in a row), the differences of their numbers as zigzag varints; weights, if there
 * are. Then, for LRU: stack, levels (0: not written), entries, distances, write-backs (zigzag). For
 * windows: differences of the first times; times from the last references to the end; gaps as pairs
 * (difference to the gap before, how many), ended by a zero; longer gaps as triples (edge, how many,
 * sum), ended by an edge of all ones.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "lru_stack.h"
#include "native_layout.h"
#include "slice_summary.h"
#include "slice_summary_take.h"

enum { HEAD = 48, VERSION = 1, CHECKSUM = 40, LEVEL = 3 };

/*
 * What a frame may unpack to: RATIO bytes for each of its own, and SMALL. Each page takes about a
 * byte in a frame, because the order of the pages does not repeat: the ratio is below 5.
 */
enum { RATIO = 64, SMALL = 1 << 20 };

static const uint8_t magic[8] = {0x89, 'B', 'S', 'U', 'M', '\r', '\n', 0x1a};

/* ---- writing ---- */

static void put_text(struct bel_bytes *out, const char *text)
{
	bel_bytes_varint(out, strlen(text));
	bel_bytes_put(out, text, strlen(text));
}

static void put_pages(struct bel_bytes *out, const struct bel_slice_summary *s)
{
	bel_bytes_varint(out, s->pages);
	for (uint32_t i = 0, n; i < s->pages; i += n) {
		for (n = 1; i + n < s->pages && s->page[i + n].space == s->page[i].space;)
			n++;
		bel_bytes_varint(out, s->page[i].space);
		bel_bytes_varint(out, n);
	}
	bel_granules_encode(out, s->page, 0, s->pages);
}

static void put_lru(struct bel_bytes *out, const struct bel_slice_summary *s)
{
	for (uint32_t i = 0; i < s->pages; i++)
		bel_bytes_varint(out, s->stack[i]);
	for (uint32_t i = 0; i < s->pages; i++)
		bel_bytes_varint(out, s->level[i] == BEL_CLEAN ? 0 : s->level[i]);
	for (uint32_t i = 0; i < s->pages; i++)
		bel_bytes_varint(out, s->entry[i]);
	for (uint32_t d = 1; d <= s->pages; d++)
		bel_bytes_varint(out, s->distance[d]);
	for (uint32_t d = 1; d <= s->pages; d++)
		bel_bytes_varint(out, bel_zigzag((uint64_t)s->writebacks[d]));
}

static void put_windows(struct bel_bytes *out, const struct bel_slice_summary *s)
{
	const struct bel_inter_reference_intervals *const gaps = &s->gaps;
	uint64_t before = BEL_GAPS_EARLIEST, last = 0;

	for (uint32_t i = 0; i < s->pages; i++) {
		bel_bytes_varint(out, s->first[i] - before);
		before = s->first[i];
	}
	for (uint32_t i = 0; i < s->pages; i++)
		bel_bytes_varint(out, gaps->now + BEL_GAPS_EARLIEST - gaps->last[i]);
	for (uint64_t gap = 1; gap < BEL_GAPS_DIRECT; gap++) {
		const uint64_t count = bel_inter_reference_direct(gaps, gap);

		if (!count)
			continue;
		bel_bytes_varint(out, gap - last);
		bel_bytes_varint(out, count);
		last = gap;
	}
	bel_bytes_varint(out, 0);
	for (size_t e = 0; e < gaps->edges; e++)
		if (gaps->between[e]) {
			bel_bytes_varint(out, e);
			bel_bytes_varint(out, gaps->between[e]);
			bel_bytes_varint(out, gaps->sum[e]);
		}
	bel_bytes_varint(out, UINT64_MAX);
}

static void put_all(struct bel_bytes *out, const struct bel_slice_summary *s)
{
	put_text(out, s->trace.title);
	bel_bytes_varint(out, (s->trace.file != NULL) | (s->weight != NULL) << 1);
	put_text(out, s->trace.file ? s->trace.file : "");
	put_text(out, s->trace.policies);
	bel_bytes_varint(out, s->trace.checksum);
	bel_bytes_varint(out, s->trace.page_bits);
	bel_bytes_varint(out, s->trace.taus);
	for (size_t i = 0; i < s->trace.taus; i++)
		bel_bytes_varint(out, s->trace.tau[i]);
	bel_bytes_varint(out, s->references);
	bel_bytes_varint(out, s->runs);
	bel_bytes_varint(out, s->digest.value);
	bel_bytes_varint(out, s->digest.runs);
	put_pages(out, s);
	for (uint32_t i = 0; s->weight && i < s->pages; i++)
		bel_bytes_varint(out, s->weight[i]);
	if (s->policies & BEL_SLICE_LRU)
		put_lru(out, s);
	if (s->policies & BEL_SLICE_WINDOWS)
		put_windows(out, s);
}

static int write_bytes(FILE *file, const void *data, size_t size, struct bel_err *err)
{
	if (fwrite(data, 1, size, file) == size)
		return BEL_OK;
	bel_fail(err, "cannot write the summary: %s", strerror(errno));
	err->error = errno;
	return BEL_FAIL;
}

int bel_slice_summary_write(const struct bel_slice_summary *s, FILE *file, struct bel_err *err)
{
	struct bel_bytes bytes = {.size = 0};
	uint8_t head[HEAD] = {0};
	uint8_t *packed = NULL;
	size_t size = 0;
	int r = BEL_FAIL;

	put_all(&bytes, s);
	if (!bytes.failed)
		packed = malloc(ZSTD_compressBound(bytes.size));
	if (packed)
		size = ZSTD_compress(
			packed, ZSTD_compressBound(bytes.size), bytes.data, bytes.size, LEVEL);
	if (packed && !ZSTD_isError(size)) {
		memcpy(head, magic, sizeof(magic));
		put_le(head + 8, VERSION, 4);
		put_le(head + 16, s->from, 8);
		put_le(head + 24, s->to, 8);
		put_le(head + 32, size, 8);
		put_le(head + CHECKSUM, bel_native_checksum(head, CHECKSUM, packed, size), 8);
		r = write_bytes(file, head, HEAD, err);
		if (r == BEL_OK)
			r = write_bytes(file, packed, size, err);
	} else {
		bel_err_memory(err, "the summary");
	}
	free(bytes.data);
	free(packed);
	return r;
}

/* ---- reading ---- */

/* Unpacks the frame. Memory grows with what comes out, up to what the size of the frame explains. */
static int unpack(const uint8_t *packed, size_t size, struct bel_bytes *bytes, const char *name,
	struct bel_err *err)
{
	ZSTD_DCtx *const zstd = ZSTD_createDCtx();
	ZSTD_inBuffer in = {packed, size, 0};
	size_t left = 1;

	while (zstd && !bytes->failed && left && !ZSTD_isError(left)) {
		const size_t room = ZSTD_DStreamOutSize();
		ZSTD_outBuffer out = {bel_bytes_room(bytes, room), room, 0};

		if (!out.dst)
			break;
		left = ZSTD_decompressStream(zstd, &out, &in);
		bytes->size += out.pos;
		if (bytes->size > SMALL && (bytes->size - SMALL) / RATIO > size)
			break;
		if (!ZSTD_isError(left) && left && in.pos == in.size && out.pos < room)
			break;
	}
	ZSTD_freeDCtx(zstd);
	if (!zstd || bytes->failed)
		return bel_err_memory(err, "a summary");
	return !left && in.pos == in.size
		       ? BEL_OK
		       : bel_slice_summary_damaged(name, "damaged: it cannot be unpacked", err);
}

static int read_head(FILE *file, uint8_t head[HEAD], const char *name, struct bel_err *err)
{
	const size_t got = fread(head, 1, HEAD, file);

	if (got < sizeof(magic) || memcmp(head, magic, sizeof(magic)) != 0)
		return bel_slice_summary_damaged(
			name, "not a summary: make one with bel-curve --summary", err);
	if (got < HEAD)
		return bel_slice_summary_damaged(name, "it ends too early", err);
	if (get_le(head + 8, 4) != VERSION)
		return bel_slice_summary_damaged(name, "a summary of a later version", err);
	return BEL_OK;
}

/* Reads the frame: as many bytes as there are, not as many as the head promises. */
static int read_frame(FILE *file, const uint8_t head[HEAD], struct bel_bytes *bytes,
	const char *name, struct bel_err *err)
{
	const uint64_t size = get_le(head + 32, 8);
	const size_t most = 1 << 16;
	size_t got = 1;

	while (got && bytes->size <= size) {
		uint8_t *const room = bel_bytes_room(bytes, most);

		if (!room)
			return bel_err_memory(err, "a summary");
		got = fread(room, 1, most, file);
		bytes->size += got;
	}
	if (ferror(file))
		return bel_fail(err, "%s: %s", name, strerror(errno));
	if (bytes->size != size)
		return bel_slice_summary_damaged(name,
			bytes->size < size ? "it ends too early" : "bytes follow the summary", err);
	if (bel_native_checksum(head, CHECKSUM, bytes->data, bytes->size) !=
		get_le(head + CHECKSUM, 8))
		return bel_slice_summary_damaged(name, "damaged: the checksum is wrong", err);
	return BEL_OK;
}

int bel_slice_summary_read(
	struct bel_slice_summary **summary, FILE *file, const char *name, struct bel_err *err)
{
	struct bel_bytes packed = {.size = 0}, bytes = {.size = 0};
	uint8_t head[HEAD];
	struct bel_view view;
	int r = read_head(file, head, name, err);

	*summary = NULL;
	if (r == BEL_OK)
		r = read_frame(file, head, &packed, name, err);
	if (r == BEL_OK)
		r = unpack(packed.data, packed.size, &bytes, name, err);
	if (r == BEL_OK) {
		view = (struct bel_view){bytes.data, bytes.data + bytes.size, false};
		r = bel_slice_summary_take(&view, summary, name, err);
	}
	free(packed.data);
	free(bytes.data);
	if (r == BEL_OK) {
		(*summary)->from = get_le(head + 16, 8);
		(*summary)->to = get_le(head + 24, 8);
		(*summary)->name = strdup(name);
		if (!(*summary)->name)
			r = bel_err_memory(err, "a summary");
		else if ((*summary)->from > (*summary)->to)
			r = bel_slice_summary_damaged(
				name, "damaged: it ends before it begins", err);
	}
	if (r < 0) {
		bel_slice_summary_free(*summary);
		*summary = NULL;
	}
	return r;
}

int bel_slice_summary_peek(
	FILE *file, const char *name, uint64_t *from, uint64_t *to, struct bel_err *err)
{
	uint8_t head[HEAD];
	const int r = read_head(file, head, name, err);

	if (r == BEL_OK) {
		*from = get_le(head + 16, 8);
		*to = get_le(head + 24, 8);
	}
	return r;
}

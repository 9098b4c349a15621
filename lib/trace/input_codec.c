/* SPDX-License-Identifier: MIT */
/*
 * input_codec.c: gzip through zlib, bzip2 through libbz2, xz through liblzma, zstd through
 * libzstd.
 */
#include <bzlib.h>
#include <errno.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "input_codec.h"

/* No real trace needs a larger dictionary; it would only use up the machine's memory. */
#define XZ_MEMORY ((uint64_t)256 << 20)

struct gzip {
	z_stream z;
	int whole; /* at the end of a member */
};

static void *gzip_open(void)
{
	struct gzip *g = calloc(1, sizeof(*g));

	if (g && inflateInit2(&g->z, 15 + 16) != Z_OK) {
		free(g);
		return NULL;
	}
	return g;
}

/* Zero bytes after a member are padding to a block size, written by tapes and some tools. */
static int gzip_next_member(struct gzip *g, struct bel_codec_io *io)
{
	while (io->in_left && !*io->in) {
		io->in++;
		io->in_left--;
	}
	if (!io->in_left)
		return 0;
	g->whole = 0;
	return inflateReset(&g->z) == Z_OK;
}

static int gzip_decode(void *state, struct bel_codec_io *io, const char **why)
{
	struct gzip *g = state;
	int r;

	do {
		if (g->whole && !gzip_next_member(g, io))
			return 1;
		g->z.next_in = (Bytef *)io->in;
		g->z.avail_in = io->in_left > UINT32_MAX ? UINT32_MAX : (uInt)io->in_left;
		g->z.next_out = io->out;
		g->z.avail_out = io->out_left > UINT32_MAX ? UINT32_MAX : (uInt)io->out_left;
		r = inflate(&g->z, Z_NO_FLUSH);
		io->in_left -= (size_t)(g->z.next_in - io->in);
		io->in = g->z.next_in;
		io->out_left -= (size_t)(g->z.next_out - io->out);
		io->out = g->z.next_out;
		if (r == Z_STREAM_END) {
			g->whole = 1;
		} else if (r != Z_OK && r != Z_BUF_ERROR) {
			*why = r == Z_MEM_ERROR ? "out of memory" : "damaged data";
			io->error = r == Z_MEM_ERROR ? ENOMEM : 0;
			return -1;
		}
	} while (r != Z_BUF_ERROR && io->in_left && io->out_left);
	return g->whole;
}

static void gzip_close(void *state)
{
	struct gzip *g = state;

	inflateEnd(&g->z);
	free(g);
}

/*
 * If libbz2 finds damage, the output of that call is lost. So the bytes before the damage would
 * depend on the size of the output buffer. Here libbz2 always writes to a buffer of one size, and
 * the stream before the damage is always the same.
 */
struct bzip2 {
	bz_stream z;
	int whole;          /* at the end of a stream: z is released */
	int error;          /* of libbz2; reported after the bytes decoded before it */
	size_t given, have; /* bytes of the buffer already returned, and in all */
	char buffer[65536];
};

static void *bzip2_open(void)
{
	struct bzip2 *b = calloc(1, sizeof(*b));

	if (b && BZ2_bzDecompressInit(&b->z, 0, 0) != BZ_OK) {
		free(b);
		return NULL;
	}
	return b;
}

static int bzip2_next_stream(struct bzip2 *b)
{
	memset(&b->z, 0, sizeof(b->z));
	b->whole = BZ2_bzDecompressInit(&b->z, 0, 0) != BZ_OK;
	return !b->whole;
}

/* Decodes into the buffer until it is full or the input ends; returns the bytes added. */
static size_t bzip2_fill(struct bzip2 *b, struct bel_codec_io *io)
{
	const size_t in = io->in_left > UINT32_MAX ? UINT32_MAX : io->in_left;
	size_t had;
	int r;

	if (b->have == sizeof(b->buffer))
		b->given = b->have = 0;
	had = b->have;
	if (b->whole && !bzip2_next_stream(b)) {
		b->error = BZ_MEM_ERROR;
		return 0;
	}
	b->z.next_in = (char *)io->in;
	b->z.avail_in = (unsigned)in;
	b->z.next_out = b->buffer + b->have;
	b->z.avail_out = (unsigned)(sizeof(b->buffer) - b->have);
	r = BZ2_bzDecompress(&b->z);
	io->in += in - b->z.avail_in;
	io->in_left -= in - b->z.avail_in;
	b->have = sizeof(b->buffer) - b->z.avail_out;
	if (r == BZ_STREAM_END) {
		BZ2_bzDecompressEnd(&b->z);
		b->whole = 1;
	} else if (r != BZ_OK) {
		b->error = r;
	}
	return b->have - had;
}

static int bzip2_decode(void *state, struct bel_codec_io *io, const char **why)
{
	struct bzip2 *b = state;

	for (;;) {
		const size_t left = b->have - b->given,
			     n = left < io->out_left ? left : io->out_left;

		memcpy(io->out, b->buffer + b->given, n);
		b->given += n;
		io->out += n;
		io->out_left -= n;
		if (!io->out_left)
			return b->whole && b->given == b->have;
		if (b->error)
			break;
		if (b->whole && !io->in_left)
			return 1;
		/* Even without input the decoder may have output: call it once. */
		if (!bzip2_fill(b, io) && !b->error && !io->in_left)
			return b->whole;
	}
	*why = b->error == BZ_MEM_ERROR ? "out of memory" : "damaged data";
	io->error = b->error == BZ_MEM_ERROR ? ENOMEM : 0;
	return -1;
}

static void bzip2_close(void *state)
{
	struct bzip2 *b = state;

	if (!b->whole)
		BZ2_bzDecompressEnd(&b->z);
	free(b);
}

struct xz {
	lzma_stream z;
	int whole;
};

static void *xz_open(void)
{
	struct xz *x = calloc(1, sizeof(*x));

	if (x && lzma_stream_decoder(&x->z, XZ_MEMORY, LZMA_CONCATENATED) != LZMA_OK) {
		free(x);
		return NULL;
	}
	return x;
}

static int xz_decode(void *state, struct bel_codec_io *io, const char **why)
{
	struct xz *x = state;
	lzma_ret r;

	if (x->whole)
		return 1;
	x->z.next_in = io->in;
	x->z.avail_in = io->in_left;
	x->z.next_out = io->out;
	x->z.avail_out = io->out_left;
	r = lzma_code(&x->z, io->last ? LZMA_FINISH : LZMA_RUN);
	io->in = x->z.next_in;
	io->in_left = x->z.avail_in;
	io->out = x->z.next_out;
	io->out_left = x->z.avail_out;
	if (r == LZMA_STREAM_END) {
		x->whole = 1;
	} else if (r != LZMA_OK && r != LZMA_BUF_ERROR) {
		*why = r == LZMA_MEM_ERROR ? "out of memory"
		       : r == LZMA_MEMLIMIT_ERROR
			       ? "needs more than 256 MiB of memory to decompress"
			       : "damaged data";
		io->error = r == LZMA_MEM_ERROR || r == LZMA_MEMLIMIT_ERROR ? ENOMEM : 0;
		return -1;
	}
	return x->whole;
}

static void xz_close(void *state)
{
	struct xz *x = state;

	lzma_end(&x->z);
	free(x);
}

struct zstd {
	ZSTD_DStream *z;
	int whole;
};

static void *zstd_open(void)
{
	struct zstd *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->z = ZSTD_createDStream();
	if (!s->z) {
		free(s);
		return NULL;
	}
	return s;
}

static int zstd_decode(void *state, struct bel_codec_io *io, const char **why)
{
	struct zstd *s = state;
	ZSTD_inBuffer in = {io->in, io->in_left, 0};
	ZSTD_outBuffer out = {io->out, io->out_left, 0};
	size_t r = 0;

	/* Between two frames, a call without input would start the next one. */
	while (out.pos < out.size && (in.pos < in.size || !s->whole)) {
		const size_t in_before = in.pos, out_before = out.pos;

		r = ZSTD_decompressStream(s->z, &out, &in);
		if (ZSTD_isError(r))
			break;
		s->whole = !r;
		if (in.pos == in_before && out.pos == out_before)
			break;
	}
	io->in += in.pos;
	io->in_left -= in.pos;
	io->out += out.pos;
	io->out_left -= out.pos;
	if (ZSTD_isError(r)) {
		const ZSTD_ErrorCode code = ZSTD_getErrorCode(r);

		*why = ZSTD_getErrorName(r);
		io->error = code == ZSTD_error_memory_allocation ||
					    code == ZSTD_error_frameParameter_windowTooLarge
				    ? ENOMEM
				    : 0;
		return -1;
	}
	return s->whole;
}

static void zstd_close(void *state)
{
	struct zstd *s = state;

	ZSTD_freeDStream(s->z);
	free(s);
}

/* A digit, then the mark of a block, or of the end for an empty stream; the mark may be cut. */
static int is_bzip2(const uint8_t *data, size_t have)
{
	const size_t mark = have < 10 ? have - 4 : 6;

	return have >= 6 && !memcmp(data, "BZh", 3) && data[3] >= '1' && data[3] <= '9' &&
	       (!memcmp(data + 4, "\x31\x41\x59\x26\x53\x59", mark) ||
		       !memcmp(data + 4, "\x17\x72\x45\x38\x50\x90", mark));
}

const struct bel_codec *bel_codec_guess(const uint8_t *data, size_t have)
{
	static const struct bel_codec gzip = {"gzip", gzip_open, gzip_decode, gzip_close};
	static const struct bel_codec bzip2 = {"bzip2", bzip2_open, bzip2_decode, bzip2_close};
	static const struct bel_codec xz = {"xz", xz_open, xz_decode, xz_close};
	static const struct bel_codec zstd = {"zstd", zstd_open, zstd_decode, zstd_close};

	if (have >= 3 && !memcmp(data, "\x1f\x8b\x08", 3))
		return &gzip;
	if (is_bzip2(data, have))
		return &bzip2;
	if (have >= 6 && !memcmp(data,
				 "\xfd"
				 "7zXZ\0",
				 6))
		return &xz;
	if (have >= 4 && !memcmp(data, "\x28\xb5\x2f\xfd", 4))
		return &zstd;
	/* Some parallel compressors begin with a skippable frame. */
	if (have >= 4 && (data[0] & 0xf0) == 0x50 && !memcmp(data + 1, "\x2a\x4d\x18", 3))
		return &zstd;
	return NULL;
}

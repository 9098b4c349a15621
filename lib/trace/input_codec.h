/* SPDX-License-Identifier: MIT */
/*
 * input_codec.h: decompression of gzip, bzip2, xz and zstd.
 *
 * Private to input.c. A codec is a state machine between two byte ranges. It reads
 * no files and allocates only its own state. Concatenated members are one stream.
 */
#ifndef BEL_INPUT_CODEC_H
#define BEL_INPUT_CODEC_H

#include <stddef.h>
#include <stdint.h>

struct bel_codec_io {
	const uint8_t *in; /* the codec advances it over the bytes it has read */
	size_t in_left;
	uint8_t *out; /* the codec advances it over the bytes it has written */
	size_t out_left;
	int last;  /* no input follows `in` */
	int error; /* ENOMEM if -1 means out of memory, not damage; otherwise unchanged */
};

struct bel_codec {
	const char *name;    /* for messages */
	void *(*open)(void); /* NULL: out of memory */
	/*
	 * Decodes until `in` or `out` is used up. Returns 1 if the stream may end
	 * here, 0 inside a member, -1 with *why (a constant) on damage.
	 */
	int (*decode)(void *state, struct bel_codec_io *io, const char **why);
	void (*close)(void *state);
};

/* First bytes needed to recognise a codec. */
#define BEL_CODEC_MAGIC 10

/* The codec for a stream that begins with these bytes; NULL: not compressed. */
const struct bel_codec *bel_codec_guess(const uint8_t *data, size_t have);

#endif

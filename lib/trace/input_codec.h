/* SPDX-License-Identifier: MIT */
/*
 * input_codec.h: the compressions that bel_input undoes: gzip, bzip2, xz, zstd.
 *
 * Private to input.c. A codec is a state machine between two byte ranges; it
 * neither reads nor allocates beyond its own state, and concatenated members
 * are one stream to it.
 */
#ifndef BEL_INPUT_CODEC_H
#define BEL_INPUT_CODEC_H

#include <stddef.h>
#include <stdint.h>

struct bel_codec_io {
	const uint8_t *in; /* moved forward over what was eaten */
	size_t in_left;
	uint8_t *out; /* moved forward over what was made */
	size_t out_left;
	int last;  /* nothing comes after `in` */
	int error; /* ENOMEM where -1 is for want of memory, not damage; else left alone */
};

struct bel_codec {
	const char *name;    /* for messages */
	void *(*open)(void); /* NULL: out of memory */
	/*
	 * Decodes until input or room runs out. Returns 1 if the stream may end
	 * here, 0 in the midst of it, -1 with *why (a constant) on damage.
	 */
	int (*decode)(void *state, struct bel_codec_io *io, const char **why);
	void (*close)(void *state);
};

/* Enough first bytes to tell. */
#define BEL_CODEC_MAGIC 10

/* The codec that the first bytes call for; NULL: not compressed. */
const struct bel_codec *bel_codec_guess(const uint8_t *data, size_t have);

#endif

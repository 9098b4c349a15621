/* SPDX-License-Identifier: MIT */
/*
 * input.h: reads bytes from a file or a pipe, and decompresses them.
 *
 * gzip, bzip2, xz and zstd are recognised by their first bytes; concatenated members
 * are read as one stream. The reader sees a window: input->data .. + input->have,
 * with 64 readable bytes (of any value) before and after it for SIMD code.
 *
 *	bel_input_open(&in, "-", &err);
 *	while (bel_input_fill(in, 16, &err) > 0)   at least 16 bytes, or all up to the end
 *		bel_input_take(in, n);             drops n bytes from the front
 *
 * Positions in messages are offsets in the decompressed stream.
 */
#ifndef BEL_INPUT_H
#define BEL_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct bel_input {
	const uint8_t *data; /* the window */
	size_t have;
	uint64_t offset;   /* of data[0] in the decompressed stream */
	const char *name;  /* for messages: the path, or "standard input" */
	int ended;         /* no byte follows the window */
	int fd;            /* descriptor of the file */
	int seekable;      /* an uncompressed regular file */
	uint64_t size;     /* of a regular file as stored, 0 if not known: for progress */
	uint64_t consumed; /* stored bytes read so far */
};

/*
 * Whether the path names a regular file, which can be read again: not "-", a pipe, or what is not
 * there. *bytes is its size as stored, or 0; `bytes` may be NULL.
 */
bool bel_input_is_file(const char *path, uint64_t *bytes);

/* "-" is standard input. BEL_FAIL for a directory or a missing file. */
int bel_input_open(struct bel_input **input, const char *path, struct bel_err *err);

/* Reads from an open descriptor, which is closed with the input. `name` is copied. */
int bel_input_open_fd(struct bel_input **input, int fd, const char *name, struct bel_err *err);

/*
 * Reads from memory, which must outlive the input (tests, fuzzers, strings on the command line).
 * `name` is what messages call it, and is copied.
 */
int bel_input_open_memory(struct bel_input **input, const char *name, const void *data, size_t size,
	struct bel_err *err);

/*
 * Fills the window to at least `want` bytes (up to 64 MiB), or with all that is
 * left. Returns 1 if the window is not empty, 0 at the end, negative on errors
 * (including a compressed stream that ends early).
 */
int bel_input_fill(struct bel_input *input, size_t want, struct bel_err *err);

/* Drops the first n bytes of the window; n <= have. */
void bel_input_take(struct bel_input *input, size_t n);

/* Seeks to an offset of a seekable input; the window is then empty. */
int bel_input_seek(struct bel_input *input, uint64_t offset, struct bel_err *err);

void bel_input_close(struct bel_input *input);

#endif

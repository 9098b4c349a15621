/* SPDX-License-Identifier: MIT */
/*
 * stream.h: the pipe that one process's log comes through.
 *
 * A named pipe DIRECTORY/PID, which the process opens by that name (again after
 * each exec), and a window over what was read from it, with 64 readable bytes
 * before and after for SIMD code. We keep the pipe open for writing too: no end of
 * file comes between two programs of one process; the process's end is the end.
 */
#ifndef BEL_STREAM_H
#define BEL_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

#define BEL_STREAM_WINDOW ((size_t)256 << 10)

struct bel_stream {
	int fd;          /* owned */
	size_t capacity; /* of the pipe */
	uint8_t *memory; /* owned */
	uint8_t *data;   /* the window: unparsed text */
	size_t have;
	char path[200]; /* removed by release */
};

/* Makes the pipe and opens it. */
int bel_stream_open(
	struct bel_stream *stream, const char *directory, pid_t pid, struct bel_err *err);

/*
 * The process is about to open the pipe. If its name is gone (the program may have removed our
 * directory) it is there again; the pipe belongs to whom the process opens files as.
 */
void bel_stream_renew(const struct bel_stream *stream, const char *directory, pid_t pid);

/* Reads what is there, as far as the window has room: 1 something, 0 nothing, or negative. */
int bel_stream_read(struct bel_stream *stream, struct bel_err *err);

/* Drops n bytes from the window's front. */
void bel_stream_take(struct bel_stream *stream, size_t n);

void bel_stream_release(struct bel_stream *stream);

#endif

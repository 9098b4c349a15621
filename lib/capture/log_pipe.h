/* SPDX-License-Identifier: MIT */
/*
 * log_pipe.h: the pipe that one process's log comes through.
 *
 * A named pipe DIRECTORY/PID, which the process opens by that name (again after
 * each exec), and a window over what was read from it, with 64 readable bytes
 * before and after for SIMD code. We keep the pipe open for writing too: no end of
 * file comes between two programs of one process; the process's end is the end.
 */
#ifndef BEL_LOG_PIPE_H
#define BEL_LOG_PIPE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

#define BEL_LOG_PIPE_WINDOW ((size_t)256 << 10)

struct bel_log_pipe {
	int fd;          /* owned */
	size_t capacity; /* of the pipe */
	uint8_t *memory; /* owned */
	uint8_t *data;   /* the window: unparsed text */
	size_t have;
	char path[200]; /* removed by release */
};

/* Makes the pipe and opens it. */
int bel_log_pipe_open(
	struct bel_log_pipe *stream, const char *directory, pid_t pid, struct bel_err *err);

/*
 * The process is about to open the pipe. If its name is gone (the program may have removed our
 * directory) it is there again; the pipe belongs to whom the process opens files as.
 */
void bel_log_pipe_renew(const struct bel_log_pipe *stream, const char *directory, pid_t pid);

/* Reads what is there, as far as the window has room: 1 something, 0 nothing, or negative. */
int bel_log_pipe_read(struct bel_log_pipe *stream, struct bel_err *err);

/* Drops n bytes from the window's front. */
void bel_log_pipe_take(struct bel_log_pipe *stream, size_t n);

void bel_log_pipe_release(struct bel_log_pipe *stream);

#endif

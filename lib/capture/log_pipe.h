/* SPDX-License-Identifier: MIT */
/*
 * log_pipe.h: the named pipe for the log of one process.
 *
 * The process opens DIRECTORY/PID by name, and again after each exec. A window holds the unparsed
 * text, with 64 readable bytes before and after it for SIMD code. We keep the pipe open for
 * writing too, so there is no end of file between two programs of one process. The log ends when
 * the process ends.
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
	size_t capacity; /* capacity of the pipe, bytes */
	uint8_t *memory; /* owned */
	uint8_t *data;   /* the window: unparsed text */
	size_t have;
	char path[200]; /* removed by release */
};

/* Makes the pipe and opens it. */
int bel_log_pipe_open(
	struct bel_log_pipe *stream, const char *directory, pid_t pid, struct bel_err *err);

/*
 * The process is about to open the pipe. Makes its name again if it is gone (the program may have
 * removed our directory). Gives the pipe to the user as whom the process opens files.
 */
void bel_log_pipe_renew(const struct bel_log_pipe *stream, const char *directory, pid_t pid);

/* Reads available bytes, as far as the window has room: 1 something, 0 nothing, or negative. */
int bel_log_pipe_read(struct bel_log_pipe *stream, struct bel_err *err);

/* Removes n bytes from the front of the window. */
void bel_log_pipe_take(struct bel_log_pipe *stream, size_t n);

void bel_log_pipe_release(struct bel_log_pipe *stream);

#endif

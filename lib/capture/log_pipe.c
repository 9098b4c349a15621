/* SPDX-License-Identifier: MIT */
/* log_pipe.c: named pipes with a window, one for each process. */
#include "log_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc.h"

#define SLACK 64
#define PIPE_BYTES (1 << 20)

int bel_log_pipe_open(
	struct bel_log_pipe *stream, const char *directory, pid_t pid, struct bel_err *err)
{
	int size;

	memset(stream, 0, sizeof(*stream));
	stream->fd = -1;
	if (snprintf(stream->path, sizeof(stream->path), "%s/%d", directory, (int)pid) >=
		(int)sizeof(stream->path))
		return bel_fail(err, "%s: name too long", directory);
	stream->memory = calloc(1, SLACK + BEL_LOG_PIPE_WINDOW + SLACK);
	if (!stream->memory)
		return bel_err_memory(err, "window of a log");
	stream->data = stream->memory + SLACK;
	/* If a process number is reused, its old pipe is still there. */
	unlink(stream->path);
	/* The program may have removed our directory. */
	if (access(directory, F_OK) < 0)
		mkdir(directory, 0700);
	if (mkfifo(stream->path, 0600) < 0 ||
		(stream->fd = open(stream->path, O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0) {
		bel_fail_errno(err, errno, "%s: cannot make a pipe", stream->path);
		bel_log_pipe_release(stream);
		return BEL_FAIL;
	}
	/* A small pipe works too, but is slower. The system limits the number of large pipes. */
	fcntl(stream->fd, F_SETPIPE_SZ, PIPE_BYTES);
	size = fcntl(stream->fd, F_GETPIPE_SZ);
	stream->capacity = size > 0 ? (size_t)size : 4096;
	return 0;
}

void bel_log_pipe_renew(const struct bel_log_pipe *stream, const char *directory, pid_t pid)
{
	struct stat st;
	char own[48];
	uid_t user;
	gid_t group;

	/* Processes of root may change their user. */
	if (bel_proc_owner(pid, &user, &group) && user != geteuid() &&
		fchown(stream->fd, user, group) == 0)
		chmod(directory, 0711);
	if (lstat(stream->path, &st) == 0)
		return;
	snprintf(own, sizeof(own), "/proc/%d/fd/%d", (int)getpid(), stream->fd);
	mkdir(directory, 0700);
	/* If this fails, the process reports that it has no pipe, and so does the trace. */
	if (symlink(own, stream->path) < 0)
		return;
}

int bel_log_pipe_read(struct bel_log_pipe *stream, struct bel_err *err)
{
	uint8_t *const start = stream->memory + SLACK;
	ssize_t n;

	if (stream->data != start) {
		memmove(start, stream->data, stream->have);
		stream->data = start;
	}
	if (stream->have == BEL_LOG_PIPE_WINDOW)
		return bel_fail(
			err, "%s: a line has more than %zu bytes", stream->path, stream->have);
	do {
		n = read(stream->fd, start + stream->have, BEL_LOG_PIPE_WINDOW - stream->have);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN)
		return bel_fail_errno(err, errno, "%s", stream->path);
	if (n <= 0)
		return 0;
	stream->have += (size_t)n;
	return 1;
}

void bel_log_pipe_take(struct bel_log_pipe *stream, size_t n)
{
	stream->data += n;
	stream->have -= n;
}

void bel_log_pipe_release(struct bel_log_pipe *stream)
{
	if (stream->fd >= 0) {
		close(stream->fd);
		unlink(stream->path);
	}
	free(stream->memory);
	memset(stream, 0, sizeof(*stream));
	stream->fd = -1;
}

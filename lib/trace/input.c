/* SPDX-License-Identifier: MIT */
/*
 * input.c: the window over a file, a pipe or memory, compressed or not.
 *
 * Plain bytes are read directly into the window; compressed bytes go through a
 * staging buffer and a codec. A fill stops as soon as it has what was asked for;
 * it reads ahead at most the rest of one read() or decoding step. So a reader
 * keeps up with a live pipe.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "input_codec.h"

#define PAD 64
#define WINDOW_START ((size_t)256 << 10)
#define WINDOW_MAX ((size_t)64 << 20)
#define STAGE ((size_t)128 << 10)

struct input {
	struct bel_input pub; /* must be first: the two are cast to each other */
	char *name;
	uint8_t *buffer;        /* PAD + capacity + PAD bytes */
	size_t capacity, start; /* the window is buffer + PAD + start */
	int own_fd;
	off_t base; /* where in the file the stream starts */
	const uint8_t *memory;
	size_t memory_left;
	int source_ended; /* all stored bytes were read */
	const struct bel_codec *codec;
	void *state;
	uint8_t *stage;
	size_t stage_at, stage_have;
	int pending;           /* the codec has more output than there was room for */
	struct bel_err broken; /* if its code is set: every further fill reports this error */
};

static uint8_t *window(const struct input *in)
{
	return in->buffer + PAD + in->start;
}

/*
 * A file that has not the size any more that it had when it was opened: its end is where another
 * program happened to be, in the middle of a line or number. If it is also the output, it has no
 * end.
 */
static int check_size(const struct input *in, struct bel_err *err)
{
	const uint64_t size = in->pub.size + (uint64_t)in->base;
	struct stat st;

	if (!in->pub.size || in->memory || (!in->source_ended && in->pub.consumed <= in->pub.size))
		return 0;
	/* Files of the kernel have not the size that they claim. */
	if (fstat(in->pub.fd, &st) < 0 || (uint64_t)st.st_size == size)
		return 0;
	return bel_fail(err,
		"%s: its size changes while it is read, from %llu to %llu bytes: is it also the "
		"output? If another program writes it, wait until it is complete, or read a copy",
		in->pub.name, (unsigned long long)size, (unsigned long long)st.st_size);
}

/* Reads stored bytes: returns their number, 0 at the end, negative on errors. */
static ssize_t source_read(struct input *in, uint8_t *to, size_t capacity, struct bel_err *err)
{
	ssize_t n;

	if (in->source_ended)
		return 0;
	if (in->memory) {
		n = (ssize_t)(capacity < in->memory_left ? capacity : in->memory_left);
		memcpy(to, in->memory, (size_t)n);
		in->memory += n;
		in->memory_left -= (size_t)n;
	} else {
		do
			n = read(in->pub.fd, to, capacity);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return bel_fail_errno(err, errno, "%s: cannot read", in->pub.name);
	}
	in->source_ended = !n;
	in->pub.consumed += (uint64_t)n;
	return check_size(in, err) < 0 ? BEL_FAIL : n;
}

/* Moves the window to the front of the buffer, and grows the buffer to `want` bytes. */
static int make_room(struct input *in, size_t want, struct bel_err *err)
{
	size_t capacity = in->capacity;
	uint8_t *grown;

	if (in->start) {
		memmove(in->buffer + PAD, window(in), in->pub.have);
		in->start = 0;
	}
	if (want > capacity) {
		while (capacity < want)
			capacity *= 2;
		grown = realloc(in->buffer, capacity + 2 * PAD);
		if (!grown)
			return bel_err_memory(err, in->pub.name);
		/* SIMD code reads past the window, into bytes that are not written yet. */
		memset(grown + PAD + in->capacity, 0, capacity - in->capacity + PAD);
		in->buffer = grown;
		in->capacity = capacity;
	}
	in->pub.data = window(in);
	return 0;
}

/* The message has the decoded position; codecs do not report the exact position in their input. */
static int broken_stream(struct input *in, const char *why, struct bel_err *err)
{
	return bel_fail(err, "%s: byte %llu: %s: %s", in->pub.name,
		(unsigned long long)(in->pub.offset + in->pub.have), in->codec->name, why);
}

/* One decoding step; the output goes after the window. */
static int decode_more(struct input *in, struct bel_err *err)
{
	struct bel_codec_io io = {.out = window(in) + in->pub.have};
	const size_t capacity = in->capacity - in->start - in->pub.have;
	const char *why = NULL;
	ssize_t n;
	int whole;

	if (in->stage_at == in->stage_have && !in->pending) {
		n = source_read(in, in->stage, STAGE, err);
		if (n < 0)
			return (int)n;
		in->stage_at = 0;
		in->stage_have = (size_t)n;
	}
	io.in = in->stage + in->stage_at;
	io.in_left = in->stage_have - in->stage_at;
	io.out_left = capacity;
	io.last = in->source_ended;
	whole = in->codec->decode(in->state, &io, &why);
	in->stage_at = in->stage_have - io.in_left;
	in->pub.have += capacity - io.out_left;
	in->pending = !io.out_left;
	if (whole < 0) {
		broken_stream(in, why, err);
		if (err)
			err->error = io.error;
		return BEL_FAIL;
	}
	if (io.out_left == capacity && in->source_ended && !io.in_left) {
		if (!whole)
			return broken_stream(in, "the compressed data ends early", err);
		in->pub.ended = 1;
	}
	return 0;
}

static int read_more(struct input *in, struct bel_err *err)
{
	ssize_t n = source_read(
		in, window(in) + in->pub.have, in->capacity - in->start - in->pub.have, err);

	if (n < 0)
		return (int)n;
	in->pub.have += (size_t)n;
	in->pub.ended = !n;
	return 0;
}

int bel_input_fill(struct bel_input *input, size_t want, struct bel_err *err)
{
	struct input *in = (struct input *)input;
	int r = 0;

	if (input->have >= want || input->ended)
		return input->have > 0;
	if (want > WINDOW_MAX)
		return bel_usage(err, "%s: a window of %zu bytes is too large", input->name, want);
	if (!in->broken.code)
		r = make_room(in, 0, &in->broken);
	while (!r && !in->broken.code && input->have < want && !input->ended) {
		/* Memory grows with what comes, for a damaged file may want much more than it has. */
		if (input->have == in->capacity)
			r = make_room(in, in->capacity + 1, &in->broken);
		if (!r)
			r = in->codec ? decode_more(in, &in->broken) : read_more(in, &in->broken);
	}
	/* The wanted bytes may have arrived before the error; then the next call reports it. */
	if (in->broken.code && input->have < want) {
		if (err)
			*err = in->broken;
		return in->broken.code;
	}
	return input->have > 0;
}

void bel_input_take(struct bel_input *input, size_t n)
{
	struct input *in = (struct input *)input;

	in->start += n;
	input->data += n;
	input->have -= n;
	input->offset += n;
}

int bel_input_seek(struct bel_input *input, uint64_t offset, struct bel_err *err)
{
	struct input *in = (struct input *)input;

	if (!input->seekable)
		return bel_usage(err, "%s: cannot seek in this input", input->name);
	errno = EOVERFLOW;
	if (offset > (uint64_t)INT64_MAX - (uint64_t)in->base ||
		lseek(input->fd, in->base + (off_t)offset, SEEK_SET) < 0)
		return bel_fail_errno(err, errno, "%s: byte %llu: cannot seek there", input->name,
			(unsigned long long)offset);
	in->start = 0;
	in->source_ended = 0;
	in->broken.code = 0;
	input->data = window(in);
	input->have = 0;
	input->offset = offset;
	input->consumed = offset;
	input->ended = 0;
	return 0;
}

/* Chooses the codec, if one is needed, by the first bytes. */
static int recognise(struct input *in, struct bel_err *err)
{
	int r = bel_input_fill(&in->pub, BEL_CODEC_MAGIC, err);

	if (r < 0)
		return r;
	in->codec = bel_codec_guess(in->pub.data, in->pub.have);
	if (!in->codec)
		return 0;
	in->pub.seekable = 0;
	in->pub.ended = 0;
	in->state = in->codec->open();
	/* The bytes read for this choice are the first input of the codec. */
	in->stage_have = in->pub.have;
	in->stage = malloc(in->stage_have > STAGE ? in->stage_have : STAGE);
	if (!in->state || !in->stage)
		return bel_err_memory(err, in->pub.name);
	memcpy(in->stage, in->pub.data, in->stage_have);
	in->pub.have = 0;
	return 0;
}

/* Takes ownership of fd, even if it fails. */
static int open_common(struct bel_input **input, int fd, int own, const char *name,
	const void *memory, size_t size, struct bel_err *err)
{
	struct input *in = calloc(1, sizeof(*in));
	struct stat st;
	int r;

	*input = NULL;
	if (!in) {
		if (own)
			close(fd);
		return bel_err_memory(err, name);
	}
	in->pub.fd = fd;
	in->own_fd = own;
	in->memory = memory;
	in->memory_left = size;
	in->name = strdup(name);
	in->capacity = WINDOW_START;
	in->buffer = calloc(1, in->capacity + 2 * PAD);
	in->pub.name = in->name;
	if (!in->name || !in->buffer) {
		r = bel_err_memory(err, name);
		goto fail;
	}
	in->pub.data = window(in);
	if (memory) {
		in->pub.size = size;
	} else if (fstat(fd, &st) < 0) {
		r = bel_fail_errno(err, errno, "%s", name);
		goto fail;
	} else if (S_ISDIR(st.st_mode)) {
		r = bel_fail(err, "%s: is a directory", name);
		goto fail;
	} else if (S_ISREG(st.st_mode)) {
		in->base = lseek(fd, 0, SEEK_CUR);
		in->pub.seekable = in->base >= 0;
		if (in->pub.seekable && st.st_size > in->base)
			in->pub.size = (uint64_t)(st.st_size - in->base);
	}
	r = recognise(in, err);
	if (r < 0)
		goto fail;
	*input = &in->pub;
	return 0;
fail:
	bel_input_close(&in->pub);
	return r;
}

bool bel_input_is_file(const char *path, uint64_t *bytes)
{
	struct stat st;
	const bool is = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);

	if (bytes)
		*bytes = is ? (uint64_t)st.st_size : 0;
	return is;
}

int bel_input_open(struct bel_input **input, const char *path, struct bel_err *err)
{
	int fd;

	*input = NULL;
	if (!strcmp(path, "-"))
		return open_common(input, STDIN_FILENO, 0, "standard input", NULL, 0, err);
	if (!*path)
		return bel_fail(err, "the name of a trace is empty");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return bel_fail_open(err, path);
	return open_common(input, fd, 1, path, NULL, 0, err);
}

int bel_input_open_fd(struct bel_input **input, int fd, const char *name, struct bel_err *err)
{
	return open_common(input, fd, 1, name, NULL, 0, err);
}

int bel_input_open_memory(struct bel_input **input, const char *name, const void *data, size_t size,
	struct bel_err *err)
{
	/* A pointer that is not NULL means memory, so empty memory needs one, too. */
	return open_common(input, -1, 0, name, data ? data : "", size, err);
}

void bel_input_close(struct bel_input *input)
{
	struct input *in = (struct input *)input;

	if (!in)
		return;
	if (in->state)
		in->codec->close(in->state);
	if (in->own_fd)
		close(input->fd);
	free(in->stage);
	free(in->buffer);
	free(in->name);
	free(in);
}

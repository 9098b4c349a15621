/* SPDX-License-Identifier: MIT */
/* spool.c: an append-only array, in memory up to a limit, then in a temporary file. */
#include "spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tempfile.h"

#define BLOCK ((size_t)1 << 20) /* bytes, rounded down to whole elements */

/*
 * Elements are stored in blocks: first `kept` blocks in memory, then the blocks in the
 * file, then the block that is being filled. A full block moves to memory or to the file.
 */
struct bel_spool {
	struct bel_spool_budget *budget;
	size_t width;
	size_t per_block; /* elements */
	uint64_t count;
	char **block; /* the blocks in memory */
	size_t kept, capacity;
	uint64_t filed; /* blocks in the file */
	char *last;     /* the block that is being filled */
	size_t last_count;
	int fd; /* -1: no file yet */
};

struct bel_spool *bel_spool_new(size_t width, struct bel_spool_budget *budget, struct bel_err *err)
{
	struct bel_spool *spool = calloc(1, sizeof(*spool));

	if (!spool) {
		bel_err_memory(err, "spool");
		return NULL;
	}
	spool->budget = budget;
	spool->width = width;
	spool->per_block = BLOCK / width;
	spool->fd = -1;
	return spool;
}

void bel_spool_free(struct bel_spool *spool)
{
	if (!spool)
		return;
	for (size_t i = 0; i < spool->kept; i++)
		free(spool->block[i]);
	spool->budget->memory += spool->kept * BLOCK;
	if (spool->fd >= 0)
		close(spool->fd);
	free(spool->block);
	free(spool->last);
	free(spool);
}

static uint64_t block_bytes(const struct bel_spool *spool)
{
	return (uint64_t)spool->per_block * spool->width;
}

static int file_failed(const struct bel_spool *spool, ssize_t n, struct bel_err *err)
{
	if (n < 0)
		return bel_fail_errno(err, errno, "%s: temporary file (TMPDIR chooses the folder)",
			spool->budget->dir);
	return bel_fail(err, "%s: temporary file is too short", spool->budget->dir);
}

static int file_write(struct bel_spool *spool, uint64_t offset, const char *from, uint64_t bytes,
	struct bel_err *err)
{
	while (bytes) {
		const ssize_t n = pwrite(spool->fd, from, bytes, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return file_failed(spool, n, err);
		from += n;
		offset += (uint64_t)n;
		bytes -= (uint64_t)n;
	}
	return 0;
}

static int file_read(
	struct bel_spool *spool, uint64_t offset, char *to, uint64_t bytes, struct bel_err *err)
{
	while (bytes) {
		const ssize_t n = pread(spool->fd, to, bytes, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return file_failed(spool, n, err);
		to += n;
		offset += (uint64_t)n;
		bytes -= (uint64_t)n;
	}
	return 0;
}

/* Writes the full last block to the end of the file; its memory is reused. */
static int block_file(struct bel_spool *spool, struct bel_err *err)
{
	if (spool->fd < 0 && (spool->fd = bel_tempfile_open(spool->budget->dir, err)) < 0)
		return BEL_FAIL;
	if (file_write(spool, spool->filed * block_bytes(spool), spool->last, block_bytes(spool),
		    err) < 0)
		return BEL_FAIL;
	spool->filed++;
	spool->last_count = 0;
	return 0;
}

/* Keeps the full last block in memory. */
static int block_keep(struct bel_spool *spool, struct bel_err *err)
{
	if (spool->kept == spool->capacity) {
		const size_t capacity = spool->capacity ? spool->capacity * 2 : 16;
		char **block = reallocarray(spool->block, capacity, sizeof(*block));

		if (!block)
			return bel_err_memory(err, "spool");
		spool->block = block;
		spool->capacity = capacity;
	}
	spool->block[spool->kept++] = spool->last;
	spool->budget->memory -= BLOCK;
	spool->last = NULL;
	spool->last_count = 0;
	return 0;
}

/* Makes room for at least one element. */
static int block_turn(struct bel_spool *spool, struct bel_err *err)
{
	if (spool->last && spool->last_count < spool->per_block)
		return 0;
	if (spool->last) {
		/* After the first block in the file all go there, which keeps them in order. */
		const int to_file = spool->filed || spool->budget->memory < BLOCK;
		const int r = to_file ? block_file(spool, err) : block_keep(spool, err);

		if (r < 0)
			return r;
	}
	if (!spool->last)
		spool->last = malloc(BLOCK);
	return spool->last ? 0 : bel_err_memory(err, "spool");
}

void *bel_spool_room(struct bel_spool *spool, size_t count)
{
	if (!spool->last || spool->per_block - spool->last_count < count)
		return NULL;
	return spool->last + spool->last_count * spool->width;
}

int bel_spool_append(struct bel_spool *spool, const void *data, size_t count, struct bel_err *err)
{
	const char *from = data;

	while (count) {
		char *to;
		size_t n;
		const int r = block_turn(spool, err);

		if (r < 0)
			return r;
		n = spool->per_block - spool->last_count;
		n = n < count ? n : count;
		to = spool->last + spool->last_count * spool->width;
		/* Elements written into bel_spool_room() are there. */
		if (to != from)
			memcpy(to, from, n * spool->width);
		spool->last_count += n;
		spool->count += n;
		from += n * spool->width;
		count -= n;
	}
	return 0;
}

/* A part of the array inside one block: in memory, or at an offset in the file. */
struct part {
	char *memory; /* NULL: in the file */
	uint64_t offset;
	size_t count; /* elements */
};

static struct part find_part(const struct bel_spool *spool, uint64_t first, size_t count)
{
	const uint64_t index = first / spool->per_block;
	const size_t at = first % spool->per_block, left = spool->per_block - at;
	struct part part = {.count = count < left ? count : left};

	if (index < spool->kept)
		part.memory = spool->block[index] + at * spool->width;
	else if (index >= spool->kept + spool->filed)
		part.memory = spool->last + at * spool->width;
	else
		part.offset = (index - spool->kept) * block_bytes(spool) + at * spool->width;
	return part;
}

int bel_spool_read(
	struct bel_spool *spool, uint64_t first, void *data, size_t count, struct bel_err *err)
{
	char *to = data;

	while (count) {
		const struct part part = find_part(spool, first, count);
		const size_t bytes = part.count * spool->width;

		if (part.memory)
			memcpy(to, part.memory, bytes);
		else if (file_read(spool, part.offset, to, bytes, err) < 0)
			return BEL_FAIL;
		to += bytes;
		first += part.count;
		count -= part.count;
	}
	return 0;
}

const void *bel_spool_view(
	struct bel_spool *spool, uint64_t first, void *data, size_t count, struct bel_err *err)
{
	if (count) {
		const struct part part = find_part(spool, first, count);

		if (part.memory && part.count == count)
			return part.memory;
	}
	return bel_spool_read(spool, first, data, count, err) < 0 ? NULL : data;
}

int bel_spool_write(struct bel_spool *spool, uint64_t first, const void *data, size_t count,
	struct bel_err *err)
{
	const char *from = data;

	while (count) {
		const struct part part = find_part(spool, first, count);
		const size_t bytes = part.count * spool->width;

		if (part.memory)
			memcpy(part.memory, from, bytes);
		else if (file_write(spool, part.offset, from, bytes, err) < 0)
			return BEL_FAIL;
		from += bytes;
		first += part.count;
		count -= part.count;
	}
	return 0;
}

uint64_t bel_spool_count(const struct bel_spool *spool)
{
	return spool->count;
}

uint64_t bel_spool_filed(const struct bel_spool *spool)
{
	return spool->filed * spool->per_block;
}

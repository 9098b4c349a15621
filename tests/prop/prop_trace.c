/* SPDX-License-Identifier: MIT */
/*
 * prop_trace.c: what is written is what is read, on random traces: exact and
 * folded native traces give back their references, runs and events; folding,
 * now or later, at any page size, is folding one reference at a time; file,
 * pipe, memory and compressed copies have one digest.
 */
#include <fcntl.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "flat.h"
#include "prop.h"
#include "random_trace.h"

enum road { MEMORY, FROM_FILE, PIPE, GZIP, XZ, ZSTD, ROADS };

static const char *const road_name[] = {"memory", "a file", "a pipe", "gzip", "xz", "zstd"};

static char complaint[1000];

static bool complain(const char *what, const char *how)
{
	snprintf(complaint, sizeof(complaint), "%s: %s", what, how);
	return false;
}

static int descriptor_of(const char *data, size_t size, bool pipe_end)
{
	int fd[2] = {-1, -1};

	if (pipe_end) {
		if (pipe(fd) || (size > 4096 && fcntl(fd[1], F_SETPIPE_SZ, 1 << 20) < 0))
			abort();
	} else {
		fd[0] = fd[1] = memfd_create("trace", 0);
	}
	if (write(fd[1], data, size) != (ssize_t)size)
		abort();
	if (pipe_end)
		close(fd[1]);
	else if (lseek(fd[0], 0, SEEK_SET))
		abort();
	return fd[0];
}

/* A compressed copy, to be freed. */
static char *packed(enum road road, const char *data, size_t size, size_t *packed_size)
{
	size_t capacity = ZSTD_compressBound(size) + lzma_stream_buffer_bound(size) + 100, at = 0;
	char *copy = test_alloc(capacity, 1);
	z_stream z = {.next_in = (Bytef *)data, .avail_in = size, .next_out = (Bytef *)copy};

	z.avail_out = capacity;
	if (road == ZSTD) {
		at = ZSTD_compress(copy, capacity, data, size, 1);
	} else if (road == XZ) {
		if (lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, (const uint8_t *)data, size,
			    (uint8_t *)copy, &at, capacity))
			abort();
	} else {
		if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) ||
			deflate(&z, Z_FINISH) != Z_STREAM_END)
			abort();
		at = z.total_out;
		deflateEnd(&z);
	}
	*packed_size = at;
	return copy;
}

static int open_road(struct bel_source **source, enum road road, const char *data, size_t size,
	const struct bel_source_options *options, struct bel_err *err)
{
	struct bel_input *input;
	int r;

	if (road == MEMORY)
		r = bel_input_open_memory(&input, "memory", data, size, err);
	else
		r = bel_input_open_fd(
			&input, descriptor_of(data, size, road != FROM_FILE), "t", err);
	return r < 0 ? r : bel_source_open_input(source, input, options, err);
}

/* Reads all on that road; the digest lands in `digest`. */
static bool read_all(struct flat *f, enum road road, const char *data, size_t size,
	const struct bel_source_options *options, char digest[17])
{
	struct bel_source *source = NULL;
	struct bel_err err = {0};
	char *copy = NULL;
	int r;

	if (road >= GZIP) {
		copy = packed(road, data, size, &size);
		data = copy;
	}
	r = open_road(&source,
		road == FROM_FILE ? road
		: road == MEMORY  ? road
				  : PIPE,
		data, size, options, &err);
	if (r == 0)
		r = flat_source(f, source, &err);
	if (r == 0)
		bel_source_digest(source, digest);
	bel_source_close(source);
	free(copy);
	return r == 0 || complain(road_name[road], err.text);
}

/* On every road the runs of flat_fold(), and one digest. */
static bool roads_agree(const struct random_stream *s, const char *data, size_t size,
	const struct bel_source_options *options, const char *what)
{
	struct flat wanted = {0};
	char first[17] = "", digest[17];
	bool fine = true;

	flat_fold(&wanted, s, options->page_bits, options->first_byte);
	for (int road = 0; fine && road < ROADS; road++) {
		struct flat got = {0};
		const char *difference;

		fine = read_all(&got, road, data, size, options, digest);
		difference = fine ? flat_difference(&got, &wanted) : NULL;
		if (difference)
			fine = complain(what, difference);
		if (fine && road == MEMORY)
			memcpy(first, digest, sizeof(first));
		else if (fine && strcmp(first, digest) != 0)
			fine = complain(what, "another digest than from memory");
		flat_clear(&got);
	}
	flat_clear(&wanted);
	return fine;
}

/* Exact: references as they were; folded while reading at any size. */
static bool exact_holds(const struct random_stream *s, struct bel_rng *rng, int level)
{
	struct bel_source_options options = {.page_bits = 12, .allow_empty = true};
	struct flat wanted = {0}, got = {0};
	struct bel_source *source = NULL;
	struct bel_err err = {0};
	const char *difference;
	char *data;
	size_t size;
	bool fine;

	native_of_exact(s, level, &data, &size);
	for (size_t b = 0; b < s->batches; b++)
		flat_accesses(&wanted, &s->batch[b]);
	fine = open_road(&source, MEMORY, data, size, &options, &err) == 0 &&
	       flat_source_exact(&got, source, &err) == 0;
	if (!fine)
		complain("exact", err.text);
	difference = fine ? flat_difference(&got, &wanted) : NULL;
	if (difference)
		fine = complain("exact", difference);
	bel_source_close(source);
	flat_clear(&wanted);
	flat_clear(&got);
	options.page_bits = 12 + bel_rng_below(rng, 8);
	options.first_byte = bel_rng_below(rng, 2);
	fine = fine && roads_agree(s, data, size, &options, "exact, folded while reading");
	free(data);
	return fine;
}

/* Folded at one size: the same again, at larger pages, and with crossings left out later. */
static bool folded_holds(const struct random_stream *s, struct bel_rng *rng, int level)
{
	unsigned finest = s->info.unit_bits ? s->info.unit_bits : 6;
	unsigned bits = finest + bel_rng_below(rng, 10);
	struct bel_source_options options = {.page_bits = bits, .allow_empty = true};
	bool first_byte = !bel_rng_below(rng, 4), fine;
	char *data;
	size_t size;

	if (bel_rng_below(rng, 2))
		native_of_folded(s, bits, first_byte, level, &data, &size);
	else
		native_of_phrases(
			s, bits, first_byte, level, bel_rng_below(rng, 1000), &data, &size);
	options.first_byte = first_byte;
	fine = roads_agree(s, data, size, &options, "folded");
	options.page_bits = bits + bel_rng_below(rng, 8);
	options.first_byte = first_byte || bel_rng_below(rng, 2);
	/* What was left out at small pages is left out at large ones. */
	fine = fine && roads_agree(s, data, size, &options, "folded, then read at larger pages");
	free(data);
	return fine;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 1500, 30000);
	while (prop_round(&p)) {
		struct random_stream s;
		int level = bel_rng_below(&p.rng, 4);
		bool fine;

		random_stream_make(&s, &p.rng, p.seed % 4 ? 300 : 2500);
		fine = exact_holds(&s, &p.rng, level) && folded_holds(&s, &p.rng, level);
		random_stream_release(&s);
		if (!fine) {
			printf("%s\n", complaint);
			return prop_failed(&p);
		}
	}
	return prop_passed(&p);
}

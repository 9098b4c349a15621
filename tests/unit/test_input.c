/* SPDX-License-Identifier: MIT */
/*
 * test_input.c: the window over files, pipes and memory, plain and compressed.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bzlib.h>
#include <cmocka.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "input.h"
#include "read_refs.h"

static struct bel_err err;

struct bytes {
	uint8_t *data;
	size_t size;
};

/* Bytes that compress a little and repeat nowhere at a short distance. */
static struct bytes pattern(size_t size)
{
	struct bytes b = {malloc(size), size};

	assert_non_null(b.data);
	for (size_t i = 0; i < size; i++)
		b.data[i] = (uint8_t)(i * 2654435761u >> 24 & 0x1f);
	return b;
}

static struct bytes append(struct bytes a, const void *data, size_t size)
{
	a.data = realloc(a.data, a.size + size);
	assert_non_null(a.data);
	memcpy(a.data + a.size, data, size);
	a.size += size;
	return a;
}

static struct bytes gzip(const struct bytes *plain)
{
	struct bytes b = {malloc(plain->size + 4096), 0};
	z_stream z = {.next_in = plain->data,
		.avail_in = (uInt)plain->size,
		.next_out = b.data,
		.avail_out = (uInt)plain->size + 4096};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	b.size = z.total_out;
	deflateEnd(&z);
	return b;
}

static struct bytes bzip2(const struct bytes *plain)
{
	unsigned size = (unsigned)(plain->size + plain->size / 100 + 600);
	char *const data = malloc(size);

	assert_int_equal(BZ2_bzBuffToBuffCompress(
				 data, &size, (char *)plain->data, (unsigned)plain->size, 1, 0, 0),
		BZ_OK);
	return (struct bytes){(uint8_t *)data, size};
}

static struct bytes xz(const struct bytes *plain)
{
	const size_t capacity = lzma_stream_buffer_bound(plain->size);
	uint8_t *const data = malloc(capacity);
	size_t size = 0;
	const lzma_ret r = lzma_easy_buffer_encode(
		1, LZMA_CHECK_CRC64, NULL, plain->data, plain->size, data, &size, capacity);

	return (struct bytes){data, r == LZMA_OK ? size : 0};
}

static struct bytes zstd(const struct bytes *plain)
{
	const size_t capacity = ZSTD_compressBound(plain->size);
	struct bytes b = {malloc(capacity), 0};

	b.size = ZSTD_compress(b.data, capacity, plain->data, plain->size, 1);
	assert_false(ZSTD_isError(b.size));
	return b;
}

static const struct {
	const char *name;
	struct bytes (*pack)(const struct bytes *plain);
	size_t pad; /* zero bytes that may stand between members */
} codecs[] = {{"gzip", gzip, 512}, {"bzip2", bzip2, 0}, {"xz", xz, 8}, {"zstd", zstd, 0}};

#define CODECS (sizeof(codecs) / sizeof(*codecs))

/* Reads to the end, `want` bytes at least in the window, and compares; returns fill's last word. */
static int compare(struct bel_input *in, const struct bytes *plain, size_t want, size_t take)
{
	uint64_t at = 0;
	int r;

	assert_non_null(in);
	while ((r = bel_input_fill(in, want, &err)) > 0) {
		const size_t n = in->have < take ? in->have : take;

		assert_true(in->have >= want || in->ended);
		assert_int_equal(in->offset, at);
		assert_true(at + in->have <= plain->size);
		assert_memory_equal(in->data, plain->data + at, in->have);
		bel_input_take(in, n);
		at += n;
	}
	if (!r) {
		assert_int_equal(at, plain->size);
		assert_int_equal(in->have, 0);
		assert_true(in->ended);
	}
	return r;
}

static struct bel_input *memory(const struct bytes *b)
{
	struct bel_input *in;

	assert_int_equal(bel_input_open_memory(&in, "memory", b->data, b->size, &err), 0);
	return in;
}

static void test_plain(void **state)
{
	const struct bytes plain = pattern(1000000);
	static const size_t takes[][2] = {{1, SIZE_MAX}, {65536, 1000}, {700000, 3}, {4097, 4096}};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct bel_input *const in = memory(&plain);

		/* Three bytes at a time through 700000: the start is enough. */
		if (takes[i][1] == 3) {
			assert_int_equal(bel_input_fill(in, takes[i][0], &err), 1);
			assert_true(in->have >= takes[i][0]);
			assert_memory_equal(in->data, plain.data, in->have);
		} else {
			assert_int_equal(compare(in, &plain, takes[i][0], takes[i][1]), 0);
			assert_int_equal(in->consumed, plain.size);
			assert_int_equal(in->size, plain.size);
		}
		bel_input_close(in);
	}
	free(plain.data);
}

static void test_around_the_window(void **state)
{
	const struct bytes plain = pattern(300);
	struct bel_input *const in = memory(&plain);
	unsigned sum = 0;

	(void)state;
	assert_int_equal(bel_input_fill(in, 300, &err), 1);
	/* A sanitizer or valgrind objects if these are not ours to read. */
	for (int i = 0; i < 64; i++)
		sum += in->data[in->have + (size_t)i] + in->data[-1 - i];
	assert_true(sum < 64 * 2 * 256);
	bel_input_close(in);
	free(plain.data);
}

static void test_empty(void **state)
{
	struct bel_input *in;

	(void)state;
	assert_int_equal(bel_input_open_memory(&in, "memory", NULL, 0, &err), 0);
	assert_int_equal(bel_input_fill(in, 1, &err), 0);
	assert_int_equal(bel_input_fill(in, 100, &err), 0);
	bel_input_close(in);
}

static void test_too_much(void **state)
{
	const struct bytes plain = pattern(10);
	struct bel_input *in = memory(&plain);

	(void)state;
	/* All that is left is all that is left. */
	assert_int_equal(bel_input_fill(in, 64 << 20, &err), 1);
	bel_input_close(in);
	assert_int_equal(bel_input_open(&in, "/dev/zero", &err), 0);
	assert_int_equal(bel_input_fill(in, (64 << 20) + 1, &err), BEL_USAGE);
	bel_input_close(in);
	free(plain.data);
}

static void test_compressed(void **state)
{
	const struct bytes plain = pattern(700000);

	(void)state;
	for (size_t i = 0; i < CODECS; i++) {
		const struct bytes packed = codecs[i].pack(&plain);
		struct bel_input *in = memory(&packed);

		assert_false(in->seekable);
		assert_int_equal(compare(in, &plain, 1, 4096), 0);
		assert_int_equal(in->consumed, packed.size);
		bel_input_close(in);
		in = memory(&packed);
		assert_int_equal(compare(in, &plain, 300000, 100000), 0);
		bel_input_close(in);
		free(packed.data);
	}
	free(plain.data);
}

static void test_in_pieces(void **state)
{
	const struct bytes plain = pattern(400);

	(void)state;
	for (size_t i = 0; i < CODECS; i++) {
		const struct bytes packed = codecs[i].pack(&plain);

		for (size_t piece = 3; piece < 60; piece += 8) {
			struct bel_input *const in =
				read_refs_pieces(packed.data, packed.size, piece);

			assert_int_equal(compare(in, &plain, 7, 5), 0);
			bel_input_close(in);
		}
		free(packed.data);
	}
	free(plain.data);
}

static void test_members(void **state)
{
	static const uint8_t zeros[512];
	const struct bytes plain = pattern(5000);
	const struct bytes twice = append(pattern(5000), plain.data, plain.size);

	(void)state;
	for (size_t i = 0; i < CODECS; i++) {
		const struct bytes second = codecs[i].pack(&plain);
		struct bytes packed = codecs[i].pack(&plain);
		struct bel_input *in;

		packed = append(packed, zeros, codecs[i].pad);
		packed = append(packed, second.data, second.size);
		packed = append(packed, zeros, codecs[i].pad);
		in = memory(&packed);
		assert_int_equal(compare(in, &twice, 1, 999), 0);
		bel_input_close(in);
		free(packed.data);
		free(second.data);
	}
	free(twice.data);
	free(plain.data);
}

/* Every cut is found, and what precedes it was given. */
static void test_truncated(void **state)
{
	const struct bytes plain = pattern(3000);

	(void)state;
	for (size_t i = 0; i < CODECS; i++) {
		struct bytes packed = codecs[i].pack(&plain);
		const size_t size = packed.size;

		for (packed.size = 6; packed.size < size; packed.size += 1 + packed.size / 16) {
			struct bel_input *const in = memory(&packed);
			char text[100];

			assert_int_equal(compare(in, &plain, 1, 100), BEL_FAIL);
			snprintf(text, sizeof(text),
				"memory: byte %llu: %s: the compressed data ends early",
				(unsigned long long)in->offset + in->have, codecs[i].name);
			assert_string_equal(err.text, text);
			/* It stays an error. */
			assert_int_equal(bel_input_fill(in, 1, &err), BEL_FAIL);
			assert_string_equal(err.text, text);
			bel_input_close(in);
		}
		free(packed.data);
	}
	free(plain.data);
}

static void test_damaged(void **state)
{
	const struct bytes plain = pattern(100000);

	(void)state;
	for (size_t i = 0; i < CODECS; i++) {
		struct bytes packed = codecs[i].pack(&plain);
		struct bel_input *in;
		int r;

		/* Behind the check sums' reach in no format: the middle, many bytes. */
		memset(packed.data + packed.size / 2, 0xa5, 64);
		in = memory(&packed);
		do {
			r = bel_input_fill(in, 1, &err);
			bel_input_take(in, in->have);
		} while (r > 0);
		assert_int_equal(r, BEL_FAIL);
		assert_non_null(strstr(err.text, codecs[i].name));
		bel_input_close(in);
		free(packed.data);
		/* Rubbish behind a whole stream is damage too. */
		packed = codecs[i].pack(&plain);
		packed = append(packed, "rubbish", 7);
		in = memory(&packed);
		assert_int_equal(compare(in, &plain, 1, 100000), BEL_FAIL);
		assert_int_equal(in->offset + in->have, plain.size);
		bel_input_close(in);
		free(packed.data);
	}
	free(plain.data);
}

static void test_no_file(void **state)
{
	struct bel_input *in;

	(void)state;
	assert_int_equal(bel_input_open(&in, "/", &err), BEL_FAIL);
	assert_null(in);
	assert_string_equal(err.text, "/: is a directory");
	assert_int_equal(bel_input_open(&in, "/no/such file", &err), BEL_FAIL);
	assert_null(in);
	assert_string_equal(err.text, "/no/such file: cannot open: No such file or directory");
}

static int file_of(const struct bytes *b)
{
	const int fd = memfd_create("test", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, b->data, b->size), (ssize_t)b->size);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void test_seek(void **state)
{
	const struct bytes plain = pattern(600000);
	const struct bytes rest = {plain.data + 1000, plain.size - 1000};
	const int fd = file_of(&plain);
	struct bel_input *in;

	(void)state;
	/* A file that stands open somewhere behind its start begins there. */
	assert_int_equal(lseek(fd, 1000, SEEK_SET), 1000);
	assert_int_equal(bel_input_open_fd(&in, fd, "a file", &err), 0);
	assert_string_equal(in->name, "a file");
	assert_true(in->seekable);
	assert_int_equal(in->size, rest.size);
	assert_int_equal(compare(in, &rest, 1, 10000), 0);
	assert_int_equal(bel_input_seek(in, 599000, &err), 0);
	assert_int_equal(bel_input_fill(in, 1, &err), 0);
	assert_int_equal(bel_input_seek(in, 500000, &err), 0);
	assert_int_equal(in->have, 0);
	assert_int_equal(bel_input_fill(in, 10, &err), 1);
	assert_int_equal(in->offset, 500000);
	assert_memory_equal(in->data, rest.data + 500000, 10);
	assert_int_equal(bel_input_seek(in, 0, &err), 0);
	assert_int_equal(compare(in, &rest, 1, 10000), 0);
	assert_int_equal(bel_input_seek(in, UINT64_MAX, &err), BEL_FAIL);
	bel_input_close(in);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	free(plain.data);
}

/* Reads a file to its end, with another size (0: the same) from its first byte on. */
static int read_changing(off_t size)
{
	const struct bytes plain = pattern(600000);
	struct bel_input *in;
	int r;

	assert_int_equal(bel_input_open_fd(&in, file_of(&plain), "a file", &err), 0);
	assert_int_equal(bel_input_fill(in, 1, &err), 1);
	if (size)
		assert_int_equal(ftruncate(in->fd, size), 0);
	while ((r = bel_input_fill(in, 1, &err)) > 0)
		bel_input_take(in, in->have);
	bel_input_close(in);
	free(plain.data);
	return r;
}

static void test_changing_file(void **state)
{
	(void)state;
	assert_int_equal(read_changing(0), 0);
	assert_int_equal(read_changing(500000), BEL_FAIL);
	assert_string_equal(err.text,
		"a file: its size changes while it is read, from 600000 to 500000 bytes: is it "
		"also "
		"the output? If another program writes it, wait until it is complete, or read a "
		"copy");
	assert_int_equal(read_changing(900000), BEL_FAIL);
	assert_non_null(
		strstr(err.text, "a file: its size changes while it is read, from 600000 to "
				 "900000 bytes: "));
}

static void test_no_seek(void **state)
{
	const struct bytes plain = pattern(1000);
	const struct bytes packed = zstd(&plain);
	struct bel_input *in;

	(void)state;
	assert_int_equal(bel_input_open_fd(&in, file_of(&packed), "z", &err), 0);
	assert_false(in->seekable);
	assert_int_equal(in->size, packed.size);
	assert_int_equal(bel_input_seek(in, 0, &err), BEL_USAGE);
	bel_input_close(in);
	in = read_refs_pieces(plain.data, plain.size, 100);
	assert_false(in->seekable);
	assert_int_equal(in->size, 0);
	bel_input_close(in);
	free(packed.data);
	free(plain.data);
}

/* A live pipe: nothing is waited for that was not asked for. */
static void test_no_waiting(void **state)
{
	const struct bytes plain = pattern(20);
	const struct bytes packed = zstd(&plain);
	const struct bytes *const both[] = {&plain, &packed};
	struct bel_input *in;
	int pair[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pipe(pair), 0);
		assert_int_equal(
			write(pair[1], both[i]->data, both[i]->size), (ssize_t)both[i]->size);
		assert_int_equal(bel_input_open_fd(&in, pair[0], "pipe", &err), 0);
		alarm(10); /* a wait would be for ever */
		assert_int_equal(bel_input_fill(in, 20, &err), 1);
		assert_int_equal(in->have, 20);
		assert_false(in->ended);
		close(pair[1]);
		assert_int_equal(bel_input_fill(in, 21, &err), 1);
		alarm(0);
		assert_true(in->ended);
		bel_input_close(in);
	}
	free(packed.data);
	free(plain.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_around_the_window),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_in_pieces),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_seek),
		cmocka_unit_test(test_changing_file),
		cmocka_unit_test(test_no_seek),
		cmocka_unit_test(test_no_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

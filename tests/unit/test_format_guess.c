/* SPDX-License-Identifier: MIT */
/*
 * test_format_guess.c: finding formats by name, by look and by suffix; the
 * formats without a look of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "read_refs.h"

static struct bel_err err;

static struct bel_input *named(const char *name, const void *data, size_t size)
{
	const int fd = memfd_create("test", 0);
	struct bel_input *input;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), (ssize_t)size);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(bel_input_open_fd(&input, fd, name, &err), 0);
	return input;
}

static const struct bel_format *guess(struct bel_input *input)
{
	struct bel_guess guess;

	return bel_format_guess(&guess, input, 0, &err) < 0 ? NULL : guess.format;
}

static enum bel_probe_verdict judge(
	const struct bel_format *format, const void *data, size_t size, bool whole)
{
	struct bel_probe probe = {.data = data, .have = size, .whole = whole};

	return format->probe(&probe);
}

/* What a text under a name is taken for; with a NULL format, what is said instead. */
static const struct {
	const char *name, *text, *format, *says;
} looks[] = {
	{"x", "07b243a0 R\n00228d40 W\n", "hexrw", NULL},
	{"x", "# a comment\n\n0x10 W\r\n", "hexrw", NULL},
	{"x", "7 R", "hexrw", NULL},
	{"x", "7 w\n8\n", "pages", NULL},
	{"x", "7w\n", "pages", NULL},
	{"x", "7,0,1,2\n", "pages", NULL},
	{"x", "7 0 1 2 0 3\n", "pages", NULL},
	{"x", "7 0 1 2\n0 3 0 4\n2 3 0 3\n", "pages", NULL},
	{"x", "7\n", "pages", NULL},
	{"x", "0x7\n0x8\n", "pages", NULL},
	{"x", "2 408ed4\n0 10019d94\n", "din", NULL},
	{"x", "0 1f\n4 0\n1 2\n", "din", NULL},
	{"x", "230027 8 0 0\n1842745 64 0 1\n", "arc", NULL},
	{"x", "1\n*\n2\n", "lirs", NULL},
	{"x", "1\n\n2\n", "pages", NULL},
	{"x.trc", "1\n2\n", "lirs", NULL},
	{"x.trc.xz", "1\n2\n", "lirs", NULL},
	{"x.trc", "1,2\n", "pages", NULL},
	{"x", "address\n1\n", "csv", NULL},
	{"x", "# by hand\ntime,op,\"vaddr\"\n1,R,0x10\n", "csv", NULL},
	{"x.csv", "1,2,R\n", "csv", NULL},
	{"x.csv", "a,b,c\n", "csv", NULL},
	/* Few lines may be two things: the suffix tells, or the user. */
	{"x", "0 1\n2 3\n", NULL, "x: may be din or pages: --from tells which"},
	{"x.din", "0 1\n2 3\n", "din", NULL},
	{"x.pages.gz", "0 1\n2 3\n", "pages", NULL},
	{"x", "7 1 0 0\n", NULL, "x: may be arc or pages: --from tells which"},
	{"x.lis", "7 1 0 0\n", "arc", NULL},
	/* A suffix that none of the two has does not. */
	{"x.csv", "0 1\n2 3\n", NULL, "x.csv: may be din or pages: --from tells which"},
	/* Some garbage does not hide a format, much does. */
	{"x", "1 R\n2 W\n3 R\n!\n", "hexrw", NULL},
	{"x", "1 R\n2 W\n!\n", NULL, "x: not a trace in any known format (--from names one)"},
	{"x", "call me Ishmael\n", NULL, "x: not a trace in any known format (--from names one)"},
	{"x", "\n\n\n", NULL, "x: not a trace in any known format (--from names one)"},
	{"x", "", NULL, "x: empty: no trace"},
	{"pages", "call me Ishmael\n", NULL,
		"pages: not a trace in any known format (--from names one)"},
	{"x.u32be", "call me Ishmael\n", "u32be", NULL},
	{"x.u64le.zst", "call me Ishmael\n", "u64le", NULL},
	{"x.u32be.bak", "call me Ishmael\n", NULL,
		"x.u32be.bak: not a trace in any known format (--from names one)"},
};

static void test_looks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
		struct bel_input *const input =
			named(looks[i].name, looks[i].text, strlen(looks[i].text));
		const struct bel_format *format;

		memset(&err, 0, sizeof(err));
		format = guess(input);
		if (!format != !looks[i].format ||
			(format && strcmp(format->name, looks[i].format) != 0))
			fail_msg("'%s' of %s is %s", looks[i].text, looks[i].name,
				format ? format->name : err.text);
		if (!format)
			assert_string_equal(err.text, looks[i].says);
		/* Looking takes nothing away. */
		assert_int_equal(input->offset, 0);
		assert_int_equal(input->have, strlen(looks[i].text));
		bel_input_close(input);
	}
}

/* Only the first 64 KiB are looked at, and the line that they cut does not count. */
static void test_long_look(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *const file = open_memstream(&text, &size);
	struct bel_input *input;
	const struct bel_format *format;

	(void)state;
	fputs("1 R\n", file);
	for (int i = 0; i < 100000; i++)
		fputc('0', file);
	fputs(" R\n", file);
	fclose(file);
	input = named("x", text, size);
	format = guess(input);
	assert_non_null(format);
	assert_string_equal(format->name, "hexrw");
	bel_input_close(input);
	free(text);
}

static void put(uint8_t *to, uint64_t value, size_t width, bool big)
{
	for (size_t i = 0; i < width; i++)
		to[big ? width - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

struct oracle_record {
	uint32_t time;
	uint64_t object;
	uint32_t size;
	int64_t next;
};

static size_t put_records(uint8_t *to, const struct oracle_record *record, size_t count)
{
	for (size_t i = 0; i < count; i++, to += 24) {
		put(to, record[i].time, 4, false);
		put(to + 4, record[i].object, 8, false);
		put(to + 12, record[i].size, 4, false);
		put(to + 16, (uint64_t)record[i].next, 8, false);
	}
	return count * 24;
}

static void test_oracle_general(void **state)
{
	static const struct oracle_record good[] = {
		{5, UINT64_MAX, 512, 2}, {5, 7, 0, INT64_MAX}, {9, UINT64_MAX, 4096, -1}};
	static const struct oracle_record bad[][1] = {{{1, 1, 1, 0}}, {{1, 1, UINT32_MAX, -1}},
		{{1, 1, 1, INT64_MAX - 1}}, {{1, 1, 1, -2}}};
	const struct bel_format_options options = {.max_bad = 0};
	uint8_t data[24 * 3];
	size_t size = put_records(data, good, 3);
	struct bel_input *input = named("x", data, size);
	const struct bel_format *format = guess(input);
	struct read_refs refs;

	(void)state;
	assert_non_null(format);
	assert_string_equal(format->name, "oracle-general");
	read_refs(&refs, format, input, &options, 2);
	assert_int_equal(refs.code, 0);
	assert_int_equal(refs.count, 3);
	assert_int_equal(refs.access[0].address, UINT64_MAX);
	assert_int_equal(refs.access[1].address, 7);
	assert_int_equal(refs.access[1].size, 1);
	assert_int_equal(refs.access[2].kind, BEL_LOAD);
	read_refs_release(&refs);
	/* A cut record: still recognised, then refused where it is. */
	input = named("x", data, size - 1);
	assert_ptr_equal(guess(input), format);
	read_refs(&refs, format, input, &options, 9);
	assert_int_equal(refs.code, BEL_FAIL);
	assert_string_equal(refs.err.text, "x: byte 48: 23 bytes where a record has 24");
	assert_int_equal(refs.count, 2);
	read_refs_release(&refs);
	/* Any suffix is worth more than this look. */
	input = named("x.u64be", data, size);
	assert_string_equal(guess(input)->name, "u64be");
	bel_input_close(input);
	for (size_t i = 0; i < 4; i++) {
		put_records(data, bad[i], 1);
		assert_int_equal(judge(format, data, 24, true), BEL_PROBE_NO);
	}
	put_records(data, good, 3);
	put(data + 48, 4, 4, false); /* time runs back */
	assert_int_equal(judge(format, data, 72, true), BEL_PROBE_NO);
}

static void test_raw(void **state)
{
	static const uint64_t pages[] = {1, 0x01020304, 0, UINT32_MAX, UINT64_MAX, 1};
	static const char *const names[] = {"u32le", "u32be", "u64le", "u64be"};
	const struct bel_format_options options = {.max_bad = 0};

	(void)state;
	for (size_t f = 0; f < 4; f++) {
		const struct bel_format *const format = bel_format_find(names[f], &err);
		const size_t width = f < 2 ? 4 : 8, count = f < 2 ? 4 : 6;
		uint8_t data[48];
		struct read_refs refs;
		char says[80];

		assert_non_null(format);
		for (size_t i = 0; i < count; i++)
			put(data + width * i, pages[i], width, f & 1);
		read_refs(&refs, format, read_refs_pieces(data, width * count, 3), &options, 4);
		assert_int_equal(refs.code, 0);
		assert_int_equal(refs.count, count);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(refs.access[i].address, pages[i]);
		read_refs_release(&refs);
		read_refs(&refs, format, read_refs_memory(data, width * count - 1), &options, 100);
		assert_int_equal(refs.code, BEL_FAIL);
		assert_int_equal(refs.count, count - 1);
		snprintf(says, sizeof(says), "memory: byte %zu: %zu bytes where a number has %zu",
			width * (count - 1), width - 1, width);
		assert_string_equal(refs.err.text, says);
		read_refs_release(&refs);
	}
}

static void test_written(void **state)
{
	static const char *const names[] = {"u32le", "u32be", "u64le", "u64be", "oracle-general"};
	static struct bel_access access[] = {
		{1, 1, BEL_LOAD}, {0xfffffffe, 4, BEL_STORE}, {UINT64_MAX, 1, BEL_FETCH}};
	const struct bel_format_options options = {.max_bad = 0};
	struct bel_accesses batch = {.access = access};

	(void)state;
	for (size_t f = 0; f < 5; f++) {
		const struct bel_format *const format = bel_format_find(names[f], &err);
		const struct read_refs original = {.access = access, .count = f < 2 ? 2 : 3};
		struct read_refs refs;
		char *text = NULL;
		size_t size;
		FILE *const file = open_memstream(&text, &size);

		batch.count = original.count;
		assert_int_equal(format->write(file, &batch, &err), 0);
		fclose(file);
		read_refs(&refs, format, read_refs_memory(text, size), &options, 10);
		assert_int_equal(refs.code, 0);
		assert_true(read_refs_equal(&original, &refs, false, false));
		read_refs_release(&refs);
		if (f == 4)
			assert_int_equal(judge(format, text, size, true), BEL_PROBE_LIKELY);
		free(text);
	}
}

static void test_too_wide(void **state)
{
	static struct bel_access access[] = {{UINT64_C(1) << 32, 1, BEL_LOAD}};
	const struct bel_accesses batch = {.access = access, .count = 1};
	char *text = NULL;
	size_t size;
	FILE *const file = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(bel_format_find("u32be", &err)->write(file, &batch, &err), BEL_FAIL);
	assert_string_equal(
		err.text, "page 4294967296 does not fit in 32 bits: a u64 format holds it");
	fclose(file);
	free(text);
}

static void test_names(void **state)
{
	const struct bel_format *format, *before = NULL;

	(void)state;
	for (size_t i = 0; (format = bel_format_at(i)); i++) {
		if (before)
			assert_true(strcmp(before->name, format->name) < 0);
		assert_ptr_equal(bel_format_find(format->name, &err), format);
		assert_true(strlen(format->title) > 10 && !strchr(format->title, '\n'));
		before = format;
	}
	assert_null(bel_format_find("bel2", &err));
	assert_int_equal(err.code, BEL_USAGE);
	assert_non_null(
		strstr(err.text, "unknown trace format 'bel2' (known: bel, arc, csv, din,"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks),
		cmocka_unit_test(test_long_look),
		cmocka_unit_test(test_oracle_general),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_too_wide),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

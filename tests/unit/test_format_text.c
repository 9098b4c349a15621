/* SPDX-License-Identifier: MIT */
/*
 * test_format_text.c: what each text format reads, refuses and writes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "read_refs.h"
#include "text.h"

static const struct bel_format *find(const char *name)
{
	struct bel_err err;
	const struct bel_format *const format = bel_format_find(name, &err);

	assert_non_null(format);
	return format;
}

#define L BEL_LOAD
#define S BEL_STORE
#define F BEL_FETCH
#define M BEL_MODIFY
#define TOP UINT64_MAX

/* What a text is read as; size 0 ends the references. */
struct reading {
	const char *format, *columns, *text;
	uint64_t noise;
	struct bel_access refs[10];
};

static const struct reading readings[] = {
	{"hexrw", NULL, "07b243a0 R\n00228d40 W\n", 0, {{0x7b243a0, 1, L}, {0x228d40, 1, S}}},
	{"hexrw", NULL, "# two\n\n  0xA\tw \r\n\r\nffffffffffffffff r", 1,
		{{10, 1, S}, {TOP, 1, L}}},
	{"hexrw", NULL, "0000000000000000000000001 R\n", 0, {{1, 1, L}}},
	{"din", NULL, "2 408ed4\n0 10019d94\n1 0x7F\n", 0,
		{{0x408ed4, 1, F}, {0x10019d94, 1, L}, {0x7f, 1, S}}},
	{"din", NULL, "0 1 what follows\r\n4 0\n3 12\n  2\t5\r\n0 a\tx", 2,
		{{1, 1, L}, {5, 1, F}, {10, 1, L}}},
	{"pages", NULL, "7,0,1", 0, {{7, 1, L}, {0, 1, L}, {1, 1, L}}},
	{"pages", NULL, "7\n0w\n1 w\n0x1F\n0x1fw\n", 0,
		{{7, 1, L}, {0, 1, S}, {1, 1, S}, {31, 1, L}, {31, 1, S}}},
	{"pages", NULL, "7 0 w 1 , 2\tw,3\r\n\n 18446744073709551615 ", 0,
		{{7, 1, L}, {0, 1, S}, {1, 1, L}, {2, 1, S}, {3, 1, L}, {TOP, 1, L}}},
	{"pages", NULL, "# 1 2 3\n4 # 5 w\n*\n6", 3, {{4, 1, L}, {6, 1, L}}},
	{"pages", NULL, "1R 2W, 3 r\n4\tw\n\t5\t\r\n", 0,
		{{1, 1, L}, {2, 1, S}, {3, 1, L}, {4, 1, S}, {5, 1, L}}},
	{"pages", NULL, "// 1 2\n3 // 4 w\n0x10W", 2, {{3, 1, L}, {16, 1, S}}},
	{"letters", NULL, "A, B\nAw c\tDW # E\n*\nr", 2,
		{{'A', 1, L}, {'B', 1, L}, {'A', 1, S}, {'c', 1, L}, {'D', 1, S}, {'r', 1, L}}},
	{"addresses", NULL, "16916\r\n 0xFFFFFFFFFFFFFFFF \n# a\n// b\n18446744073709551615\n0", 2,
		{{16916, 1, L}, {TOP, 1, L}, {TOP, 1, L}, {0, 1, L}}},
	{"hex-addresses", NULL, "0041f7a0\n10\n0X1f\n", 0,
		{{0x41f7a0, 1, L}, {16, 1, L}, {31, 1, L}}},
	{"hexrw", NULL, "10,R\n0x20 , w , 8\nff read\n1 WRITE,2 3\n", 0,
		{{16, 1, L}, {32, 1, S}, {255, 1, L}, {1, 1, S}}},
	{"xdin", NULL, "r 10 4\nW 0xff 10 more\ni 1\nm 2 1\r\nc 0 0\nv 1 1\n", 2,
		{{16, 4, L}, {255, 16, S}, {1, 1, F}, {2, 1, L}}},
	{"kind", NULL,
		"R 0x10\nw 17 8\nLD,0x20\nST: 0x30 , 4\nI:0x40\nifetch 1\nModify 2,2\r\n"
		" load\t3\nstore 4\n",
		0,
		{{16, 1, L}, {17, 8, S}, {32, 1, L}, {48, 4, S}, {64, 1, F}, {1, 1, F}, {2, 2, M},
			{3, 1, L}, {4, 1, S}}},
	{"kind-hex", NULL, "R 10 10\nS 0xfF\n", 0, {{16, 10, L}, {255, 1, S}}},
	{"kind-pages", NULL, "W 7\nread 0x10\nF 0\n", 0, {{7, 1, S}, {16, 1, L}, {0, 1, F}}},
	{"arc", NULL, "5 2 10 15\n", 0, {{5, 1, L}, {6, 1, L}}},
	{"lirs", NULL, "0\r\n12\r\n*\r\n\r\n * \n7", 2, {{0, 1, L}, {12, 1, L}, {7, 1, L}}},
	{"lirs", NULL, "18446744073709551615\n", 0, {{TOP, 1, L}}},
	{"arc", NULL, "10 3 0 0\n7 1 0 1\r\n#\n18446744073709551614 2\t9 5", 1,
		{{10, 1, L}, {11, 1, L}, {12, 1, L}, {7, 1, L}, {TOP - 1, 1, L}, {TOP, 1, L}}},
	{"csv", NULL, "kind,address,size\nload,0x10,8\nS,17,4\n", 1, {{16, 8, L}, {17, 4, S}}},
	{"csv", NULL, "# made by hand\n\ntime,\"VAddr\",op\n1,\"0x10\", \"write\" \n2, 5 ,m,more\n",
		2, {{16, 1, S}, {5, 1, M}}},
	{"csv", NULL, "Page\n1\n2", 1, {{1, 1, L}, {2, 1, L}}},
	{"csv", NULL, "block,addr\n1,7\n", 1, {{7, 1, L}}},
	{"csv", "address=2,kind=1,size=3",
		"R,1,1\nread,2,1\nl,3,1\nLOAD,4,1\nw,5,1\nI,6,1\nFetch,7,1\n", 0,
		{{1, 1, L}, {2, 1, L}, {3, 1, L}, {4, 1, L}, {5, 1, S}, {6, 1, F}, {7, 1, F}}},
	{"csv", "address=2,kind=1", "what,where\nstore,3\nmodify,4", 1, {{3, 1, S}, {4, 1, M}}},
	{"csv", "address=3:hex", "\"a,\"\"b\",,ff\n,,10\n", 0, {{0xff, 1, L}, {0x10, 1, L}}},
	{"csv", "address=where:hex,kind=3", "x,Where,y\n,abc,W\n", 1, {{0xabc, 1, S}}},
	{"csv", "page=1", "18446744073709551615\n", 0, {{TOP, 1, L}}},
	{"csv", "address=1", "# a\n18446744073709551615\n0xffffffffffffffff", 1,
		{{TOP, 1, L}, {TOP, 1, L}}},
};

static void check_refs(const struct read_refs *refs, const struct reading *reading)
{
	size_t n = 0;

	if (refs->code)
		fail_msg("%s: '%s': %s", reading->format, reading->text, refs->err.text);
	while (n < 10 && reading->refs[n].size)
		n++;
	if (refs->count != n)
		fail_msg("%s: '%s': %zu references", reading->format, reading->text, refs->count);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(refs->access[i].address, reading->refs[i].address);
		assert_int_equal(refs->access[i].kind, reading->refs[i].kind);
		assert_int_equal(refs->access[i].size, reading->refs[i].size);
	}
	assert_int_equal(refs->tally.noise, reading->noise);
	assert_int_equal(refs->tally.bad, 0);
}

/* However the bytes come and the references go. */
static void test_readings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++) {
		const struct reading *const reading = &readings[i];
		const struct bel_format_options options = {.columns = reading->columns};
		const size_t size = strlen(reading->text);
		struct read_refs refs;

		for (size_t batch = 1; batch < 12; batch += 5) {
			read_refs(&refs, find(reading->format),
				read_refs_memory(reading->text, size), &options, batch);
			check_refs(&refs, reading);
			read_refs_release(&refs);
			read_refs(&refs, find(reading->format),
				read_refs_pieces(reading->text, size, (batch + 3) / 4), &options,
				batch);
			check_refs(&refs, reading);
			read_refs_release(&refs);
		}
	}
}

/* A garbage line and what is said of it; good is read on both sides of it. */
struct garbage {
	const char *format, *columns, *good, *bad, *says;
};

static const struct garbage garbages[] = {
	{"hexrw", NULL, "1 R\n", "xyz R\n", "not 'hexaddress R|W': 'xyz R'"},
	{"hexrw", NULL, "1 R\n", "1R\n", "not 'hexaddress R|W': '1R'"},
	{"hexrw", NULL, "1 R\n", "1 RW\n", "not 'hexaddress R|W': '1 RW'"},
	{"hexrw", NULL, "1 R\n", "1,,R\n", "not 'hexaddress R|W': '1,,R'"},
	{"hexrw", NULL, "1 R\n", "1 reads\n", "not 'hexaddress R|W': '1 reads'"},
	{"hexrw", NULL, "1 R\n", "1\n", "not 'hexaddress R|W': '1'"},
	{"hexrw", NULL, "1 R\n", "10000000000000000 W\n",
		"not 'hexaddress R|W': '10000000000000000 W'"},
	{"hexrw", NULL, "1 R\n", "\001\377\n", "not 'hexaddress R|W': '\\x01\\xff'"},
	{"din", NULL, "0 1\n", "5 1\n", "not 'label hexaddress': '5 1'"},
	{"din", NULL, "0 1\n", "0 1g\n", "not 'label hexaddress': '0 1g'"},
	{"din", NULL, "0 1\n", "0\n", "not 'label hexaddress': '0'"},
	{"din", NULL, "0 1\n", "01 1\n", "not 'label hexaddress': '01 1'"},
	{"din", NULL, "0 1\n", "0 12345678123456789\n",
		"not 'label hexaddress': '0 12345678123456789'"},
	{"pages", NULL, "1\n", "x\n", "not a page number: 'x'"},
	{"pages", NULL, "1\n", "1x\n", "not a page number: '1x'"},
	{"pages", NULL, "1\n", "w\n", "not a page number: 'w'"},
	{"pages", NULL, "1\n", "-1\n", "not a page number: '-1'"},
	{"pages", NULL, "1\n", "0x\n", "not a page number: '0x'"},
	{"pages", NULL, "1\n", "1ww\n", "not a page number: '1ww'"},
	{"pages", NULL, "1\n", "18446744073709551616\n",
		"not a page number: '18446744073709551616'"},
	{"pages", NULL, "1\n", "R\n", "not a page number: 'R'"},
	{"pages", NULL, "1\n", "1rw\n", "not a page number: '1rw'"},
	{"pages", NULL, "1\n", "1.5\n", "not a page number: '1.5'"},
	{"letters", NULL, "A\n", "AB\n", "not a letter: 'AB'"},
	{"letters", NULL, "A\n", "7\n", "not a letter: '7'"},
	{"letters", NULL, "A\n", "Aww\n", "not a letter: 'Aww'"},
	{"addresses", NULL, "1\n", "f7a0\n", "not an address, decimal or 0x: 'f7a0'"},
	{"addresses", NULL, "1\n", "1 2\n", "not an address, decimal or 0x: '1 2'"},
	{"addresses", NULL, "1\n", "-1\n", "not an address, decimal or 0x: '-1'"},
	{"addresses", NULL, "1\n", "18446744073709551616\n",
		"not an address, decimal or 0x: '18446744073709551616'"},
	{"hex-addresses", NULL, "f\n", "g\n", "not a hexadecimal address: 'g'"},
	{"hex-addresses", NULL, "f\n", "1ffffffffffffffff\n",
		"not a hexadecimal address: '1ffffffffffffffff'"},
	{"xdin", NULL, "r 1 1\n", "x 1 1\n", "not 'r|w|i|m hexaddress hexsize': 'x 1 1'"},
	{"xdin", NULL, "r 1 1\n", "r 1 0\n", "not 'r|w|i|m hexaddress hexsize': 'r 1 0'"},
	{"xdin", NULL, "r 1 1\n", "r 1 100000000\n",
		"not 'r|w|i|m hexaddress hexsize': 'r 1 100000000'"},
	{"xdin", NULL, "r 1 1\n", "rw 1 1\n", "not 'r|w|i|m hexaddress hexsize': 'rw 1 1'"},
	{"kind", NULL, "R 1\n", "Q 1\n", "not 'kind address' or 'kind address size': 'Q 1'"},
	{"kind", NULL, "R 1\n", "R ff\n", "not 'kind address' or 'kind address size': 'R ff'"},
	{"kind", NULL, "R 1\n", "R 1 0\n", "not 'kind address' or 'kind address size': 'R 1 0'"},
	{"kind", NULL, "R 1\n", "R 1 1 1\n",
		"not 'kind address' or 'kind address size': 'R 1 1 1'"},
	{"kind", NULL, "R 1\n", "R1\n", "not 'kind address' or 'kind address size': 'R1'"},
	{"kind", NULL, "R 1\n", "R\n", "not 'kind address' or 'kind address size': 'R'"},
	{"kind-hex", NULL, "R 1\n", "R fg\n",
		"not 'kind hexaddress' or 'kind hexaddress size': 'R fg'"},
	{"kind-pages", NULL, "R 1\n", "R 1 4\n", "not 'kind page': 'R 1 4'"},
	{"lirs", NULL, "1\n", "0x1\n", "not a decimal number: '0x1'"},
	{"lirs", NULL, "1\n", "**\n", "not a decimal number: '**'"},
	{"lirs", NULL, "1\n", "99999999999999999999\n",
		"not a decimal number: '99999999999999999999'"},
	{"arc", NULL, "1 1 0 0\n", "1 1 0\n", "not 'start length ignored sequence': '1 1 0'"},
	{"arc", NULL, "1 1 0 0\n", "1 0 0 0\n", "not 'start length ignored sequence': '1 0 0 0'"},
	{"arc", NULL, "1 1 0 0\n", "18446744073709551615 2 0 0\n",
		"not 'start length ignored sequence': '18446744073709551615 2 0 0'"},
	{"arc", NULL, "1 1 0 0\n", "1 99999999999 0 0\n",
		"not 'start length ignored sequence': '1 99999999999 0 0'"},
};

static void test_garbage(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(garbages) / sizeof(*garbages); i++) {
		const struct garbage *const g = &garbages[i];
		struct bel_format_options options = {.columns = g->columns};
		struct read_refs refs;
		char text[200], says[200];

		snprintf(text, sizeof(text), "%s%s%s%s%s", g->good, g->good, g->bad, g->bad,
			g->good);
		snprintf(says, sizeof(says), "memory: line 3: %s", g->says);
		/* What precedes it was given, then the error comes. */
		read_refs(&refs, find(g->format), read_refs_memory(text, strlen(text)), &options,
			100);
		assert_int_equal(refs.code, BEL_FAIL);
		assert_string_equal(refs.err.text, says);
		assert_int_equal(refs.count, 2);
		read_refs_release(&refs);
		/* One may be skipped: the second fails. */
		options.max_bad = 1;
		says[13] = '4';
		read_refs(
			&refs, find(g->format), read_refs_memory(text, strlen(text)), &options, 1);
		assert_string_equal(refs.err.text, says);
		assert_int_equal(refs.tally.bad, 1);
		read_refs_release(&refs);
		options.max_bad = 2;
		read_refs(
			&refs, find(g->format), read_refs_memory(text, strlen(text)), &options, 2);
		assert_int_equal(refs.code, 0);
		assert_int_equal(refs.count, 3);
		assert_int_equal(refs.tally.bad, 2);
		read_refs_release(&refs);
	}
}

/* Bytes without any newline, more than a window holds. */
static void test_endless_line(void **state)
{
	static const char *const names[] = {"hexrw", "din", "pages", "lirs", "arc", "csv"};
	const size_t size = 600000;
	char *const text = malloc(size + 16);

	(void)state;
	assert_non_null(text);
	memset(text, 0, size);
	strcpy(text + size, "\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct bel_format_options options = {.columns = "address=1"};
		struct read_refs refs;

		read_refs(&refs, find(names[i]), read_refs_memory(text, size), &options, 10);
		assert_int_equal(refs.code, BEL_FAIL);
		assert_non_null(
			strstr(refs.err.text, "memory: line 1: a line of more than 64 KiB"));
		read_refs_release(&refs);
		/* Skipped, and the lines are still counted right. */
		options.max_bad = 1;
		strcpy(text + size, "\n7 !?\n");
		read_refs(&refs, find(names[i]), read_refs_memory(text, size + 6), &options, 10);
		assert_int_equal(refs.code, BEL_FAIL);
		assert_non_null(strstr(refs.err.text, "memory: line 2"));
		assert_int_equal(refs.tally.bad, 1);
		read_refs_release(&refs);
	}
	free(text);
}

/* However much of it a window holds: a line is too long by its length alone. */
static void test_long_line(void **state)
{
	static const char *const starts[] = {"# ", "0 1 ", "1 R ", "", "1 1 1 1", "1,"};
	static const char *const names[] = {"lirs", "din", "hexrw", "lirs", "arc", "csv"};
	char *const text = malloc(100000);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct bel_format_options options = {.columns = "address=1", .max_bad = 1};

		for (size_t length = 65535; length < 65539; length++) {
			const bool fits = length <= 65536;
			struct read_refs refs;

			memset(text, ' ', length);
			memcpy(text, starts[i], strlen(starts[i]));
			strcpy(text + length, "\n");
			read_refs(&refs, find(names[i]), read_refs_memory(text, length + 1),
				&options, 10);
			assert_int_equal(refs.code, 0);
			assert_int_equal(refs.count, fits && i != 0 && i != 3);
			assert_int_equal(refs.tally.noise, fits && i == 0);
			assert_int_equal(refs.tally.bad, !fits);
			read_refs_release(&refs);
		}
	}
	free(text);
}

/* Many windows full; "w" and comments wherever windows may end. */
static void test_pages_in_one_line(void **state)
{
	const struct bel_format_options options = {.max_bad = 0};
	const size_t count = 200000;
	struct read_refs refs;
	char *text = NULL;
	size_t size;
	FILE *const file = open_memstream(&text, &size);

	(void)state;
	for (size_t i = 0; i < count; i++)
		fprintf(file, i % 3 == 0 ? "%zu " : i % 3 == 1 ? "%zu   w " : "%zuw,", i);
	fclose(file);
	read_refs(&refs, find("pages"), read_refs_memory(text, size), &options, 1000);
	assert_int_equal(refs.code, 0);
	assert_int_equal(refs.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(refs.access[i].address, i);
		assert_int_equal(refs.access[i].kind, i % 3 ? S : L);
	}
	read_refs_release(&refs);
	/* The same as one comment. */
	text[0] = '#';
	read_refs(&refs, find("pages"), read_refs_memory(text, size), &options, 1000);
	assert_int_equal(refs.code, 0);
	assert_int_equal(refs.count, 0);
	assert_int_equal(refs.tally.noise, 1);
	read_refs_release(&refs);
	free(text);
}

/* Lines that lie across the ends of windows. */
static void test_many_lines(void **state)
{
	const struct bel_format_options options = {.max_bad = 0};
	const size_t count = 200000;
	struct read_refs refs;
	char *text = NULL;
	size_t size;
	FILE *const file = open_memstream(&text, &size);

	(void)state;
	for (size_t i = 0; i < count; i++)
		fprintf(file, "%zx %c%s\n", i * i, "RW"[i & 1], i % 7 ? "" : "\r");
	fclose(file);
	read_refs(&refs, find("hexrw"), read_refs_memory(text, size), &options, 4096);
	assert_int_equal(refs.code, 0);
	assert_int_equal(refs.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(refs.access[i].address, i * i);
		assert_int_equal(refs.access[i].kind, i & 1 ? S : L);
	}
	read_refs_release(&refs);
	free(text);
}

static const struct {
	const char *format, *text;
} written[] = {
	{"hexrw", "00000007 R\n7fffffff1000 W\n00000008 R\nffffffffffffffff W\n"},
	{"din", "2 7\n1 7fffffff1000\n0 8\n1 ffffffffffffffff\n"},
	{"pages", "7\n140737488293888 w\n8\n18446744073709551615 w\n"},
	{"lirs", "7\n140737488293888\n8\n18446744073709551615\n"},
	{"arc", "7 1 0 0\n140737488293888 1 0 0\n8 1 0 0\n18446744073709551615 1 0 0\n"},
	{"csv", "kind,address,size\nfetch,0x7,3\nstore,0x7fffffff1000,8\nload,0x8,1\n"
		"modify,0xffffffffffffffff,4294967295\n"},
};

static void test_written(void **state)
{
	static struct bel_access access[] = {
		{7, 3, F}, {0x7fffffff1000, 8, S}, {8, 1, L}, {TOP, UINT32_MAX, M}};
	const struct bel_accesses batch = {.access = access, .count = 4, .capacity = 4};
	const struct bel_trace_info info = {.address_bits = 64};
	struct bel_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(written) / sizeof(*written); i++) {
		const struct bel_format *const format = find(written[i].format);
		char *text = NULL;
		size_t size;
		FILE *const file = open_memstream(&text, &size);

		if (format->write_head)
			assert_int_equal(format->write_head(file, &info, &err), 0);
		assert_int_equal(format->write(file, &batch, &err), 0);
		fclose(file);
		assert_string_equal(text, written[i].text);
		free(text);
	}
}

/* More than the writers' buffer holds. */
static void test_written_and_read(void **state)
{
	const size_t count = 5000;
	struct bel_access *const access = calloc(count, sizeof(*access));
	const struct bel_accesses batch = {.access = access, .count = count, .capacity = count};
	const struct bel_format_options options = {.max_bad = 0};
	const struct bel_trace_info info = {.address_bits = 64};
	const struct bel_format *format;
	struct read_refs refs, original = {.access = access, .count = count};
	struct bel_err err;

	(void)state;
	for (size_t i = 0; i < count; i++)
		access[i] = (struct bel_access){TOP - i * i, (uint32_t)(TOP - i), i % 4};
	for (size_t i = 0; i < sizeof(written) / sizeof(*written); i++) {
		char *text = NULL;
		size_t size;
		FILE *const file = open_memstream(&text, &size);

		format = find(written[i].format);
		if (format->write_head)
			assert_int_equal(format->write_head(file, &info, &err), 0);
		assert_int_equal(format->write(file, &batch, &err), 0);
		fclose(file);
		read_refs(&refs, format, read_refs_memory(text, size), &options, 1000);
		assert_int_equal(refs.code, 0);
		/* csv alone tells modify from store. */
		assert_true(read_refs_equal(&original, &refs, format->caps & BEL_FORMAT_SIZES,
			format->caps & BEL_FORMAT_SIZES));
		read_refs_release(&refs);
		free(text);
	}
	free(access);
}

static void test_numbers(void **state)
{
	uint64_t value = 0;

	(void)state;
	assert_null(bel_text_decimal((const uint8_t *)"x", &value));
	assert_null(bel_text_decimal((const uint8_t *)"18446744073709551616", &value));
	assert_null(bel_text_decimal((const uint8_t *)"100000000000000000000", &value));
	assert_non_null(bel_text_decimal((const uint8_t *)"18446744073709551610", &value));
	assert_int_equal(value, TOP - 5);
	assert_non_null(bel_text_decimal((const uint8_t *)"000000000000000000000000012", &value));
	assert_int_equal(value, 12);
	assert_null(bel_text_hex((const uint8_t *)"0xg", &value));
	assert_null(bel_text_hex((const uint8_t *)"fffffffffffffffff", &value));
	assert_non_null(bel_text_hex((const uint8_t *)"0XfFfFfFfFfFfFfFfF,", &value));
	assert_int_equal(value, TOP);
	for (int c = 0; c < 256; c++) {
		const int digit = c && strchr("0123456789", c)     ? c - '0'
				  : c && strchr("abcdefABCDEF", c) ? (c | 0x20) - 'a' + 10
								   : 0x80;

		assert_int_equal(bel_text_digits[c], digit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_endless_line),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_pages_in_one_line),
		cmocka_unit_test(test_many_lines),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_written_and_read),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

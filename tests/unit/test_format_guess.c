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

#define NO BEL_PROBE_NO
#define LIKELY BEL_PROBE_LIKELY
#define CERTAIN BEL_PROBE_CERTAIN

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

	return bel_format_guess(&guess, input, 0, 0, &err) < 0 ? NULL : guess.format;
}

static enum bel_probe_verdict judge(
	const struct bel_format *format, const void *data, size_t size, bool whole)
{
	struct bel_probe probe = {.data = data, .have = size, .whole = whole};

	return format->probe(&probe);
}

/*
 * What a text under a name is taken for, and how surely; with a NULL format, how the message
 * that refuses it begins.
 */
static const struct {
	const char *name, *text, *format;
	enum bel_probe_verdict verdict;
	const char *says;
} looks[] = {
	/* An address and R or W: some number must be hexadecimal. */
	{"x", "07b243a0 R\n00228d40 W\n", "hexrw", CERTAIN, NULL},
	{"x", "0000000 W\n0001000 R\n", "hexrw", CERTAIN, NULL},
	{"x", "# a comment\n\n0x10 W\r\n", "hexrw", CERTAIN, NULL},
	{"x", "ff r\n10 w\n", "hexrw", CERTAIN, NULL},
	{"x", "0x1000,R\n0x2000,W\n", "hexrw", CERTAIN, NULL},
	{"x", "0x1000 read\n0x2000 WRITE\n", "hexrw", CERTAIN, NULL},
	{"x", "0x1000 R 8 1.5\n0x2000 W 8 2.5\n", "hexrw", LIKELY, NULL},
	/* Small decimal numbers and R or W are pages; larger ones may be either. */
	{"x", "1 R\n2 W\n3 R\n", "pages", LIKELY, NULL},
	{"x", "7 R", "pages", LIKELY, NULL},
	{"x.hexrw", "7 R", "hexrw", CERTAIN, NULL},
	{"x", "16916 R\n17 W\n", NULL, NO,
		"x: line 1 \"16916 R\": may be hexrw or pages: choose with --from"},
	{"x.pages", "16916 R\n17 W\n", "pages", CERTAIN, NULL},
	{"x", "7 w\n8\n", "pages", CERTAIN, NULL},
	{"x", "7w\n", "pages", CERTAIN, NULL},
	{"x", "1R 2W", "pages", CERTAIN, NULL},
	{"x", "1 R 2 W 3 R", "pages", CERTAIN, NULL},
	/* Lists of pages. */
	{"x", "7,0,1,2\n", "pages", CERTAIN, NULL},
	{"x", "7 0 1 2 0 3\n", "pages", CERTAIN, NULL},
	{"x", "7\t0\t1 2\t0\t3 \r\n", "pages", CERTAIN, NULL},
	{"x", "// by hand\n7 0 1 2 0 3\n", "pages", CERTAIN, NULL},
	{"x",
		"\xef\xbb\xbf"
		"7 0 1 2 0 3\n",
		"pages", CERTAIN, NULL},
	{"x", "0x10 17 0x12 19 20 21\n", "pages", LIKELY, NULL},
	{"x", "7, 0, 1, 2,\n0, 3, 0, 4,\n2\n", "pages", LIKELY, NULL},
	{"x", "7 0 1 2 0 3 0 4 2 3\n0 3 2 1 2 0 1\n7 0 1\n", "pages", LIKELY, NULL},
	{"x", "7\n", "pages", CERTAIN, NULL},
	{"x", "1\n\n2\n", "pages", CERTAIN, NULL},
	{"x", "4096\n7\n", "pages", LIKELY, NULL},
	{"x", "0x7\n0x8\n", "pages", LIKELY, NULL},
	{"x.trc", "1,2\n", "pages", CERTAIN, NULL},
	/* What the reader then refuses by its line is still a list of pages. */
	{"x", "1\n2\n3\n18446744073709551616\n", "pages", CERTAIN, NULL},
	{"x", "-1\n2\n", "pages", CERTAIN, NULL},
	/* Letters for pages. */
	{"x", "A B C D A B E\n", "letters", CERTAIN, NULL},
	{"x", "a,b,c,d", "letters", CERTAIN, NULL},
	{"x", "A\nB\nR\n", "letters", CERTAIN, NULL},
	/* Addresses, one a line. */
	{"x", "0x0041f7a0\n0x0041f7a4\n", "addresses", LIKELY, NULL},
	{"x.addr", "16916\n16917\n", "addresses", CERTAIN, NULL},
	{"x", "0041f7a0\n00420000\n", "hex-addresses", CERTAIN, NULL},
	/* Tables of numbers. */
	{"x", "12 4096\n13 8192\n", NULL, NO,
		"x: line 1 \"12 4096\": may be pages or ramulator: choose with --from (pages: a "
		"table of numbers in 2 columns"},
	{"x", "1 1001 2048\n2 1002 512\n3 1001 2048\n", NULL, NO,
		"x: line 1 \"1 1001 2048\": may be pages: choose with --from"},
	{"x", "0x1000 0\n0x2000 1\n", NULL, NO,
		"x: line 1 \"0x1000 0\": may be pages: choose with --from"},
	{"x.csv", "0x401000, 0x7ffe10\n0x401004, 0x7ffe18\n", NULL, NO,
		"x.csv: line 1 \"0x401000, 0x7ffe10\": may be "},
	{"x", "3 20734016\n1 20846400\n6 20734208 20841280\n", "ramulator", LIKELY, NULL},
	{"x", "7 0 1 2\n0 3 0 4\n2 3 0 3\n", NULL, NO,
		"x: line 1 \"7 0 1 2\": may be pages: choose with --from"},
	{"x", "7 0 1 2\n0 3 0 4\n2 3\n", NULL, NO,
		"x: line 1 \"7 0 1 2\": may be pages: choose with --from"},
	{"x", "3\n7 0 1 2 0 3\n", NULL, NO, "x: line 1 \"3\": may be pages: choose with --from"},
	{"x.pages", "7 0 1 2\n0 3 0 4\n2 3 0 3\n", "pages", CERTAIN, NULL},
	/* Dinero. */
	{"x", "2 408ed4\n0 10019d94\n", "din", CERTAIN, NULL},
	{"x", "0 1f\n4 0\n1 2\n", "din", CERTAIN, NULL},
	{"x", "0 0x1000\n2 0x3000\n", "din", LIKELY, NULL},
	{"x", "0 1\n2 3\n", NULL, NO, "x: line 1 \"0 1\": may be din or pages: choose with --from"},
	{"x.din", "0 1\n2 3\n", "din", CERTAIN, NULL},
	{"x.pages.gz", "0 1\n2 3\n", "pages", CERTAIN, NULL},
	{"x.csv", "0 1\n2 3\n", NULL, NO, "x.csv: line 1 \"0 1\": may be din or pages: "},
	{"x", "r 408ed4 4\nw 1000 8\ni 10 4\n", "xdin", CERTAIN, NULL},
	/* ARC's requests are numbered; other tables of four columns are not. */
	{"x", "230027 8 0 0\n1842745 64 0 1\n", "arc", CERTAIN, NULL},
	{"x", "1936993 8 0 0\n793041 16 0 1\n1494305 8 10 15\n1782849 24 10 16\n", "arc", CERTAIN,
		NULL},
	{"x", "1494305 8 10 15\n1782849 24 10 16\n", "arc", LIKELY, NULL},
	{"x", "7 1 0 0\n", NULL, NO,
		"x: line 1 \"7 1 0 0\": may be arc or pages: choose with --from"},
	{"x.lis", "7 1 0 0\n", "arc", CERTAIN, NULL},
	{"x", "12 4096 8 100\n13 8192 8 101\n", NULL, NO,
		"x: line 1 \"12 4096 8 100\": may be arc or pages: choose with --from"},
	{"x", "9 8 7 6\n9 8 7 5\n", NULL, NO,
		"x: line 1 \"9 8 7 6\": may be arc or pages: choose with --from"},
	/* LIRS. */
	{"x", "1\n*\n2\n", "lirs", CERTAIN, NULL},
	{"x.trc", "1\n2\n", "pages", CERTAIN, NULL},
	{"x.trc", "1\n5000\n", "lirs", CERTAIN, NULL},
	{"x.trc.xz", "5000\n2\n", "lirs", CERTAIN, NULL},
	/* The kind first. */
	{"x", "R 0x1000\nW 0x2000\n", "kind", CERTAIN, NULL},
	{"x", "l 0x1fffff78 4\ns 0x1fffff80 8\n", "kind", CERTAIN, NULL},
	{"x", "LD 0x10\nST 0x20\n", "kind", CERTAIN, NULL},
	{"x", "I: 0x400d7d\n", "kind", CERTAIN, NULL},
	{"x", "load,0x1000\nstore,0x2000\n", "kind", CERTAIN, NULL},
	{"x", "R 20734016 64\nW 20846400 64\n", "kind", LIKELY, NULL},
	{"x", "LD 7ffe10\nST 400000\n", "kind-hex", LIKELY, NULL},
	{"x", "R 5\nW 6\n", "kind-pages", LIKELY, NULL},
	{"x", "R 5000\nW 6\n", NULL, NO,
		"x: line 1 \"R 5000\": may be kind, kind-hex, kind-pages or xdin: choose with "
		"--from"},
	/* Results of our own tools. */
	{"x.jsonl", "{\"schema\":\"belady.run/1\",\"tool\":\"bel-sim\"}\n", NULL, NO,
		"x.jsonl: has results, not a trace; bel-plot and bel-compare read results"},
	/* A head line. */
	{"x", "address\n1\n", "csv", CERTAIN, NULL},
	{"x", "# by hand\ntime,op,\"vaddr\"\n1,R,0x10\n", "csv", CERTAIN, NULL},
	{"x.csv", "a,b,c\n1;2\n", "csv", CERTAIN, NULL},
	/* Some garbage does not hide a format, much does. */
	{"x", "0x1 R\n0x2 W\n0x3 R\n!\n", "hexrw", LIKELY, NULL},
	{"x", "0x1 R\n0x2 W\n!\n", NULL, NO,
		"x: line 1 \"0x1 R\": not a trace in any known format; nearest: "},
	{"x", "q 0x1000 8\n", NULL, NO,
		"x: line 1 \"q 0x1000 8\": not a trace in any known format; nearest: kind (\"R "
		"0x7ffe1000 8\", --from kind), "},
	{"x", "call me \033[31m Ishmael\n", NULL, NO,
		"x: line 1 \"call me \\x1b[31m Ishmael\": not a trace in any known format; list: "
		"--from list"},
	{"x", "\n\n# 1\n", NULL, NO, "x: no references: only blank lines and comments"},
	{"x", "", NULL, NO, "x: empty: no trace"},
	{"pages", "call me Ishmael\n", NULL, NO, "pages: line 1 \"call me Ishmael\": not a trace"},
	{"x.u32be", "call me Ishmael\n", "u32be", CERTAIN, NULL},
	{"x.u64le.zst", "call me Ishmael\n", "u64le", CERTAIN, NULL},
	{"x.u32be.bak", "call me Ishmael\n", NULL, NO,
		"x.u32be.bak: line 1 \"call me Ishmael\": not a trace in any known format"},
};

static void test_looks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
		struct bel_input *const input =
			named(looks[i].name, looks[i].text, strlen(looks[i].text));
		struct bel_guess found;
		int r;

		memset(&err, 0, sizeof(err));
		r = bel_format_guess(&found, input, 0, 0, &err);
		assert_int_equal(r, found.format ? 0 : BEL_FAIL);
		if (!found.format != !looks[i].format || found.verdict != looks[i].verdict ||
			(found.format && strcmp(found.format->name, looks[i].format) != 0))
			fail_msg("'%s' of %s is %s, %s: %s", looks[i].text, looks[i].name,
				found.format ? found.format->name : "refused",
				bel_probe_verdict_name(found.verdict),
				found.format ? found.reason : err.text);
		if (!found.format && strncmp(err.text, looks[i].says, strlen(looks[i].says)) != 0)
			fail_msg("'%s': %s", looks[i].says, err.text);
		if (found.format)
			assert_true(*found.reason);
		/* Looking takes nothing away. */
		assert_int_equal(input->offset, 0);
		assert_int_equal(input->have, strlen(looks[i].text));
		bel_input_close(input);
	}
}

/* Page numbers stand for 4 KiB: a list that is to be counted in finer pages holds addresses. */
static void test_page_size(void **state)
{
	static const struct {
		const char *text;
		unsigned page_bits, unit_bits;
		const char *format;
	} sizes[] = {
		{"16916\n16917\n62493\n", 8, 0, "addresses"},
		{"16916\n16917\n62493\n", 4, 0, "addresses"},
		{"16916\n16917\n62493\n", 12, 0, "pages"},
		{"16916\n16917\n62493\n", 8, 8, "pages"},
		{"0x41f7a0\n", 8, 0, "addresses"},
		{"0x41f7a0\n", 0, 12, NULL},
		/* As addresses they were all one page. */
		{"0\n1\n7\n", 10, 0, "pages"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct bel_input *const input = named("x", sizes[i].text, strlen(sizes[i].text));
		struct bel_guess found;

		bel_format_guess(&found, input, sizes[i].page_bits, sizes[i].unit_bits, &err);
		assert_int_equal(!found.format, !sizes[i].format);
		if (found.format)
			assert_string_equal(found.format->name, sizes[i].format);
		bel_input_close(input);
	}
}

/* However long a file is, it is what its start is: around the window's end, and far behind. */
static void test_any_length(void **state)
{
	static const struct {
		const char *line, *format;
	} kinds[] = {
		{"7b243a0 R\n", "hexrw"},
		{"2 408ed4\n", "din"},
		{"7\n", "pages"},
		{"7 0 1 ", "pages"},
		{"5000\n", "pages"},
		{"12 4096\n", NULL},
		{"0x1000 0\n", NULL},
		{"0x1000\n", "addresses"},
		{"R 0x1000\n", "kind"},
		{"A B ", "letters"},
		{"I  04001090,3\n L 1ffeffe7e,8\n", "lackey"},
		{"5\n*\n", "lirs"},
	};
	const size_t most = ((size_t)64 << 10) + 4096;
	char *const text = malloc(most);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const size_t n = strlen(kinds[i].line);
		enum bel_probe_verdict verdict = BEL_PROBE_NO;

		for (size_t at = 0; at < most; at++)
			text[at] = kinds[i].line[at % n];
		for (size_t size = ((size_t)64 << 10) - 40; size <= most; size++) {
			struct bel_input *input;
			struct bel_guess found;

			if (size == ((size_t)64 << 10) + 40)
				size = most;
			input = named("x", text, size);
			bel_format_guess(&found, input, 0, 0, &err);
			if (!found.format != !kinds[i].format ||
				(found.format && strcmp(found.format->name, kinds[i].format) != 0))
				fail_msg("%zu bytes of '%s' are %s", size, kinds[i].line,
					found.format ? found.format->name : err.text);
			if (verdict)
				assert_int_equal(found.verdict, verdict);
			verdict = found.verdict;
			bel_input_close(input);
		}
	}
	free(text);
}

static void test_utf16(void **state)
{
	static const char little[] = "\xff\xfe"
				     "7\0,\0"
				     "1\0\n",
			  plain[] = "7\0,\0"
				    "1\0\n";
	static const char *const says =
		"x: UTF-16 text is not supported; convert it: iconv -f UTF-16 -t UTF-8";
	struct bel_input *input = named("x", little, sizeof(little));

	(void)state;
	assert_null(guess(input));
	assert_string_equal(err.text, says);
	bel_input_close(input);
	input = named("x", plain, sizeof(plain));
	assert_null(guess(input));
	assert_string_equal(err.text, says);
	bel_input_close(input);
	input = named("x", "\0\0\0\1\0\0\0\2", 8);
	assert_null(guess(input));
	assert_non_null(strstr(err.text, "not text; bare integers need --from u32le, "));
	bel_input_close(input);
}

static void test_quote(void **state)
{
	char shown[12];

	(void)state;
	bel_format_quote(shown, sizeof(shown), (const uint8_t *)"a\tb\r", 4);
	assert_string_equal(shown, "a\\tb\\r");
	bel_format_quote(shown, sizeof(shown), (const uint8_t *)"\x1b[1m", 4);
	assert_string_equal(shown, "\\x1b[1m");
	bel_format_quote(shown, sizeof(shown), (const uint8_t *)"0123456789abcdef", 16);
	assert_string_equal(shown, "01234567...");
	bel_format_quote(shown, sizeof(shown), (const uint8_t *)"", 0);
	assert_string_equal(shown, "");
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
	fputs("0x1 R\n", file);
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
	assert_string_equal(refs.err.text, "x: byte 48: 23 bytes left, but a record has 24");
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
		snprintf(says, sizeof(says),
			"memory: byte %zu: %zu bytes left, but a number has %zu",
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
		err.text, "page 4294967296 does not fit in 32 bits; use u64le or u64be");
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
	assert_non_null(strstr(
		err.text, "unknown trace format 'bel2' (known: bel, addresses, alibaba, arc, "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks),
		cmocka_unit_test(test_page_size),
		cmocka_unit_test(test_any_length),
		cmocka_unit_test(test_utf16),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_long_look),
		cmocka_unit_test(test_oracle_general),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_too_wide),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

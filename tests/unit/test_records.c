/* SPDX-License-Identifier: MIT */
/* test_records.c: reading records back, and what is said of those that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "records.h"

static struct bel_err err;
static struct bel_records *records;
static FILE *in;

static void start(const char *text, size_t size)
{
	in = fmemopen((void *)(uintptr_t)text, size, "r");
	assert_non_null(in);
	assert_int_equal(bel_records_open_file(&records, in, "r.jsonl", &err), 0);
}

static void finish(void)
{
	bel_records_close(records);
	fclose(in);
}

static void fails(const char *text, size_t size, const char *why)
{
	struct bel_record *record;

	start(text, size);
	assert_int_equal(bel_records_next(records, &record, &err), BEL_FAIL);
	assert_null(record);
	assert_string_equal(err.text, why);
	finish();
}

#define FAILS(text, why) fails(text, sizeof(text) - 1, why)

static void test_members(void **state)
{
	static const char text[] =
		"\n  \n{\"schema\":\"run/1\",\"trace\":{\"name\":\"ls\"},\"params\":{\"bit\":1,"
		"\"x\":true},\"frames\":null,\"faults\":7,\"ratio\":0.25,\"series\":[3,4.5]}";
	struct bel_record *record;
	const char *name;
	uint64_t count;
	double real;
	char *params;

	(void)state;
	start(text, sizeof(text) - 1);
	assert_int_equal(bel_records_next(records, &record, &err), 1);
	assert_string_equal(bel_record_schema(record), "run/1");
	assert_int_equal(bel_record_line(record), 3);
	assert_int_equal(bel_record_get_text(record, "trace.name", &name, &err), 0);
	assert_string_equal(name, "ls");
	assert_int_equal(bel_record_get_count(record, "faults", &count, &err), 0);
	assert_int_equal(count, 7);
	assert_int_equal(bel_record_get_element(record, "faults", 0, &real, &err), 0);
	assert_true(real == 7);
	assert_int_equal(bel_record_get_element(record, "series", 1, &real, &err), 0);
	assert_true(real == 4.5);
	assert_int_equal(bel_record_get_element(record, "ratio", 1, &real, &err), 0);
	assert_true(real == 0.25);
	assert_int_equal(bel_record_length(record, "series"), 2);
	assert_int_equal(bel_record_length(record, "ratio"), 0);
	assert_true(bel_record_has(record, "ratio"));
	assert_false(bel_record_has(record, "frames"));
	assert_false(bel_record_has(record, "trace.pages"));
	params = bel_record_object_text(record, "params");
	assert_string_equal(params, "bit=1 x=on");
	free(params);

	assert_int_equal(bel_record_get_count(record, "ratio", &count, &err), BEL_FAIL);
	assert_string_equal(err.text, "r.jsonl: line 3: the run/1 record has no count \"ratio\"");
	assert_int_equal(bel_record_get_element(record, "frames", 0, &real, &err), BEL_FAIL);
	assert_string_equal(err.text, "r.jsonl: line 3: the run/1 record has no number \"frames\"");
	assert_int_equal(bel_record_get_text(record, "trace", &name, &err), BEL_FAIL);
	assert_string_equal(err.text, "r.jsonl: line 3: the run/1 record has no text \"trace\"");
	assert_int_equal(bel_record_get_element(record, "series", 2, &real, &err), BEL_FAIL);
	bel_record_free(record);
	assert_int_equal(bel_records_next(records, &record, &err), 0);
	finish();
}

static void test_no_records(void **state)
{
	(void)state;
	FAILS("{\"schema\":", "r.jsonl: line 1, column 10: not a JSON record: the input ends in "
			      "the middle of it");
	FAILS("\n\033[31m\n",
		"r.jsonl: line 2, column 1: '\033' where a JSON record should begin, {...}");
	FAILS("{\"a\":1}\n", "r.jsonl: line 1: not a result record: it has no \"schema\"");
	FAILS("[1]\n", "r.jsonl: line 1, column 2: '1' where a JSON record should begin, {...}");
	FAILS("{\"schema\":\"a\",\"schema\":\"b\"}\n",
		"r.jsonl: line 1, column 22: not a JSON record: a member is there twice");
	FAILS("x\n", "r.jsonl: line 1, column 1: 'x' where a JSON record should begin, {...}");
	FAILS("{\"schema\":\"a\",\n \"n\":1e999}",
		"r.jsonl: line 2, column 10: not a JSON record: a number is too large");
	FAILS("{\"schema\":\"a\",\"n\":9223372036854775808}",
		"r.jsonl: line 1, column 37: not a JSON record: a number is too large");
	FAILS("{\"schema\":\"\\u0000\"}",
		"r.jsonl: line 1, column 18: not a JSON record: a text contains a NUL character");
	FAILS("\n  {\"schema\" \"a\"}",
		"r.jsonl: line 2, column 15: not a JSON record: it is not JSON");
	FAILS("[", "r.jsonl: line 1: the input ends in an array of records; ] is missing");
	FAILS("]", "r.jsonl: line 1, column 1: ']' where a JSON record should begin, {...}");
	FAILS(",", "r.jsonl: line 1, column 1: ',' where a JSON record should begin, {...}");
	FAILS("[,", "r.jsonl: line 1, column 2: ',' where a JSON record should begin, {...}");
	FAILS("\x89"
	      "BEL",
		"r.jsonl: is not text, so it has no result records; if it is a trace, "
		"bel-sim or bel-curve makes records of it");
	FAILS("\x1f\x8b", "r.jsonl: is not text, so it has no result records; if it is a trace, "
			  "bel-sim or bel-curve makes records of it");
	FAILS("\xff\xfe{", "r.jsonl: is UTF-16, but records must be UTF-8");
}

/* Reads all of a text; how many records there are, and whether an error ends it. */
static size_t count_records(const char *text, size_t size, bool *failed, unsigned long *last_line)
{
	struct bel_record *record;
	size_t n = 0;
	int r;

	start(text, size);
	while ((r = bel_records_next(records, &record, &err)) > 0) {
		*last_line = bel_record_line(record);
		bel_record_free(record);
		n++;
	}
	*failed = r < 0;
	finish();
	return n;
}

/* Values, not lines: however jq and editors lay them out. */
static void test_layouts(void **state)
{
#define R "{\"schema\":\"a\"}"
	static const struct {
		const char *text;
		size_t records;
		unsigned long last_line;
		bool fails;
	} layout[] = {
		{"", 0, 0, false},
		{R "\n" R "\n", 2, 2, false},
		{R R, 2, 1, false},
		{"{\n  \"schema\":\n\"a\"}\n\n{\n\"schema\":\"b\"\n}\n", 2, 5, false},
		{"[" R ",\n" R "]\n" R, 3, 3, false},
		{"[]", 0, 0, false},
		{"[[" R "],[]," R "]\r\n[]", 2, 1, false},
		{"\xef\xbb\xbf" R "\n\xef\xbb\xbf[" R "]", 2, 2, false},
		{R "\n" R ",", 2, 2, true},
		{"[" R " " R "]", 1, 1, true},
		{"[" R ",]", 1, 1, true},
		{"[" R "]]", 1, 1, true},
		{"[" R, 1, 1, true},
		{R "\n\xef\xbb" R, 1, 1, true},
	};
#undef R

	(void)state;
	for (size_t i = 0; i < sizeof(layout) / sizeof(*layout); i++) {
		const size_t size = strlen(layout[i].text);
		unsigned long last_line = 0;
		bool failed;

		assert_int_equal(count_records(size ? layout[i].text : "\n", size ? size : 1,
					 &failed, &last_line),
			layout[i].records);
		assert_int_equal(failed, layout[i].fails);
		assert_int_equal(last_line, layout[i].last_line);
	}
}

/* An endless record: a stream that never closes what it opened. */
struct endless {
	const char *begin, *more;
	size_t length, at;
	uint64_t given;
};

static ssize_t give(void *cookie, char *to, size_t size)
{
	struct endless *endless = cookie;

	for (size_t i = 0; i < size; i++) {
		if (!*endless->begin)
			to[i] = endless->more[endless->at++ % endless->length];
		else
			to[i] = *endless->begin++;
	}
	endless->given += size;
	return (ssize_t)size;
}

static void test_endless(void **state)
{
	struct endless endless = {.begin = "{\"schema\":\"a\",\"b\":[", .more = "{},", .length = 3};
	struct bel_record *record;

	(void)state;
	in = fopencookie(&endless, "r", (cookie_io_functions_t){.read = give});
	assert_non_null(in);
	assert_int_equal(bel_records_open_file(&records, in, "r.jsonl", &err), 0);
	assert_int_equal(bel_records_next(records, &record, &err), BEL_FAIL);
	assert_string_equal(err.text,
		"r.jsonl: line 1: a record has more than the maximum of 2097152 objects, "
		"arrays and members");
	assert_true(endless.given < 7u << 20);
	finish();

	/* Nested, it ends far earlier. */
	endless = (struct endless){.begin = "{\"schema\":\"a\",\"b\":", .more = "[", .length = 1};
	in = fopencookie(&endless, "r", (cookie_io_functions_t){.read = give});
	assert_int_equal(bel_records_open_file(&records, in, "r.jsonl", &err), 0);
	assert_int_equal(bel_records_next(records, &record, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "not a JSON record: it is nested too deeply"));
	assert_true(endless.given < 1u << 16);
	finish();
}

static void test_written_is_read(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct bel_record *record = bel_record_new("run/1");
	struct bel_emit *emit;
	uint64_t count;
	double real;

	(void)state;
	bel_record_count(record, "n", INT64_MAX);
	bel_record_real(record, "ratio", 0.123456789012345);
	assert_int_equal(bel_emit_open(&emit, out, BEL_EMIT_JSONL, NULL, &err), 0);
	assert_int_equal(bel_emit(emit, record, &err), 0);
	assert_int_equal(bel_emit_close(emit, &err), 0);
	fclose(out);
	start(text, size);
	assert_int_equal(bel_records_next(records, &record, &err), 1);
	assert_int_equal(bel_record_get_count(record, "n", &count, &err), 0);
	assert_true(count == INT64_MAX);
	assert_int_equal(bel_record_get_element(record, "ratio", 0, &real, &err), 0);
	assert_true(real == 0.123456789012345);
	bel_record_free(record);
	finish();
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_no_records),
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_written_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

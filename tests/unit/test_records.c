/* SPDX-License-Identifier: MIT */
/* test_records.c: reading records back, and what is said of those that are none. */
#include <setjmp.h>
#include <stdarg.h>
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
	assert_int_equal(bel_records_open(&records, in, "r.jsonl", &err), 0);
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
	assert_int_equal(bel_record_get_real(record, "faults", &real, &err), 0);
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
	assert_int_equal(bel_record_get_real(record, "frames", &real, &err), BEL_FAIL);
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
	FAILS("{\"schema\":", "r.jsonl: line 1: no JSON record (column 10)");
	FAILS("\n\033[31m\n", "r.jsonl: line 2: no JSON record (column 1)");
	FAILS("{\"schema\":\"a\"} {}\n", "r.jsonl: line 1: no JSON record (column 16)");
	FAILS("{\"a\":1}\n", "r.jsonl: line 1: no result record: it has no \"schema\"");
	FAILS("[1]\n", "r.jsonl: line 1: no result record: it has no \"schema\"");
	FAILS("{\"schema\":\"a\",\"schema\":\"b\"}\n",
		"r.jsonl: line 1: no JSON record (column 22)");
	FAILS("\0\n", "r.jsonl: line 1: no JSON record (column 1)");
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
	assert_int_equal(bel_record_get_real(record, "ratio", &real, &err), 0);
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
		cmocka_unit_test(test_written_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

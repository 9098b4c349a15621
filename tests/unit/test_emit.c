/* SPDX-License-Identifier: MIT */
/* test_emit.c: records as JSON Lines, CSV and tables, byte for byte. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emit.h"

static struct bel_err err;

/* Somewhere to write, and what came of it. */
static char *written;
static size_t written_size;
static FILE *out;
static struct bel_emit *emit;

static void start(enum bel_emit_format format, const char *const *columns)
{
	out = open_memstream(&written, &written_size);
	assert_non_null(out);
	assert_int_equal(bel_emit_open(&emit, out, format, columns, &err), 0);
}

static void finish(const char *expected)
{
	assert_int_equal(bel_emit_close(emit, &err), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(written, expected);
	free(written);
}

static struct bel_record *run(const char *policy, int bit, uint64_t frames, double ratio)
{
	struct bel_record *r = bel_record_new("run/1");

	bel_record_open(r, "trace");
	bel_record_text(r, "name", "a,\"b\"");
	bel_record_close(r);
	bel_record_text(r, "policy", policy);
	bel_record_open(r, "params");
	if (bit >= 0)
		bel_record_count(r, "bit", (uint64_t)bit);
	bel_record_close(r);
	if (frames)
		bel_record_count(r, "frames", frames);
	else
		bel_record_null(r, "frames");
	bel_record_real(r, "ratio", ratio);
	return r;
}

static struct bel_record *curve(void)
{
	static const uint64_t frames[] = {1, 2};
	static const double mean[] = {0.5, 1.75};
	struct bel_record *r = bel_record_new("curve/1");

	bel_record_text(r, "policy", "lru");
	bel_record_counts(r, "frames", frames, 2);
	bel_record_reals(r, "mean", mean, 2);
	return r;
}

static void add(struct bel_record *r)
{
	assert_int_equal(bel_emit(emit, r, &err), 0);
}

static void test_jsonl(void **state)
{
	struct bel_record *r = bel_record_new("info/1");

	(void)state;
	start(BEL_EMIT_JSONL, NULL);
	bel_record_count(r, "most", INT64_MAX);
	bel_record_address(r, "address", UINT64_C(0xffff0000deadbeef));
	bel_record_flag(r, "whole", true);
	bel_record_text(r, "none", NULL);
	bel_record_real(r, "tenth", 0.1);
	bel_record_real(r, "third", 1.0 / 3);
	bel_record_real(r, "infinite", INFINITY);
	bel_record_open_array(r, "processes");
	for (uint64_t pid = 7; pid < 9; pid++) {
		bel_record_open(r, NULL);
		bel_record_count(r, "pid", pid);
		bel_record_close(r);
	}
	bel_record_close(r);
	add(r);
	add(curve());
	finish("{\"schema\":\"info/1\",\"most\":9223372036854775807,"
	       "\"address\":\"0xffff0000deadbeef\",\"whole\":true,\"none\":null,\"tenth\":0.1,"
	       "\"third\":0.333333333333333,\"infinite\":null,"
	       "\"processes\":[{\"pid\":7},{\"pid\":8}]}\n"
	       "{\"schema\":\"curve/"
	       "1\",\"policy\":\"lru\",\"frames\":[1,2],\"mean\":[0.5,1.75]}\n");
}

static void test_text_is_made_utf8(void **state)
{
	struct bel_record *r = bel_record_new("s");

	(void)state;
	start(BEL_EMIT_JSONL, NULL);
	/* Latin 1; overlong; surrogate; cut short; beyond Unicode; and good ones of each length. */
	bel_record_text(r, "bad", "\xe9|\xc0\xaf|\xed\xa0\x80|\xe2\x82|\xf4\x90\x80\x80");
	bel_record_text(r, "good", "e\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	add(r);
#define U "\xef\xbf\xbd"
	finish("{\"schema\":\"s\",\"bad\":\"" U "|" U U "|" U U U "|" U U "|" U U U U
	       "\",\"good\":\"e\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}\n");
#undef U
}

static void test_csv(void **state)
{
	(void)state;
	start(BEL_EMIT_CSV, NULL);
	add(run("lru", -1, 8, 0.1));
	add(curve());
	add(run("clock", 1, 8, 0.25));
	add(run("ws", -1, 0, NAN));
	/* Schemas of no fixed columns: blocks. */
	finish("schema,trace.name,policy,params.bit,frames,ratio\n"
	       "run/1,\"a,\"\"b\"\"\",lru,,8,0.1\n"
	       "run/1,\"a,\"\"b\"\"\",clock,1,8,0.25\n"
	       "run/1,\"a,\"\"b\"\"\",ws,,,\n"
	       "schema,policy,frames,mean\n"
	       "curve/1,lru,1,0.5\n"
	       "curve/1,lru,2,1.75\n");
}

/* One table of the columns of the schema, whatever the records have. */
static void test_csv_fixed(void **state)
{
	static const char *const texts[] = {"lru", "opt"};
	struct bel_record *r = bel_record_new("belady.anomaly/1");

	(void)state;
	start(BEL_EMIT_CSV, NULL);
	bel_emit_csv_of(emit, "belady.anomaly/1");
	add(run("lru", -1, 8, 0.1)); /* of another schema */
	bel_record_text(r, "policy", "clock");
	bel_record_open(r, "params");
	bel_record_count(r, "bit", 0);
	bel_record_count(r, "k", 2);
	bel_record_close(r);
	bel_record_count(r, "faults", 9);
	bel_record_count(r, "no column", 1);
	bel_record_open_array(r, "version"); /* texts are one field and no rows */
	for (int i = 0; i < 2; i++)
		bel_record_text(r, NULL, texts[i]);
	bel_record_close(r);
	add(r);
	finish("schema,tool,version,trace.name,trace.digest,trace.references,trace.pages,"
	       "trace.page_bytes,trace.file,policy,params,spec,plugin.file,plugin.digest,frames,"
	       "seed,references,faults,more_frames,more_faults,added_faults\n"
	       "belady.anomaly/1,,lru opt,,,,,,,clock,bit=0 k=2,,,,,,,9,,,\n");
	/* Without a record there is still the head. */
	start(BEL_EMIT_CSV, NULL);
	bel_emit_csv_of(emit, "belady.compare-pair/1");
	finish("schema,tool,version,policy,params,spec,seed,against,against_params,against_spec,"
	       "against_seed,sizes,wins,losses,ties,win_share\n");
}

/* More records than are held back: one head line all the same. */
static void test_csv_long(void **state)
{
	size_t heads = 0, lines = 0;

	(void)state;
	start(BEL_EMIT_CSV, NULL);
	for (uint64_t i = 1; i <= 40000; i++)
		add(run("lru", -1, i, 0.5));
	assert_int_equal(bel_emit_close(emit, &err), 0);
	assert_int_equal(fclose(out), 0);
	for (const char *at = written; *at; at = strchr(at, '\n') + 1) {
		heads += !strncmp(at, "schema,", 7);
		lines++;
	}
	assert_int_equal(heads, 1);
	assert_int_equal(lines, 40001);
	free(written);
}

static void test_table_chosen(void **state)
{
	static const char *const columns[] = {
		"policy", "params", "frames", "ratio=fault ratio", "absent", NULL};

	(void)state;
	start(BEL_EMIT_TABLE, columns);
	add(run("lru", -1, 8, 0.1));
	add(run("clock", 1, 1024, 0.0625));
	add(run("ws", -1, 0, 0));
	finish("policy  params  frames  fault ratio\n"
	       "lru                  8     0.100000\n"
	       "clock   bit=1     1024     0.062500\n"
	       "ws                   -     0.000000\n");
}

static void test_table_all(void **state)
{
	(void)state;
	start(BEL_EMIT_TABLE, NULL);
	add(run("lru", -1, 8, 2.5));
	add(curve());
	add(run("lru", -1, 16, 1000.25));
	finish("frames   ratio\n"
	       "     8     2.5\n"
	       "    16  1000.2\n"
	       "\n"
	       "frames   mean\n"
	       "     1  0.500\n"
	       "     2  1.750\n");
}

static void test_table_of_one_is_a_list(void **state)
{
	struct bel_record *r = bel_record_new("info/1");

	(void)state;
	start(BEL_EMIT_TABLE, NULL);
	bel_record_text(r, "command", "x\033[1m");
	bel_record_count(r, "references", 12);
	add(r);
	finish("schema      info/1\n"
	       "command     x\\x1b[1m\n"
	       "references  12\n");
}

static void refused(struct bel_record *r, const char *why)
{
	start(BEL_EMIT_JSONL, NULL);
	assert_int_equal(bel_emit(emit, r, &err), BEL_FAIL);
	assert_string_equal(err.text, why);
	finish("");
}

static void test_builder_mistakes(void **state)
{
	struct bel_record *r = bel_record_new("s");

	(void)state;
	bel_record_open(r, "left");
	refused(r, "a result record was left open");
	r = bel_record_new("s");
	bel_record_close(r);
	refused(r, "a result record is closed more often than opened");
	r = bel_record_new("s");
	bel_record_count(r, NULL, 1);
	refused(r, "a member of a result record has no name");
	r = bel_record_new("s");
	bel_record_count(r, "n", UINT64_C(1) << 63);
	refused(r, "a count above 2^63 - 1 does not fit in a result record");
	r = bel_record_new("s");
	for (int i = 0; i < 20; i++)
		bel_record_open(r, "deeper");
	refused(r, "a result record is nested too deeply");
}

static void test_full_disk(void **state)
{
	struct bel_record *r;
	int status = 0;

	(void)state;
	out = fopen("/dev/full", "w");
	assert_non_null(out);
	assert_int_equal(bel_emit_open(&emit, out, BEL_EMIT_JSONL, NULL, &err), 0);
	for (int i = 0; i < 1000 && status == 0; i++) {
		r = run("lru", -1, 8, 0.1);
		status = bel_emit(emit, r, &err);
	}
	assert_int_equal(status, BEL_FAIL);
	assert_string_equal(err.text, "cannot write results: No space left on device");
	assert_int_equal(bel_emit_close(emit, &err), BEL_FAIL);
	fclose(out);
}

static void test_formats(void **state)
{
	enum bel_emit_format format = BEL_EMIT_TABLE;

	(void)state;
	assert_int_equal(bel_emit_format_parse(NULL, &format, &err), 0);
	assert_int_equal(format, BEL_EMIT_AUTO);
	assert_int_equal(bel_emit_format_parse("csv", &format, &err), 0);
	assert_int_equal(format, BEL_EMIT_CSV);
	assert_int_equal(bel_emit_format_parse("xml", &format, &err), BEL_USAGE);
	assert_string_equal(err.text, "'xml' is not a result format; use jsonl, csv or table");
	/* What is no terminal gets JSON Lines. */
	out = tmpfile();
	assert_non_null(out);
	assert_int_equal(bel_emit_open(&emit, out, BEL_EMIT_AUTO, NULL, &err), 0);
	add(bel_record_new("s"));
	assert_int_equal(bel_emit_close(emit, &err), 0);
	rewind(out);
	assert_int_equal(fgetc(out), '{');
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jsonl),
		cmocka_unit_test(test_text_is_made_utf8),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_fixed),
		cmocka_unit_test(test_csv_long),
		cmocka_unit_test(test_table_chosen),
		cmocka_unit_test(test_table_all),
		cmocka_unit_test(test_table_of_one_is_a_list),
		cmocka_unit_test(test_builder_mistakes),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

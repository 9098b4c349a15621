/* SPDX-License-Identifier: MIT */
/* test_base_number.c: numbers, page sizes and lists of frame counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "number.h"

static void number_is(const char *text, uint64_t expected)
{
	struct bel_err err = {0};
	uint64_t value = 0;

	assert_int_equal(bel_parse_number(text, "-n", &value, &err), 0);
	assert_int_equal(value, expected);
}

static void number_fails(const char *text, const char *message)
{
	struct bel_err err = {0};
	uint64_t value = 42;

	assert_int_equal(bel_parse_number(text, "-n", &value, &err), BEL_USAGE);
	assert_int_equal(err.code, BEL_USAGE);
	assert_string_equal(err.text, message);
	assert_int_equal(value, 42);
}

static void test_numbers(void **state)
{
	(void)state;
	number_is("0", 0);
	number_is("4096", 4096);
	number_is("4k", 4096);
	number_is("4K", 4096);
	number_is("4KiB", 4096);
	number_is("2M", 2097152);
	number_is("1GiB", 1073741824);
	number_is("0x1f", 31);
	number_is("0X10k", 16384);
	number_is("18446744073709551615", UINT64_MAX);
	number_is("15E", UINT64_C(15) << 60);
	number_is("7B", 7);
}

static void test_not_numbers(void **state)
{
	(void)state;
	number_fails("", "-n: a whole number is missing");
	number_fails("3q", "-n: '3q' is not a whole number");
	number_fails("-1", "-n: '-1' is negative");
	number_fails("+1", "-n: '+1' is not a whole number");
	number_fails(" 1", "-n: ' 1' is not a whole number");
	number_fails("0x", "-n: '0x' is not a whole number");
	number_fails("k", "-n: 'k' is not a whole number");
	number_fails("4kB", "-n: '4kB': units are powers of 1024: 4KiB");
	number_fails("16MB", "-n: '16MB': units are powers of 1024: 16MiB");
	number_fails("1.5", "-n: '1.5' is not a whole number");
	number_fails("18446744073709551616", "-n: '18446744073709551616' is too large");
	number_fails("16E", "-n: '16E' is too large");
	number_fails("0xfffffffffffffffff", "-n: '0xfffffffffffffffff' is too large");
}

static void test_page_sizes(void **state)
{
	struct bel_err err = {0};
	unsigned bits = 99;

	(void)state;
	assert_int_equal(bel_parse_page_size("4KiB", "--page-size", &bits, &err), 0);
	assert_int_equal(bits, 12);
	assert_int_equal(bel_parse_page_size("1", "--page-size", &bits, &err), 0);
	assert_int_equal(bits, 0);
	assert_int_equal(bel_parse_page_size("8E", "--page-size", &bits, &err), 0);
	assert_int_equal(bits, 63);
	assert_int_equal(bel_parse_page_size("0", "--page-size", &bits, &err), BEL_USAGE);
	assert_string_equal(err.text, "--page-size: '0' is not a power of two");
	assert_int_equal(bel_parse_page_size("12k", "--page-size", &bits, &err), BEL_USAGE);
	assert_string_equal(err.text, "--page-size: '12k' is not a power of two");
	assert_int_equal(bel_parse_page_size("3q", "--page-size", &bits, &err), BEL_USAGE);
	assert_string_equal(err.text, "--page-size: '3q' is not a size");
}

#define frames_are(TEXT, FOOTPRINT, ...)                                                           \
	do {                                                                                       \
		const uint64_t expected[] = {__VA_ARGS__};                                         \
		struct bel_err err = {0};                                                          \
		uint64_t *frames = NULL;                                                           \
		size_t count = 0;                                                                  \
		int r = bel_parse_frames(TEXT, FOOTPRINT, &frames, &count, &err);                  \
                                                                                                   \
		if (r)                                                                             \
			fail_msg("%s", err.text);                                                  \
		assert_int_equal(count, sizeof(expected) / sizeof(*expected));                     \
		assert_memory_equal(frames, expected, sizeof(expected));                           \
		free(frames);                                                                      \
	} while (0)

static void test_frames(void **state)
{
	(void)state;
	frames_are("32", 0, 32);
	frames_are("32,8,16,8", 0, 8, 16, 32);
	frames_are("4:8", 0, 4, 5, 6, 7, 8);
	frames_are("4:4", 0, 4);
	frames_are("4, 8", 0, 4, 8);
	frames_are("4:13:4", 0, 4, 8, 12);
	frames_are("4:256:*2", 0, 4, 8, 16, 32, 64, 128, 256);
	frames_are("4:100:*2,5", 0, 4, 5, 8, 16, 32, 64);
	frames_are("1:10:*1.5", 0, 1, 2, 3, 4, 6, 9);
	frames_are("1:4:*1.01", 0, 1, 2, 3, 4);
	frames_are("1k", 0, 1024);
	frames_are("9223372036854775807:9223372036854775807", 0, INT64_MAX);
	frames_are(
		"9223372036854775806:18446744073709551615:18446744073709551614", 0, INT64_MAX - 1);
	frames_are("10%", 70, 7);
	frames_are("10%", 71, 8);
	frames_are("0.1%", 5, 1);
	frames_are("100%,50%", 9, 5, 9);
	frames_are("all", 4, 1, 2, 3, 4);
}

static void frames_fail(const char *text, uint64_t footprint, const char *message)
{
	struct bel_err err = {0};
	uint64_t *frames = NULL;
	size_t count = 0;

	assert_int_equal(bel_parse_frames(text, footprint, &frames, &count, &err), BEL_USAGE);
	assert_string_equal(err.text, message);
	assert_null(frames);
}

static void test_not_frames(void **state)
{
	(void)state;
	frames_fail("0", 0, "--frames: 0 frames cannot hold a page; at least 1 is needed");
	frames_fail("8,0", 0, "--frames: 0 frames cannot hold a page; at least 1 is needed");
	frames_fail("0:4", 0, "--frames: 0 frames cannot hold a page; at least 1 is needed");
	frames_fail("", 0, "--frames: a whole number is missing");
	frames_fail("3-5", 0, "--frames: '3-5' is not a whole number; a range is written 3:5");
	frames_fail("2,64-4096", 0,
		"--frames: '64-4096' is not a whole number; a range is written 64:4096");
	frames_fail("-5", 0, "--frames: '-5' is negative");
	frames_fail("3-", 0, "--frames: '3-' is not a whole number");
	frames_fail("8,,9", 0, "--frames: a whole number is missing");
	frames_fail("x", 0, "--frames: 'x' is not a whole number");
	frames_fail("8:4", 0, "--frames: '8:4' is empty: it ends before it starts");
	frames_fail("1:8:0", 0, "--frames: '1:8:0' never ends: its step is 0");
	frames_fail("1:8:*1", 0, "--frames: '1:8:*1' needs a factor above 1 after '*'");
	frames_fail("1:8:*nan", 0, "--frames: '1:8:*nan' needs a factor above 1 after '*'");
	frames_fail("1:8:2:3", 0, "--frames: '2:3' is not a whole number");
	frames_fail("1:1e9", 0, "--frames: '1e9' is not a whole number");
	frames_fail("8,0.125", 0,
		"--frames: '0.125' is not a whole number; a share of the trace's pages is written "
		"12.5%");
	frames_fail("1.5", 0, "--frames: '1.5' is not a whole number");
	frames_fail("9223372036854775808", 0, "--frames: must be at most 2^63 - 1");
	frames_fail(
		"1000000000:18446744073709551615:*1e10", 0, "--frames: must be at most 2^63 - 1");
	frames_fail("1:1T", 0, "--frames: more than 16777216 counts");
	frames_fail("0%", 10, "--frames: '0%' is not a percentage above 0");
	frames_fail("1:5%", 10, "--frames: '1:5%' is not a percentage above 0");
	frames_fail("10%", 0,
		"--frames: '10%' needs the trace's number of pages, which is known only at its "
		"end; "
		"give a file or plain counts");
	frames_fail("all", 0,
		"--frames: 'all' needs the trace's number of pages, which is known only at its "
		"end; "
		"give a file or plain counts");
}

static void test_memory(void **state)
{
	struct bel_err err = {0};
	uint64_t *frames = NULL;
	size_t count = 0;

	(void)state;
	/* 4 KiB pages: 8191 bytes are one frame, as 4096 are. */
	assert_int_equal(bel_parse_memory("1M,8191,4096:16k:*2", 12, &frames, &count, &err), 0);
	assert_int_equal(count, 4);
	assert_int_equal(frames[0], 1);
	assert_int_equal(frames[1], 2);
	assert_int_equal(frames[2], 4);
	assert_int_equal(frames[3], 256);
	free(frames);
	frames = NULL;
	assert_int_equal(bel_parse_memory("1M,4095", 12, &frames, &count, &err), BEL_USAGE);
	assert_string_equal(err.text, "--ram: 4095 bytes are less than one page of 4096 bytes");
	assert_int_equal(bel_parse_memory("10%", 12, &frames, &count, &err), BEL_USAGE);
	assert_string_equal(err.text, "--ram: '10%' is not a whole number");
	assert_null(frames);
}

static void test_need_footprint(void **state)
{
	(void)state;
	assert_false(bel_frames_need_footprint("4:256:*2,9"));
	assert_true(bel_frames_need_footprint("4,10%"));
	assert_true(bel_frames_need_footprint("all"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_not_numbers),
		cmocka_unit_test(test_page_sizes),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_not_frames),
		cmocka_unit_test(test_need_footprint),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

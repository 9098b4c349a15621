/* SPDX-License-Identifier: MIT */
/* test_elide.c: texts shortened in the middle, worked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "elide.h"
#include "visible.h"

static void becomes(
	size_t width, size_t count, const char *const *text, const char *const *expected)
{
	char *copy[8];

	assert_true(count <= 8);
	for (size_t i = 0; i < count; i++) {
		copy[i] = strdup(text[i]);
		assert_non_null(copy[i]);
	}
	assert_int_equal(bel_elide(copy, count, width), 0);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(copy[i], expected[i]);
		free(copy[i]);
	}
}

#define BECOMES(WIDTH, COUNT, ...)                                                                 \
	becomes(WIDTH, COUNT, (const char *const[]){__VA_ARGS__} + 0,                              \
		(const char *const[]){__VA_ARGS__} + (COUNT))

static void test_middle(void **state)
{
	(void)state;
	/* 12 columns: 4, the gap of 3, 5. */
	BECOMES(12, 4, "abcdefghijkl", "abcdefghijklm", "short", "", /* become */
		"abcdefghijkl", "abcd...ijklm", "short", "");
	BECOMES(3, 1, "abcdefghijklm", "abcd...ijklm"); /* none is narrower than 12 */
	BECOMES(13, 2, "0123456789abcdef", "0123456789abcdef", "01234...bcdef", "01234...bcdef");
}

/* 16 columns: 2, gap, a window of 6, gap, 2. */
static void test_what_differs_stays(void **state)
{
	(void)state;
	BECOMES(16, 2, "aaaaaaaaaaaaONEbbbbbbbbbbbbbbbb", "aaaaaaaaaaaaTWObbbbbbbbbbbbbbbb",
		"aa...ONEbbb...bb", "aa...TWObbb...bb");
	/* It begins within the first 6 columns: one gap is enough; 6, gap, 7. */
	BECOMES(16, 2, "run ONEbbbbbbbbbbbbbbbb", "run TWObbbbbbbbbbbbbbbb", "run ON...bbbbbbb",
		"run TW...bbbbbbb");
	BECOMES(16, 2, "run ---ONEbbbbbbbbbbbbbbbb", "run ---TWObbbbbbbbbbbbbbbb",
		"run ---ONEb...bb", "run ---TWOb...bb");
	/* The third differs from the second only later. */
	BECOMES(16, 3, "aaaaaaaaaaaa1bbbbbbbbbbbbbbb4cccccccccccccc",
		"aaaaaaaaaaaa2bbbbbbbbbbbbbbb5cccccccccccccc",
		"aaaaaaaaaaaa2bbbbbbbbbbbbbbb6cccccccccccccc", "aa...1bbbbb...cc",
		"aa...5ccccc...cc", "aa...6ccccc...cc");
}

static void test_wide_and_unsafe_characters(void **state)
{
	(void)state;
	/* Each is 2 columns wide: 2 of them, the gap, 2 of them (5 columns have room for 2). */
	BECOMES(12, 1, "日本語日本語日本", "日本...日本");
	/* An escape is shown as 4 columns before anything is cut. */
	BECOMES(12, 1, "\033[1mabcdefgh", "\\x1b...defgh");
	BECOMES(12, 1, "\033", "\\x1b");
}

/* Whatever the width, nothing is wider, and texts that differ stay different where there is room. */
static void test_widths(void **state)
{
	static const char *const name[] = {"bel-gen zipf -n 50000 --pages 400 --alpha 0.8 --seed 1",
		"bel-gen zipf -n 50000 --pages 400 --alpha 0.8 --seed 2",
		"bel-gen zipf -n 50000 --pages 500 --alpha 0.8 --seed 1",
		"bel-gen loop -n 50000 --pages 400 --alpha 0.8 --seed 1"};

	(void)state;
	for (size_t width = BEL_ELIDE_LEAST; width < 60; width++) {
		char *copy[4];

		for (size_t i = 0; i < 4; i++)
			copy[i] = strdup(name[i]);
		assert_int_equal(bel_elide(copy, 4, width), 0);
		for (size_t i = 0; i < 4; i++) {
			assert_true(bel_visible_width(copy[i]) <= width);
			for (size_t k = 0; k < i; k++)
				assert_string_not_equal(copy[i], copy[k]);
		}
		for (size_t i = 0; i < 4; i++)
			free(copy[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_middle),
		cmocka_unit_test(test_what_differs_stays),
		cmocka_unit_test(test_wide_and_unsafe_characters),
		cmocka_unit_test(test_widths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

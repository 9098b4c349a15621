/* SPDX-License-Identifier: MIT */
/* test_visible.c: what of foreign text is shown as it is, what as bytes, and how wide it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "visible.h"

static const struct {
	const char *text, *shown;
	size_t width;
} table[] = {
	{"", "", 0},
	{"plain text, 'quoted' \\ \"so\"", "plain text, 'quoted' \\ \"so\"", 27},
	/* C0 and DEL. */
	{"\033]0;evil\007", "\\x1b]0;evil\\x07", 15},
	{"a\tb\nc\rd\177", "a\\x09b\\x0ac\\x0dd\\x7f", 20},
	/* C1, which begins sequences as ESC does; the no-break space behind it is a letter. */
	{"\302\200\302\233\302\237\302\240", "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f\302\240", 25},
	/* A right-to-left override, an isolate, a line separator, a byte order mark. */
	{"\342\200\256", "\\xe2\\x80\\xae", 12},
	{"\342\201\246", "\\xe2\\x81\\xa6", 12},
	{"\342\200\250", "\\xe2\\x80\\xa8", 12},
	{"\357\273\277", "\\xef\\xbb\\xbf", 12},
	/* Letters: two bytes, three, four; wide ones; a mark upon a letter. */
	{"na\303\257ve \342\202\254", "na\303\257ve \342\202\254", 7},
	{"\346\227\245\346\234\254", "\346\227\245\346\234\254", 4},
	{"\360\237\230\200", "\360\237\230\200", 2},
	{"e\314\201", "e\314\201", 1},
	/* No UTF-8: a lone byte, overlong, a surrogate, beyond the last, cut short. */
	{"\377", "\\xff", 4},
	{"\300\200", "\\xc0\\x80", 8},
	{"\340\200\200", "\\xe0\\x80\\x80", 12},
	{"\355\240\200", "\\xed\\xa0\\x80", 12},
	{"\364\220\200\200", "\\xf4\\x90\\x80\\x80", 16},
	{"\342\202", "\\xe2\\x82", 8},
	{"\233m", "\\x9bm", 5},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		char *const copy = bel_visible_dup(table[i].text), *put = NULL;
		size_t size;
		FILE *file = open_memstream(&put, &size);

		assert_non_null(copy);
		assert_string_equal(copy, table[i].shown);
		bel_visible_put(file, table[i].text);
		fclose(file);
		assert_string_equal(put, table[i].shown);
		assert_int_equal(bel_visible_width(table[i].text), table[i].width);
		/* What is shown is not changed by being shown. */
		assert_int_equal(bel_visible_width(copy), table[i].width);
		free(copy);
		free(put);
	}
}

static void test_cut(void **state)
{
	char capacity[8];

	(void)state;
	assert_string_equal(bel_visible_copy(capacity, sizeof(capacity), "abcdefghij"), "abcdefg");
	assert_string_equal(bel_visible_copy(capacity, sizeof(capacity), "abcd\033e"), "abcd");
	assert_string_equal(
		bel_visible_copy(capacity, sizeof(capacity), "abcdef\303\257"), "abcdef");
	assert_int_equal(bel_visible_columns("\346\227\245 \346\234\254", 3), 2);
}

/* Lines end between words; a word that is longer than a line stays whole. */
static void test_lines(void **state)
{
	static const struct {
		const char *text;
		size_t width;
		const char *lines;
	} line[] = {
		{"", 10, ""},
		{"one two three", 0, "one two three"},
		{"one two three", 13, "one two three"},
		{"one two three", 12, "one two\n  three"},
		{"one two three", 7, "one two\n  three"},
		{"one two three", 6, "one\n  two\n  three"},
		/* The second line begins with two blanks: 2 + 3 + 1 + 4 columns. */
		{"aaaaaaaa bbb cccc", 10, "aaaaaaaa\n  bbb cccc"},
		{"aaaaaaaa bbb cccc", 9, "aaaaaaaa\n  bbb\n  cccc"},
		{"a bbbbbbbbbbbb c", 5, "a\n  bbbbbbbbbbbb\n  c"},
		{"a  b c", 4, "a  b\n  c"},
		/* Two columns for each of these letters, four for an escaped byte. */
		{"\346\227\245 \346\234\254", 5, "\346\227\245 \346\234\254"},
		{"\346\227\245 \346\234\254", 4, "\346\227\245\n  \346\234\254"},
		{"a\033 b\nc", 11, "a\\x1b\n  b\\x0ac"},
		/* What is quoted is one word; an apostrophe begins and ends nothing. */
		{"no 'a b c' d", 5, "no 'a b c'\n  d"},
		{"x ('a b'), c d", 7, "x\n  ('a b'),\n  c d"},
		{"x: 'a b's c' d", 5, "x:\n  'a b's c'\n  d"},
		{"a's b c's d", 5, "a's b\n  c's\n  d"},
		{"a: 'b c d", 5, "a: 'b\n  c d"},
		/* An option stays with its value and its command, a command with its first word. */
		{"use --size 4x4, or --top", 12, "use --size 4x4,\n  or --top"},
		{"it: --top 8 is", 8, "it:\n  --top 8\n  is"},
		{"do bel-gen loop -n 9 now", 10, "do\n  bel-gen loop -n 9\n  now"},
		{"by bel-gen string '1 2' x", 10, "by\n  bel-gen string '1 2'\n  x"},
		{"b (bel-gen list), c d", 10, "b\n  (bel-gen list),\n  c d"},
		{"bel-gen: no a", 10, "bel-gen:\n  no a"},
	};

	char small[6];

	(void)state;
	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		char lines[64];

		assert_string_equal(
			bel_visible_lines(lines, sizeof(lines), line[i].text, line[i].width),
			line[i].lines);
	}
	/* What has no room is left out. */
	assert_string_equal(bel_visible_lines(small, sizeof(small), "abc def", 4), "abc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

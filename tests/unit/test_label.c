/* SPDX-License-Identifier: MIT */
/* test_label.c: labels that tell traces apart, worked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "label.h"

#define A "1dada0aaaaaaaaaa"
#define B "77f0e2bbbbbbbbbb"
#define C "c0ffeecccccccccc"

/* A key and the label that it should have. */
struct row {
	struct bel_label_key key;
	const char *label;
};

/* In any order of the keys. */
static void rows_are(const struct row *row, size_t count)
{
	struct bel_label_key key[8];
	char **label;

	assert_true(count <= 8);
	for (size_t turn = 0; turn < count; turn++) {
		for (size_t i = 0; i < count; i++)
			key[i] = row[(i + turn) % count].key;
		label = bel_labels_new(key, count);
		assert_non_null(label);
		for (size_t i = 0; i < count; i++)
			assert_string_equal(label[i], row[(i + turn) % count].label);
		bel_labels_free(label, count);
	}
}

#define ROWS_ARE(...)                                                                              \
	do {                                                                                       \
		static const struct row rows[] = {__VA_ARGS__};                                    \
		rows_are(rows, sizeof(rows) / sizeof(*rows));                                      \
	} while (0)

static void names_do_where_they_differ(void **state)
{
	(void)state;
	ROWS_ARE({{"sort", "x/a.bel", A, 4096}, "sort"});
	ROWS_ARE({{"sort", "a.bel", A, 4096}, "sort"}, {{"ls", "a.bel", B, 4096}, "ls"});
	/* One is the other's beginning. */
	ROWS_ARE({{"ls", "a.bel", A, 4096}, "ls"}, {{"ls -l", "b.bel", B, 4096}, "ls -l"},
		{{"ls -l /", "c.bel", C, 4096}, "ls -l /"});
	bel_labels_free(bel_labels_new(NULL, 0), 0);
}

static void files_do_where_names_are_the_same(void **state)
{
	(void)state;
	ROWS_ARE({{"./prog", "before.bel", A, 4096}, "before.bel"},
		{{"./prog", "after.bel", B, 4096}, "after.bel"});
	/* Those that stand alone keep their names. */
	ROWS_ARE({{"./prog", "x/before.bel", A, 4096}, "before.bel"},
		{{"ls", "ls.bel", C, 4096}, "ls"},
		{{"./prog", "x/after.bel", B, 4096}, "after.bel"});
	/* Copies: of one content, but in two files. */
	ROWS_ARE({{"./prog", "a.bel", A, 4096}, "a.bel"},
		{{"./prog", "copy.bel", A, 4096}, "copy.bel"});
	/* Of one with a file and one without, the file says which. */
	ROWS_ARE({{"./prog", "a.bel", A, 4096}, "a.bel"}, {{"./prog", NULL, B, 4096}, "./prog"});
}

static void folders_do_where_base_names_are_the_same(void **state)
{
	(void)state;
	ROWS_ARE({{"p", "old/t.bel", A, 4096}, "old/t.bel"},
		{{"p", "new/t.bel", B, 4096}, "new/t.bel"});
	ROWS_ARE({{"p", "/r/1/out/t.bel", A, 4096}, "1/out/t.bel"},
		{{"p", "/r/2/out/t.bel", B, 4096}, "2/out/t.bel"});
	/* Only those two of three that need it. */
	ROWS_ARE({{"p", "x/old/t.bel", A, 4096}, "old/t.bel"}, {{"p", "x/u.bel", C, 4096}, "u.bel"},
		{{"p", "x/new/t.bel", B, 4096}, "new/t.bel"});
	/* One path is the end of the other. */
	ROWS_ARE({{"p", "t.bel", A, 4096}, "t.bel"}, {{"p", "a/t.bel", B, 4096}, "a/t.bel"},
		{{"p", "/a/t.bel", C, 4096}, "/a/t.bel"});
	/* Foreign traces are called as their files are. */
	ROWS_ARE({{"t.din", "a/t.din", A, 4096}, "a/t.din"},
		{{"t.din", "b/t.din", B, 4096}, "b/t.din"});
	ROWS_ARE({{"p", "a//t.bel", A, 4096}, "a//t.bel"}, {{"p", "b/t.bel", B, 4096}, "b/t.bel"});
}

static void digests_do_where_files_are_the_same(void **state)
{
	(void)state;
	ROWS_ARE({{"p", "t.bel", A, 4096}, "p #1dada0"}, {{"p", "t.bel", B, 4096}, "p #77f0e2"});
	ROWS_ARE({{"p", "./t.bel", A, 4096}, "p #1dada0"},
		{{"p", ".//t.bel", B, 4096}, "p #77f0e2"});
	/* Standard input twice. */
	ROWS_ARE({{"standard input", NULL, A, 4096}, "standard input #1dada0"},
		{{"standard input", NULL, B, 4096}, "standard input #77f0e2"});
	ROWS_ARE({{"p", NULL, A, 4096}, "p #1dada0"}, {{"p", NULL, B, 4096}, "p #77f0e2"},
		{{"p", "c.bel", C, 4096}, "c.bel"});
	/* A file that was made anew, beside another one. */
	ROWS_ARE({{"p", "x/t.bel", A, 4096}, "t.bel #1dada0"}, {{"p", "x/u.bel", C, 4096}, "u.bel"},
		{{"p", "x/t.bel", B, 4096}, "t.bel #77f0e2"});
	/* As many digits as it takes. */
	ROWS_ARE({{"p", NULL, "1dada0a1aaaaaaaa", 4096}, "p #1dada0a1"},
		{{"p", NULL, "1dada0a2aaaaaaaa", 4096}, "p #1dada0a2"},
		{{"p", NULL, B, 4096}, "p #77f0e2"});
	ROWS_ARE({{"p", NULL, "1dada0aaaaaaaaa0", 4096}, "p #1dada0aaaaaaaaa0"},
		{{"p", NULL, "1dada0aaaaaaaaa1", 4096}, "p #1dada0aaaaaaaaa1"});
}

static void one_trace_has_one_label(void **state)
{
	(void)state;
	ROWS_ARE({{"p", "t.bel", A, 4096}, "p"}, {{"p", "t.bel", A, 4096}, "p"},
		{{"q", NULL, B, 4096}, "q"});
	/* At two page sizes, and both of them twice where another trace has the name. */
	ROWS_ARE({{"p", "t.bel", A, 4096}, "p"}, {{"p", "t.bel", B, 65536}, "p"});
	ROWS_ARE({{"p", "t.bel", A, 4096}, "t.bel"}, {{"p", "t.bel", B, 65536}, "t.bel"},
		{{"p", "u.bel", C, 4096}, "u.bel"});
	/* Nothing tells these apart but what they are called. */
	ROWS_ARE({{"p", NULL, NULL, 0}, "p"}, {{"p", NULL, NULL, 4096}, "p"});
}

static void a_name_may_be_another_ones_file(void **state)
{
	(void)state;
	/* The name of the one without a file cannot grow, the path of the other can. */
	ROWS_ARE({{"t.bel", NULL, A, 4096}, "t.bel"}, {{"p", "x/t.bel", B, 4096}, "x/t.bel"},
		{{"p", "x/u.bel", C, 4096}, "u.bel"});
	/* Neither can, their contents differ. */
	ROWS_ARE({{"t.bel", NULL, A, 4096}, "t.bel #1dada0"},
		{{"p", "t.bel", B, 4096}, "t.bel #77f0e2"}, {{"p", "u.bel", C, 4096}, "u.bel"});
	/* Nor do these; the label is the same, and so is what was traced. */
	ROWS_ARE({{"t.bel", NULL, A, 4096}, "t.bel"}, {{"p", "t.bel", A, 4096}, "t.bel"},
		{{"p", "u.bel", C, 4096}, "u.bel"});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_do_where_they_differ),
		cmocka_unit_test(files_do_where_names_are_the_same),
		cmocka_unit_test(folders_do_where_base_names_are_the_same),
		cmocka_unit_test(digests_do_where_files_are_the_same),
		cmocka_unit_test(one_trace_has_one_label),
		cmocka_unit_test(a_name_may_be_another_ones_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_blame_texts.c: call stacks as frames, by hand: what they share, and their texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "blame_table.h"

static uint32_t frame_of(struct bel_blame_texts *texts, const char *stack)
{
	uint32_t frame;
	struct bel_err err;

	assert_int_equal(bel_blame_texts_stack(texts, stack, &frame, &err), 0);
	assert_string_equal(bel_blame_texts_path(texts, frame), stack);
	return frame;
}

static void test_stacks_share_their_beginnings(void **state)
{
	struct bel_blame_texts texts = {.frames = 0};
	uint32_t sort, compare;

	(void)state;
	compare = frame_of(&texts, "main;sort;compare");
	assert_int_equal(texts.frames, 3);
	sort = frame_of(&texts, "main;sort");
	assert_int_equal(texts.frames, 3);
	assert_int_equal(texts.frame[compare].caller, sort);
	frame_of(&texts, "sort;main");
	assert_int_equal(texts.frames, 5);
	/* main, sort, compare */
	assert_int_equal(texts.text.count, 3);
	/* Hostile records: empty names are names. */
	assert_int_not_equal(frame_of(&texts, ""), frame_of(&texts, ";"));
	frame_of(&texts, "main;;sort;");
	bel_blame_texts_release(&texts);
}

static void test_calls_at_different_lines_differ(void **state)
{
	struct bel_blame_texts texts = {.frames = 0};
	uint32_t name, first, second, again, below, other;
	struct bel_err err;

	(void)state;
	assert_int_equal(bel_names_number(&texts.text, "f", 1, &name, &err), 1);
	assert_int_equal(bel_blame_texts_frame(&texts, 0, name, 7, &first, &err), 0);
	assert_int_equal(bel_blame_texts_frame(&texts, 0, name, 8, &second, &err), 0);
	assert_int_equal(bel_blame_texts_frame(&texts, 0, name, 7, &again, &err), 0);
	assert_int_not_equal(first, second);
	assert_int_equal(first, again);
	assert_int_equal(bel_blame_texts_frame(&texts, first, name, 0, &below, &err), 0);
	assert_int_equal(bel_blame_texts_frame(&texts, second, name, 0, &other, &err), 0);
	assert_int_not_equal(below, other);
	assert_string_equal(bel_blame_texts_path(&texts, below), "f;f");
	bel_blame_texts_release(&texts);
}

static void test_equal_texts_have_one_number_when_merged(void **state)
{
	struct bel_blame_texts one = {.frames = 0}, two = {.frames = 0};
	const uint32_t known = frame_of(&one, "main;sort;compare");
	struct bel_blame_texts_map map;
	uint32_t same, other;
	struct bel_err err;

	(void)state;
	other = frame_of(&two, "other;main");
	same = frame_of(&two, "main;sort;compare");
	assert_int_not_equal(known, same);
	assert_int_equal(bel_blame_texts_merge(&one, &two, &map, &err), 0);
	assert_int_equal(map.frame[same], known);
	assert_string_equal(bel_blame_texts_path(&one, map.frame[other]), "other;main");
	assert_string_equal(one.text.name[map.text[two.frame[other].function]].text, "main");
	bel_blame_texts_map_release(&map);
	bel_blame_texts_release(&one);
	bel_blame_texts_release(&two);
}

static void test_a_table_shows_texts_and_stacks(void **state)
{
	struct bel_blame_table table = {.rows = 0};
	uint32_t part[2], number;
	struct bel_blame_row *row;
	struct bel_err err;

	(void)state;
	assert_int_equal(bel_blame_by_parse("region,stack", &table.by, &err), 0);
	assert_int_equal(bel_names_number(&table.texts.text, "heap", 4, &part[0], &err), 1);
	part[1] = frame_of(&table.texts, "main;f");
	assert_int_equal(bel_blame_table_key(&table, part, &number, &err), 0);
	row = bel_blame_table_row(&table, number, &err);
	assert_non_null(row);
	assert_string_equal(bel_blame_row_part(&table, row, 0), "heap");
	assert_string_equal(bel_blame_row_part(&table, row, 1), "main;f");
	/* The sum of several keys is another key, and has no parts. */
	assert_int_equal(bel_blame_table_key(&table, NULL, &number, &err), 0);
	assert_int_equal(number, 1);
	bel_blame_table_release(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stacks_share_their_beginnings),
		cmocka_unit_test(test_calls_at_different_lines_differ),
		cmocka_unit_test(test_equal_texts_have_one_number_when_merged),
		cmocka_unit_test(test_a_table_shows_texts_and_stacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_answers.c: rows that students filled in, cell by cell; the head of a sheet; digests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer_cells.h"
#include "sheet.h"

/* Splits a line; the label and the cells, each in brackets. */
static void row_is(const char *line, bool marks, const char *wanted)
{
	struct bel_answer_cells cells = {.marks = marks};
	char copy[200], got[400];
	const char *cell, *label;

	snprintf(copy, sizeof(copy), "%s", line);
	label = bel_answer_label(&cells, copy);
	snprintf(got, sizeof(got), "%s:", label ? label : "no row");
	while (label && (cell = bel_answer_cell(&cells)))
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "[%s]", cell);
	assert_string_equal(got, wanted);
}

static void test_text(void **state)
{
	(void)state;
	row_is("frame 0 |  1  2w  -\r", true, "frame 0:[1][2w][-]");
	row_is("leaves | 3 w 4 W - 5, 6 7 ,8w", true, "leaves:[3w][4W][-][5,6][7,8w]");
	row_is("frame 1 | > 1 * 2 * > 3", true, "frame 1:[>1*][2*][>3]");
	row_is("fault | F | H | F", true, "fault:[F][H][F]");
	row_is("frame 0 | _ __ 1", true, "frame 0:[][][1]");
	/* Where pages are letters, w is a page. */
	row_is("frame 0 | a w b", false, "frame 0:[a][w][b]");
	row_is("no bar here", true, "no row:");
	row_is("leaves |", true, "leaves:");
	row_is("", true, "no row:");
}

static void test_markdown(void **state)
{
	(void)state;
	row_is("| frame 0 | 1 | **2\\*** | - |", true, "frame 0:[1][2*][-]");
	row_is("| frame 0 | | 2 | \\_ | |", true, "frame 0:[][2][][]");
	row_is(" | leaves | 3 w | 4, 5 | \\>6", true, "leaves:[3w][4,5][>6]");
	row_is("| page | \\| | b |", false, "page:[|][b]");
	row_is("|", true, "no row:");
	row_is("| fault |", true, "fault:");
}

static void test_head(void **state)
{
	struct bel_sheet sheet;

	(void)state;
	bel_sheet_read(&sheet, "Name: Ann Lee__\r\nStudent number: 1001\r\nString: 0123abcd\r\n");
	assert_string_equal(sheet.name, "Ann Lee");
	assert_true(sheet.numbered);
	assert_int_equal(sheet.number, 1001);
	assert_string_equal(sheet.digest, "0123abcd");
	bel_sheet_read(&sheet, "# Quiz\n- **Name:** Bo_\n- student number: 7\n- String: `x`\n");
	assert_string_equal(sheet.name, "Bo");
	assert_int_equal(sheet.number, 7);
	bel_sheet_read(&sheet, "Name: ____\nStudent number:\nNames: x\nStudent number: 7a\n");
	assert_string_equal(sheet.name, "");
	assert_false(sheet.numbered);
	assert_string_equal(sheet.digest, "");
	bel_sheet_read(&sheet, "");
	assert_false(sheet.numbered);
	bel_sheet_read(&sheet, "Name");
	assert_string_equal(sheet.name, "");
}

static void digest_of(char (*name)[BEL_EXPLAIN_NAME], bool writes, char *digest)
{
	const struct bel_string_reference reference[] = {{0, writes, 0}, {1, false, 0}};
	struct bel_string string;
	struct bel_err err;

	assert_int_equal(bel_string_init(&string, reference, 2, name, 2, &err), 0);
	bel_string_digest(&string, digest);
	bel_string_release(&string);
}

static void test_digests(void **state)
{
	char name[2][BEL_EXPLAIN_NAME] = {"1", "23"}, other[2][BEL_EXPLAIN_NAME] = {"12", "3"};
	char first[BEL_SHEET_DIGEST], second[BEL_SHEET_DIGEST];

	(void)state;
	digest_of(name, false, first);
	assert_int_equal(strspn(first, "0123456789abcdef"), 8);
	digest_of(name, false, second);
	assert_string_equal(first, second);
	digest_of(name, true, second);
	assert_string_not_equal(first, second);
	digest_of(other, false, second);
	assert_string_not_equal(first, second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_mark_list.c: names of processes, and the limits of the list of marks. */
#include "mark_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void note(struct bel_marks *marks, struct bel_event event, uint64_t now, bool list)
{
	struct bel_err err;

	assert_int_equal(bel_marks_event(marks, &event, now, list, &err), BEL_OK);
}

static void a_fork_has_the_name_of_its_parent_until_exec(void **state)
{
	struct bel_marks marks = {0};
	const struct bel_mark_process *child;

	(void)state;
	note(&marks,
		(struct bel_event){.type = BEL_EVENT_START, .space = 7, .pid = 1, .name = "sh"}, 0,
		true);
	note(&marks, (struct bel_event){.type = BEL_EVENT_FORK, .space = 9, .other = 7, .pid = 2},
		3, true);
	child = bel_marks_process(&marks, 9);
	assert_true(child->known && child->inherited);
	assert_string_equal(child->name, "sh");
	note(&marks, (struct bel_event){.type = BEL_EVENT_EXEC, .space = 9, .pid = 2, .name = "ls"},
		4, true);
	child = bel_marks_process(&marks, 9);
	assert_false(child->inherited);
	assert_string_equal(child->name, "ls");
	assert_false(bel_marks_process(&marks, 7)->inherited);
	assert_null(bel_marks_process(&marks, 8));
	bel_marks_release(&marks);
}

static void a_process_without_a_name(void **state)
{
	struct bel_marks marks = {0};

	(void)state;
	note(&marks, (struct bel_event){.type = BEL_EVENT_FORK, .space = 2, .other = 1, .pid = 5},
		0, true);
	assert_int_equal(bel_marks_process(&marks, 2)->pid, 5);
	assert_null(bel_marks_process(&marks, 2)->name);
	assert_false(bel_marks_process(&marks, 2)->inherited);
	bel_marks_release(&marks);
}

static void only_marks_that_are_asked_for_are_listed(void **state)
{
	struct bel_marks marks = {0};

	(void)state;
	note(&marks, (struct bel_event){.type = BEL_EVENT_MARK, .name = "before"}, 5, false);
	note(&marks, (struct bel_event){.type = BEL_EVENT_MARK, .name = "a", .space = 3}, 6, true);
	note(&marks, (struct bel_event){.type = BEL_EVENT_MARK}, 9, true);
	assert_int_equal(marks.count, 2);
	assert_int_equal(marks.all, 2);
	assert_string_equal(marks.mark[0].name, "a");
	assert_int_equal(marks.mark[0].reference, 6);
	assert_int_equal(marks.mark[0].space, 3);
	assert_null(marks.mark[1].name);
	bel_marks_release(&marks);
}

static void the_list_ends_before_the_first_name_that_does_not_fit(void **state)
{
	const size_t half = BEL_MARKS_NAMES_MAX / 2;
	struct bel_marks marks = {0};
	char *const name = malloc(half + 1);

	(void)state;
	assert_non_null(name);
	memset(name, 'x', half);
	name[half] = '\0';
	/* Each takes half the room and one byte, so the second does not fit. A short one would. */
	note(&marks, (struct bel_event){.type = BEL_EVENT_MARK, .name = name}, 0, true);
	note(&marks, (struct bel_event){.type = BEL_EVENT_MARK, .name = name}, 1, true);
	note(&marks, (struct bel_event){.type = BEL_EVENT_MARK, .name = "short"}, 2, true);
	assert_int_equal(marks.count, 1);
	assert_int_equal(marks.all, 3);
	bel_marks_release(&marks);
	free(name);
}

static void too_many_names_of_processes_are_refused(void **state)
{
	const size_t half = BEL_MARKS_PROCESS_NAMES_MAX / 2;
	struct bel_marks marks = {0};
	char *const name = malloc(half + 1);
	struct bel_err err;

	(void)state;
	assert_non_null(name);
	memset(name, 'x', half);
	name[half] = '\0';
	/* The name of a space counts once, however often the space gets it. */
	for (int i = 0; i < 3; i++)
		note(&marks, (struct bel_event){.type = BEL_EVENT_EXEC, .name = name}, 0, true);
	assert_int_equal(
		bel_marks_event(&marks,
			&(struct bel_event){.type = BEL_EVENT_EXEC, .space = 1, .name = name}, 0,
			true, &err),
		BEL_FAIL);
	assert_string_equal(err.text, "more than 67108864 bytes of names of processes");
	bel_marks_release(&marks);
	free(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fork_has_the_name_of_its_parent_until_exec),
		cmocka_unit_test(a_process_without_a_name),
		cmocka_unit_test(only_marks_that_are_asked_for_are_listed),
		cmocka_unit_test(the_list_ends_before_the_first_name_that_does_not_fit),
		cmocka_unit_test(too_many_names_of_processes_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

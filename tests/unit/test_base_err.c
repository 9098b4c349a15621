/* SPDX-License-Identifier: MIT */
/* test_base_err.c: what a struct bel_err says of a failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

#include "err.h"

static void test_code_and_text(void **state)
{
	struct bel_err err = {.error = EPIPE};

	(void)state;
	assert_int_equal(bel_fail(&err, "%s: line %d: no", "a", 7), BEL_FAIL);
	assert_int_equal(err.code, BEL_FAIL);
	assert_int_equal(err.error, 0);
	assert_string_equal(err.text, "a: line 7: no");
	assert_int_equal(bel_usage(&err, "no frames"), BEL_USAGE);
	assert_int_equal(err.code, BEL_USAGE);
}

static void test_errno_is_kept(void **state)
{
	struct bel_err err;

	(void)state;
	assert_int_equal(bel_fail_errno(&err, ENOENT, "%s", "Broken pipe.bel"), BEL_FAIL);
	assert_int_equal(err.code, BEL_FAIL);
	assert_int_equal(err.error, ENOENT);
	assert_string_equal(err.text, "Broken pipe.bel: No such file or directory");
	assert_int_equal(bel_fail_errno(&err, EPIPE, "%s: cannot write", "a"), BEL_FAIL);
	assert_int_equal(err.error, EPIPE);
	errno = ENOENT;
	assert_int_equal(bel_fail_open(&err, "a.bel"), BEL_FAIL);
	assert_int_equal(err.error, ENOENT);
	assert_string_equal(err.text, "a.bel: cannot open: No such file or directory");
	assert_int_equal(bel_err_memory(&err, "pages"), BEL_FAIL);
	assert_int_equal(err.error, ENOMEM);
	assert_string_equal(err.text, "out of memory for pages");
}

/* A call that failed without saying why: an earlier write, whose errno is long gone. */
static void test_no_errno_is_io(void **state)
{
	struct bel_err err;

	(void)state;
	bel_fail_errno(&err, 0, "a");
	assert_int_equal(err.error, EIO);
	assert_string_equal(err.text, "a: Input/output error");
}

static void test_a_long_name_keeps_the_reason(void **state)
{
	const char reason[] = ": No such file or directory";
	char name[2000];
	struct bel_err err;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	bel_fail_errno(&err, ENOENT, "%s", name);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_string_equal(err.text + sizeof(err.text) - sizeof(reason), reason);
	assert_int_equal(err.text[0], 'n');
}

static void test_nobody_asks(void **state)
{
	(void)state;
	assert_int_equal(bel_fail(NULL, "a"), BEL_FAIL);
	assert_int_equal(bel_fail_errno(NULL, EIO, "a"), BEL_FAIL);
	assert_int_equal(bel_err_memory(NULL, "a"), BEL_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code_and_text),
		cmocka_unit_test(test_errno_is_kept),
		cmocka_unit_test(test_no_errno_is_io),
		cmocka_unit_test(test_a_long_name_keeps_the_reason),
		cmocka_unit_test(test_nobody_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

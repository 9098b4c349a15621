/* SPDX-License-Identifier: MIT */
/* test_capture_launch.c: a child that waits for a go: it runs, is called off, or cannot run. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "launch.h"

static char *const nothing[] = {"true", NULL};

/* A shell in Valgrind's place, which would make the file `ran` and end with 7. */
static char ran[4096];
static char *options[] = {"-c", NULL, NULL};

static int set_up(void **state)
{
	const char *dir = getenv("TMPDIR");
	static char script[5000];

	(void)state;
	snprintf(ran, sizeof(ran), "%s/launch.%d", dir ? dir : "/tmp", (int)getpid());
	snprintf(script, sizeof(script), ": >'%s'; exit 7", ran);
	options[1] = script;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(ran);
	return 0;
}

static pid_t start(const char *valgrind, int *go)
{
	const struct bel_launch launch = {.valgrind = valgrind,
		.options = options,
		.argv = nothing,
		.search = "/usr/bin:/bin",
		.output = -1};
	struct bel_err err;
	pid_t pid;

	assert_int_equal(bel_launch_start(&launch, &pid, go, &err), 0);
	return pid;
}

static void test_go(void **state)
{
	struct bel_err err;
	int go, status;
	const pid_t pid = start("/bin/sh", &go);

	(void)state;
	assert_int_equal(access(ran, F_OK), -1);
	assert_int_equal(bel_launch_go(go, &err), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_int_equal(access(ran, F_OK), 0);
	unlink(ran);
}

static void test_cancel(void **state)
{
	int go;
	const pid_t pid = start("/bin/sh", &go);

	(void)state;
	bel_launch_cancel(pid, go);
	assert_int_equal(waitpid(pid, NULL, 0), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(access(ran, F_OK), -1);
}

static void test_no_valgrind(void **state)
{
	struct bel_err err;
	int go;
	const pid_t pid = start("/no/such/valgrind", &go);

	(void)state;
	assert_int_equal(bel_launch_go(go, &err), BEL_FAIL);
	assert_string_equal(err.text, "cannot start valgrind: No such file or directory");
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_go),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_no_valgrind),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: MIT */
/* test_base_outfile.c: outputs that are whole or not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outfile.h"

static char folder[128];
static struct bel_err err;

static const char *path_of(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int files(void)
{
	DIR *dir = opendir(folder);
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static void holds(const char *name, const char *expected)
{
	char text[64] = "";
	FILE *file = fopen(path_of(name), "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = 0;
	fclose(file);
	assert_string_equal(text, expected);
}

static void write_file(const char *name, const char *text)
{
	struct bel_outfile out;

	assert_int_equal(bel_outfile_open(&out, path_of(name), &err), 0);
	fputs(text, out.file);
	assert_int_equal(bel_outfile_commit(&out, &err), 0);
	bel_outfile_abandon(&out);
}

static int set_up(void **state)
{
	const char *top = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/outfile.XXXXXX", top ? top : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	(void)state;
	while (dir && (entry = readdir(dir)))
		unlink(path_of(entry->d_name));
	if (dir)
		closedir(dir);
	return rmdir(folder);
}

static void test_appears_at_commit(void **state)
{
	struct bel_outfile out;

	(void)state;
	assert_int_equal(bel_outfile_open(&out, path_of("a"), &err), 0);
	assert_string_equal(bel_outfile_name(&out), path_of("a"));
	fputs("one", out.file);
	fflush(out.file);
	assert_int_not_equal(access(path_of("a"), F_OK), 0);
	assert_int_equal(bel_outfile_commit(&out, &err), 0);
	assert_null(out.file);
	holds("a", "one");
	assert_int_equal(files(), 1);
}

static void test_replaces(void **state)
{
	struct stat st;

	(void)state;
	write_file("a", "one");
	assert_int_equal(chmod(path_of("a"), 0640), 0);
	write_file("a", "two");
	holds("a", "two");
	assert_int_equal(stat(path_of("a"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(files(), 1);
}

static void test_abandon_keeps_the_old(void **state)
{
	struct bel_outfile out;

	(void)state;
	write_file("a", "one");
	assert_int_equal(bel_outfile_open(&out, path_of("a"), &err), 0);
	fputs("two", out.file);
	bel_outfile_abandon(&out);
	bel_outfile_abandon(&out);
	holds("a", "one");
	assert_int_equal(files(), 1);
}

static void test_keeps_symbolic_links(void **state)
{
	struct stat st;

	(void)state;
	write_file("a", "one");
	assert_int_equal(symlink("a", path_of("b")), 0);
	write_file("b", "two");
	holds("a", "two");
	assert_int_equal(lstat(path_of("b"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

/* Links that lead nowhere yet, one through another: the last one's target comes into being. */
static void test_dangling_links(void **state)
{
	struct bel_outfile out;
	struct stat st;

	(void)state;
	assert_int_equal(symlink("b", path_of("a")), 0);
	assert_int_equal(symlink("c", path_of("b")), 0);
	assert_int_equal(bel_outfile_open(&out, path_of("a"), &err), 0);
	fputs("lost", out.file);
	bel_outfile_abandon(&out);
	assert_int_equal(files(), 2);
	write_file("a", "one");
	assert_int_equal(lstat(path_of("a"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(path_of("c"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
	holds("c", "one");
	/* Into a folder that is not there, and in a circle: refused, and the link stays. */
	assert_int_equal(symlink("none/d", path_of("d")), 0);
	assert_int_equal(bel_outfile_open(&out, path_of("d"), &err), BEL_FAIL);
	assert_int_equal(symlink("e", path_of("e")), 0);
	assert_int_equal(bel_outfile_open(&out, path_of("e"), &err), BEL_FAIL);
	assert_int_equal(files(), 5);
}

static void test_full_disk(void **state)
{
	struct bel_outfile out;

	(void)state;
	assert_int_equal(bel_outfile_open(&out, "/dev/full", &err), 0);
	fputs("one", out.file);
	assert_int_equal(bel_outfile_commit(&out, &err), BEL_FAIL);
	assert_string_equal(err.text, "/dev/full: cannot write: No space left on device");
	assert_null(out.file);
	bel_outfile_abandon(&out);
}

/* The error is of a write long before the commit. */
static void test_full_disk_early(void **state)
{
	struct bel_outfile out;

	(void)state;
	assert_int_equal(bel_outfile_open(&out, "/dev/full", &err), 0);
	for (int i = 0; i < 100000; i++)
		fputc('x', out.file);
	assert_int_equal(bel_outfile_commit(&out, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "/dev/full: cannot write: "));
}

static void test_devices_are_written_in_place(void **state)
{
	struct bel_outfile out;
	struct stat st;

	(void)state;
	assert_int_equal(bel_outfile_open(&out, "/dev/null", &err), 0);
	fputs("one", out.file);
	assert_int_equal(bel_outfile_commit(&out, &err), 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void test_refusals(void **state)
{
	char expected[600];
	struct bel_outfile out;

	(void)state;
	assert_int_equal(bel_outfile_open(&out, folder, &err), BEL_FAIL);
	snprintf(expected, sizeof(expected), "%s: cannot write: Is a directory", folder);
	assert_string_equal(err.text, expected);
	bel_outfile_abandon(&out);
	assert_int_equal(bel_outfile_open(&out, path_of("none/a"), &err), BEL_FAIL);
	snprintf(expected, sizeof(expected), "%s: cannot write: No such file or directory",
		path_of("none/a"));
	assert_string_equal(err.text, expected);
}

/* A file that is there, also one that comes while we write, is not replaced. */
static void test_create(void **state)
{
	char expected[600];
	struct bel_outfile out;

	(void)state;
	assert_int_equal(bel_outfile_create(&out, path_of("a"), &err), 0);
	fputs("one", out.file);
	assert_int_equal(bel_outfile_commit(&out, &err), 0);
	holds("a", "one");
	assert_int_equal(files(), 1);
	snprintf(expected, sizeof(expected), "%s: cannot create: File exists", path_of("a"));
	assert_int_equal(bel_outfile_create(&out, path_of("a"), &err), BEL_FAIL);
	assert_string_equal(err.text, expected);

	assert_int_equal(bel_outfile_create(&out, path_of("b"), &err), 0);
	fputs("mine", out.file);
	write_file("b", "theirs");
	assert_int_equal(bel_outfile_commit(&out, &err), BEL_FAIL);
	holds("b", "theirs");
	assert_int_equal(symlink("c", path_of("d")), 0);
	assert_int_equal(bel_outfile_create(&out, path_of("d"), &err), BEL_FAIL);
	assert_int_equal(files(), 3);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_appears_at_commit),
		TEST(test_replaces),
		TEST(test_abandon_keeps_the_old),
		TEST(test_keeps_symbolic_links),
		TEST(test_dangling_links),
		TEST(test_full_disk),
		TEST(test_full_disk_early),
		TEST(test_devices_are_written_in_place),
		TEST(test_refusals),
		TEST(test_create),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_live_copies.c: copies of a program's files, the read-ahead of their device, how both are
 * undone, and which files and pages a trace names. Nothing here needs root or mounts anything.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

#include "changes.h"
#include "fake_root.h"
#include "file_copies.h"
#include "program_files.h"

static void tell(void *host, const char *text)
{
	(void)text;
	++*(unsigned *)host;
}

/* The device of the folder with this test's files, as a line of the state names it. */
static const char *device_of_root(void)
{
	static char text[40];
	struct stat st;

	assert_int_equal(stat(fake_root, &st), 0);
	snprintf(text, sizeof(text), "%u:%u", major(st.st_dev), minor(st.st_dev));
	return text;
}

/* A partition has its read-ahead in the folder of its disk. */
static void read_ahead(void **state)
{
	struct bel_read_ahead of = {.kb = 9};
	char path[BEL_KERNEL_PATH];
	struct bel_err err;

	(void)state;
	put("/x", "");
	assert_int_equal(bel_read_ahead_find(&of, fake_root, fake_root, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "--read-ahead keep"));
	snprintf(path, sizeof(path), "/sys/dev/block/%s/partition", device_of_root());
	put(path, "1\n");
	put("/sys/dev/block/queue/read_ahead_kb", "128\n");
	assert_int_equal(bel_read_ahead_find(&of, fake_root, fake_root, &err), 0);
	assert_int_equal(of.kb, 128);
	snprintf(path, sizeof(path), "/sys/dev/block/%s/queue/read_ahead_kb", device_of_root());
	put(path, "4096\n");
	assert_int_equal(bel_read_ahead_get(&of, fake_root, &err), 0);
	assert_int_equal(of.kb, 4096);
	assert_int_equal(bel_read_ahead_set(&of, fake_root, 16, &err), 0);
	/* put() made a longer text; a file of the kernel has no rest of an old value. */
	assert_int_equal(strncmp(get(path), "16", 2), 0);
	assert_int_equal(bel_read_ahead_find(&of, fake_root, "/no/such/folder", &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "/no/such/folder"));
}

/* Undoes a state file with this line; how many changes are told. */
static unsigned undo_line(const char *line)
{
	struct bel_changes changes;
	struct bel_err err;
	unsigned told = 0;
	char text[BEL_KERNEL_PATH + 100];

	snprintf(text, sizeof(text), "belady.live-state/1\n%s\n", line);
	put("/run/belady/state", text);
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
	assert_int_equal(bel_changes_undo(&changes, tell, &told, &err), 0);
	bel_changes_close(&changes);
	return told;
}

/* Copies go, and the read-ahead comes back, but not if somebody set it meanwhile. */
static void undoes_copies(void **state)
{
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_PATH], folder[BEL_KERNEL_PATH];
	struct bel_changes changes;
	struct bel_err err;

	(void)state;
	put_machine("");
	snprintf(text, sizeof(text), "read-ahead %s 128 7", device_of_root());
	snprintf(path, sizeof(path), "/sys/dev/block/%s/queue/read_ahead_kb", device_of_root());
	put("/run/belady/state", "");
	assert_int_equal(chmod(bel_kernel_path(folder, fake_root, "/run/belady"), 0700), 0);
	put(path, "7");
	assert_int_equal(undo_line(text), 1);
	assert_string_equal(get(path), "128");
	put(path, "64");
	assert_int_equal(undo_line(text), 0);
	assert_string_equal(get(path), "64");

	put("/var/tmp/belady-live-7/0", "a");
	put("/var/tmp/belady-live-7/12", "b");
	bel_kernel_path(path, fake_root, "/var/tmp/belady-live-7");
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(undo_line("copies /var/tmp/belady-live-7"), 1);
	assert_false(exists("/var/tmp/belady-live-7"));
	assert_true(exists("/var/tmp"));
	assert_int_equal(undo_line("copies /var/tmp/belady-live-7"), 0);

	/* A folder in which others can write, and a foreign file in ours, stay. */
	put("/var/tmp/belady-live-7/0", "a");
	assert_int_equal(chmod(path, 0755), 0);
	assert_int_equal(bel_copies_remove(path, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "not the folder that bel-live made"));
	assert_true(exists("/var/tmp/belady-live-7/0"));
	assert_int_equal(chmod(path, 0700), 0);
	put("/var/tmp/belady-live-7/letter", "a");
	assert_int_equal(bel_copies_remove(path, &err), BEL_FAIL);
	assert_true(exists("/var/tmp/belady-live-7/letter"));
	/* Nor is a link followed. */
	bel_kernel_path(text, fake_root, "/var/tmp/belady-live-8");
	assert_int_equal(symlink(path, text), 0);
	assert_int_equal(bel_copies_remove(text, &err), BEL_FAIL);
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
	assert_int_equal(bel_changes_copies(&changes, "/a\n/belady-live-7", &err), BEL_FAIL);
	bel_changes_close(&changes);
}

/* The bytes, the rights and the time of a file; what cannot be copied is left out. */
static void copies_files(void **state)
{
	struct bel_copies copies = {.count = 0};
	char path[BEL_KERNEL_PATH], folder[BEL_KERNEL_PATH];
	const struct timespec times[] = {{.tv_sec = 100}, {.tv_sec = 200}};
	struct bel_err err;
	struct stat st;

	(void)state;
	put("/a/program", "its code");
	put("/a/empty", "");
	bel_kernel_path(path, fake_root, "/a/program");
	assert_int_equal(chmod(path, 0751), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(bel_copies_add(&copies, path, &err), 0);
	bel_kernel_path(path, fake_root, "/a/empty");
	assert_int_equal(bel_copies_add(&copies, path, &err), 0);
	assert_int_equal(bel_copies_add(&copies, fake_root, &err), BEL_NO);
	assert_int_equal(bel_copies_add(&copies, "/dev/zero", &err), BEL_NO);
	assert_int_equal(bel_copies_add(&copies, "/no/such/file", &err), BEL_NO);
	assert_int_equal(bel_copies_add(&copies, "Makefile", &err), BEL_NO);
	assert_int_equal(copies.count, 2);
	assert_int_equal(copies.bytes, 8);
	bel_kernel_path(folder, fake_root, "/belady-live-7");
	assert_int_equal(bel_copies_make(&copies, folder, &err), 0);
	assert_string_equal(get("/belady-live-7/0"), "its code");
	assert_string_equal(get("/belady-live-7/1"), "");
	assert_int_equal(stat(bel_kernel_path(path, fake_root, "/belady-live-7/0"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0751);
	assert_int_equal(st.st_mtime, 200);
	/* The folder is there already. */
	assert_int_equal(bel_copies_make(&copies, folder, &err), BEL_FAIL);
	assert_int_equal(bel_copies_remove(folder, &err), 0);
	assert_false(exists("/belady-live-7"));
	bel_copies_release(&copies);
}

/* Reads a trace in the format "script" and chooses its files. */
static int choose(
	const char *script, struct bel_copies *copies, uint64_t *pages, struct bel_err *err)
{
	struct bel_program_files files = {.pages = 0};
	struct bel_source_options options = {.format = "script"};
	char path[BEL_KERNEL_PATH];
	struct bel_source *source;
	int r;

	put("/trace.script", script);
	options.path = bel_kernel_path(path, fake_root, "/trace.script");
	assert_int_equal(bel_source_open(&source, &options, err), 0);
	assert_int_equal(bel_program_files_read(&files, source, err), 0);
	bel_source_close(source);
	r = bel_program_files_choose(&files, copies, err);
	*pages = files.pages;
	bel_program_files_release(&files);
	return r;
}

/*
 * Pages 0, 1 and 2 of the library: 0 is referenced through two mappings and in two processes. One
 * page of the data file. What the program writes through a mapping is not copied, nor is a file that
 * is not here; memory without a file is none.
 */
static void files_of_a_trace(void **state)
{
	struct bel_copies copies = {.count = 0};
	uint64_t pages;
	char script[4096], path[BEL_KERNEL_PATH];
	struct bel_err err;

	(void)state;
	put("/a/library", "L");
	put("/a/data", "D");
	put("/a/written", "W");
	snprintf(script, sizeof(script),
		"map 0x400000 12K r-x text %s/a/library\n"
		"map 0x500000 8K rw- data %s/a/library\n"
		"map 0x600000 4K rw-s mmap %s/a/written\n"
		"map 0x700000 8K r--s mmap %s/a/data\n"
		"map 0x800000 4K r-x text /no/such/file\n"
		"map 0x900000 8K rw- heap\n"
		"i 0x400000; i 0x402fff; w 0x500000; w 0x501000; w 0x600000\n"
		"r 0x700010; r 0x700020; i 0x800000; w 0x900000; w 0x401000\n"
		"fork 1; process 1; i 0x400000; w 0x500000; w 0x901000\n",
		fake_root, fake_root, fake_root, fake_root);
	assert_int_equal(choose(script, &copies, &pages, &err), 0);
	assert_int_equal(pages, 4);
	assert_int_equal(copies.count, 2);
	bel_kernel_path(path, fake_root, "/a/library");
	assert_string_equal(copies.file[0], path);
	bel_kernel_path(path, fake_root, "/a/data");
	assert_string_equal(copies.file[1], path);
	bel_copies_release(&copies);
	/* A mapping that took the place of another one counts from then on. */
	snprintf(script, sizeof(script),
		"map 0x400000 4K rw- mmap\nw 0x400000\nmap 0x401000 4K r-- mmap %s/a/data\n"
		"r 0x401000\nmap 0x400000 8K rw- mmap\nw 0x400000; w 0x401000\n",
		fake_root);
	assert_int_equal(choose(script, &copies, &pages, &err), 0);
	assert_int_equal(pages, 1);
	assert_int_equal(copies.count, 1);
	bel_copies_release(&copies);
	assert_int_equal(
		choose("map 0x400000 4K rw- heap\nw 0x400000\n", &copies, &pages, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "the trace names no file that is here"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(read_ahead, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(undoes_copies, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(files_of_a_trace, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(copies_files, fake_root_start, fake_root_end),
	};

	return cmocka_run_group_tests_name("copies", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_live.c: what bel-live reads from the kernel and from its state file, in folders that look
 * as /proc, /sys and /run do. Nothing here needs root or changes the machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "changes.h"
#include "facts.h"
#include "fake_root.h"
#include "live_plan.h"
#include "live_record.h"
#include "rng.h"

static void fields(void **state)
{
	uint64_t value = 7;

	(void)state;
	assert_true(bel_kernel_field("pgfaults 1\npgfault 12\npgmajfault 3\n", "pgfault", &value));
	assert_int_equal(value, 12);
	assert_true(bel_kernel_field("total_rss 5\nrss 0", "rss", &value));
	assert_int_equal(value, 0);
	assert_true(bel_kernel_field("MemTotal:       24683972 kB\n", "MemTotal", &value));
	assert_int_equal(value, 24683972);
	assert_true(bel_kernel_field("rss 18446744073709551615\n", "rss", &value));
	assert_true(value == UINT64_MAX);
	value = 7;
	assert_false(bel_kernel_field("rss 18446744073709551616\n", "rss", &value));
	assert_false(bel_kernel_field("rss -1\n", "rss", &value));
	assert_false(bel_kernel_field("rss 12x\n", "rss", &value));
	assert_false(bel_kernel_field("rss\n12\n", "rss", &value));
	assert_false(bel_kernel_field("a rss 12\n", "rss", &value));
	assert_false(bel_kernel_field("", "rss", &value));
	assert_int_equal(value, 7);
}

static void numbers(void **state)
{
	static const char *const none[] = {"", "\n", "max\n", "-1", "+1", " 1", "1 ", "1\n2",
		"0x10", "18446744073709551616", "99999999999999999999999"};
	uint64_t value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(bel_kernel_number(none[i], &value));
	assert_int_equal(value, 7);
	assert_true(bel_kernel_number("4096\n", &value));
	assert_int_equal(value, 4096);
	assert_true(bel_kernel_has_word("cpu memory\n", "memory"));
	assert_true(bel_kernel_has_word("memory", "memory"));
	assert_false(bel_kernel_has_word("memory.numa memoryx xmemory", "memory"));
}

static void lines_of_the_state(void **state)
{
	static const char *const damaged[] = {"", "group", "group ", "group belady-live-",
		"group belady-live-7/../x", "group ../belady-live-7", "group belady-live-7x",
		"group belady-live-7 ", "group  belady-live-7", "group other-7", "zram", "zram x",
		"zram -1", "zram 2147483648", "zram-add", "zram-add x", "page-cluster",
		"page-cluster 32", "page-cluster 3 4", "belady.live-state/2", "copies",
		"copies belady-live-7", "copies /var/tmp", "copies /var/tmp/belady-live-",
		"copies /var/tmp/belady-live-7/", "copies /var/../belady-live-7",
		"copies /belady-live-7/x", "read-ahead", "read-ahead 8:0", "read-ahead 8:0 128",
		"read-ahead 8:0 128 0 0", "read-ahead 8:0 -1 0", "read-ahead  8:0 128 0",
		"read-ahead 8 128 0", "read-ahead 8:0 128 99999999999999999999999",
		"Group belady-live-7"};
	struct bel_change change;

	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(*damaged); i++)
		assert_int_equal(bel_change_parse(damaged[i]).kind, BEL_CHANGE_NONE);
	assert_int_equal(bel_change_parse("belady.live-state/1").kind, BEL_CHANGE_HEAD);
	assert_int_equal(bel_change_parse("zram-add 1").kind, BEL_CHANGE_ZRAM_ADD);
	change = bel_change_parse("group belady-live-4711");
	assert_int_equal(change.kind, BEL_CHANGE_GROUP);
	assert_string_equal(change.name, "belady-live-4711");
	change = bel_change_parse("zram 2147483647");
	assert_int_equal(change.kind, BEL_CHANGE_ZRAM);
	assert_int_equal(change.number, 2147483647);
	change = bel_change_parse("page-cluster 31");
	assert_int_equal(change.kind, BEL_CHANGE_PAGE_CLUSTER);
	assert_int_equal(change.number, 31);
	change = bel_change_parse("copies /var/my tmp/belady-live-7");
	assert_int_equal(change.kind, BEL_CHANGE_COPIES);
	assert_string_equal(change.name, "/var/my tmp/belady-live-7");
	change = bel_change_parse("read-ahead 8:16 128 0");
	assert_int_equal(change.kind, BEL_CHANGE_READ_AHEAD);
	assert_int_equal(change.read_ahead.major, 8);
	assert_int_equal(change.read_ahead.minor, 16);
	assert_int_equal(change.read_ahead.kb, 128);
	assert_int_equal(change.now_kb, 0);
}

/* The number of a process behind the beginning of our names, and nothing else. */
static void assert_ours(const char *name)
{
	assert_memory_equal(name, "belady-live-", 12);
	assert_int_not_equal(name[12], 0);
	assert_int_equal(strspn(name + 12, "0123456789"), strlen(name + 12));
}

/*
 * Lines with random bytes: a group that is accepted is one folder with the name of ours, and so is
 * the last folder of copies.
 */
static void random_lines(void **state)
{
	static const char *const good[] = {"group belady-live-12345", "zram 12", "zram-add 7",
		"page-cluster 3", "copies /tmp/belady-live-12", "read-ahead 8:0 128 0"};
	static const char bytes[] = "0123456789-/. \t\n\x01\x1b\xff"
				    "gx";
	const uint64_t seed = 1;
	struct bel_rng rng;
	unsigned groups = 0, copies = 0;

	(void)state;
	bel_rng_seed(&rng, seed);
	print_message("seed %llu\n", (unsigned long long)seed);
	for (int round = 0; round < 100000; round++) {
		char line[64];
		struct bel_change change;

		snprintf(line, sizeof(line), "%s", good[bel_rng_below(&rng, 6)]);
		for (uint64_t n = bel_rng_below(&rng, 3); n; n--)
			line[bel_rng_below(&rng, strlen(line))] =
				bytes[bel_rng_below(&rng, sizeof(bytes) - 1)];
		change = bel_change_parse(line);
		groups += change.kind == BEL_CHANGE_GROUP;
		copies += change.kind == BEL_CHANGE_COPIES;
		if (change.kind == BEL_CHANGE_GROUP)
			assert_ours(change.name);
		if (change.kind != BEL_CHANGE_COPIES)
			continue;
		assert_int_equal(change.name[0], '/');
		assert_null(strstr(change.name, "/../"));
		assert_ours(strrchr(change.name, '/') + 1);
	}
	assert_true(groups > 1000 && copies > 1000);
}

static void finds_version_1(void **state)
{
	struct bel_cgroup_host host;
	struct bel_cgroup_counts counts;
	struct bel_cgroup group;
	struct bel_err err;
	uint64_t bytes;

	(void)state;
	/* A version 2 without the controller is beside it. */
	put("/proc/self/mountinfo", MOUNT_V2 MOUNT_CPU MOUNT_V1);
	put("/sys/fs/cgroup/cgroup.controllers", "hugetlb\n");
	put("/sys/fs/cgroup/memory/cgroup.procs", "");
	assert_int_equal(bel_cgroup_find(&host, fake_root, &err), 0);
	assert_int_equal(host.version, 1);
	assert_int_equal(bel_cgroup_name(&group, &host, "belady-live-1", &err), 0);
	assert_int_equal(bel_cgroup_make(&group, &err), 0);
	put("/sys/fs/cgroup/memory/belady-live-1/memory.limit_in_bytes", "");
	put("/sys/fs/cgroup/memory/belady-live-1/memory.kmem.usage_in_bytes", "24576\n");
	put("/sys/fs/cgroup/memory/belady-live-1/cgroup.procs", "");
	assert_int_equal(bel_cgroup_limit(&group, 4218880, &err), 0);
	assert_string_equal(
		get("/sys/fs/cgroup/memory/belady-live-1/memory.limit_in_bytes"), "4218880");
	assert_int_equal(bel_cgroup_kernel_bytes(&group, &bytes, &err), 0);
	assert_int_equal(bytes, 24576);
	assert_int_equal(bel_cgroup_enter(&group, 4711, &err), 0);
	assert_string_equal(get("/sys/fs/cgroup/memory/belady-live-1/cgroup.procs"), "4711");
	put("/sys/fs/cgroup/memory/belady-live-1/memory.oom_control",
		"oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
	assert_true(bel_cgroup_out_of_memory(&group));
	/* The counts of the groups below are in those with "total_" only. */
	bel_cgroup_parse(&group,
		"cache 1\nrss 2\npgfault 3\npgmajfault 4\nworkingset_refault_anon 5\n"
		"total_cache 11\ntotal_rss 12\ntotal_pgfault 13\ntotal_pgmajfault 14\n"
		"total_workingset_refault_anon 15\n",
		&counts);
	assert_int_equal(counts.file, 11);
	assert_int_equal(counts.anonymous, 12);
	assert_int_equal(counts.faults, 13);
	assert_int_equal(counts.major_faults, 14);
	assert_int_equal(counts.refaults, 15);
	assert_true(counts.file_refaults == UINT64_MAX);
}

/* What a program made below our group goes with it, in any depth. */
static void removes_groups_below(void **state)
{
	static const char *const below[] = {"", "/a", "/a/b", "/a/b/c", "/a/d", "/e"};
	struct bel_cgroup_host host;
	struct bel_cgroup group;
	struct bel_err err;

	(void)state;
	put("/proc/self/mountinfo", MOUNT_V1);
	put("/sys/fs/cgroup/memory/cgroup.procs", "");
	assert_int_equal(bel_cgroup_find(&host, fake_root, &err), 0);
	assert_int_equal(bel_cgroup_name(&group, &host, "belady-live-1", &err), 0);
	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++) {
		char path[BEL_KERNEL_PATH];

		bel_kernel_path(path, group.path, "%s", below[i]);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	/* Version 1 counts a process that was killed only in the group that it was in. */
	put("/sys/fs/cgroup/memory/belady-live-1/a/memory.oom_control", "oom_kill 0\n");
	assert_false(bel_cgroup_out_of_memory(&group));
	put("/sys/fs/cgroup/memory/belady-live-1/a/b/memory.oom_control", "oom_kill 1\n");
	assert_true(bel_cgroup_out_of_memory(&group));
	drop("/sys/fs/cgroup/memory/belady-live-1/a/memory.oom_control");
	drop("/sys/fs/cgroup/memory/belady-live-1/a/b/memory.oom_control");
	assert_int_equal(bel_cgroup_remove(&group, &err), 0);
	assert_false(exists("/sys/fs/cgroup/memory/belady-live-1"));
	/* A group that is gone is no error. */
	assert_int_equal(bel_cgroup_remove(&group, &err), 0);
}

/* Half of a process number would be another process: its group would be killed for it. */
static void a_long_file_is_cut_after_a_line(void **state)
{
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_TEXT], listed[20001];

	(void)state;
	bel_kernel_path(path, fake_root, "/cgroup.procs");
	for (size_t i = 0; i < sizeof(listed) - 1; i += 10)
		memcpy(listed + i, "214748364\n", 11);
	put("/cgroup.procs", listed);
	/* There is room for 16383 bytes: 1638 lines of 10. */
	assert_int_equal(bel_kernel_read(path, text, sizeof(text), NULL), 16380);
	assert_memory_equal(text, listed, 16380);
	assert_int_equal(text[16380], 0);
	/* One line stays a part of a line. */
	memset(listed, '7', sizeof(listed) - 1);
	put("/cgroup.procs", listed);
	assert_int_equal(bel_kernel_read(path, text, sizeof(text), NULL), 16383);
	/* A short file is whole, with or without a newline at its end. */
	put("/cgroup.procs", "1\n22");
	assert_int_equal(bel_kernel_read(path, text, sizeof(text), NULL), 4);
	assert_string_equal(text, "1\n22");
}

static void finds_version_2(void **state)
{
	struct bel_cgroup_host host;
	struct bel_cgroup_counts counts;
	struct bel_cgroup group;
	struct bel_err err;
	uint64_t bytes;

	(void)state;
	put("/proc/self/mountinfo", MOUNT_CPU MOUNT_V2);
	put("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
	put("/sys/fs/cgroup/cgroup.subtree_control", "cpu memory pids\n");
	assert_int_equal(bel_cgroup_find(&host, fake_root, &err), 0);
	assert_int_equal(host.version, 2);
	assert_int_equal(bel_cgroup_name(&group, &host, "belady-live-1", &err), 0);
	assert_int_equal(bel_cgroup_make(&group, &err), 0);
	put("/sys/fs/cgroup/belady-live-1/memory.max", "");
	put("/sys/fs/cgroup/belady-live-1/memory.stat",
		"anon 8192\nfile 4096\nkernel 57344\nkernel_stack 16384\npgfault 12\n"
		"pgmajfault 3\nworkingset_refault_anon 2\nworkingset_refault_file 1\npswpin 5\n");
	assert_int_equal(bel_cgroup_limit(&group, 1052672, &err), 0);
	assert_string_equal(get("/sys/fs/cgroup/belady-live-1/memory.max"), "1052672");
	assert_int_equal(bel_cgroup_kernel_bytes(&group, &bytes, &err), 0);
	assert_int_equal(bytes, 57344);
	bel_cgroup_parse(&group, get("/sys/fs/cgroup/belady-live-1/memory.stat"), &counts);
	assert_int_equal(counts.anonymous, 8192);
	assert_int_equal(counts.file, 4096);
	assert_int_equal(counts.faults, 12);
	assert_int_equal(counts.major_faults, 3);
	assert_int_equal(counts.refaults, 2);
	assert_int_equal(counts.file_refaults, 1);
	assert_int_equal(counts.swapped_in, 5);
	assert_true(counts.swapped_out == UINT64_MAX);
	/* What zswap keeps in memory would be charged to the group. */
	put("/sys/fs/cgroup/belady-live-1/cgroup.procs", "");
	put("/sys/fs/cgroup/belady-live-1/memory.zswap.max", "max\n");
	assert_int_equal(bel_cgroup_enter(&group, 4711, &err), 0);
	assert_int_equal(get("/sys/fs/cgroup/belady-live-1/memory.zswap.max")[0], '0');
	assert_false(bel_cgroup_out_of_memory(&group));
	put("/sys/fs/cgroup/belady-live-1/memory.events", "low 0\noom 2\noom_kill 0\n");
	assert_false(bel_cgroup_out_of_memory(&group));
	put("/sys/fs/cgroup/belady-live-1/memory.events", "low 0\noom 2\noom_kill 1\n");
	assert_true(bel_cgroup_out_of_memory(&group));
}

static void refuses_without_controller(void **state)
{
	struct bel_cgroup_host host;
	struct bel_err err;

	(void)state;
	put("/proc/self/mountinfo", "\n1 2 3\n- - -\n" MOUNT_CPU MOUNT_V2);
	put("/sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
	put("/sys/fs/cgroup/cgroup.subtree_control", "cpu\n");
	assert_int_equal(bel_cgroup_find(&host, fake_root, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "+memory"));
	put("/proc/self/mountinfo", MOUNT_CPU);
	assert_int_equal(bel_cgroup_find(&host, fake_root, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "no memory cgroup controller"));
}

static void tell(void *host, const char *text)
{
	(void)text;
	++*(unsigned *)host;
}

static void undoes_what_it_wrote(void **state)
{
	struct bel_changes changes, other;
	struct bel_err err;
	unsigned told = 0;
	char path[BEL_KERNEL_PATH];

	(void)state;
	put_machine("");
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
	assert_false(changes.left);
	assert_int_equal(bel_changes_open(&other, fake_root, &err), BEL_NO);
	assert_int_equal(bel_changes_page_cluster(&changes, 3, &err), 0);
	put("/proc/sys/vm/page-cluster", "0");
	assert_int_equal(bel_changes_group(&changes, "belady-live-5", &err), 0);
	bel_kernel_path(path, fake_root, "/sys/fs/cgroup/memory/belady-live-5");
	assert_int_equal(mkdir(path, 0755), 0);
	assert_string_equal(get("/run/belady/state"),
		"belady.live-state/1\npage-cluster 3\ngroup belady-live-5\n");
	/* As after a SIGKILL: another process finds the file. */
	bel_changes_close(&changes);
	assert_int_equal(bel_changes_open(&other, fake_root, &err), 0);
	assert_true(other.left);
	assert_int_equal(bel_changes_undo(&other, tell, &told, &err), 0);
	bel_changes_close(&other);
	assert_int_equal(told, 2);
	assert_string_equal(get("/proc/sys/vm/page-cluster"), "3");
	assert_false(exists("/sys/fs/cgroup/memory/belady-live-5"));
	assert_false(exists("/run/belady/state"));
}

static void leaves_what_is_not_ours(void **state)
{
	struct bel_changes changes;
	struct bel_err err;
	unsigned told = 0;

	(void)state;
	put_machine("");
	/* Somebody set page-cluster again, and made a device with the same number. */
	put("/proc/sys/vm/page-cluster", "5");
	put("/sys/block/zram4/disksize", "4096\n");
	put("/dev/zram4", "somebody's contents");
	put("/sys/class/zram-control/hot_remove", "");
	put("/run/belady/state",
		"belady.live-state/1\npage-cluster 3\nzram-add 4\nzram 4\nzram 5\n");
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
	assert_true(changes.left);
	assert_int_equal(bel_changes_undo(&changes, tell, &told, &err), 0);
	assert_int_equal(told, 1);
	assert_string_equal(get("/proc/sys/vm/page-cluster"), "5");
	assert_string_equal(get("/sys/class/zram-control/hot_remove"), "");
	assert_string_equal(get("/dev/zram4"), "somebody's contents");
	bel_changes_close(&changes);
}

static void a_damaged_state_stays(void **state)
{
	struct bel_changes changes;
	struct bel_err err;
	char path[BEL_KERNEL_PATH];

	(void)state;
	put_machine("");
	put("/proc/sys/vm/page-cluster", "0");
	put("/run/belady/state", "belady.live-state/1\npage-cluster 3\ngroup ../../home\n");
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
	assert_int_equal(bel_changes_undo(&changes, NULL, NULL, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "unknown line 'group ../../home'"));
	/* The other lines were undone. */
	assert_string_equal(get("/proc/sys/vm/page-cluster"), "3");
	assert_true(exists("/run/belady/state"));
	bel_changes_close(&changes);
	/* A folder into which others can write is not trusted. */
	bel_kernel_path(path, fake_root, "/run/belady");
	assert_int_equal(chmod(path, 0777), 0);
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), BEL_FAIL);
}

#define SWAPS_HEAD "Filename\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

/* Opens the changes that the state file lists; undoing them fails with this text. */
static void refuse_state(const char *text)
{
	struct bel_changes changes;
	char path[BEL_KERNEL_PATH];
	struct bel_err err;
	unsigned told = 0;
	struct stat st;

	put("/proc/sys/vm/page-cluster", "0");
	bel_kernel_path(path, fake_root, "/run/belady/state");
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
	assert_true(changes.left);
	assert_int_equal(bel_changes_undo(&changes, tell, &told, &err), BEL_FAIL);
	bel_changes_close(&changes);
	assert_non_null(strstr(err.text, text));
	assert_int_equal(told, 0);
	assert_string_equal(get("/proc/sys/vm/page-cluster"), "0");
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(remove(path), 0);
}

#define STATE "belady.live-state/1\npage-cluster 3\n"

/* A file that bel-live cannot have written undoes nothing, and stays. */
static void a_foreign_state(void **state)
{
	static char large[BEL_KERNEL_TEXT + 100];
	char path[BEL_KERNEL_PATH], target[BEL_KERNEL_PATH];

	(void)state;
	put_machine("");
	put("/run/belady/x", STATE);
	bel_kernel_path(path, fake_root, "/run/belady/state");
	bel_kernel_path(target, fake_root, "/run/belady/x");
	assert_int_equal(chmod(bel_kernel_path(large, fake_root, "/run/belady"), 0700), 0);
	assert_int_equal(symlink(target, path), 0);
	refuse_state("not a state file");
	assert_string_equal(get("/run/belady/x"), STATE);
	assert_int_equal(symlink("nowhere", path), 0);
	refuse_state("not a state file");
	/* Nobody writes into the pipe: it is not waited for. */
	assert_int_equal(mkfifo(path, 0600), 0);
	refuse_state("not a state file");
	assert_int_equal(mkdir(path, 0700), 0);
	refuse_state("not a state file");
	put("/run/belady/state", STATE);
	assert_int_equal(chmod(path, 0622), 0);
	refuse_state("not a state file");
	put("/run/belady/state", "page-cluster 3\n");
	refuse_state("not a state file");
	/* Longer than what is read: the first lines alone are not what was changed. */
	memset(large, 'x', sizeof(large) - 1);
	memcpy(large, STATE, strlen(STATE));
	put("/run/belady/state", large);
	refuse_state("not a state file");
}

/* The disk was full when the line was written, so nothing was changed. */
static void an_unfinished_state(void **state)
{
	struct bel_changes changes;
	struct bel_err err;

	(void)state;
	put_machine("");
	put("/proc/sys/vm/page-cluster", "0");
	put("/run/belady/state", "belady.live-st");
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
	assert_int_equal(bel_changes_undo(&changes, NULL, NULL, &err), 0);
	assert_false(exists("/run/belady/state"));
	put("/run/belady/state", "belady.live-state/1\npage-cluster 3");
	bel_changes_close(&changes);
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
	assert_int_equal(bel_changes_undo(&changes, NULL, NULL, &err), 0);
	assert_string_equal(get("/proc/sys/vm/page-cluster"), "0");
	bel_changes_close(&changes);
}

/* In a container swapon() was refused, and swapoff() is, too: the device is removed all the same. */
static void a_device_that_is_no_swap(void **state)
{
	char head[4097] = "", path[BEL_KERNEL_PATH];
	struct bel_err err;
	FILE *file;

	(void)state;
	put_machine(SWAPS_HEAD "/dev/zram41 partition 4 0 -2\n");
	put("/sys/block/zram4/disksize", "4096\n");
	put("/sys/class/zram-control/hot_remove", "");
	put("/dev/zram4", "");
	memcpy(head + 1024 + 12 + 16, "belady-live", 11);
	file = fopen(bel_kernel_path(path, fake_root, "/dev/zram4"), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(head, 1, 4096, file), 4096);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(bel_zram_remove(fake_root, 4, &err), 0);
	assert_string_equal(get("/sys/class/zram-control/hot_remove"), "4");
	/* A device that is in use stays if swapoff() fails; here it is only a file. */
	put("/sys/class/zram-control/hot_remove", "");
	put_machine(SWAPS_HEAD "/dev/zram4 partition 4 0 -2\n");
	assert_int_equal(bel_zram_remove(fake_root, 4, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "cannot end swapping"));
	assert_string_equal(get("/sys/class/zram-control/hot_remove"), "");
}

/* Killed after the size was set, and before the head of the swap area was written. */
static void a_device_without_head(void **state)
{
	struct bel_changes changes;
	struct bel_err err;
	unsigned told = 0;

	(void)state;
	put_machine("");
	put("/sys/block/zram4/disksize", "4096\n");
	put("/sys/block/zram4/mm_stat", "       0        0        0   1048576        0\n");
	put("/sys/class/zram-control/hot_remove", "");
	put("/run/belady/state", "belady.live-state/1\nzram-add 4\nzram 4\n");
	assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
	assert_int_equal(bel_changes_undo(&changes, tell, &told, &err), 0);
	assert_int_equal(told, 1);
	assert_string_equal(get("/sys/class/zram-control/hot_remove"), "4");
	bel_changes_close(&changes);
}

/* Killed after the device was added, and before its number was written. */
static void a_device_without_number(void **state)
{
	struct bel_changes changes;
	struct bel_err err;
	unsigned told = 0;

	(void)state;
	put_machine("");
	put("/sys/block/zram0/disksize", "4096\n");
	assert_int_equal(bel_zram_next(fake_root), 1);
	put("/sys/class/zram-control/hot_remove", "");
	/* Nothing was added; then a device that is in use has the number; then our own. */
	for (unsigned i = 0; i < 3; i++) {
		if (i)
			put("/sys/block/zram1/disksize", i == 1 ? "4096\n" : "0\n");
		put("/run/belady/state", "belady.live-state/1\nzram-add 1\n");
		assert_int_equal(bel_changes_open(&changes, fake_root, &err), 0);
		assert_int_equal(bel_changes_undo(&changes, tell, &told, &err), 0);
		bel_changes_close(&changes);
		assert_int_equal(told, i);
		assert_string_equal(get("/sys/class/zram-control/hot_remove"), i == 2 ? "1" : "");
	}
}

#define MIB ((uint64_t)1 << 20)

static void plans(void **state)
{
	struct bel_live_need need = {
		.resident_bytes = 100 * MIB, .swap_bytes = 30 * MIB, .store_bytes = 4 * MIB};
	struct bel_live_plan plan;
	struct bel_err err;

	(void)state;
	put_machine(SWAPS_HEAD "/dev/sda2 partition 20480 0 -2\n/swap file 40960 1024 -3\nx\n");
	assert_int_equal(bel_live_plan(&plan, fake_root, &need, &err), 0);
	assert_false(plan.zram);
	assert_string_equal(plan.area.name, "/swap");
	assert_int_equal(plan.area.free_bytes, 39 * MIB);
	assert_int_equal(plan.need_bytes, 100 * MIB);
	assert_int_equal(plan.page_cluster, 3);
	/* 8 GiB of memory: 819 MiB stay free of the 2048 MiB that are available. */
	need.resident_bytes = (2048 - 819) * MIB;
	assert_int_equal(bel_live_plan(&plan, fake_root, &need, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "819 MiB are to stay free, but 2048 MiB are available"));
	need.resident_bytes = (2048 - 820) * MIB;
	assert_int_equal(bel_live_plan(&plan, fake_root, &need, &err), 0);
	need.swap_bytes = 40 * MIB;
	assert_int_equal(bel_live_plan(&plan, fake_root, &need, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "/swap: 39 MiB are free"));
	/* No area: a zram device, if the kernel can add one. */
	put_machine(SWAPS_HEAD);
	assert_int_equal(bel_live_plan(&plan, fake_root, &need, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "modprobe zram"));
	put("/sys/class/zram-control/hot_add", "0\n");
	assert_int_equal(bel_live_plan(&plan, fake_root, &need, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "not enough memory"));
	need.resident_bytes -= 4 * MIB;
	assert_int_equal(bel_live_plan(&plan, fake_root, &need, &err), 0);
	assert_true(plan.zram);
}

static void medians(void **state)
{
	double three[] = {9, 1, 4}, two[] = {6, 3}, one[] = {5};

	(void)state;
	assert_true(bel_live_median(three, 3) == 4);
	assert_true(bel_live_median(two, 2) == 4.5);
	assert_true(two[0] == 3 && two[1] == 6);
	assert_true(bel_live_median(one, 1) == 5);
}

/* Bit 0 alone decides. The kernel writes "0x%04x\n". */
static void mglru_is_bit_0(void **state)
{
	static const struct {
		const char *text;
		enum bel_kernel_mglru state;
		unsigned bits;
		bool available;
		const char *detail;
	} cases[] = {
		{"0x0000\n", BEL_MGLRU_OFF, 0, false, "off, 0x0000"},
		{"0x0001\n", BEL_MGLRU_ON, 1, true, "on, 0x0001"},
		{"0x0006\n", BEL_MGLRU_OFF, 6, false, "off, 0x0006"},
		{"0x0007\n", BEL_MGLRU_ON, 7, true, "on, 0x0007"},
		{"", BEL_MGLRU_NONE, 0, false, "not in this kernel"},
		{"0x", BEL_MGLRU_NONE, 0, false, "not in this kernel"},
		{"0x0007 y\n", BEL_MGLRU_NONE, 0, false, "not in this kernel"},
		{"y\n", BEL_MGLRU_NONE, 0, false, "not in this kernel"},
		{"0x10001\n", BEL_MGLRU_NONE, 0, false, "not in this kernel"},
	};
	struct bel_fact fact;
	unsigned bits = 9, at = 0;

	(void)state;
	while (bel_fact(at, fake_root, &fact) && strcmp(fact.name, "mglru") != 0)
		at++;
	assert_string_equal(fact.name, "mglru");
	assert_int_equal(bel_kernel_mglru(fake_root, &bits), BEL_MGLRU_NONE);
	assert_int_equal(bits, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		put("/sys/kernel/mm/lru_gen/enabled", cases[i].text);
		assert_int_equal(bel_kernel_mglru(fake_root, &bits), cases[i].state);
		assert_int_equal(bits, cases[i].bits);
		assert_int_equal(bel_kernel_mglru(fake_root, NULL), cases[i].state);
		assert_true(bel_fact(at, fake_root, &fact));
		assert_int_equal(fact.available, cases[i].available);
		assert_string_equal(fact.detail, cases[i].detail);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields),
		cmocka_unit_test(numbers),
		cmocka_unit_test(lines_of_the_state),
		cmocka_unit_test(random_lines),
		cmocka_unit_test_setup_teardown(finds_version_1, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			removes_groups_below, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(finds_version_2, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			a_long_file_is_cut_after_a_line, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			refuses_without_controller, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			undoes_what_it_wrote, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			leaves_what_is_not_ours, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			a_damaged_state_stays, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(a_foreign_state, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			an_unfinished_state, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			a_device_without_head, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			a_device_without_number, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(
			a_device_that_is_no_swap, fake_root_start, fake_root_end),
		cmocka_unit_test_setup_teardown(plans, fake_root_start, fake_root_end),
		cmocka_unit_test(medians),
		cmocka_unit_test_setup_teardown(mglru_is_bit_0, fake_root_start, fake_root_end),
	};

	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}

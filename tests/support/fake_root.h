/* SPDX-License-Identifier: MIT */
/*
 * fake_root.h: a folder that looks as /proc, /sys and /run do, for what lib/live reads and writes
 * there. It is made before a test and removed after it:
 *
 *	cmocka_unit_test_setup_teardown(test, fake_root_start, fake_root_end)
 *
 *	put("/proc/sys/vm/page-cluster", "3");
 *	bel_live_plan(&plan, fake_root, &need, &err);
 *	assert_string_equal(get("/proc/sys/vm/page-cluster"), "0");
 */
#ifndef BEL_FAKE_ROOT_H
#define BEL_FAKE_ROOT_H

#include <stdbool.h>

#include "kernel_file.h"

extern char fake_root[200];

int fake_root_start(void **state);
int fake_root_end(void **state);

/* Makes a file below the root, with its folders. */
void put(const char *path, const char *text);
void drop(const char *path);

/* The text of a file, valid until the next call. */
const char *get(const char *path);
bool exists(const char *path);

#define MOUNT_V1 "33 25 0:28 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
#define MOUNT_CPU "31 25 0:27 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
#define MOUNT_V2 "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"

/* A machine with a memory controller of version 1, and with these lines in /proc/swaps. */
void put_machine(const char *swaps);

#endif

/* SPDX-License-Identifier: MIT */
/* fake_root.c: files as the kernel has them, below a folder of a test. */
#include "fake_root.h"

#include <ftw.h>
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

char fake_root[200];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

int fake_root_start(void **state)
{
	const char *const top = getenv("TMPDIR");

	(void)state;
	snprintf(fake_root, sizeof(fake_root), "%s/live-XXXXXX", top ? top : "/tmp");
	return mkdtemp(fake_root) ? 0 : -1;
}

int fake_root_end(void **state)
{
	(void)state;
	return nftw(fake_root, remove_one, 20, FTW_DEPTH | FTW_PHYS);
}

void put(const char *path, const char *text)
{
	char full[BEL_KERNEL_PATH];
	FILE *file;

	bel_kernel_path(full, fake_root, "%s", path);
	for (char *slash = full + strlen(fake_root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		mkdir(full, 0755);
		*slash = '/';
	}
	file = fopen(full, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

void drop(const char *path)
{
	char full[BEL_KERNEL_PATH];

	assert_int_equal(unlink(bel_kernel_path(full, fake_root, "%s", path)), 0);
}

const char *get(const char *path)
{
	static char text[BEL_KERNEL_TEXT];
	char full[BEL_KERNEL_PATH];

	assert_true(bel_kernel_read(bel_kernel_path(full, fake_root, "%s", path), text,
			    sizeof(text), NULL) >= 0);
	return text;
}

bool exists(const char *path)
{
	char full[BEL_KERNEL_PATH];

	return !access(bel_kernel_path(full, fake_root, "%s", path), F_OK);
}

void put_machine(const char *swaps)
{
	put("/proc/self/mountinfo", MOUNT_V1);
	put("/proc/swaps", swaps);
	put("/proc/meminfo", "MemTotal: 8388608 kB\nMemFree: 1 kB\nMemAvailable: 2097152 kB\n");
	put("/proc/sys/vm/page-cluster", "3");
	put("/sys/fs/cgroup/memory/cgroup.procs", "");
	put("/run/x", "");
}

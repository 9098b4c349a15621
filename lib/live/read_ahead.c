/* SPDX-License-Identifier: MIT */
/* read_ahead.c: the read-ahead of a block device. */
#include "read_ahead.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* A partition has no queue; its disk, the folder above, has it. */
static const char *file_of(
	const struct bel_read_ahead *of, const char *root, char path[static BEL_KERNEL_PATH])
{
	bel_kernel_path(
		path, root, "/sys/dev/block/%u:%u/queue/read_ahead_kb", of->major, of->minor);
	if (access(path, F_OK))
		bel_kernel_path(path, root, "/sys/dev/block/%u:%u/../queue/read_ahead_kb",
			of->major, of->minor);
	return path;
}

int bel_read_ahead_get(struct bel_read_ahead *of, const char *root, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	return bel_kernel_read_number(file_of(of, root, path), &of->kb, err);
}

int bel_read_ahead_find(
	struct bel_read_ahead *of, const char *root, const char *folder, struct bel_err *err)
{
	struct stat st;

	if (stat(folder, &st))
		return bel_fail_errno(err, errno, "%s", folder);
	*of = (struct bel_read_ahead){.major = major(st.st_dev), .minor = minor(st.st_dev)};
	if (bel_read_ahead_get(of, root, NULL) < 0)
		return bel_fail(err,
			"%s: not on a block device whose read-ahead can be set: give a folder on a "
			"disk, or --read-ahead keep",
			folder);
	return 0;
}

int bel_read_ahead_set(
	const struct bel_read_ahead *of, const char *root, uint64_t kb, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], text[24];

	snprintf(text, sizeof(text), "%" PRIu64, kb);
	return bel_kernel_write(file_of(of, root, path), text, err);
}

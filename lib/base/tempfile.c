/* SPDX-License-Identifier: MIT */
/* tempfile.c: a temporary file without a name. */
#include "tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int bel_tempfile_open(const char *folder, struct bel_err *err)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *name;

	if (fd >= 0)
		return fd;
	/* Some file systems do not support files without a name. */
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
		return bel_fail_errno(
			err, errno, "%s: temporary file (TMPDIR chooses the folder)", folder);
	if (asprintf(&name, "%s/belady-XXXXXX", folder) < 0)
		return bel_err_memory(err, "a temporary file's name");
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0 || unlink(name) < 0) {
		bel_fail_errno(
			err, errno, "%s: temporary file (TMPDIR chooses the folder)", folder);
		if (fd >= 0)
			close(fd);
		fd = BEL_FAIL;
	}
	free(name);
	return fd;
}

FILE *bel_tempfile_stream(const char *folder, struct bel_err *err)
{
	const int fd = bel_tempfile_open(folder, err);
	FILE *const stream = fd < 0 ? NULL : fdopen(fd, "w+");

	if (fd >= 0 && !stream) {
		bel_err_memory(err, "a temporary file");
		close(fd);
	}
	return stream;
}

/* SPDX-License-Identifier: MIT */
/* file_copies.c: copies files, drops their pages, and mounts them over the originals. */
#include "file_copies.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Attempts to drop the pages of a file, 10 ms apart: the kernel may hold one for a moment. */
#define ATTEMPTS 100
/* Pages that mincore() is asked about at a time. */
#define PART 16384

int bel_copies_add(struct bel_copies *copies, const char *file, struct bel_err *err)
{
	struct stat st;

	if (*file != '/' || stat(file, &st) || !S_ISREG(st.st_mode) || access(file, R_OK))
		return BEL_NO;
	if (copies->count == copies->capacity) {
		const size_t capacity = copies->capacity ? 2 * copies->capacity : 64;
		char **const files = reallocarray(copies->file, capacity, sizeof(*files));
		uint64_t *const bytes = reallocarray(copies->file_bytes, capacity, sizeof(*bytes));

		copies->file = files ?: copies->file;
		copies->file_bytes = bytes ?: copies->file_bytes;
		if (!files || !bytes)
			return bel_err_memory(err, "the files of a program");
		copies->capacity = capacity;
	}
	copies->file[copies->count] = strdup(file);
	if (!copies->file[copies->count])
		return bel_err_memory(err, "the files of a program");
	copies->file_bytes[copies->count++] = (uint64_t)st.st_size;
	copies->bytes += (uint64_t)st.st_size;
	return 0;
}

void bel_copies_release(struct bel_copies *copies)
{
	for (size_t i = 0; i < copies->count; i++)
		free(copies->file[i]);
	free(copies->file);
	free(copies->file_bytes);
	*copies = (struct bel_copies){.count = 0};
}

static const char *name_of(
	const struct bel_copies *copies, char path[static BEL_KERNEL_PATH], size_t index)
{
	return bel_kernel_path(path, copies->folder, "/%zu", index);
}

/* Copies what is left of `from`. */
static int copy_bytes(int from, int to)
{
	char buffer[1 << 14];
	ssize_t n;

	while ((n = copy_file_range(from, NULL, to, NULL, 1 << 30, 0)) > 0)
		;
	if (n == 0)
		return 0;
	/* Between some file systems the kernel does not copy. */
	while ((n = read(from, buffer, sizeof(buffer))) > 0)
		for (ssize_t done = 0, m; done < n; done += m) {
			m = write(to, buffer + done, (size_t)(n - done));
			if (m <= 0)
				return -1;
		}
	return n < 0 ? -1 : 0;
}

/* With the original's rights and times: some programs compare times. */
static int copy_one(const char *from, const char *to, struct bel_err *err)
{
	const int in = open(from, O_RDONLY | O_CLOEXEC);
	const int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct stat st;
	int error = errno, r = -1;

	if (out >= 0 && !fstat(in, &st)) {
		const struct timespec times[] = {st.st_atim, st.st_mtim};

		r = copy_bytes(in, out) || fchown(out, st.st_uid, st.st_gid) ||
				    fchmod(out, st.st_mode & 07777) || futimens(out, times) ||
				    fdatasync(out)
			    ? -1
			    : 0;
		error = errno;
	}
	if (out >= 0)
		close(out);
	if (in >= 0)
		close(in);
	return r < 0 ? bel_fail_errno(err, error, "%s: cannot copy it to %s", from, to) : 0;
}

int bel_copies_make(struct bel_copies *copies, const char *folder, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	if (!*bel_kernel_path(copies->folder, "", "%s", folder))
		return bel_fail(err, "%s: the path is too long", folder);
	if (mkdir(folder, 0700))
		return bel_fail_errno(err, errno, "%s: cannot create the folder", folder);
	for (size_t i = 0; i < copies->count; i++)
		if (copy_one(copies->file[i], name_of(copies, path, i), err) < 0)
			return BEL_FAIL;
	return 0;
}

/* How many of a file's pages are in memory; negative: an error. */
static int64_t resident(int fd, uint64_t bytes)
{
	unsigned char in_memory[PART];
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int64_t count = 0;

	for (uint64_t at = 0; at < bytes; at += PART * page) {
		const size_t length = bytes - at < PART * page ? (size_t)(bytes - at) : PART * page;
		void *const map = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, (off_t)at);

		if (map == MAP_FAILED)
			return -1;
		if (mincore(map, length, in_memory))
			count = INT64_MIN;
		munmap(map, length);
		for (size_t i = 0; count >= 0 && i < (length + page - 1) / page; i++)
			count += in_memory[i] & 1;
		if (count < 0)
			return -1;
	}
	return count;
}

static int drop_one(const char *path, uint64_t bytes, struct bel_err *err)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	int64_t left = -1;

	if (fd < 0)
		return bel_fail_open(err, path);
	for (int i = 0; i < ATTEMPTS; i++) {
		/* The pages of other files stay. */
		if (i)
			nanosleep(&pause, NULL);
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		left = resident(fd, bytes);
		if (left <= 0)
			break;
	}
	close(fd);
	if (left < 0)
		return bel_fail(err, "%s: cannot see which of its pages are in memory", path);
	if (left)
		return bel_fail(err,
			"%s: %" PRId64 " of its pages stay in memory: the folder has to be on a "
			"disk, not on a file system in memory (tmpfs), and no other program may "
			"use the copies",
			path, left);
	return 0;
}

int bel_copies_drop(const struct bel_copies *copies, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	for (size_t i = 0; i < copies->count; i++)
		if (drop_one(name_of(copies, path, i), copies->file_bytes[i], err) < 0)
			return BEL_FAIL;
	return 0;
}

int bel_copies_mount(const struct bel_copies *copies, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return bel_fail_errno(err, errno,
			"cannot make a mount namespace, which the copies of files need");
	/* Read only: what a program wrote would be in the copy, and lost. */
	for (size_t i = 0; i < copies->count; i++)
		if (mount(name_of(copies, path, i), copies->file[i], NULL, MS_BIND, NULL) ||
			mount(NULL, copies->file[i], NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL))
			return bel_fail_errno(
				err, errno, "%s: cannot mount its copy over it", copies->file[i]);
	return 0;
}

int bel_copies_remove(const char *folder, struct bel_err *err)
{
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	struct stat st;
	DIR *files;

	if (fd < 0)
		return errno == ENOENT
			       ? 0
			       : bel_fail_errno(err, errno, "%s: cannot open the folder", folder);
	if (fstat(fd, &st) || st.st_uid != geteuid() || st.st_mode & 077 ||
		!(files = fdopendir(fd))) {
		close(fd);
		return bel_fail(err,
			"%s: not the folder that bel-live made: look at it, and remove it", folder);
	}
	while ((entry = readdir(files)))
		if (strspn(entry->d_name, "0123456789") == strlen(entry->d_name))
			unlinkat(dirfd(files), entry->d_name, 0);
	closedir(files);
	if (rmdir(folder))
		return bel_fail_errno(err, errno, "%s: cannot remove the folder", folder);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* changes.c: the state file: what was changed, and one process at a time. */
#include "changes.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "changes_state.h"

/* Makes the folder, or checks that only its owner, who is us, can write there. */
static int check_folder(const char *folder, struct bel_err *err)
{
	struct stat st;

	if (mkdir(folder, 0700) && errno != EEXIST)
		return bel_fail_errno(err, errno, "%s: cannot create the folder", folder);
	if (lstat(folder, &st))
		return bel_fail_errno(err, errno, "%s", folder);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 022)
		return bel_fail(err,
			"%s: not a folder that only user %ld, who runs bel-live, can write to (it "
			"belongs to user %ld, mode %o)",
			folder, (long)geteuid(), (long)st.st_uid, st.st_mode & 07777u);
	return 0;
}

static int take_lock(struct bel_changes *changes, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], text[24];
	uint64_t pid = 0;

	bel_kernel_path(path, changes->root, BEL_CHANGES_FOLDER "/lock");
	changes->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (changes->lock < 0)
		return bel_fail_open(err, path);
	if (flock(changes->lock, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK)
			return bel_fail_errno(err, errno, "%s: cannot lock", path);
		if (bel_kernel_reread(changes->lock, text, sizeof(text)) > 0)
			bel_kernel_number(text, &pid);
		return bel_err_set(err, BEL_NO, "another bel-live runs: process %" PRIu64, pid);
	}
	snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (ftruncate(changes->lock, 0) ||
		pwrite(changes->lock, text, strlen(text), 0) != (ssize_t)strlen(text))
		return bel_fail_errno(err, errno, "%s: cannot write", path);
	return 0;
}

int bel_changes_open(struct bel_changes *changes, const char *root, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];
	struct stat st;
	int r;

	*changes = (struct bel_changes){.root = root, .lock = -1, .state = -1};
	r = check_folder(bel_kernel_path(path, root, BEL_CHANGES_FOLDER), err);
	r = r < 0 ? r : take_lock(changes, err);
	if (r < 0) {
		bel_changes_close(changes);
		return r;
	}
	/* Whatever has this name; a link is not followed. */
	changes->left = !lstat(bel_kernel_path(path, root, BEL_CHANGES_STATE), &st);
	return 0;
}

void bel_changes_close(struct bel_changes *changes)
{
	if (changes->state >= 0)
		close(changes->state);
	if (changes->lock >= 0)
		close(changes->lock);
	changes->state = changes->lock = -1;
}

/* Appends a line; the first one creates the file and is preceded by its head. */
static int note(struct bel_changes *changes, struct bel_err *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int note(struct bel_changes *changes, struct bel_err *err, const char *format, ...)
{
	char path[BEL_KERNEL_PATH], line[BEL_KERNEL_PATH + 64];
	const bool first = changes->state < 0;
	int length = first ? snprintf(line, sizeof(line), "%s\n", BEL_CHANGES_HEAD) : 0;
	ssize_t written;
	va_list args;

	bel_kernel_path(path, changes->root, BEL_CHANGES_STATE);
	if (first)
		changes->state = open(path,
			O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (changes->state < 0)
		return bel_fail_errno(err, errno, "%s: cannot create", path);
	va_start(args, format);
	length += vsnprintf(line + length, sizeof(line) - (size_t)length, format, args);
	va_end(args);
	if (length >= (int)sizeof(line))
		return bel_fail(err, "%s: the line is too long", path);
	written = write(changes->state, line, (size_t)length);
	if (written != length)
		return bel_fail_errno(err, written < 0 ? errno : ENOSPC, "%s: cannot write", path);
	return 0;
}

int bel_changes_group(struct bel_changes *changes, const char *name, struct bel_err *err)
{
	return note(changes, err, "group %s\n", name);
}

int bel_changes_zram_add(struct bel_changes *changes, unsigned number, struct bel_err *err)
{
	return note(changes, err, "zram-add %u\n", number);
}

int bel_changes_zram(struct bel_changes *changes, unsigned number, struct bel_err *err)
{
	return note(changes, err, "zram %u\n", number);
}

int bel_changes_page_cluster(struct bel_changes *changes, uint64_t old, struct bel_err *err)
{
	return note(changes, err, "page-cluster %" PRIu64 "\n", old);
}

int bel_changes_read_ahead(struct bel_changes *changes, const struct bel_read_ahead *of,
	uint64_t now_kb, struct bel_err *err)
{
	return note(changes, err, "read-ahead %u:%u %" PRIu64 " %" PRIu64 "\n", of->major,
		of->minor, of->kb, now_kb);
}

int bel_changes_copies(struct bel_changes *changes, const char *folder, struct bel_err *err)
{
	if (strchr(folder, '\n'))
		return bel_fail(err, "the name of the folder for copies has a line break");
	return note(changes, err, "copies %s\n", folder);
}

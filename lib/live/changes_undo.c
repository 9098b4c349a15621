/* SPDX-License-Identifier: MIT */
/* changes_undo.c: undoes the changes that the state file lists. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "changes.h"
#include "changes_state.h"
#include "file_copies.h"
#include "zram.h"

/* One undoing: what is told, and the first error. */
struct undoing {
	const char *root;
	bel_changes_told *told;
	void *host;
	bool known; /* the number of the zram device that is added next */
	struct bel_err first;
};

/* The rest of the line if it begins with the word and a blank, else NULL. */
static const char *after(const char *line, const char *word)
{
	const size_t length = strlen(word);

	return strncmp(line, word, length) != 0 || line[length] != ' ' ? NULL : line + length + 1;
}

/* A name that our own lines have: it is one folder, and is called as our groups are. */
static bool is_group(const char *name)
{
	const size_t start = strlen(BEL_CHANGES_GROUP), length = strlen(name);

	return !strncmp(name, BEL_CHANGES_GROUP, start) && length > start && length < 64 &&
	       strspn(name + start, "0123456789") == length - start;
}

/* An absolute path without "..", whose last folder is called as our groups are. */
static bool is_folder(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return *path == '/' && is_group(slash + 1) && !strstr(path, "/../") &&
	       strlen(path) < BEL_KERNEL_PATH;
}

/* "8:16 128 0" */
static bool parse_read_ahead(const char *text, struct bel_change *change)
{
	char again[100];

	if (sscanf(text, "%u:%u %" SCNu64 " %" SCNu64, &change->read_ahead.major,
		    &change->read_ahead.minor, &change->read_ahead.kb, &change->now_kb) != 4)
		return false;
	/* sscanf() also takes signs and blanks. */
	snprintf(again, sizeof(again), "%u:%u %" PRIu64 " %" PRIu64, change->read_ahead.major,
		change->read_ahead.minor, change->read_ahead.kb, change->now_kb);
	return !strcmp(again, text);
}

struct bel_change bel_change_parse(const char *line)
{
	struct bel_change change = {.kind = BEL_CHANGE_NONE};
	const char *rest;

	if (!strcmp(line, BEL_CHANGES_HEAD))
		change.kind = BEL_CHANGE_HEAD;
	else if ((rest = after(line, "zram-add")) && bel_kernel_number(rest, &change.number) &&
		 change.number <= INT32_MAX)
		change.kind = BEL_CHANGE_ZRAM_ADD;
	else if ((rest = after(line, "group")) && is_group(rest))
		change = (struct bel_change){.kind = BEL_CHANGE_GROUP, .name = rest};
	else if ((rest = after(line, "copies")) && is_folder(rest))
		change = (struct bel_change){.kind = BEL_CHANGE_COPIES, .name = rest};
	else if ((rest = after(line, "read-ahead")) && parse_read_ahead(rest, &change))
		change.kind = BEL_CHANGE_READ_AHEAD;
	else if ((rest = after(line, "zram")) && bel_kernel_number(rest, &change.number) &&
		 change.number <= INT32_MAX)
		change.kind = BEL_CHANGE_ZRAM;
	else if ((rest = after(line, "page-cluster")) && bel_kernel_number(rest, &change.number) &&
		 change.number < 32)
		change.kind = BEL_CHANGE_PAGE_CLUSTER;
	return change;
}

static void tell(struct undoing *undoing, int r, const struct bel_err *err, const char *text)
{
	if (r < 0 && r != BEL_NO && !undoing->first.code)
		undoing->first = *err;
	else if ((r == 0 || r == BEL_NO) && undoing->told)
		undoing->told(undoing->host, r == 0 ? text : err->text);
}

static int remove_group(
	const char *root, const char *name, char text[static 600], struct bel_err *err)
{
	struct bel_cgroup_host host;
	struct bel_cgroup group;

	if (bel_cgroup_find(&host, root, err) < 0 || bel_cgroup_name(&group, &host, name, err) < 0)
		return BEL_FAIL;
	snprintf(text, 600, "removed the memory cgroup %s", group.path);
	return access(group.path, F_OK) ? 1 : bel_cgroup_remove(&group, err);
}

static int remove_zram(
	const char *root, uint64_t number, char text[static 600], struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	bel_kernel_path(path, root, "/sys/block/zram%" PRIu64, number);
	snprintf(text, 600, "removed the swap area /dev/zram%" PRIu64, number);
	return access(path, F_OK) ? 1 : bel_zram_remove(root, (unsigned)number, err);
}

/* We were killed before we knew its number. One that was used is not ours. */
static int remove_added(
	const char *root, uint64_t number, char text[static 600], struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	bel_kernel_path(path, root, "/sys/block/zram%" PRIu64, number);
	if (!access(path, F_OK) && !bel_zram_is_empty(root, (unsigned)number))
		return bel_err_set(err, BEL_NO,
			"an unused zram device may be left: compare /sys/block with /proc/swaps, "
			"and write its number to /sys/class/zram-control/hot_remove");
	return remove_zram(root, number, text, err);
}

/* Only if it is still the 0 that we wrote. */
static int restore_cluster(
	const char *root, uint64_t old, char text[static 600], struct bel_err *err)
{
	char path[BEL_KERNEL_PATH], number[24];
	uint64_t now;

	bel_kernel_path(path, root, BEL_KERNEL_PAGE_CLUSTER);
	if (bel_kernel_read_number(path, &now, err) < 0)
		return BEL_FAIL;
	snprintf(text, 600, "set vm.page-cluster to %" PRIu64 " again", old);
	snprintf(number, sizeof(number), "%" PRIu64, old);
	return now ? 1 : bel_kernel_write(path, number, err);
}

/* Only if it is still what we wrote. */
static int restore_read_ahead(const char *root, const struct bel_change *change,
	char text[static 600], struct bel_err *err)
{
	struct bel_read_ahead now = change->read_ahead;

	if (bel_read_ahead_get(&now, root, err) < 0)
		return BEL_FAIL;
	snprintf(text, 600, "set the read-ahead of device %u:%u to %" PRIu64 " KiB again",
		now.major, now.minor, change->read_ahead.kb);
	return now.kb != change->now_kb
		       ? 1
		       : bel_read_ahead_set(&now, root, change->read_ahead.kb, err);
}

static int remove_copies(
	const char *root, const char *folder, char text[static 600], struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	bel_kernel_path(path, root, "%s", folder);
	snprintf(text, 600, "removed the copies of files in %s", path);
	return access(path, F_OK) ? 1 : bel_copies_remove(path, err);
}

/* Results of 1 mean that there is nothing to undo, BEL_NO that the user has to look. */
static void undo(struct undoing *undoing, const char *line)
{
	const struct bel_change change = bel_change_parse(line);
	struct bel_err err = {.code = 0};
	char text[600] = "";
	int r = 1;

	switch (change.kind) {
	case BEL_CHANGE_GROUP:
		r = remove_group(undoing->root, change.name, text, &err);
		break;
	case BEL_CHANGE_ZRAM:
		undoing->known = true;
		r = remove_zram(undoing->root, change.number, text, &err);
		break;
	case BEL_CHANGE_ZRAM_ADD:
		if (!undoing->known)
			r = remove_added(undoing->root, change.number, text, &err);
		break;
	case BEL_CHANGE_PAGE_CLUSTER:
		r = restore_cluster(undoing->root, change.number, text, &err);
		break;
	case BEL_CHANGE_READ_AHEAD:
		r = restore_read_ahead(undoing->root, &change, text, &err);
		break;
	case BEL_CHANGE_COPIES:
		r = remove_copies(undoing->root, change.name, text, &err);
		break;
	case BEL_CHANGE_HEAD:
		break;
	case BEL_CHANGE_NONE:
		r = bel_fail(
			&err, "%s" BEL_CHANGES_STATE ": unknown line '%s'", undoing->root, line);
	}
	tell(undoing, r, &err, text);
}

/* Whether the text is a whole state file: cut, or without its head, it would be undone in part. */
static bool is_state(const char *text, size_t length, off_t size)
{
	const size_t head = strlen(BEL_CHANGES_HEAD);

	/* Without a newline nothing was changed: the disk was full when the head was written. */
	return (off_t)length == size && strlen(text) == length &&
	       (!strchr(text, '\n') ||
		       (!strncmp(text, BEL_CHANGES_HEAD, head) && text[head] == '\n'));
}

/* The file may be anything: it is not followed if it is a link, and not waited for if a pipe. */
static int read_state(const char *path, char text[static BEL_KERNEL_TEXT], struct bel_err *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st = {.st_mode = 0};
	int length = -1, error = errno;

	if (fd >= 0) {
		if (!fstat(fd, &st) && S_ISREG(st.st_mode))
			length = bel_kernel_reread(fd, text, BEL_KERNEL_TEXT);
		error = S_ISREG(st.st_mode) ? errno : 0;
		close(fd);
	}
	if (length < 0 && error && error != ELOOP)
		return bel_fail_errno(err, error, "%s: cannot read", path);
	if (length < 0 || st.st_uid != geteuid() || st.st_mode & 022 ||
		!is_state(text, (size_t)length, st.st_size))
		return bel_fail(err,
			"%s: not a state file that bel-live wrote: nothing was undone; look at it, "
			"and remove it",
			path);
	return 0;
}

int bel_changes_undo(
	struct bel_changes *changes, bel_changes_told *told, void *host, struct bel_err *err)
{
	struct undoing undoing = {.root = changes->root, .told = told, .host = host};
	char path[BEL_KERNEL_PATH], text[BEL_KERNEL_TEXT];

	if (changes->state < 0 && !changes->left)
		return 0;
	bel_kernel_path(path, changes->root, BEL_CHANGES_STATE);
	if (read_state(path, text, err) < 0)
		return BEL_FAIL;
	/* From the end: what was changed last is undone first. */
	for (char *line = strrchr(text, '\n'); line; line = strrchr(text, '\n')) {
		*line = 0;
		line = strrchr(text, '\n');
		undo(&undoing, line ? line + 1 : text);
	}
	if (undoing.first.code) {
		*err = undoing.first;
		return BEL_FAIL;
	}
	if (unlink(path))
		return bel_fail_errno(err, errno, "%s: cannot remove", path);
	if (changes->state >= 0)
		close(changes->state);
	changes->state = -1;
	changes->left = false;
	return 0;
}

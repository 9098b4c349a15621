/* SPDX-License-Identifier: MIT */
/*
 * changes.h: what bel-live changes on the machine, and how it is undone.
 *
 * Every change is written to the file /run/belady/state before it is made. The normal end, a
 * signal, and `bel-live clean` after a SIGKILL undo the lines of that file, the last first, and
 * remove it. One process at a time may change something: it has the lock /run/belady/lock, which
 * the kernel releases when the process ends in any way.
 *
 *	r = bel_changes_open(&changes, "", &err);         BEL_NO: another bel-live runs; try later
 *	bel_changes_group(&changes, "belady-live-7", &err);
 *	bel_cgroup_make(...);
 *	...
 *	bel_changes_undo(&changes, told, host, &err);
 *	bel_changes_close(&changes);
 *
 * The lines:
 *	belady.live-state/1
 *	group NAME          a memory cgroup at the top of the controller's tree
 *	zram-add NUMBER     a zram device, which the kernel probably gives this number
 *	zram NUMBER         the device
 *	page-cluster OLD    vm.page-cluster was OLD, and is 0 now
 *	read-ahead M:N OLD NEW    the read-ahead of block device M:N in KiB was OLD, and is NEW now
 *	copies PATH         a folder with copies of files, named belady-live-PID
 * The file belongs to root, but it is checked as foreign bytes are: a line that is none of these is
 * an error, and a name cannot leave the tree of cgroups. A folder with copies is removed only if it
 * belongs to root alone, and only with the files that copies are called as (file_copies.h).
 */
#ifndef BEL_CHANGES_H
#define BEL_CHANGES_H

#include "cgroup.h"
#include "read_ahead.h"

#define BEL_CHANGES_GROUP "belady-live-" /* the names of our groups begin so */

struct bel_changes {
	const char *root; /* kernel_file.h */
	int lock;         /* -1: not open */
	int state;        /* -1: nothing was changed */
	bool left;        /* the file is that of an earlier process */
};

/*
 * Takes the lock. BEL_NO, with the number of the process, if another process has it. If an earlier
 * process left a state file, `left` is true; then only undo and close are allowed.
 */
int bel_changes_open(struct bel_changes *changes, const char *root, struct bel_err *err);

/* Each writes its line; call it directly before the change. */
int bel_changes_group(struct bel_changes *changes, const char *name, struct bel_err *err);
int bel_changes_zram_add(struct bel_changes *changes, unsigned number, struct bel_err *err);
int bel_changes_zram(struct bel_changes *changes, unsigned number, struct bel_err *err);
int bel_changes_page_cluster(struct bel_changes *changes, uint64_t old, struct bel_err *err);
int bel_changes_read_ahead(struct bel_changes *changes, const struct bel_read_ahead *of,
	uint64_t now_kb, struct bel_err *err);
int bel_changes_copies(struct bel_changes *changes, const char *folder, struct bel_err *err);

/* Told about each change that was undone, "removed the memory cgroup X", or left to the user. */
typedef void bel_changes_told(void *host, const char *text);

/*
 * Undoes all changes; `told` may be NULL. A change that cannot be undone does not stop the others:
 * then BEL_FAIL with the first reason, and the state file stays.
 */
int bel_changes_undo(
	struct bel_changes *changes, bel_changes_told *told, void *host, struct bel_err *err);

/* Releases the lock. May be called twice. */
void bel_changes_close(struct bel_changes *changes);

/* One line of a state file. */
enum bel_change_kind {
	BEL_CHANGE_NONE, /* the line is damaged */
	BEL_CHANGE_HEAD,
	BEL_CHANGE_GROUP,
	BEL_CHANGE_ZRAM_ADD,
	BEL_CHANGE_ZRAM,
	BEL_CHANGE_PAGE_CLUSTER,
	BEL_CHANGE_READ_AHEAD,
	BEL_CHANGE_COPIES,
};

struct bel_change {
	enum bel_change_kind kind;
	const char *name;                 /* of a group, of a folder; in the line */
	uint64_t number;                  /* of a device; the old value */
	struct bel_read_ahead read_ahead; /* `kb` is the old value */
	uint64_t now_kb;
};

/* Parses a line, which has no newline. */
struct bel_change bel_change_parse(const char *line);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * file_copies.h: private copies of the files that a program maps, so that their pages belong to the
 * memory cgroup of that program.
 *
 * The kernel charges a page of a file to the group that reads it first. The pages of libraries have
 * usually been read by other programs. A copy is another file: once its pages are dropped from the
 * page cache, the program is the first to read them.
 *
 *	bel_copies_add(&copies, "/usr/bin/sort", &err);     for each file
 *	bel_copies_make(&copies, "/var/tmp/belady-live-7", &err);
 *	bel_copies_drop(&copies, &err);                     before each run: no page is in memory
 *	bel_copies_mount(&copies, &err);                    in the process that becomes the program
 *	bel_copies_release(&copies);                        frees memory only
 *	bel_copies_remove("/var/tmp/belady-live-7", &err);  the folder with the files
 *
 * bel_copies_mount() mounts each copy over its original, in a mount namespace of the process alone.
 * So the program finds the copies however it opens a file: execve(), the dynamic linker, dlopen(),
 * and in its children. Library paths of the dynamic linker would do less: they change what $ORIGIN
 * and /proc/self/exe say, and a child may clear them. The kernel removes the mounts when
 * the last process of the namespace has ended, also after a SIGKILL. They are read only: a program
 * that opens one of its files for writing gets EROFS.
 *
 * All calls but add and release need root. Nothing here is shared between threads.
 */
#ifndef BEL_FILE_COPIES_H
#define BEL_FILE_COPIES_H

#include <stdint.h>

#include "kernel_file.h"

/* A zero-initialised structure is empty. */
struct bel_copies {
	char folder[BEL_KERNEL_PATH]; /* "": not made yet */
	char **file;                  /* the originals; owned */
	uint64_t *file_bytes;
	size_t count, capacity;
	uint64_t bytes; /* of all files */
};

/*
 * Adds a regular file that this process can read; BEL_NO, without an error text, for a path that is
 * none: it was deleted, or is a device. Each file may be added once only.
 */
int bel_copies_add(struct bel_copies *copies, const char *file, struct bel_err *err);

/* Makes the folder, whose parent has to exist, and the copies, which have the names 0, 1, 2, ... */
int bel_copies_make(struct bel_copies *copies, const char *folder, struct bel_err *err);

/* BEL_FAIL with a remedy if pages stay in memory: the folder is on tmpfs, or somebody uses a copy. */
int bel_copies_drop(const struct bel_copies *copies, struct bel_err *err);

int bel_copies_mount(const struct bel_copies *copies, struct bel_err *err);

void bel_copies_release(struct bel_copies *copies);

/*
 * Removes the folder and the files in it that are called as copies are. It is left, with BEL_FAIL,
 * if it is a link, if it is not ours alone, or if other files are in it. No folder is no error.
 */
int bel_copies_remove(const char *folder, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * read_ahead.h: how much the kernel reads beside a page of a file that it has to read, by block
 * device. At a fault it reads that much around the page, so faults near it read nothing.
 *
 *	bel_read_ahead_find(&of, "", "/var/tmp", &err);    the device of a folder's file system
 *	bel_read_ahead_set(&of, "", 0, &err);              one page at a time
 *
 * The value is copied when a file is opened. `root`: kernel_file.h.
 */
#ifndef BEL_READ_AHEAD_H
#define BEL_READ_AHEAD_H

#include "kernel_file.h"

struct bel_read_ahead {
	unsigned major, minor; /* of the device */
	uint64_t kb;           /* KiB */
};

/* BEL_FAIL with a remedy if the file system is not on a block device. */
int bel_read_ahead_find(
	struct bel_read_ahead *of, const char *root, const char *folder, struct bel_err *err);

/* Reads the present value into `of->kb`. */
int bel_read_ahead_get(struct bel_read_ahead *of, const char *root, struct bel_err *err);

int bel_read_ahead_set(
	const struct bel_read_ahead *of, const char *root, uint64_t kb, struct bel_err *err);

#endif

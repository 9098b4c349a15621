/* SPDX-License-Identifier: MIT */
/*
 * spool.h: an append-only array, in memory up to a limit and then in an unnamed
 * temporary file.
 *
 *	struct bel_spool_budget budget = {.memory = 1 << 30, .dir = "/var/tmp"};
 *	struct bel_spool *spool = bel_spool_new(sizeof(struct bel_run), &budget, &err);
 *	bel_spool_append(spool, runs, count, &err);
 *	bel_spool_read(spool, first, runs, count, &err);      any part, any order
 *	bel_spool_free(spool);                                returns its memory to the budget
 *
 * Several spools may share one budget. The caller owns the budget, which must
 * outlive them. Elements in memory stay there when the limit is reached. The file
 * has no name: it vanishes with the process. One thread at a time.
 */
#ifndef BEL_SPOOL_H
#define BEL_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct bel_spool_budget {
	uint64_t memory; /* bytes left; in addition, each spool has one block of 1 MiB */
	const char *dir; /* folder of the temporary file */
};

struct bel_spool;

/* Elements of `width` bytes, at most 64 KiB. NULL when out of memory. */
struct bel_spool *bel_spool_new(size_t width, struct bel_spool_budget *budget, struct bel_err *err);

/* Appends elements; BEL_FAIL when memory or the disk is full. */
int bel_spool_append(struct bel_spool *spool, const void *data, size_t count, struct bel_err *err);

/*
 * Where the next `count` elements will be, if they will be in one piece; else NULL. Elements that
 * are written there are appended without a copy: pass this address to bel_spool_append().
 */
void *bel_spool_room(struct bel_spool *spool, size_t count);

/* Copies elements first .. first + count - 1, which must exist. */
int bel_spool_read(
	struct bel_spool *spool, uint64_t first, void *data, size_t count, struct bel_err *err);

/* The same elements where they are, if they are in memory in one piece; else copies them to `data`. */
const void *bel_spool_view(
	struct bel_spool *spool, uint64_t first, void *data, size_t count, struct bel_err *err);

/* Overwrites elements first .. first + count - 1, which must exist. */
int bel_spool_write(struct bel_spool *spool, uint64_t first, const void *data, size_t count,
	struct bel_err *err);

uint64_t bel_spool_count(const struct bel_spool *spool); /* elements */
uint64_t bel_spool_filed(const struct bel_spool *spool); /* those in the file */
void bel_spool_free(struct bel_spool *spool);            /* NULL is allowed */

#endif

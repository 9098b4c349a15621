/* SPDX-License-Identifier: MIT */
/*
 * pager_contents.h: the backing store of a pager, and what its pages should contain. Only for the
 * pager's files.
 *
 * The store is anonymous memory, which takes a frame for a page when it is first written back. With
 * `verify`, each page has a version: the number of runs that wrote it. All words of a page depend
 * on its number and its version; version 0 is a page of zeros.
 */
#ifndef BEL_PAGER_CONTENTS_H
#define BEL_PAGER_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct bel_pager_contents {
	unsigned char *store, *zeros; /* zeros: a page of them */
	size_t page_bytes;
	uint8_t *stored;   /* of each page: whether it was written back */
	uint32_t *version; /* NULL: contents are not checked */
	uint64_t checked;  /* touches */
};

/* What it allocates is freed with the process. */
int bel_pager_contents_open(struct bel_pager_contents *contents, uint32_t pages, size_t page_bytes,
	bool verify, struct bel_err *err);

/* Where a page is written back to; from now on it is stored. */
void *bel_pager_contents_store(struct bel_pager_contents *contents, uint32_t page);

/* Where it was written back to; NULL: never. */
const void *bel_pager_contents_stored(const struct bel_pager_contents *contents, uint32_t page);

/* The first word that the next write puts into the page. */
uint64_t bel_pager_contents_next(const struct bel_pager_contents *contents, uint32_t page);

/* Checks all words of a page that was just loaded. BEL_FAIL: one is wrong. */
int bel_pager_contents_check(const struct bel_pager_contents *contents, uint32_t page,
	const void *bytes, struct bel_err *err);

/*
 * After the first word of a page was touched: checks the last word, and the first if it was read. A
 * write then gives the page its next version.
 */
int bel_pager_contents_touched(struct bel_pager_contents *contents, uint32_t page, void *bytes,
	bool written, struct bel_err *err);

#endif

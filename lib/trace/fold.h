/* SPDX-License-Identifier: MIT */
/*
 * fold.h: turns exact references into runs with dense page numbers.
 *
 * A reference that crosses a page boundary touches every page that it covers. The
 * first page gets the reference itself; each further page gets a separate run with
 * the flag BEL_RUN_SPLIT (none with first_byte). An event ends the run before it.
 *
 *	struct bel_fold *fold = bel_fold_new(12, 0, false, &err);
 *	r = bel_fold_add(fold, &accesses, &chunk, &err);
 *	r = bel_fold_end(fold, &chunk, &err);
 *
 * bel_fold_keep_addresses() keeps the addresses: then each reference is a run of its own, and its
 * page is the address of its first byte. Pages of 1 << page_bits still decide what crosses.
 *
 * Memory: about 40 bytes per distinct page, and at most a megabyte for the chunk.
 */
#ifndef BEL_FOLD_H
#define BEL_FOLD_H

#include <stdbool.h>

#include "trace.h"

struct bel_fold;

/* Pages of 1 << page_bits bytes from addresses in units of 1 << unit_bits; page_bits >= unit_bits.
 */
struct bel_fold *bel_fold_new(
	unsigned page_bits, unsigned unit_bits, bool first_byte, struct bel_err *err);
void bel_fold_free(struct bel_fold *fold);

/* Before the first reference. */
void bel_fold_keep_addresses(struct bel_fold *fold);

/*
 * Folds a batch. *chunk gets the complete runs (possibly none). The last run stays open, because
 * the next batch may continue it. Returns 0 if the whole batch was taken. Returns 1 if only a part
 * was taken; then call again with the same batch. This happens
 *	- if the batch's space differs from that of the open run: nothing is taken;
 *	- before a mark: the references before it are taken;
 *	- if references have very many pages: a chunk is full at about 65,536 runs.
 * In the first two cases *chunk contains the open run, too. References with too many further pages
 * are refused (crossing.h).
 */
int bel_fold_add(struct bel_fold *fold, const struct bel_accesses *batch, struct bel_chunk *chunk,
	struct bel_err *err);

/* At the end of the trace: *chunk gets the open run, if there is one. */
int bel_fold_end(struct bel_fold *fold, struct bel_chunk *chunk, struct bel_err *err);

struct bel_granules bel_fold_granules(const struct bel_fold *fold);

#endif

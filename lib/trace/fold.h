/* SPDX-License-Identifier: MIT */
/*
 * fold.h: exact references in, runs with dense page numbers out.
 *
 * A reference that crosses a page boundary touches every page it covers: the
 * first as itself, each further one as a run of its own flagged BEL_RUN_SPLIT
 * (none with first_byte). An event ends the run before it.
 *
 *	struct bel_fold *fold = bel_fold_new(12, 0, false, &err);
 *	r = bel_fold_add(fold, &accesses, &chunk, &err);
 *	r = bel_fold_end(fold, &chunk, &err);
 *
 * Memory: about 40 bytes a distinct page, and at most a megabyte for the chunk.
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

/*
 * Folds a batch. *chunk receives the runs that are complete (possibly none);
 * the last run stays open, since the next batch may go on with it. When the
 * batch is of another space than the open run, nothing of it is taken, where a
 * mark stands in it, only what precedes the mark, and where references have very many
 * pages, only what a chunk holds (about 65,536 runs): *chunk receives the runs so far,
 * before a mark or another space the open one too, and the result is 1; call again with
 * the same batch. References with more pages than memory is for are refused (crossing.h).
 */
int bel_fold_add(struct bel_fold *fold, const struct bel_accesses *batch, struct bel_chunk *chunk,
	struct bel_err *err);

/* The open run, if any: at the end of the trace. */
int bel_fold_end(struct bel_fold *fold, struct bel_chunk *chunk, struct bel_err *err);

struct bel_granules bel_fold_granules(const struct bel_fold *fold);

#endif

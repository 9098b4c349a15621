/* SPDX-License-Identifier: MIT */
/*
 * coarsen.h: turns runs over granules into maximal runs over larger pages. The
 * result is the same as folding the references at that page size directly. With
 * first_byte, the further pages of crossing references are left out.
 *
 * Memory: 4 bytes per granule and about 40 per page.
 */
#ifndef BEL_COARSEN_H
#define BEL_COARSEN_H

#include <stdbool.h>

#include "chunk.h"

struct bel_coarsen;

/* Pages of 1 << (granule bits + shift) bytes. */
struct bel_coarsen *bel_coarsen_new(unsigned shift, bool first_byte, struct bel_err *err);
void bel_coarsen_free(struct bel_coarsen *coarsen);

/*
 * Takes a chunk and the granules known so far; *out is valid until the next call. Returns 1 if
 * the chunk's space differs from that of the open run: *out then holds only that run, and the
 * caller must call again with the same chunk.
 */
int bel_coarsen_add(struct bel_coarsen *coarsen, const struct bel_chunk *in,
	struct bel_granules granules, struct bel_chunk *out, struct bel_err *err);

/*
 * Numbers the pages of these granules, in this order, whether or not they were in a chunk. Not
 * where first_byte leaves runs out: which granules number a page is then not known.
 */
int bel_coarsen_know(
	struct bel_coarsen *coarsen, struct bel_granules granules, struct bel_err *err);

/* At the end of the trace: *out gets the open run, if there is one. */
void bel_coarsen_end(struct bel_coarsen *coarsen, struct bel_chunk *out);

struct bel_granules bel_coarsen_granules(const struct bel_coarsen *coarsen);

#endif

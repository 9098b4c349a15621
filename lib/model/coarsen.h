/* SPDX-License-Identifier: MIT */
/*
 * coarsen.h: runs over granules in, maximal runs over larger pages out, as if
 * the references had been folded at that size at once. With first_byte, the
 * further pages of crossing references are left out.
 *
 * Memory: 4 bytes a granule and about 40 a page.
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
 * Takes a chunk and the granules known by then; *out is valid until the next call. When the
 * chunk is of another space than the open run, the result is 1, *out holds
 * that run, and the call is to be made again.
 */
int bel_coarsen_add(struct bel_coarsen *coarsen, const struct bel_chunk *in,
	struct bel_granules granules, struct bel_chunk *out, struct bel_err *err);

/* The open run, if any: at the end of the trace. */
void bel_coarsen_end(struct bel_coarsen *coarsen, struct bel_chunk *out);

struct bel_granules bel_coarsen_granules(const struct bel_coarsen *coarsen);

#endif

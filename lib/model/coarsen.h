/* SPDX-License-Identifier: MIT */
/*
 * repage.h: runs over granules in, maximal runs over larger pages out, as if
 * the references had been folded at that size at once. With first_byte, the
 * further pages of crossing references are left out.
 *
 * Memory: 4 bytes a granule and about 40 a page.
 */
#ifndef BEL_REPAGE_H
#define BEL_REPAGE_H

#include <stdbool.h>

#include "chunk.h"

struct bel_repage;

/* Pages of 1 << (granule bits + shift) bytes. */
struct bel_repage *bel_repage_new(unsigned shift, bool first_byte, struct bel_err *err);
void bel_repage_free(struct bel_repage *repage);

/*
 * Takes a chunk and the granules known by then; *out is valid until the next call. When the
 * chunk is of another space than the open run, the result is 1, *out holds
 * that run, and the call is to be made again.
 */
int bel_repage_add(struct bel_repage *repage, const struct bel_chunk *in,
	struct bel_granules granules, struct bel_chunk *out, struct bel_err *err);

/* The open run, if any: at the end of the trace. */
void bel_repage_end(struct bel_repage *repage, struct bel_chunk *out);

struct bel_granules bel_repage_granules(const struct bel_repage *repage);

#endif

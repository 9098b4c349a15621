/* SPDX-License-Identifier: MIT */
/*
 * map_cells.h: the counts of a map by block of pages and column of time. Private to lib/map and
 * its tests.
 *
 * A block is the pages of one owner (a mapping of a process) whose numbers are equal after a
 * shift. At first a block is one page. When there are too many blocks, the shift grows and blocks
 * are joined. When time leaves the last column, pairs of columns are joined.
 *
 * Memory: `limit` blocks have 8 bytes in each column: 64 MiB in all. There are more blocks only if
 * there are more owners than `limit`.
 */
#ifndef BEL_MAP_CELLS_H
#define BEL_MAP_CELLS_H

#include "granule_map.h"

#define BEL_MAP_CELLS_MOST (8u << 20) /* blocks x columns */
#define BEL_MAP_BLOCKS_LEAST 4096     /* blocks are not joined below this number */

enum {
	BEL_MAP_UNSEEN,  /* the page has no block yet */
	BEL_MAP_IGNORED, /* the block of all pages that are left out */
	BEL_MAP_BLOCKS,  /* number of the first real block */
};

struct bel_map_block {
	uint64_t first, last; /* page numbers of its lowest and highest page */
	uint64_t pages;
};

struct bel_map_cells {
	uint32_t *of_page;          /* block of each page; at first BEL_MAP_UNSEEN */
	uint64_t *now;              /* the current column: the count of each block */
	uint64_t end;               /* time after the current column */
	uint64_t width;             /* of a column */
	uint64_t **column;          /* columns in use */
	size_t used, columns;       /* in use; at most */
	struct bel_granule_map map; /* (owner, page number >> shift) -> block - BEL_MAP_BLOCKS */
	unsigned shift;
	struct bel_map_block *block; /* by block */
	uint32_t blocks, capacity;   /* including BEL_MAP_BLOCKS that are none */
	uint32_t limit;
	uint32_t pages;
};

int bel_map_cells_init(struct bel_map_cells *cells, size_t columns, struct bel_err *err);
void bel_map_cells_release(struct bel_map_cells *cells);

/* Makes room for pages 0 .. pages-1. */
int bel_map_cells_reserve(struct bel_map_cells *cells, uint32_t pages, struct bel_err *err);

/* Gives a page its block. `number` is its page number, `owner` the dense number of its owner. */
int bel_map_cells_place(struct bel_map_cells *cells, uint32_t page, uint32_t owner, uint64_t number,
	struct bel_err *err);

/* Makes `now` the column of this time, which must not go back. */
int bel_map_cells_seek(struct bel_map_cells *cells, uint64_t time, struct bel_err *err);

static inline uint32_t bel_map_cells_owner(const struct bel_map_cells *cells, uint32_t block)
{
	return cells->map.granule[block - BEL_MAP_BLOCKS].space;
}

#endif

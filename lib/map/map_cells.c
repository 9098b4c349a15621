/* SPDX-License-Identifier: MIT */
/* map_cells.c: counts by block and column, in bounded memory. */
#include "map_cells.h"

#include <stdlib.h>
#include <string.h>

/* Beyond this shift no more blocks of one owner can be joined. */
enum { SHIFT_MOST = 63 };

static int grow(struct bel_map_cells *c, struct bel_err *err)
{
	const uint32_t capacity = 2 * c->capacity;
	struct bel_map_block *const block = reallocarray(c->block, capacity, sizeof(*block));

	if (!block)
		return bel_err_memory(err, "the map");
	c->block = block;
	for (size_t i = 0; i < c->columns && c->column[i]; i++) {
		uint64_t *const column = reallocarray(c->column[i], capacity, sizeof(*column));

		if (!column)
			return bel_err_memory(err, "the map");
		memset(column + c->capacity, 0, (capacity - c->capacity) * sizeof(*column));
		c->column[i] = column;
	}
	c->capacity = capacity;
	c->now = c->column[c->used - 1];
	return BEL_OK;
}

int bel_map_cells_init(struct bel_map_cells *c, size_t columns, struct bel_err *err)
{
	const size_t limit = BEL_MAP_CELLS_MOST / columns;

	*c = (struct bel_map_cells){.columns = columns, .capacity = 64, .width = 1, .end = 1};
	c->limit = limit < BEL_MAP_BLOCKS_LEAST ? BEL_MAP_BLOCKS_LEAST
		   : limit > UINT32_MAX / 4     ? UINT32_MAX / 4
						: (uint32_t)limit;
	c->blocks = BEL_MAP_BLOCKS;
	c->column = calloc(columns, sizeof(*c->column));
	c->block = calloc(c->capacity, sizeof(*c->block));
	if (c->column)
		c->now = c->column[0] = calloc(c->capacity, sizeof(*c->now));
	c->used = 1;
	if (c->column && c->block && c->now && bel_granule_map_init(&c->map, err) == 0)
		return BEL_OK;
	bel_map_cells_release(c);
	return bel_err_memory(err, "the map");
}

void bel_map_cells_release(struct bel_map_cells *c)
{
	for (size_t i = 0; c->column && i < c->columns; i++)
		free(c->column[i]);
	free(c->column);
	free(c->block);
	free(c->of_page);
	bel_granule_map_release(&c->map);
	*c = (struct bel_map_cells){.columns = 0};
}

int bel_map_cells_reserve(struct bel_map_cells *c, uint32_t pages, struct bel_err *err)
{
	const uint64_t capacity = (uint64_t)pages + pages / 2;
	const uint32_t most = capacity > UINT32_MAX ? UINT32_MAX : (uint32_t)capacity;
	uint32_t *grown;

	if (pages <= c->pages)
		return BEL_OK;
	grown = reallocarray(c->of_page, most, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "the map");
	memset(grown + c->pages, 0, (size_t)(most - c->pages) * sizeof(*grown));
	c->of_page = grown;
	c->pages = most;
	return BEL_OK;
}

/* Adds the counts and pages of block `from` to block `to`, which is the same or an earlier one. */
static void join(struct bel_map_cells *c, uint32_t from, uint32_t to, bool first)
{
	const struct bel_map_block moved = c->block[from];
	struct bel_map_block *const block = &c->block[to];

	for (size_t i = 0; i < c->used && from != to; i++) {
		uint64_t *const count = c->column[i];

		count[to] = first ? count[from] : count[to] + count[from];
		count[from] = 0;
	}
	if (first) {
		*block = moved;
		return;
	}
	block->pages += moved.pages;
	if (moved.first < block->first)
		block->first = moved.first;
	if (moved.last > block->last)
		block->last = moved.last;
}

/* Joins neighbouring blocks of each owner. to[b]: block b's new number. */
static int double_blocks(struct bel_map_cells *c, uint32_t *to, struct bel_err *err)
{
	struct bel_granule_map map;
	int r = bel_granule_map_init(&map, err);

	if (r < 0)
		return r;
	for (uint32_t b = BEL_MAP_BLOCKS; b < c->blocks; b++) {
		const struct bel_granule was = c->map.granule[b - BEL_MAP_BLOCKS];
		const uint32_t before = map.count;
		const uint32_t number = bel_granule_number(&map, was.space, was.number >> 1, err);

		if (number == BEL_GRANULE_NONE) {
			bel_granule_map_release(&map);
			return BEL_FAIL;
		}
		to[b] = number + BEL_MAP_BLOCKS;
		join(c, b, to[b], map.count > before);
	}
	bel_granule_map_release(&c->map);
	c->map = map;
	c->blocks = map.count + BEL_MAP_BLOCKS;
	c->shift++;
	for (uint32_t page = 0; page < c->pages; page++)
		if (c->of_page[page] >= BEL_MAP_BLOCKS)
			c->of_page[page] = to[c->of_page[page]];
	return BEL_OK;
}

static int join_blocks(struct bel_map_cells *c, struct bel_err *err)
{
	uint32_t *const to = reallocarray(NULL, c->blocks, sizeof(*to));
	int r = to ? BEL_OK : bel_err_memory(err, "the map");

	while (r == BEL_OK && c->blocks > c->limit / 2 && c->shift < SHIFT_MOST)
		r = double_blocks(c, to, err);
	free(to);
	return r;
}

int bel_map_cells_place(struct bel_map_cells *c, uint32_t page, uint32_t owner, uint64_t number,
	struct bel_err *err)
{
	uint32_t known, found;
	struct bel_map_block *block;

	if (c->blocks >= c->limit && c->shift < SHIFT_MOST && join_blocks(c, err) < 0)
		return BEL_FAIL;
	if (c->blocks == c->capacity && grow(c, err) < 0)
		return BEL_FAIL;
	known = c->map.count;
	found = bel_granule_number(&c->map, owner, number >> c->shift, err);
	if (found == BEL_GRANULE_NONE)
		return BEL_FAIL;
	block = &c->block[found + BEL_MAP_BLOCKS];
	if (found == known) {
		*block = (struct bel_map_block){.first = number, .last = number};
		c->blocks++;
	}
	block->pages++;
	if (number < block->first)
		block->first = number;
	if (number > block->last)
		block->last = number;
	c->of_page[page] = found + BEL_MAP_BLOCKS;
	return BEL_OK;
}

/* Joins pairs of columns. */
static void join_columns(struct bel_map_cells *c)
{
	const size_t half = (c->used + 1) / 2;

	for (size_t i = 0; i < half; i++) {
		uint64_t *const left = c->column[2 * i];
		uint64_t *const right = 2 * i + 1 < c->used ? c->column[2 * i + 1] : NULL;

		for (uint32_t b = 0; right && b < c->blocks; b++) {
			left[b] += right[b];
			right[b] = 0;
		}
		/* The emptied columns go to the end. */
		c->column[2 * i] = c->column[i];
		c->column[i] = left;
	}
	c->used = half;
	c->width *= 2;
}

int bel_map_cells_seek(struct bel_map_cells *c, uint64_t time, struct bel_err *err)
{
	size_t at;

	while (time / c->width >= c->columns)
		join_columns(c);
	at = (size_t)(time / c->width);
	for (; c->used <= at; c->used++) {
		if (!c->column[c->used])
			c->column[c->used] = calloc(c->capacity, sizeof(**c->column));
		if (!c->column[c->used])
			return bel_err_memory(err, "the map");
	}
	c->now = c->column[at];
	c->end = (at + 1) * c->width;
	return BEL_OK;
}

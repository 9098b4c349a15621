/* SPDX-License-Identifier: MIT */
/*
 * map_rows.c: makes the rows of a map from its blocks.
 *
 * Blocks in order of process and address form segments: a segment is of one mapping, and no hole
 * is in it. Each segment gets a row; further rows, at least half as many as were asked for, go to
 * the segments with the most pages. If there are more segments than rows, small neighbouring
 * segments of a process share a row, which has the name of the largest mapping in it.
 */
#include <stdlib.h>
#include <string.h>

#include "map_parts.h"

struct piece {
	uint32_t space, owner, block;
	struct bel_map_block at;
};

struct layout {
	struct piece *piece; /* the blocks that have counts, in order */
	size_t count;
	uint64_t pages;  /* of all pieces */
	uint64_t hole;   /* a longer gap, in pages, is a hole */
	size_t *segment; /* first piece of each segment, and `count` after the last */
	size_t segments;
};

static int by_place(const void *left, const void *right)
{
	const struct piece *const a = left, *const b = right;

	if (a->space != b->space)
		return a->space < b->space ? -1 : 1;
	if (a->at.first != b->at.first)
		return a->at.first < b->at.first ? -1 : 1;
	return a->owner < b->owner ? -1 : a->owner > b->owner;
}

static bool has_counts(const struct bel_map *map, uint32_t block)
{
	for (size_t c = 0; c < map->columns; c++)
		if (map->cells.column[c][block])
			return true;
	return false;
}

static void find_pieces(const struct bel_map *map, struct layout *to)
{
	for (uint32_t b = BEL_MAP_BLOCKS; b < map->cells.blocks; b++) {
		const uint32_t owner = bel_map_cells_owner(&map->cells, b);

		if (!has_counts(map, b))
			continue;
		to->piece[to->count++] = (struct piece){.space = map->pairs.granule[owner].space,
			.owner = owner,
			.block = b,
			.at = map->cells.block[b]};
		to->pages += map->cells.block[b].pages;
	}
	qsort(to->piece, to->count, sizeof(*to->piece), by_place);
}

/* Pages between two pieces of one process; 0: they adjoin, or overlap after joining blocks. */
static uint64_t gap(const struct piece *before, const struct piece *after)
{
	return after->at.first > before->at.last ? after->at.first - before->at.last - 1 : 0;
}

static void find_segments(struct layout *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct piece *const piece = &l->piece[i];

		if (!i || piece->space != piece[-1].space || piece->owner != piece[-1].owner ||
			gap(piece - 1, piece) > l->hole)
			l->segment[l->segments++] = i;
	}
	l->segment[l->segments] = l->count;
}

/* Joins neighbouring segments of a process until about `most` are left. */
static void join_segments(struct layout *l, size_t most)
{
	const uint64_t enough = l->pages / most * 2 + 1;
	size_t kept = 0;
	uint64_t pages = 0;

	for (size_t s = 0; s < l->segments; s++) {
		const size_t from = l->segment[s], to = l->segment[s + 1];
		uint64_t more = 0;

		for (size_t i = from; i < to; i++)
			more += l->piece[i].at.pages;
		if (!s || l->piece[from].space != l->piece[from - 1].space ||
			pages + more > enough) {
			l->segment[kept++] = from;
			pages = 0;
		}
		pages += more;
	}
	l->segments = kept;
	l->segment[kept] = l->count;
}

static void add_piece(struct bel_map *map, struct bel_map_row *row, const struct piece *piece)
{
	row->pages += piece->at.pages;
	if (piece->at.last > row->last)
		row->last = piece->at.last;
	for (size_t c = 0; c < map->columns; c++) {
		row->count[c] += map->cells.column[c][piece->block];
		row->sum += map->cells.column[c][piece->block];
		map->sum += map->cells.column[c][piece->block];
	}
}

static void set_mapping(const struct bel_map *map, struct bel_map_row *row, uint32_t owner)
{
	const uint64_t mapping = map->pairs.granule[owner].number;
	const struct bel_mapping *const at = mapping ? &map->regions.mapping[mapping - 1] : NULL;

	row->region = at ? at->kind : BEL_REGION_UNKNOWN;
	row->mapping = at ? at->name : NULL;
}

/* Begins a row at a piece. `before`: the piece before it; NULL: none. */
static struct bel_map_row *begin_row(struct bel_map *map, const struct piece *piece,
	const struct piece *before, struct bel_err *err)
{
	struct bel_map_row *const row = &map->row[map->rows];
	const bool same = before && before->space == piece->space;
	const uint64_t hole = same ? gap(before, piece) : 0;

	*row = (struct bel_map_row){.space = piece->space,
		.process = bel_marks_process(&map->marks, piece->space),
		.mappings = 1,
		.first = piece->at.first,
		.last = piece->at.last,
		.hole_pages = hole > map->setup.hole_pages ? hole : 0,
		.count = calloc(map->columns, sizeof(*row->count))};
	if (!row->count) {
		bel_err_memory(err, "the map");
		return NULL;
	}
	map->rows++;
	map->processes += !same;
	return row;
}

/* Makes `rows` rows of a segment, of about the same number of pages each. */
static int divide(struct bel_map *map, const struct layout *l, size_t segment, size_t rows,
	struct bel_err *err)
{
	const size_t from = l->segment[segment], to = l->segment[segment + 1];
	struct bel_map_row *row = NULL;
	uint64_t pages = 0, before = 0, of_mapping = 0, most = 0;
	size_t at = 0;

	for (size_t i = from; i < to; i++)
		pages += l->piece[i].at.pages;
	for (size_t i = from; i < to; i++) {
		const struct piece *const piece = &l->piece[i];
		const size_t wanted = (size_t)((double)before / (double)pages * (double)rows);

		if (!row || wanted > at) {
			row = begin_row(map, piece, i ? piece - 1 : NULL, err);
			if (!row)
				return BEL_FAIL;
			at = wanted;
			of_mapping = most = 0;
		} else if (piece->owner != piece[-1].owner) {
			row->mappings++;
			of_mapping = 0;
		}
		of_mapping += piece->at.pages;
		if (of_mapping > most)
			set_mapping(map, row, piece->owner);
		most = of_mapping > most ? of_mapping : most;
		add_piece(map, row, piece);
		before += piece->at.pages;
	}
	return BEL_OK;
}

/* Each segment gets one row, and of the `spare` rows a share as large as its share of the pages. */
static int divide_all(struct bel_map *map, const struct layout *l, struct bel_err *err)
{
	const size_t half = map->setup.rows / 2;
	const size_t spare =
		map->setup.rows - half > l->segments ? map->setup.rows - l->segments : half;
	uint64_t pages = 0;
	size_t given = 0;

	map->row = calloc(l->segments + spare + 1, sizeof(*map->row));
	if (!map->row)
		return bel_err_memory(err, "the map");
	for (size_t s = 0; s < l->segments; s++) {
		size_t due;

		for (size_t i = l->segment[s]; i < l->segment[s + 1]; i++)
			pages += l->piece[i].at.pages;
		due = (size_t)((double)pages / (double)l->pages * (double)spare);
		if (divide(map, l, s, 1 + due - given, err) < 0)
			return BEL_FAIL;
		given = due;
	}
	return BEL_OK;
}

int bel_map_make_rows(struct bel_map *map, struct bel_err *err)
{
	struct layout l = {.hole = map->setup.hole_pages};
	int r = BEL_FAIL;

	map->width = map->cells.width;
	map->columns = map->references ? map->cells.used : 0;
	l.piece = calloc(map->cells.blocks, sizeof(*l.piece));
	l.segment = calloc((size_t)map->cells.blocks + 1, sizeof(*l.segment));
	if (l.piece && l.segment) {
		find_pieces(map, &l);
		find_segments(&l);
		if (l.segments > map->setup.rows)
			join_segments(&l, map->setup.rows);
		r = divide_all(map, &l, err);
	} else {
		bel_err_memory(err, "the map");
	}
	free(l.piece);
	free(l.segment);
	return r;
}

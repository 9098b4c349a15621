/* SPDX-License-Identifier: MIT */
/* rank_bitmap.c: memory of the rank bitmap. */
#include "rank_bitmap.h"

#include <stdlib.h>
#include <string.h>

/* Allocates whole vectors, zeroed and aligned. */
static void *lines(size_t bytes)
{
	void *p = aligned_alloc(64, (bytes + 63) / 64 * 64);

	if (p)
		memset(p, 0, (bytes + 63) / 64 * 64);
	return p;
}

int bel_rank_bitmap_init(struct bel_rank_bitmap *map, size_t places, struct bel_err *err)
{
	size_t blocks = (places + BEL_RANK_BLOCK - 1) / BEL_RANK_BLOCK;

	*map = (struct bel_rank_bitmap){.places = blocks * BEL_RANK_BLOCK};
	map->word = lines(map->places / 8);
	map->line = lines(map->places / BEL_RANK_LINE * sizeof(*map->line));
	map->group = lines(blocks * BEL_RANK_LINES * sizeof(*map->group));
	map->block = lines(blocks * sizeof(*map->block));
	if (map->word && map->line && map->group && map->block)
		return BEL_OK;
	bel_rank_bitmap_release(map);
	return bel_err_memory(err, "stack distances");
}

void bel_rank_bitmap_release(struct bel_rank_bitmap *map)
{
	free(map->word);
	free(map->line);
	free(map->group);
	free(map->block);
	*map = (struct bel_rank_bitmap){0};
}

void bel_rank_bitmap_clear(struct bel_rank_bitmap *map)
{
	const size_t blocks = map->places / BEL_RANK_BLOCK;

	memset(map->word, 0, map->places / 8);
	memset(map->line, 0, map->places / BEL_RANK_LINE * sizeof(*map->line));
	memset(map->group, 0, blocks * BEL_RANK_LINES * sizeof(*map->group));
	memset(map->block, 0, blocks * sizeof(*map->block));
}

/* SPDX-License-Identifier: MIT */
/*
 * space_map.h: dense numbers for address spaces, in order of appearance, to index arrays. If
 * space 4,000,000,000 is the third that a trace names, its dense number is 2.
 *
 *	struct bel_space_map map = {0};
 *
 *	dense = bel_space_number(&map, space, &err);
 *	bel_space_map_release(&map);
 *
 * Finding a known space allocates nothing. Memory: about 64 bytes per space.
 */
#ifndef BEL_SPACE_MAP_H
#define BEL_SPACE_MAP_H

#include "granule_map.h"

#define BEL_SPACE_NONE BEL_GRANULE_NONE
#define BEL_SPACES_MAX (1u << 20) /* in one trace: a quarter of Linux's process ids */

/* A zero-initialised map is empty. */
struct bel_space_map {
	struct bel_granule_map map; /* owned */
};

/* The dense number, a new one if needed; BEL_SPACE_NONE with err above BEL_SPACES_MAX. */
uint32_t bel_space_number(struct bel_space_map *map, uint32_t space, struct bel_err *err);

void bel_space_map_release(struct bel_space_map *map);

/* The dense number; BEL_SPACE_NONE: the space is not known. */
static inline uint32_t bel_space_find(const struct bel_space_map *map, uint32_t space)
{
	return map->map.slot ? bel_granule_find(&map->map, 0, space) : BEL_SPACE_NONE;
}

static inline uint32_t bel_space_count(const struct bel_space_map *map)
{
	return map->map.count;
}

/* The trace's own number of a space. */
static inline uint32_t bel_space_name(const struct bel_space_map *map, uint32_t dense)
{
	return (uint32_t)map->map.granule[dense].number;
}

#endif

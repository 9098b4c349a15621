/* SPDX-License-Identifier: MIT */
/*
 * space_map.h: dense numbers for address spaces, in order of appearance: what a trace calls
 * space 4,000,000,000 is, if it is the third that it names, number 2 of an array.
 *
 *	struct bel_space_map map = {0};
 *
 *	dense = bel_space_number(&map, space, &err);
 *	bel_space_map_release(&map);
 *
 * Once a space is there, finding it again allocates nothing. About 64 bytes a space.
 */
#ifndef BEL_SPACE_MAP_H
#define BEL_SPACE_MAP_H

#include "granule_map.h"

#define BEL_SPACE_NONE BEL_GRANULE_NONE
#define BEL_SPACES_MAX (1u << 20) /* of one trace: a fourth of the process ids that Linux has */

/* Zero-initialised is empty. */
struct bel_space_map {
	struct bel_granule_map map; /* owned */
};

/* The dense number, a new one if need be; BEL_SPACE_NONE with err past BEL_SPACES_MAX. */
uint32_t bel_space_number(struct bel_space_map *map, uint32_t space, struct bel_err *err);

void bel_space_map_release(struct bel_space_map *map);

/* The dense number; BEL_SPACE_NONE: it was not there yet. */
static inline uint32_t bel_space_find(const struct bel_space_map *map, uint32_t space)
{
	return map->map.slot ? bel_granule_find(&map->map, 0, space) : BEL_SPACE_NONE;
}

static inline uint32_t bel_space_count(const struct bel_space_map *map)
{
	return map->map.count;
}

/* The trace's own number of a dense one. */
static inline uint32_t bel_space_name(const struct bel_space_map *map, uint32_t dense)
{
	return (uint32_t)map->map.granule[dense].number;
}

#endif

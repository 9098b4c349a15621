/* SPDX-License-Identifier: MIT */
/* space_map.c: a granule map whose keys are address spaces. */
#include "space_map.h"

uint32_t bel_space_number(struct bel_space_map *map, uint32_t space, struct bel_err *err)
{
	const uint32_t found = bel_space_find(map, space);

	if (found != BEL_SPACE_NONE)
		return found;
	if (!map->map.slot && bel_granule_map_init(&map->map, err) < 0)
		return BEL_SPACE_NONE;
	if (map->map.count == BEL_SPACES_MAX) {
		bel_too_much(err, "more than %u address spaces", BEL_SPACES_MAX);
		return BEL_SPACE_NONE;
	}
	return bel_granule_add(&map->map, 0, space, err);
}

void bel_space_map_release(struct bel_space_map *map)
{
	bel_granule_map_release(&map->map);
}

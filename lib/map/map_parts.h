/* SPDX-License-Identifier: MIT */
/* map_parts.h: what the files of a map share. Private to lib/map. */
#ifndef BEL_MAP_PARTS_H
#define BEL_MAP_PARTS_H

#include "map.h"

/* Notes processes, regions and marks. */
int bel_map_event(struct bel_map *map, const struct bel_event *event, struct bel_err *err);

/* Gives a page its block when it is first counted, or leaves it out. */
int bel_map_place(
	struct bel_map *map, uint32_t page, struct bel_granule where, struct bel_err *err);

int bel_map_make_rows(struct bel_map *map, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * region_map.h: which region an address is in, kept up to date by a trace's events.
 *
 *	struct bel_region_map map = {0};
 *
 *	bel_region_map_event(&map, &event, &err);
 *	region = bel_region_map_find(&map, space, address, 1);
 *	bel_region_map_release(&map);
 *
 * Addresses are bytes. Where regions overlap, the newest event is right. All extents of one
 * region and one file are one "mapping", in whatever space: libc's text is one, the heap is one.
 */
#ifndef BEL_REGION_MAP_H
#define BEL_REGION_MAP_H

#include <stdbool.h>

#include "trace.h"

struct bel_extent {
	uint64_t start, end; /* end: first byte behind */
	uint8_t region;      /* enum bel_region */
	uint16_t flags;      /* enum bel_map_flag */
	uint32_t mapping;    /* index in the map's list */
};

struct bel_mapping {
	uint8_t region; /* enum bel_region */
	char *name;     /* owned; NULL: anonymous, or not told */
};

struct bel_extents {
	struct bel_extent *extent; /* ascending, apart */
	size_t count, capacity;
};

struct bel_region_map {
	struct bel_extents *space;
	uint32_t spaces;
	struct bel_mapping *mapping; /* all that there ever were, in order of appearance */
	uint32_t mappings, mapping_capacity;
	bool any;        /* a region was ever seen */
	uint64_t change; /* counts the events that changed something */
};

int bel_region_map_event(
	struct bel_region_map *map, const struct bel_event *event, struct bel_err *err);

/*
 * The region of `length` bytes from `address` on: BEL_REGION_UNKNOWN where
 * nothing is mapped, BEL_REGIONS where more than one region is.
 */
enum bel_region bel_region_map_find(
	const struct bel_region_map *map, uint32_t space, uint64_t address, uint64_t length);

/* The first extent that holds one of these bytes; NULL: none. Valid until the next event. */
const struct bel_extent *bel_region_map_extent(
	const struct bel_region_map *map, uint32_t space, uint64_t address, uint64_t length);

/* All extents of a space; none for one that is not known. */
struct bel_extents bel_region_map_space(const struct bel_region_map *map, uint32_t space);

void bel_region_map_release(struct bel_region_map *map);

#endif

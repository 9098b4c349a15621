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
 *
 * An event takes logarithmic time, but a fork, which takes its parent's extents. What no real
 * trace has is refused: the bounds below.
 */
#ifndef BEL_REGION_MAP_H
#define BEL_REGION_MAP_H

#include <stdbool.h>

#include "address_map.h"
#include "space_map.h"
#include "chunk.h"

#define BEL_EXTENTS_MAX                                                                            \
	(1u << 21)                  /* at a time, in all spaces: 32 times a process's usual limit  \
				     */
#define BEL_MAPPINGS_MAX (1u << 20) /* different ones */
#define BEL_NAMES_MAX (64u << 20)   /* bytes of all their names */

struct bel_mapping {
	uint8_t region;             /* enum bel_region */
	char *name;                 /* owned; NULL: anonymous, or not told */
	uint64_t bytes, peak_bytes; /* mapped now, and most at a time, over all spaces */
};

struct bel_region_map {
	struct bel_space_map spaces;
	struct bel_extents *space; /* of each in `spaces` */
	uint32_t space_capacity;
	struct bel_mapping *mapping; /* all that there ever were, in order of appearance */
	uint32_t mappings, mapping_capacity;
	uint64_t bytes[BEL_REGIONS], peak_bytes[BEL_REGIONS];
	bool any;        /* a region was ever seen */
	uint64_t change; /* counts the events that changed something */

	/* Below, the map's own. */
	uint32_t *slot; /* hash table of mappings, plus 1; 0: free */
	uint32_t slots;
	uint64_t secret, forks, copied;
	size_t extents, name_bytes;
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

/* The extents of a space; NULL for one that is not known. Valid until the next event. */
const struct bel_extents *bel_region_map_space(const struct bel_region_map *map, uint32_t space);

void bel_region_map_release(struct bel_region_map *map);

#endif

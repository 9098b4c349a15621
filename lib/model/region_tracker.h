/* SPDX-License-Identifier: MIT */
/*
 * region_tracker.h: which region an address is in, kept up to date by a trace's events.
 *
 *	struct bel_region_tracker tracker = {0};
 *
 *	bel_region_tracker_event(&tracker, &event, &err);
 *	region = bel_region_tracker_find(&tracker, space, address, 1);
 *	bel_region_tracker_release(&tracker);
 *
 * Addresses are bytes. Where regions overlap, the newest event is right. All regions of one
 * kind and one file are one "mapping", in whatever space: libc's text is one, the heap is one.
 *
 * An event takes logarithmic time, but a fork, which takes its parent's regions. What no real
 * trace has is refused: the bounds below.
 */
#ifndef BEL_REGION_TRACKER_H
#define BEL_REGION_TRACKER_H

#include <stdbool.h>

#include "address_map.h"
#include "event.h"
#include "names.h"
#include "space_map.h"

/* At a time, in all spaces: 32 times a process's usual limit. */
#define BEL_TRACKED_REGIONS_MAX (1u << 21)
#define BEL_MAPPINGS_MAX (1u << 20)       /* different ones */
#define BEL_MAPPING_NAMES_MAX (64u << 20) /* bytes of all their names */

struct bel_mapping {
	uint8_t kind;               /* enum bel_region_kind */
	const char *name;           /* NULL: anonymous, or not told */
	uint64_t bytes, peak_bytes; /* mapped now, and most at a time, over all spaces */
};

struct bel_region_tracker {
	struct bel_space_map spaces;
	struct bel_address_map *space; /* of each in `spaces`; a region's backing is its mapping */
	uint32_t space_capacity;
	struct bel_mapping *mapping; /* all that there ever were, in order of appearance */
	uint32_t mappings, mapping_capacity;
	uint64_t bytes[BEL_REGIONS], peak_bytes[BEL_REGIONS];
	bool any;        /* a region was ever seen */
	uint64_t change; /* counts the events that changed something */

	/* Below, the tracker's own. */
	struct bel_names names;
	uint32_t (*of_name)[BEL_REGIONS]; /* by name and kind of region: the mapping, plus 1 */
	uint32_t of_names;
	uint64_t forks, copied;
	size_t regions, name_bytes;
};

int bel_region_tracker_event(
	struct bel_region_tracker *tracker, const struct bel_event *event, struct bel_err *err);

/*
 * The region of `length` bytes from `address` on: BEL_REGION_UNKNOWN where
 * nothing is mapped, BEL_REGIONS where more than one region is.
 */
enum bel_region_kind bel_region_tracker_find(const struct bel_region_tracker *tracker,
	uint32_t space, uint64_t address, uint64_t length);

/* The first region that holds one of these bytes; NULL: none. Valid until the next event. */
const struct bel_region *bel_region_tracker_region(const struct bel_region_tracker *tracker,
	uint32_t space, uint64_t address, uint64_t length);

/* The regions of a space; NULL for one that is not known. Valid until the next event. */
const struct bel_address_map *bel_region_tracker_space(
	const struct bel_region_tracker *tracker, uint32_t space);

void bel_region_tracker_release(struct bel_region_tracker *tracker);

#endif

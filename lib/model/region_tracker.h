/* SPDX-License-Identifier: MIT */
/*
 * region_tracker.h: finds the region of an address, as a trace's events change the regions.
 *
 *	struct bel_region_tracker tracker = {0};
 *
 *	bel_region_tracker_event(&tracker, &event, &err);
 *	region = bel_region_tracker_find(&tracker, space, address, 1);
 *	bel_region_tracker_release(&tracker);
 *
 * Addresses are byte addresses. Where regions overlap, the newest event wins. All regions of one
 * kind and one file, in any space, form one "mapping": libc's text is one, the heap is one.
 *
 * An event takes logarithmic time; a fork takes time for each of its parent's regions. Traces
 * beyond the limits below are refused; no real trace reaches them.
 */
#ifndef BEL_REGION_TRACKER_H
#define BEL_REGION_TRACKER_H

#include <stdbool.h>

#include "address_map.h"
#include "event.h"
#include "names.h"
#include "space_map.h"

/* Regions at one time, in all spaces: 32 times Linux's default limit for one process. */
#define BEL_TRACKED_REGIONS_MAX (1u << 21)
#define BEL_MAPPINGS_MAX (1u << 20)       /* distinct mappings */
#define BEL_MAPPING_NAMES_MAX (64u << 20) /* bytes of all their names */

struct bel_mapping {
	uint8_t kind;               /* enum bel_region_kind */
	const char *name;           /* file; NULL: anonymous, or not known */
	uint64_t bytes, peak_bytes; /* mapped now, and maximum at one time, over all spaces */
};

struct bel_region_tracker {
	struct bel_space_map spaces;
	struct bel_address_map *space; /* one per space; a region's backing is its mapping */
	uint32_t space_capacity;
	struct bel_mapping *mapping; /* all so far, in order of appearance */
	uint32_t mappings, mapping_capacity;
	uint64_t bytes[BEL_REGIONS], peak_bytes[BEL_REGIONS];
	bool any;        /* the trace has mapped a region */
	uint64_t change; /* number of events that changed something */

	/* Private members. */
	struct bel_names names;
	uint32_t (*of_name)[BEL_REGIONS]; /* by name and kind of region: the mapping, plus 1 */
	uint32_t of_names;
	uint64_t forks, copied;
	size_t regions, name_bytes;
};

int bel_region_tracker_event(
	struct bel_region_tracker *tracker, const struct bel_event *event, struct bel_err *err);

/*
 * The kind of region of `length` bytes from `address` on: BEL_REGION_UNKNOWN if nothing is mapped
 * there, BEL_REGIONS if there are regions of more than one kind.
 */
enum bel_region_kind bel_region_tracker_find(const struct bel_region_tracker *tracker,
	uint32_t space, uint64_t address, uint64_t length);

/* The first region that contains one of these bytes; NULL: none. Valid until the next event. */
const struct bel_region *bel_region_tracker_region(const struct bel_region_tracker *tracker,
	uint32_t space, uint64_t address, uint64_t length);

/* The regions of a space; NULL: unknown space. Valid until the next event. */
const struct bel_address_map *bel_region_tracker_space(
	const struct bel_region_tracker *tracker, uint32_t space);

void bel_region_tracker_release(struct bel_region_tracker *tracker);

#endif

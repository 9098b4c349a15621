/* SPDX-License-Identifier: MIT */
/* map_places.c: the process and the mapping of each page of a map, and its marks. */
#include "map_parts.h"

int bel_map_event(struct bel_map *map, const struct bel_event *event, struct bel_err *err)
{
	const uint64_t now = map->window.now;

	if (bel_region_tracker_event(&map->regions, event, err) < 0)
		return BEL_FAIL;
	if (event->type == BEL_EVENT_MARK)
		bel_window_mark(&map->window, event->name);
	if (event->type == BEL_EVENT_START || event->type == BEL_EVENT_FORK ||
		event->type == BEL_EVENT_EXEC)
		map->found_process |= event->pid == map->setup.part.process;
	return bel_marks_event(&map->marks, event, now,
		now >= map->window.start && !bel_window_over(&map->window), err);
}

static bool is_shown(const struct bel_map *map, uint32_t space, uint8_t region)
{
	const struct bel_slice_options *const part = &map->setup.part;
	const struct bel_mark_process *const process = bel_marks_process(&map->marks, space);

	return (part->process == BEL_SLICE_ANY ||
		       (process && process->known && process->pid == part->process)) &&
	       part->regions >> region & 1;
}

int bel_map_place(struct bel_map *map, uint32_t page, struct bel_granule where, struct bel_err *err)
{
	const unsigned bits = map->setup.page_bits;
	const struct bel_region *const region = bel_region_tracker_region(
		&map->regions, where.space, where.number << bits, UINT64_C(1) << bits);
	uint32_t owner;

	if (!is_shown(map, where.space, region ? region->kind : BEL_REGION_UNKNOWN)) {
		map->cells.of_page[page] = BEL_MAP_IGNORED;
		return BEL_OK;
	}
	owner = bel_granule_number(
		&map->pairs, where.space, region ? (uint64_t)region->backing + 1 : 0, err);
	if (owner == BEL_GRANULE_NONE)
		return BEL_FAIL;
	if (owner >= BEL_MAP_SPACE_MAPPINGS_MAX)
		return bel_too_much(
			err, "more than %u mappings of processes", BEL_MAP_SPACE_MAPPINGS_MAX);
	return bel_map_cells_place(&map->cells, page, owner, where.number, err);
}

/* SPDX-License-Identifier: MIT */
/* map_places.c: the process and the mapping of each page of a map, and its marks. */
#include <stdlib.h>
#include <string.h>

#include "map_parts.h"

/* A copy of a name, within the limit of all names. NULL: err says why. */
static char *copy_name(struct bel_map *map, const char *name, struct bel_err *err)
{
	const size_t bytes = strlen(name) + 1;
	char *const copy = bytes <= BEL_MAP_NAMES_MAX - map->name_bytes ? strdup(name) : NULL;

	if (copy)
		map->name_bytes += bytes;
	else if (bytes > BEL_MAP_NAMES_MAX - map->name_bytes)
		bel_too_much(err, "more than %u bytes of names of processes and marks",
			BEL_MAP_NAMES_MAX);
	else
		bel_err_memory(err, "names");
	return copy;
}

/* Makes room for the process of each space that the regions know. */
static int reserve_processes(struct bel_map *map, struct bel_err *err)
{
	const uint32_t spaces = bel_space_count(&map->regions.spaces);
	const uint32_t capacity = spaces + spaces / 2 + 4;
	struct bel_map_process *grown;

	if (spaces <= map->process_capacity)
		return BEL_OK;
	grown = reallocarray(map->process, capacity, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "processes");
	for (uint32_t i = map->process_capacity; i < capacity; i++)
		grown[i] = (struct bel_map_process){.known = false};
	map->process = grown;
	map->process_capacity = capacity;
	return BEL_OK;
}

static int note_process(struct bel_map *map, const struct bel_event *event, struct bel_err *err)
{
	struct bel_map_process *const process =
		&map->process[bel_space_find(&map->regions.spaces, event->space)];
	const struct bel_map_process *const parent = bel_map_process_of(map, event->other);
	const char *const name = event->name                               ? event->name
				 : event->type == BEL_EVENT_FORK && parent ? parent->name
									   : NULL;
	char *copy = NULL;

	process->known = true;
	process->pid = event->pid;
	map->found_process |= event->pid == map->setup.part.process;
	if (!name || name == process->name)
		return BEL_OK;
	copy = copy_name(map, name, err);
	if (!copy)
		return BEL_FAIL;
	if (process->name)
		map->name_bytes -= strlen(process->name) + 1;
	free(process->name);
	process->name = copy;
	return BEL_OK;
}

static int note_mark(struct bel_map *map, const struct bel_event *event, struct bel_err *err)
{
	struct bel_map_mark *grown;

	bel_window_mark(&map->window, event->name);
	if (map->window.now < map->window.start || bel_window_over(&map->window))
		return BEL_OK;
	if (map->all_marks++ >= BEL_MAP_MARKS_MAX)
		return BEL_OK;
	if (map->marks == map->mark_capacity) {
		const size_t capacity = 2 * map->mark_capacity + 16;

		grown = reallocarray(map->mark, capacity, sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "marks");
		map->mark = grown;
		map->mark_capacity = capacity;
	}
	grown = &map->mark[map->marks];
	*grown = (struct bel_map_mark){.space = event->space, .reference = map->window.now};
	if (event->name && !(grown->name = copy_name(map, event->name, err)))
		return BEL_FAIL;
	map->marks++;
	return BEL_OK;
}

int bel_map_event(struct bel_map *map, const struct bel_event *event, struct bel_err *err)
{
	if (bel_region_tracker_event(&map->regions, event, err) < 0 ||
		reserve_processes(map, err) < 0)
		return BEL_FAIL;
	switch (event->type) {
	case BEL_EVENT_START:
	case BEL_EVENT_FORK:
	case BEL_EVENT_EXEC:
		return note_process(map, event, err);
	case BEL_EVENT_MARK:
		return note_mark(map, event, err);
	default:
		return BEL_OK;
	}
}

const struct bel_map_process *bel_map_process_of(const struct bel_map *map, uint32_t space)
{
	const uint32_t dense = bel_space_find(&map->regions.spaces, space);

	return dense < map->process_capacity ? &map->process[dense] : NULL;
}

static bool is_shown(const struct bel_map *map, uint32_t space, uint8_t region)
{
	const struct bel_slice_options *const part = &map->setup.part;
	const struct bel_map_process *const process = bel_map_process_of(map, space);

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

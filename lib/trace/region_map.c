/* SPDX-License-Identifier: MIT */
/*
 * region_map.c: sorted extents for each space, changed by map, unmap, grow, remap, fork and exec.
 */
#include "region_map.h"

#include <stdlib.h>
#include <string.h>

/* The mapping of that region and name, which may be a new one. */
static int find_mapping(struct bel_region_map *map, uint8_t region, const char *name,
	uint32_t *found, struct bel_err *err)
{
	struct bel_mapping *grown;
	char *copy = NULL;

	for (*found = 0; *found < map->mappings; ++*found) {
		const struct bel_mapping *const m = &map->mapping[*found];

		if (m->region == region && !m->name == !name && (!name || !strcmp(m->name, name)))
			return 0;
	}
	if (map->mappings == map->mapping_capacity) {
		const uint32_t capacity = 2 * map->mapping_capacity + 16;

		grown = realloc(map->mapping, capacity * sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "mappings");
		map->mapping = grown;
		map->mapping_capacity = capacity;
	}
	if (name && !(copy = strdup(name)))
		return bel_err_memory(err, "mappings");
	map->mapping[map->mappings++] = (struct bel_mapping){region, copy};
	return 0;
}

static int reserve_space(struct bel_region_map *map, uint32_t space, struct bel_err *err)
{
	const size_t spaces = (size_t)space + 1;
	struct bel_extents *grown;

	if (space < map->spaces)
		return 0;
	grown = realloc(map->space, spaces * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "regions");
	memset(grown + map->spaces, 0, (spaces - map->spaces) * sizeof(*grown));
	map->space = grown;
	map->spaces = (uint32_t)spaces;
	return 0;
}

static int reserve(struct bel_extents *list, size_t count, struct bel_err *err)
{
	struct bel_extent *grown;

	if (count <= list->capacity)
		return 0;
	grown = realloc(list->extent, (count + count / 2) * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "regions");
	list->extent = grown;
	list->capacity = count + count / 2;
	return 0;
}

/* Index of the first extent that ends behind `address`. */
static size_t first_behind(const struct bel_extents *list, uint64_t address)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (list->extent[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Replaces extents from .. to-1 by `count` others; there is room. */
static void splice(
	struct bel_extents *list, size_t from, size_t to, const struct bel_extent *by, size_t count)
{
	if (to < list->count)
		memmove(list->extent + from + count, list->extent + to,
			(list->count - to) * sizeof(*by));
	if (count)
		memcpy(list->extent + from, by, count * sizeof(*by));
	list->count += count - (to - from);
}

/* Makes [start, end) hold `extent` (NULL: nothing), whatever was there. */
static int put(struct bel_extents *list, uint64_t start, uint64_t end,
	const struct bel_extent *extent, struct bel_err *err)
{
	const size_t from = first_behind(list, start);
	struct bel_extent by[3];
	size_t to = from, count = 0;

	if (end <= start)
		return 0;
	if (reserve(list, list->count + 2, err) < 0)
		return BEL_FAIL;
	while (to < list->count && list->extent[to].start < end)
		to++;
	if (to > from && list->extent[from].start < start) {
		by[count] = list->extent[from];
		by[count++].end = start;
	}
	if (extent)
		by[count++] = *extent;
	if (to > from && list->extent[to - 1].end > end) {
		by[count] = list->extent[to - 1];
		by[count++].start = end;
	}
	splice(list, from, to, by, count);
	return 0;
}

static uint64_t end_of(uint64_t start, uint64_t length)
{
	return length > UINT64_MAX - start ? UINT64_MAX : start + length;
}

/* A heap or stack has a new extent: the old one shares its start or its end. */
static int grow(struct bel_extents *list, const struct bel_event *event, uint32_t mapping,
	struct bel_err *err)
{
	const uint64_t end = end_of(event->start, event->length);
	struct bel_extent extent = {event->start, end, event->region, event->flags, mapping};

	for (size_t i = 0; i < list->count; i++) {
		const struct bel_extent *const old = &list->extent[i];

		if (old->region != event->region || (old->start != event->start && old->end != end))
			continue;
		if (!extent.flags)
			extent.flags = old->flags;
		if (!event->name)
			extent.mapping = old->mapping;
		splice(list, i, i + 1, NULL, 0);
		break;
	}
	return put(list, event->start, end, &extent, err);
}

static int remap(struct bel_extents *list, const struct bel_event *event, uint32_t mapping,
	struct bel_err *err)
{
	const uint64_t end = end_of(event->start, event->length);
	struct bel_extent extent = {.region = BEL_REGION_MMAP, .mapping = mapping};
	const size_t old = first_behind(list, event->value);

	if (old < list->count && list->extent[old].start <= event->value)
		extent = list->extent[old];
	extent.start = event->start;
	extent.end = end;
	if (put(list, event->value, end_of(event->value, event->offset), NULL, err) < 0)
		return BEL_FAIL;
	return put(list, event->start, end, &extent, err);
}

static int copy_space(struct bel_region_map *map, uint32_t to, uint32_t from, struct bel_err *err)
{
	struct bel_extents *list;

	if (reserve_space(map, from, err) < 0)
		return BEL_FAIL;
	list = &map->space[to];
	list->count = 0;
	if (to == from)
		return 0;
	if (reserve(list, map->space[from].count, err) < 0)
		return BEL_FAIL;
	splice(list, 0, 0, map->space[from].extent, map->space[from].count);
	return 0;
}

static bool maps(const struct bel_event *event)
{
	return event->type == BEL_EVENT_MAP || event->type == BEL_EVENT_GROW ||
	       event->type == BEL_EVENT_REMAP;
}

int bel_region_map_event(
	struct bel_region_map *map, const struct bel_event *event, struct bel_err *err)
{
	const uint64_t end = end_of(event->start, event->length);
	struct bel_extent extent = {event->start, end, event->region, event->flags, 0};
	struct bel_extents *list;

	if (reserve_space(map, event->space, err) < 0 ||
		(maps(event) &&
			find_mapping(map,
				event->type == BEL_EVENT_REMAP ? BEL_REGION_MMAP : event->region,
				event->name, &extent.mapping, err) < 0))
		return BEL_FAIL;
	list = &map->space[event->space];
	map->change++;
	switch (event->type) {
	case BEL_EVENT_START:
	case BEL_EVENT_EXEC:
	case BEL_EVENT_EXIT:
		list->count = 0;
		return 0;
	case BEL_EVENT_FORK:
		return copy_space(map, event->space, event->other, err);
	case BEL_EVENT_MAP:
		map->any = true;
		return put(list, event->start, end, &extent, err);
	case BEL_EVENT_UNMAP:
		return put(list, event->start, end, NULL, err);
	case BEL_EVENT_GROW:
		map->any = true;
		return grow(list, event, extent.mapping, err);
	case BEL_EVENT_REMAP:
		return remap(list, event, extent.mapping, err);
	default:
		map->change--;
		return 0;
	}
}

enum bel_region bel_region_map_find(
	const struct bel_region_map *map, uint32_t space, uint64_t address, uint64_t length)
{
	const struct bel_extents list = bel_region_map_space(map, space);
	const uint64_t last = end_of(address, length - 1);
	size_t i = first_behind(&list, address);
	enum bel_region region;

	if (i == list.count || list.extent[i].start > last)
		return BEL_REGION_UNKNOWN;
	region = list.extent[i].region;
	for (i++; i < list.count && list.extent[i].start <= last; i++) {
		if (list.extent[i].region != region)
			return BEL_REGIONS;
	}
	return region;
}

const struct bel_extent *bel_region_map_extent(
	const struct bel_region_map *map, uint32_t space, uint64_t address, uint64_t length)
{
	const struct bel_extents list = bel_region_map_space(map, space);
	const size_t i = first_behind(&list, address);

	return i < list.count && list.extent[i].start <= end_of(address, length - 1)
		       ? &list.extent[i]
		       : NULL;
}

struct bel_extents bel_region_map_space(const struct bel_region_map *map, uint32_t space)
{
	return space < map->spaces ? map->space[space] : (struct bel_extents){0};
}

void bel_region_map_release(struct bel_region_map *map)
{
	for (uint32_t i = 0; i < map->spaces; i++)
		free(map->space[i].extent);
	free(map->space);
	for (uint32_t i = 0; i < map->mappings; i++)
		free(map->mapping[i].name);
	free(map->mapping);
	*map = (struct bel_region_map){0};
}

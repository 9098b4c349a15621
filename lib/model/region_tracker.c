/* SPDX-License-Identifier: MIT */
/*
 * region_map.c: extents for each space, changed by map, unmap, grow, remap, fork and exec.
 */
#include "region_tracker.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "rng.h"

/* Extents that forks may copy: so many at first, and for each fork. Beyond is no program. */
enum { COPIED_FREE = 1 << 24, COPIED_A_FORK = 1 << 12 };

static uint64_t secret_of(struct bel_region_map *map)
{
	if (!map->secret)
		map->secret = bel_rng_secret() | 1;
	return map->secret;
}

/* Where the mapping is in the hash table, or would be. */
static uint32_t *slot_of(struct bel_region_map *map, uint8_t region, const char *name)
{
	const uint64_t seed = secret_of(map) + region;
	uint64_t hash = XXH3_64bits_withSeed(name ? name : "", name ? strlen(name) + 1 : 0, seed);

	for (;; hash++) {
		uint32_t *const slot = &map->slot[hash & (map->slots - 1)];
		const struct bel_mapping *const m = *slot ? &map->mapping[*slot - 1] : NULL;

		if (!m || (m->region == region && !m->name == !name &&
				  (!name || !strcmp(m->name, name))))
			return slot;
	}
}

static int grow_mappings(struct bel_region_map *map, struct bel_err *err)
{
	const uint32_t capacity = map->mapping_capacity ? 2 * map->mapping_capacity : 16;
	struct bel_mapping *const grown = realloc(map->mapping, capacity * sizeof(*grown));
	uint32_t *const slot = calloc((size_t)2 * capacity, sizeof(*slot));

	if (grown)
		map->mapping = grown;
	if (!grown || !slot) {
		free(slot);
		return bel_err_memory(err, "mappings");
	}
	free(map->slot);
	map->slot = slot;
	map->slots = 2 * capacity;
	map->mapping_capacity = capacity;
	for (uint32_t m = 0; m < map->mappings; m++)
		*slot_of(map, grown[m].region, grown[m].name) = m + 1;
	return 0;
}

/* The mapping of that region and name, which may be a new one. */
static int find_mapping(struct bel_region_map *map, uint8_t region, const char *name,
	uint32_t *found, struct bel_err *err)
{
	const size_t bytes = name ? strlen(name) + 1 : 0;
	uint32_t *slot;
	char *copy = NULL;

	if (map->mappings == map->mapping_capacity && grow_mappings(map, err) < 0)
		return BEL_FAIL;
	slot = slot_of(map, region, name);
	if (*slot) {
		*found = *slot - 1;
		return 0;
	}
	if (map->mappings == BEL_MAPPINGS_MAX || bytes > BEL_NAMES_MAX - map->name_bytes)
		return bel_too_much(err, "more than %u mapped files, or %u bytes of their names",
			BEL_MAPPINGS_MAX, BEL_NAMES_MAX);
	if (name && !(copy = strdup(name)))
		return bel_err_memory(err, "mappings");
	map->name_bytes += bytes;
	map->mapping[map->mappings] = (struct bel_mapping){.region = region, .name = copy};
	*found = map->mappings++;
	*slot = map->mappings;
	return 0;
}

/* The extents of a space, which may be a new one. */
static struct bel_extents *need_space(
	struct bel_region_map *map, uint32_t space, struct bel_err *err)
{
	const uint32_t dense = bel_space_number(&map->spaces, space, err);
	struct bel_extents *grown;

	if (dense == BEL_SPACE_NONE)
		return NULL;
	if (dense >= map->space_capacity) {
		const uint32_t capacity = 2 * dense + 4;

		grown = realloc(map->space, capacity * sizeof(*grown));
		if (!grown) {
			bel_err_memory(err, "regions");
			return NULL;
		}
		for (uint32_t i = map->space_capacity; i < capacity; i++)
			grown[i] = (struct bel_extents){.dice = secret_of(map) + i};
		map->space = grown;
		map->space_capacity = capacity;
	}
	return &map->space[dense];
}

static void credit(void *host, const struct bel_extent *extent)
{
	struct bel_region_map *const map = host;
	struct bel_mapping *const mapping = &map->mapping[extent->mapping];
	const uint64_t bytes = extent->end - extent->start;

	map->bytes[extent->region] += bytes;
	if (map->bytes[extent->region] > map->peak_bytes[extent->region])
		map->peak_bytes[extent->region] = map->bytes[extent->region];
	mapping->bytes += bytes;
	if (mapping->bytes > mapping->peak_bytes)
		mapping->peak_bytes = mapping->bytes;
}

static void debit(void *host, const struct bel_extent *extent)
{
	struct bel_region_map *const map = host;

	map->bytes[extent->region] -= extent->end - extent->start;
	map->mapping[extent->mapping].bytes -= extent->end - extent->start;
}

static int clear(struct bel_region_map *map, struct bel_extents *list, uint64_t start, uint64_t end,
	struct bel_err *err)
{
	const size_t before = list->count;
	const int r = bel_extents_take(list, start, end, debit, map, err);

	map->extents = map->extents - before + list->count;
	return r;
}

/* Makes the extent's place hold it, whatever was there. */
static int put(struct bel_region_map *map, struct bel_extents *list,
	const struct bel_extent *extent, struct bel_err *err)
{
	if (extent->end <= extent->start)
		return 0;
	if (clear(map, list, extent->start, extent->end, err) < 0)
		return BEL_FAIL;
	if (map->extents >= BEL_EXTENTS_MAX)
		return bel_too_much(err, "more than %u regions at a time", BEL_EXTENTS_MAX);
	if (bel_extents_put(list, extent, err) < 0)
		return BEL_FAIL;
	map->extents++;
	credit(map, extent);
	return 0;
}

static uint64_t end_of(uint64_t start, uint64_t length)
{
	return length > UINT64_MAX - start ? UINT64_MAX : start + length;
}

/* The lower of the extents of that region that have this start or this end; NULL: none. */
static const struct bel_extent *outgrown(
	const struct bel_extents *list, uint8_t region, uint64_t start, uint64_t end)
{
	const struct bel_extent *const low = bel_extents_behind(list, start);
	const struct bel_extent *const high = end ? bel_extents_behind(list, end - 1) : NULL;
	const bool starts = low && low->region == region && low->start == start;
	const bool ends = high && high->region == region && high->end == end;

	if (starts && ends)
		return low->start < high->start ? low : high;
	return starts ? low : ends ? high : NULL;
}

/* A heap or stack has a new extent: the old one shares its start or its end. */
static int grow(struct bel_region_map *map, struct bel_extents *list, const struct bel_event *event,
	uint32_t mapping, struct bel_err *err)
{
	const uint64_t end = end_of(event->start, event->length);
	const struct bel_extent *const old = outgrown(list, event->region, event->start, end);
	struct bel_extent extent = {event->start, end, event->region, event->flags, mapping};

	if (old) {
		if (!extent.flags)
			extent.flags = old->flags;
		if (!event->name)
			extent.mapping = old->mapping;
		if (clear(map, list, old->start, old->end, err) < 0)
			return BEL_FAIL;
	}
	return put(map, list, &extent, err);
}

static int remap(struct bel_region_map *map, struct bel_extents *list,
	const struct bel_event *event, uint32_t mapping, struct bel_err *err)
{
	struct bel_extent extent = {.region = BEL_REGION_MMAP, .mapping = mapping};
	const struct bel_extent *const old = bel_extents_behind(list, event->value);

	if (old && old->start <= event->value)
		extent = *old;
	extent.start = event->start;
	extent.end = end_of(event->start, event->length);
	if (clear(map, list, event->value, end_of(event->value, event->offset), err) < 0)
		return BEL_FAIL;
	return put(map, list, &extent, err);
}

static int copy_space(struct bel_region_map *map, uint32_t to, uint32_t from, struct bel_err *err)
{
	struct bel_extents *parent = need_space(map, from, err);
	struct bel_extents *list = parent ? need_space(map, to, err) : NULL;

	if (!list || clear(map, list, 0, UINT64_MAX, err) < 0)
		return BEL_FAIL;
	if (to == from)
		return 0;
	parent = need_space(map, from, err); /* growing may have moved it */
	map->forks++;
	map->copied += parent->count;
	if (map->copied > COPIED_FREE && (map->copied - COPIED_FREE) / COPIED_A_FORK > map->forks)
		return bel_too_much(err, "processes that fork have more than %d regions on average",
			COPIED_A_FORK);
	if (map->extents + parent->count > BEL_EXTENTS_MAX)
		return bel_too_much(err, "more than %u regions at a time", BEL_EXTENTS_MAX);
	if (bel_extents_copy(list, parent, err) < 0)
		return BEL_FAIL;
	map->extents += list->count;
	bel_extents_each(list, credit, map);
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
	struct bel_extents *const list = need_space(map, event->space, err);

	if (!list || (maps(event) && find_mapping(map,
					     event->type == BEL_EVENT_REMAP ? BEL_REGION_MMAP
									    : event->region,
					     event->name, &extent.mapping, err) < 0))
		return BEL_FAIL;
	map->change++;
	switch (event->type) {
	case BEL_EVENT_START:
	case BEL_EVENT_EXEC:
	case BEL_EVENT_EXIT:
		return clear(map, list, 0, UINT64_MAX, err);
	case BEL_EVENT_FORK:
		return copy_space(map, event->space, event->other, err);
	case BEL_EVENT_MAP:
		map->any = true;
		return put(map, list, &extent, err);
	case BEL_EVENT_UNMAP:
		return clear(map, list, event->start, end, err);
	case BEL_EVENT_GROW:
		map->any = true;
		return grow(map, list, event, extent.mapping, err);
	case BEL_EVENT_REMAP:
		return remap(map, list, event, extent.mapping, err);
	default:
		map->change--;
		return 0;
	}
}

enum bel_region bel_region_map_find(
	const struct bel_region_map *map, uint32_t space, uint64_t address, uint64_t length)
{
	const struct bel_extents *const list = bel_region_map_space(map, space);
	const unsigned regions =
		list ? bel_extents_regions(list, address, end_of(address, length - 1)) : 0;

	if (!regions)
		return BEL_REGION_UNKNOWN;
	return regions & (regions - 1) ? BEL_REGIONS : (enum bel_region)__builtin_ctz(regions);
}

const struct bel_extent *bel_region_map_extent(
	const struct bel_region_map *map, uint32_t space, uint64_t address, uint64_t length)
{
	const struct bel_extents *const list = bel_region_map_space(map, space);
	const struct bel_extent *const extent = list ? bel_extents_behind(list, address) : NULL;

	return extent && extent->start <= end_of(address, length - 1) ? extent : NULL;
}

const struct bel_extents *bel_region_map_space(const struct bel_region_map *map, uint32_t space)
{
	const uint32_t dense = bel_space_find(&map->spaces, space);

	return dense < map->space_capacity ? &map->space[dense] : NULL;
}

void bel_region_map_release(struct bel_region_map *map)
{
	for (uint32_t i = 0; i < map->space_capacity; i++)
		bel_extents_release(&map->space[i]);
	bel_space_map_release(&map->spaces);
	free(map->space);
	for (uint32_t i = 0; i < map->mappings; i++)
		free(map->mapping[i].name);
	free(map->mapping);
	free(map->slot);
	*map = (struct bel_region_map){0};
}

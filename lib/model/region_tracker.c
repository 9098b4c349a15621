/* SPDX-License-Identifier: MIT */
/*
 * region_tracker.c: an address map for each space, changed by map, unmap, grow, remap, fork and
 * exec.
 */
#include "region_tracker.h"

#include <stdlib.h>
#include <string.h>

/* Limits on regions that forks copy: in all, plus per fork. No real program reaches them. */
enum { COPIED_FREE = 1 << 24, COPIED_A_FORK = 1 << 12 };

/* Makes room for one more mapping, and for each name with each kind of region. */
static int reserve(struct bel_region_tracker *tracker, struct bel_err *err)
{
	if (tracker->mappings == tracker->mapping_capacity) {
		const uint32_t capacity =
			tracker->mapping_capacity ? 2 * tracker->mapping_capacity : 16;
		struct bel_mapping *const grown =
			realloc(tracker->mapping, capacity * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "mappings");
		tracker->mapping = grown;
		tracker->mapping_capacity = capacity;
	}
	if (tracker->names.count > tracker->of_names) {
		const uint32_t count = tracker->names.capacity;
		uint32_t(*const grown)[BEL_REGIONS] =
			reallocarray(tracker->of_name, count, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "mappings");
		memset(grown + tracker->of_names, 0, (count - tracker->of_names) * sizeof(*grown));
		tracker->of_name = grown;
		tracker->of_names = count;
	}
	return 0;
}

/* The mapping of that region and name; a new one if there is none yet. */
static int find_mapping(struct bel_region_tracker *tracker, uint8_t kind, const char *name,
	uint32_t *found, struct bel_err *err)
{
	/* Names are stored with their zero byte, so an empty name differs from no name. */
	const size_t bytes = name ? strlen(name) + 1 : 0;
	uint32_t number, *slot;

	if (bel_names_number(&tracker->names, name ? name : "", bytes, &number, err) < 0 ||
		reserve(tracker, err) < 0)
		return BEL_FAIL;
	slot = &tracker->of_name[number][kind];
	if (*slot) {
		*found = *slot - 1;
		return 0;
	}
	if (tracker->mappings == BEL_MAPPINGS_MAX ||
		bytes > BEL_MAPPING_NAMES_MAX - tracker->name_bytes)
		return bel_too_much(err, "more than %u mapped files, or %u bytes of their names",
			BEL_MAPPINGS_MAX, BEL_MAPPING_NAMES_MAX);
	tracker->name_bytes += bytes;
	tracker->mapping[tracker->mappings] = (struct bel_mapping){
		.kind = kind, .name = name ? tracker->names.name[number].text : NULL};
	*found = tracker->mappings++;
	*slot = tracker->mappings;
	return 0;
}

/* The regions of a space; a new one if it is not known yet. */
static struct bel_address_map *need_space(
	struct bel_region_tracker *tracker, uint32_t space, struct bel_err *err)
{
	const uint32_t dense = bel_space_number(&tracker->spaces, space, err);
	struct bel_address_map *grown;

	if (dense == BEL_SPACE_NONE)
		return NULL;
	if (dense >= tracker->space_capacity) {
		const uint32_t capacity = 2 * dense + 4;

		grown = realloc(tracker->space, capacity * sizeof(*grown));
		if (!grown) {
			bel_err_memory(err, "regions");
			return NULL;
		}
		for (uint32_t i = tracker->space_capacity; i < capacity; i++)
			grown[i] = (struct bel_address_map){0};
		tracker->space = grown;
		tracker->space_capacity = capacity;
	}
	return &tracker->space[dense];
}

static void credit(void *host, const struct bel_region *region)
{
	struct bel_region_tracker *const tracker = host;
	struct bel_mapping *const mapping = &tracker->mapping[region->backing];
	const uint64_t bytes = region->end - region->start;

	tracker->bytes[region->kind] += bytes;
	if (tracker->bytes[region->kind] > tracker->peak_bytes[region->kind])
		tracker->peak_bytes[region->kind] = tracker->bytes[region->kind];
	mapping->bytes += bytes;
	if (mapping->bytes > mapping->peak_bytes)
		mapping->peak_bytes = mapping->bytes;
}

static void debit(void *host, const struct bel_region *region)
{
	struct bel_region_tracker *const tracker = host;

	tracker->bytes[region->kind] -= region->end - region->start;
	tracker->mapping[region->backing].bytes -= region->end - region->start;
}

static int clear(struct bel_region_tracker *tracker, struct bel_address_map *list, uint64_t start,
	uint64_t end, struct bel_err *err)
{
	const size_t before = list->count;
	const int r = bel_address_map_remove(list, start, end, debit, tracker, err);

	tracker->regions = tracker->regions - before + list->count;
	return r;
}

/* Adds the region and removes what it overlaps. */
static int put(struct bel_region_tracker *tracker, struct bel_address_map *list,
	const struct bel_region *region, struct bel_err *err)
{
	const size_t before = list->count;

	if (region->end <= region->start)
		return 0;
	if (bel_address_map_put(list, region, debit, tracker, err) < 0)
		return BEL_FAIL;
	tracker->regions = tracker->regions - before + list->count;
	if (tracker->regions > BEL_TRACKED_REGIONS_MAX)
		return bel_too_much(err, "more than %u regions at a time", BEL_TRACKED_REGIONS_MAX);
	credit(tracker, region);
	return 0;
}

static uint64_t end_of(uint64_t start, uint64_t length)
{
	return length > UINT64_MAX - start ? UINT64_MAX : start + length;
}

/* The lowest region of that kind with this start or this end; NULL: none. */
static const struct bel_region *outgrown(
	const struct bel_address_map *list, uint8_t kind, uint64_t start, uint64_t end)
{
	const struct bel_region *const low = bel_address_map_find(list, start);
	const struct bel_region *const high = end ? bel_address_map_find(list, end - 1) : NULL;
	const bool starts = low && low->kind == kind && low->start == start;
	const bool ends = high && high->kind == kind && high->end == end;

	if (starts && ends)
		return low->start < high->start ? low : high;
	return starts ? low : ends ? high : NULL;
}

/* A heap or stack has a new extent: the old one shares its start or its end. */
static int grow(struct bel_region_tracker *tracker, struct bel_address_map *list,
	const struct bel_event *event, uint32_t mapping, struct bel_err *err)
{
	const uint64_t end = end_of(event->start, event->length);
	const struct bel_region *const old = outgrown(list, event->region, event->start, end);
	struct bel_region region = {.start = event->start,
		.end = end,
		.backing = mapping,
		.flags = event->flags,
		.kind = event->region};

	if (old) {
		if (!region.flags)
			region.flags = old->flags;
		if (!event->name)
			region.backing = old->backing;
		if (clear(tracker, list, old->start, old->end, err) < 0)
			return BEL_FAIL;
	}
	return put(tracker, list, &region, err);
}

static int remap(struct bel_region_tracker *tracker, struct bel_address_map *list,
	const struct bel_event *event, uint32_t mapping, struct bel_err *err)
{
	struct bel_region region = {.kind = BEL_REGION_MMAP, .backing = mapping};
	const struct bel_region *const old = bel_address_map_find(list, event->value);

	if (old && old->start <= event->value)
		region = *old;
	region.start = event->start;
	region.end = end_of(event->start, event->length);
	if (clear(tracker, list, event->value, end_of(event->value, event->offset), err) < 0)
		return BEL_FAIL;
	return put(tracker, list, &region, err);
}

static int copy_space(
	struct bel_region_tracker *tracker, uint32_t to, uint32_t from, struct bel_err *err)
{
	struct bel_address_map *parent = need_space(tracker, from, err);
	struct bel_address_map *list = parent ? need_space(tracker, to, err) : NULL;

	if (!list || clear(tracker, list, 0, UINT64_MAX, err) < 0)
		return BEL_FAIL;
	if (to == from)
		return 0;
	parent = need_space(tracker, from, err); /* it may have moved when the array grew */
	tracker->forks++;
	tracker->copied += parent->count;
	if (tracker->copied > COPIED_FREE &&
		(tracker->copied - COPIED_FREE) / COPIED_A_FORK > tracker->forks)
		return bel_too_much(err, "processes that fork have more than %d regions on average",
			COPIED_A_FORK);
	if (tracker->regions + parent->count > BEL_TRACKED_REGIONS_MAX)
		return bel_too_much(err, "more than %u regions at a time", BEL_TRACKED_REGIONS_MAX);
	if (bel_address_map_copy(list, parent, err) < 0)
		return BEL_FAIL;
	tracker->regions += list->count;
	bel_address_map_each(list, credit, tracker);
	return 0;
}

static bool maps(const struct bel_event *event)
{
	return event->type == BEL_EVENT_MAP || event->type == BEL_EVENT_GROW ||
	       event->type == BEL_EVENT_REMAP;
}

int bel_region_tracker_event(
	struct bel_region_tracker *tracker, const struct bel_event *event, struct bel_err *err)
{
	const uint64_t end = end_of(event->start, event->length);
	struct bel_region region = {
		.start = event->start, .end = end, .flags = event->flags, .kind = event->region};
	struct bel_address_map *const list = need_space(tracker, event->space, err);

	if (!list || (maps(event) && find_mapping(tracker,
					     event->type == BEL_EVENT_REMAP ? BEL_REGION_MMAP
									    : event->region,
					     event->name, &region.backing, err) < 0))
		return BEL_FAIL;
	tracker->change++;
	switch (event->type) {
	case BEL_EVENT_START:
	case BEL_EVENT_EXEC:
	case BEL_EVENT_EXIT:
		return clear(tracker, list, 0, UINT64_MAX, err);
	case BEL_EVENT_FORK:
		return copy_space(tracker, event->space, event->other, err);
	case BEL_EVENT_MAP:
		tracker->any = true;
		region.offset = event->offset;
		return put(tracker, list, &region, err);
	case BEL_EVENT_UNMAP:
		return clear(tracker, list, event->start, end, err);
	case BEL_EVENT_GROW:
		tracker->any = true;
		return grow(tracker, list, event, region.backing, err);
	case BEL_EVENT_REMAP:
		return remap(tracker, list, event, region.backing, err);
	default:
		tracker->change--;
		return 0;
	}
}

enum bel_region_kind bel_region_tracker_find(
	const struct bel_region_tracker *tracker, uint32_t space, uint64_t address, uint64_t length)
{
	const struct bel_address_map *const list = bel_region_tracker_space(tracker, space);
	const unsigned regions =
		list ? bel_address_map_kinds(list, address, end_of(address, length - 1)) : 0;

	if (!regions)
		return BEL_REGION_UNKNOWN;
	return regions & (regions - 1) ? BEL_REGIONS : (enum bel_region_kind)__builtin_ctz(regions);
}

const struct bel_region *bel_region_tracker_region(
	const struct bel_region_tracker *tracker, uint32_t space, uint64_t address, uint64_t length)
{
	const struct bel_address_map *const list = bel_region_tracker_space(tracker, space);
	const struct bel_region *const region = list ? bel_address_map_find(list, address) : NULL;

	return region && region->start <= end_of(address, length - 1) ? region : NULL;
}

const struct bel_address_map *bel_region_tracker_space(
	const struct bel_region_tracker *tracker, uint32_t space)
{
	const uint32_t dense = bel_space_find(&tracker->spaces, space);

	return dense < tracker->space_capacity ? &tracker->space[dense] : NULL;
}

void bel_region_tracker_release(struct bel_region_tracker *tracker)
{
	for (uint32_t i = 0; i < tracker->space_capacity; i++)
		bel_address_map_release(&tracker->space[i]);
	bel_space_map_release(&tracker->spaces);
	free(tracker->space);
	bel_names_release(&tracker->names);
	free(tracker->mapping);
	free(tracker->of_name);
	*tracker = (struct bel_region_tracker){0};
}

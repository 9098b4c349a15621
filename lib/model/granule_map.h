/* SPDX-License-Identifier: MIT */
/*
 * granule_map.h: dense numbers for granules, in order of first touch.
 *
 * A hash table from (space, number) to dense number: open addressing with linear probing, at most
 * half full. Each reference is looked up here once; later stages index arrays. If numbers were
 * chosen to collide, the table changes to an unpredictable hash. Memory: 16 bytes per granule for
 * the list, 32 to 64 for the table.
 */
#ifndef BEL_GRANULE_MAP_H
#define BEL_GRANULE_MAP_H

#include "chunk.h"

#define BEL_GRANULE_NONE UINT32_MAX

struct bel_granule_slot {
	uint64_t number;
	uint32_t space;
	uint32_t dense; /* BEL_GRANULE_NONE: empty */
};

struct bel_granule_map {
	struct bel_granule_slot *slot;
	unsigned shift; /* 64 - log2(slots) */
	uint64_t multiplier;
	unsigned changes; /* how often the multiplier was changed */
	struct bel_granule *granule;
	uint32_t count, capacity;
};

int bel_granule_map_init(struct bel_granule_map *map, struct bel_err *err);
void bel_granule_map_release(struct bel_granule_map *map);

/* Numbers a granule that bel_granule_find() did not find; BEL_GRANULE_NONE with err when full. */
uint32_t bel_granule_add(
	struct bel_granule_map *map, uint32_t space, uint64_t number, struct bel_err *err);

static inline size_t bel_granule_home(
	const struct bel_granule_map *map, uint32_t space, uint64_t number)
{
	/* Fibonacci hashing spreads consecutive pages; the space shifts the whole pattern. */
	return (number + space * UINT64_C(0x632be59bd9b4e019)) * map->multiplier >> map->shift;
}

/* Whether the table is too large for the nearest caches: then it pays to fetch slots ahead. */
static inline bool bel_granule_far(const struct bel_granule_map *map)
{
	return map->shift <= 64 - 15;
}

/* A granule is looked up soon. */
static inline void bel_granule_fetch(
	const struct bel_granule_map *map, uint32_t space, uint64_t number)
{
	__builtin_prefetch(&map->slot[bel_granule_home(map, space, number)]);
}

static inline uint32_t bel_granule_find(
	const struct bel_granule_map *map, uint32_t space, uint64_t number)
{
	size_t mask = ((size_t)1 << (64 - map->shift)) - 1;

	for (size_t i = bel_granule_home(map, space, number);; i = (i + 1) & mask) {
		const struct bel_granule_slot *slot = &map->slot[i];

		if (slot->number == number && slot->space == space)
			return slot->dense;
		if (slot->dense == BEL_GRANULE_NONE)
			return BEL_GRANULE_NONE;
	}
}

static inline uint32_t bel_granule_number(
	struct bel_granule_map *map, uint32_t space, uint64_t number, struct bel_err *err)
{
	uint32_t dense = bel_granule_find(map, space, number);

	return dense != BEL_GRANULE_NONE ? dense : bel_granule_add(map, space, number, err);
}

#endif

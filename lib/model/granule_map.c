/* SPDX-License-Identifier: MIT */
/* granule_map.c: adding to, growing and rehashing the table of granules. */
#include "granule_map.h"

#include <stdlib.h>

#include "rng.h"

enum {
	FIRST_BITS = 13,
	PROBES_MAX = 1024, /* a half-full table needs some tens of probes, unless keys collide */
	CHANGES_MAX = 16,  /* changes of the hash; one is enough in practice */
};

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static struct bel_granule_slot *empty_table(unsigned bits)
{
	size_t slots = (size_t)1 << bits;
	struct bel_granule_slot *slot = malloc(slots * sizeof(*slot));

	for (size_t i = 0; slot && i < slots; i++)
		slot[i] = (struct bel_granule_slot){0, 0, BEL_GRANULE_NONE};
	return slot;
}

/* Enters a granule. False: it took more than PROBES_MAX probes. */
static bool put(struct bel_granule_map *map, uint32_t dense)
{
	const struct bel_granule *granule = &map->granule[dense];
	size_t mask = ((size_t)1 << (64 - map->shift)) - 1;
	const size_t home = bel_granule_home(map, granule->space, granule->number);
	size_t i = home;

	while (map->slot[i].dense != BEL_GRANULE_NONE)
		i = (i + 1) & mask;
	map->slot[i] = (struct bel_granule_slot){granule->number, granule->space, dense};
	return ((i - home) & mask) <= PROBES_MAX;
}

int bel_granule_map_init(struct bel_granule_map *map, struct bel_err *err)
{
	*map = (struct bel_granule_map){.shift = 64 - FIRST_BITS, .multiplier = GOLDEN};
	map->slot = empty_table(FIRST_BITS);
	return map->slot ? BEL_OK : bel_err_memory(err, "the page table");
}

void bel_granule_map_release(struct bel_granule_map *map)
{
	free(map->slot);
	free(map->granule);
	*map = (struct bel_granule_map){0};
}

/* Makes a table of 2^bits slots and enters all granules. */
static int make_table(struct bel_granule_map *map, unsigned bits)
{
	struct bel_granule_slot *slot = empty_table(bits);

	if (!slot)
		return -1;
	free(map->slot);
	map->slot = slot;
	map->shift = 64 - bits;
	for (uint32_t dense = 0; dense < map->count; dense++)
		put(map, dense);
	return 0;
}

/* Many numbers collide: another hash separates them. */
static int change_hash(struct bel_granule_map *map)
{
	if (map->changes == CHANGES_MAX)
		return 0;
	map->changes++;
	map->multiplier = bel_rng_secret() | 1;
	return make_table(map, 64 - map->shift);
}

static int grow_list(struct bel_granule_map *map)
{
	size_t capacity = map->capacity ? 2 * (size_t)map->capacity : 4096;
	struct bel_granule *grown;

	if (capacity >= BEL_GRANULE_NONE)
		capacity = BEL_GRANULE_NONE - 1;
	grown = realloc(map->granule, capacity * sizeof(*grown));
	if (!grown)
		return -1;
	map->granule = grown;
	map->capacity = (uint32_t)capacity;
	return 0;
}

uint32_t bel_granule_add(
	struct bel_granule_map *map, uint32_t space, uint64_t number, struct bel_err *err)
{
	if (map->count == BEL_GRANULE_NONE - 1) {
		bel_too_much(err, "more than %u distinct pages", BEL_GRANULE_NONE - 1);
		return BEL_GRANULE_NONE;
	}
	if ((map->count == map->capacity && grow_list(map) < 0) ||
		(map->count >= (UINT64_C(1) << (64 - map->shift)) / 2 &&
			make_table(map, 64 - map->shift + 1) < 0)) {
		bel_err_memory(err, "the page table");
		return BEL_GRANULE_NONE;
	}
	map->granule[map->count] = (struct bel_granule){number, space};
	if (!put(map, map->count++) && change_hash(map) < 0) {
		bel_err_memory(err, "the page table");
		return BEL_GRANULE_NONE;
	}
	return map->count - 1;
}

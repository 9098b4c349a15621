/* SPDX-License-Identifier: MIT */
/* vm_map.c: an open-addressing hash table with linear probing and backward-shift deletion. */
#include "hash_table.h"

#include <stdlib.h>

static size_t home(const struct bel_vm_map *map, uint64_t a, uint32_t b)
{
	uint64_t h = (a ^ ((uint64_t)b << 32 | b)) * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 29;
	h *= UINT64_C(0xbf58476d1ce4e5b9);
	return (h ^ h >> 32) & (map->room - 1);
}

/* Where the key is, or the free place where it would be. */
static size_t place(const struct bel_vm_map *map, uint64_t a, uint32_t b)
{
	size_t i = home(map, a, b);

	while (map->slot[i].value && (map->slot[i].a != a || map->slot[i].b != b))
		i = (i + 1) & (map->room - 1);
	return i;
}

uint32_t bel_vm_map_get(const struct bel_vm_map *map, uint64_t a, uint32_t b)
{
	return map->room ? map->slot[place(map, a, b)].value : 0;
}

static int grow(struct bel_vm_map *map, struct bel_err *err)
{
	struct bel_vm_map wide = {.room = map->room ? map->room * 2 : 64, .used = map->used};

	wide.slot = calloc(wide.room, sizeof(*wide.slot));
	if (!wide.slot)
		return bel_err_memory(err, "the machine's tables");
	for (size_t i = 0; i < map->room; i++)
		if (map->slot[i].value)
			wide.slot[place(&wide, map->slot[i].a, map->slot[i].b)] = map->slot[i];
	free(map->slot);
	*map = wide;
	return 0;
}

int bel_vm_map_set(
	struct bel_vm_map *map, uint64_t a, uint32_t b, uint32_t value, struct bel_err *err)
{
	size_t at;

	if (map->used >= map->room / 2 && grow(map, err) < 0)
		return BEL_FAIL;
	at = place(map, a, b);
	map->used += !map->slot[at].value;
	map->slot[at] = (struct bel_vm_slot){a, b, value};
	return 0;
}

void bel_vm_map_delete(struct bel_vm_map *map, uint64_t a, uint32_t b)
{
	const size_t mask = map->room - 1;
	size_t hole, i;

	if (!map->room)
		return;
	hole = place(map, a, b);
	if (!map->slot[hole].value)
		return;
	map->used--;
	/* Whoever probed past the hole to where it is moves into it. */
	for (i = (hole + 1) & mask; map->slot[i].value; i = (i + 1) & mask) {
		const size_t at = home(map, map->slot[i].a, map->slot[i].b);

		if (((i - at) & mask) >= ((i - hole) & mask)) {
			map->slot[hole] = map->slot[i];
			hole = i;
		}
	}
	map->slot[hole].value = 0;
}

void bel_vm_map_release(struct bel_vm_map *map)
{
	free(map->slot);
	*map = (struct bel_vm_map){.slot = NULL};
}

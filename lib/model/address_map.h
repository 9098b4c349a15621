/* SPDX-License-Identifier: MIT */
/*
 * address_map.h: the regions of one address space, in order, however many and wherever they lie.
 *
 *	struct bel_address_map map = {0};
 *
 *	bel_address_map_put(&map, &region, NULL, NULL, &err);
 *	bel_address_map_remove(&map, start, end, NULL, NULL, &err);
 *	region = bel_address_map_find(&map, address);
 *	bel_address_map_release(&map);
 *
 * Regions do not overlap. A hole costs nothing, a region 64 bytes. Everything takes logarithmic
 * time (a treap whose shape no trace can foresee), but for what is removed, protected or
 * copied, which takes its number. Regions that are handed out are valid until the map changes.
 * Zero-initialised is empty.
 */
#ifndef BEL_ADDRESS_MAP_H
#define BEL_ADDRESS_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "region.h"

struct bel_address_node;

struct bel_address_map {
	struct bel_address_node *root;
	size_t count;
	uint64_t dice; /* where the tree's shape is from; 0: not drawn yet */
};

typedef void bel_region_act(void *host, const struct bel_region *region);

/* The region replaces what was there: act (NULL: none) gets that. An empty region is none. */
int bel_address_map_put(struct bel_address_map *map, const struct bel_region *region,
	bel_region_act *act, void *host, struct bel_err *err);

/* Removes all from start to end, and cuts what lies across: act (NULL: none) gets what is gone. */
int bel_address_map_remove(struct bel_address_map *map, uint64_t start, uint64_t end,
	bel_region_act *act, void *host, struct bel_err *err);

/* Changes the rights (BEL_MAP_RIGHTS) of all from start to end, and cuts what lies across. */
int bel_address_map_protect(struct bel_address_map *map, uint64_t start, uint64_t end,
	unsigned flags, struct bel_err *err);

/* The first region that ends behind the address (it may start behind it as well); NULL: none. */
const struct bel_region *bel_address_map_find(const struct bel_address_map *map, uint64_t address);

/* The first region of a kind that touches or adjoins the range, for growth; NULL: none. */
const struct bel_region *bel_address_map_near(
	const struct bel_address_map *map, uint64_t start, uint64_t end, enum bel_region_kind kind);

/* The kinds of all regions that hold a byte of first .. last, a bit each. */
unsigned bel_address_map_kinds(const struct bel_address_map *map, uint64_t first, uint64_t last);

/* All regions, in order. */
void bel_address_map_each(const struct bel_address_map *map, bel_region_act *act, void *host);

/* The same regions in `to`, which was empty. */
int bel_address_map_copy(
	struct bel_address_map *to, const struct bel_address_map *from, struct bel_err *err);

void bel_address_map_release(struct bel_address_map *map);

#endif

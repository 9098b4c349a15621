/* SPDX-License-Identifier: MIT */
/*
 * address_map.h: the regions of one address space, in address order.
 *
 *	struct bel_address_map map = {0};
 *
 *	bel_address_map_put(&map, &region, NULL, NULL, &err);
 *	bel_address_map_remove(&map, start, end, NULL, NULL, &err);
 *	region = bel_address_map_find(&map, address);
 *	bel_address_map_release(&map);
 *
 * Regions do not overlap. A region takes 64 bytes, a hole none. Finding and adding take
 * logarithmic time (a treap whose shape no trace can predict); removing, protecting and copying
 * also take time for each region concerned. Returned regions are valid until the map changes. A
 * zero-initialised map is empty.
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
	uint64_t dice; /* random state that decides the tree's shape; 0: not drawn yet */
};

typedef void bel_region_act(void *host, const struct bel_region *region);

/* Adds a region. act (NULL: none) gets the parts that it replaces. An empty region is ignored. */
int bel_address_map_put(struct bel_address_map *map, const struct bel_region *region,
	bel_region_act *act, void *host, struct bel_err *err);

/* Removes all from start to end; regions across a border are cut. act (NULL: none) gets them. */
int bel_address_map_remove(struct bel_address_map *map, uint64_t start, uint64_t end,
	bel_region_act *act, void *host, struct bel_err *err);

/* Changes the rights (BEL_MAP_RIGHTS) from start to end; regions across a border are cut. */
int bel_address_map_protect(struct bel_address_map *map, uint64_t start, uint64_t end,
	unsigned flags, struct bel_err *err);

/* The first region that ends after the address (it may also start after it); NULL: none. */
const struct bel_region *bel_address_map_find(const struct bel_address_map *map, uint64_t address);

/* The first region of a kind that touches or adjoins the range, for growth; NULL: none. */
const struct bel_region *bel_address_map_near(
	const struct bel_address_map *map, uint64_t start, uint64_t end, enum bel_region_kind kind);

/* The kinds of all regions that hold a byte of first .. last, one bit per kind. */
unsigned bel_address_map_kinds(const struct bel_address_map *map, uint64_t first, uint64_t last);

/* All regions, in order. */
void bel_address_map_each(const struct bel_address_map *map, bel_region_act *act, void *host);

/* Copies all regions to `to`, which must be empty. */
int bel_address_map_copy(
	struct bel_address_map *to, const struct bel_address_map *from, struct bel_err *err);

void bel_address_map_release(struct bel_address_map *map);

#endif

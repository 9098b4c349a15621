/* SPDX-License-Identifier: MIT */
/*
 * extents.h: ranges of addresses that do not overlap, in order, however many there are.
 *
 *	struct bel_extents list = {.dice = bel_rng_secret()};
 *
 *	bel_extents_take(&list, start, end, NULL, NULL, &err);
 *	bel_extents_put(&list, &extent, &err);
 *	extent = bel_extents_behind(&list, address);
 *	bel_extents_release(&list);
 *
 * Everything takes logarithmic time (a treap whose shape no trace can foresee), but for what
 * is taken out or copied, which takes its number. About 64 bytes an extent.
 */
#ifndef BEL_EXTENTS_H
#define BEL_EXTENTS_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct bel_extent {
	uint64_t start, end; /* end: first byte behind */
	uint8_t region;      /* enum bel_region */
	uint16_t flags;      /* enum bel_map_flag */
	uint32_t mapping;    /* index in the region map's list */
};

struct bel_extent_node;

/* Zero-initialised is empty, too. */
struct bel_extents {
	struct bel_extent_node *root;
	size_t count;
	uint64_t dice; /* where the tree's shape is from */
};

typedef void bel_extent_act(void *host, const struct bel_extent *extent);

/* Adds an extent where nothing is; an empty one is none. */
int bel_extents_put(struct bel_extents *list, const struct bel_extent *extent, struct bel_err *err);

/* Removes all from start to end, and cuts what lies across; act (NULL: none) gets what is gone. */
int bel_extents_take(struct bel_extents *list, uint64_t start, uint64_t end, bel_extent_act *act,
	void *host, struct bel_err *err);

/* The first extent that ends behind the address; NULL: none. Valid until the list changes. */
const struct bel_extent *bel_extents_behind(const struct bel_extents *list, uint64_t address);

/* The regions of all extents that hold a byte of first .. last, a bit each. */
unsigned bel_extents_regions(const struct bel_extents *list, uint64_t first, uint64_t last);

/* All, in order. */
void bel_extents_each(const struct bel_extents *list, bel_extent_act *act, void *host);

/* The same extents in `to`, which was empty. */
int bel_extents_copy(struct bel_extents *to, const struct bel_extents *from, struct bel_err *err);

/* Empties the list. */
void bel_extents_release(struct bel_extents *list);

#endif

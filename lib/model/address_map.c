/* SPDX-License-Identifier: MIT */
/* address_map.c: a treap of regions; each node knows the kinds of regions below it. */
#include "address_map.h"

#include <stdlib.h>

#include "rng.h"

struct bel_address_node {
	struct bel_region region;
	struct bel_address_node *left, *right;
	uint32_t priority;
	uint32_t kinds; /* of this region and all below it */
};

static uint32_t kinds_of(const struct bel_address_node *node)
{
	return node ? node->kinds : 0;
}

static void renew(struct bel_address_node *node)
{
	node->kinds =
		UINT32_C(1) << node->region.kind | kinds_of(node->left) | kinds_of(node->right);
}

static struct bel_address_node *node_new(
	struct bel_address_map *map, const struct bel_region *region, struct bel_err *err)
{
	struct bel_address_node *const node = calloc(1, sizeof(*node));

	if (!node) {
		bel_err_memory(err, "regions");
		return NULL;
	}
	if (!map->dice)
		map->dice = bel_rng_secret() | 1;
	map->dice = map->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	node->priority = (uint32_t)(map->dice >> 32);
	node->region = *region;
	renew(node);
	map->count++;
	return node;
}

/* Splits into regions that start before `at`, and the rest. Recursion is as deep as the tree. */
static void split(struct bel_address_node *node, uint64_t at, struct bel_address_node **before,
	struct bel_address_node **rest)
{
	if (!node) {
		*before = *rest = NULL;
	} else if (node->region.start < at) {
		split(node->right, at, &node->right, rest);
		*before = node;
		renew(node);
	} else {
		split(node->left, at, before, &node->left);
		*rest = node;
		renew(node);
	}
}

/* Joins two trees; all regions of the first are before those of the second. */
static struct bel_address_node *join(struct bel_address_node *a, struct bel_address_node *b)
{
	if (!a || !b)
		return a ? a : b;
	if (a->priority > b->priority) {
		a->right = join(a->right, b);
		renew(a);
		return a;
	}
	b->left = join(a, b->left);
	renew(b);
	return b;
}

static struct bel_address_node *find(const struct bel_address_map *map, uint64_t address)
{
	struct bel_address_node *node = map->root, *best = NULL;

	while (node) {
		if (node->region.end > address) {
			best = node;
			node = node->left;
		} else {
			node = node->right;
		}
	}
	return best;
}

/* Cuts the region that contains the address there. */
static int cut(struct bel_address_map *map, uint64_t at, struct bel_err *err)
{
	struct bel_address_node *const node = find(map, at), *upper, *before, *rest;

	if (!node || node->region.start >= at)
		return 0;
	upper = node_new(map, &node->region, err);
	if (!upper)
		return BEL_FAIL;
	upper->region.offset += at - node->region.start;
	upper->region.start = at;
	node->region.end = at;
	split(map->root, at, &before, &rest);
	map->root = join(join(before, upper), rest);
	return 0;
}

/* Moves the regions of a range to *middle, the others to *before and *behind. */
static int take(struct bel_address_map *map, uint64_t start, uint64_t end,
	struct bel_address_node **before, struct bel_address_node **middle,
	struct bel_address_node **behind, struct bel_err *err)
{
	struct bel_address_node *rest;

	if (cut(map, start, err) < 0 || cut(map, end, err) < 0)
		return BEL_FAIL;
	split(map->root, start, before, &rest);
	split(rest, end, middle, behind);
	return 0;
}

static void each(const struct bel_address_node *node, bel_region_act *act, void *host)
{
	for (; node; node = node->right) {
		each(node->left, act, host);
		act(host, &node->region);
	}
}

static void free_tree(struct bel_address_map *map, struct bel_address_node *node)
{
	while (node) {
		struct bel_address_node *const right = node->right;

		free_tree(map, node->left);
		free(node);
		map->count--;
		node = right;
	}
}

int bel_address_map_put(struct bel_address_map *map, const struct bel_region *region,
	bel_region_act *act, void *host, struct bel_err *err)
{
	struct bel_address_node *node, *before, *middle, *behind;

	if (region->end <= region->start)
		return 0;
	node = node_new(map, region, err);
	if (!node)
		return BEL_FAIL;
	if (take(map, region->start, region->end, &before, &middle, &behind, err) < 0) {
		free_tree(map, node);
		return BEL_FAIL;
	}
	if (act)
		each(middle, act, host);
	free_tree(map, middle);
	map->root = join(join(before, node), behind);
	return 0;
}

int bel_address_map_remove(struct bel_address_map *map, uint64_t start, uint64_t end,
	bel_region_act *act, void *host, struct bel_err *err)
{
	struct bel_address_node *before, *middle, *behind;

	if (end <= start)
		return 0;
	if (take(map, start, end, &before, &middle, &behind, err) < 0)
		return BEL_FAIL;
	map->root = join(before, behind);
	if (act)
		each(middle, act, host);
	free_tree(map, middle);
	return 0;
}

static void set_rights(struct bel_address_node *node, unsigned flags)
{
	for (; node; node = node->right) {
		node->region.flags = (uint16_t)((node->region.flags & ~BEL_MAP_RIGHTS) |
						(flags & BEL_MAP_RIGHTS));
		set_rights(node->left, flags);
	}
}

int bel_address_map_protect(struct bel_address_map *map, uint64_t start, uint64_t end,
	unsigned flags, struct bel_err *err)
{
	struct bel_address_node *before, *middle, *behind;

	if (end <= start)
		return 0;
	if (take(map, start, end, &before, &middle, &behind, err) < 0)
		return BEL_FAIL;
	set_rights(middle, flags);
	map->root = join(join(before, middle), behind);
	return 0;
}

const struct bel_region *bel_address_map_find(const struct bel_address_map *map, uint64_t address)
{
	const struct bel_address_node *const node = find(map, address);

	return node ? &node->region : NULL;
}

const struct bel_region *bel_address_map_near(
	const struct bel_address_map *map, uint64_t start, uint64_t end, enum bel_region_kind kind)
{
	const struct bel_region *region = bel_address_map_find(map, start ? start - 1 : 0);

	for (; region && region->start <= end; region = bel_address_map_find(map, region->end))
		if (region->kind == kind)
			return region;
	return NULL;
}

unsigned bel_address_map_kinds(const struct bel_address_map *map, uint64_t first, uint64_t last)
{
	const struct bel_address_node *node = map->root, *side;
	unsigned found = 0;

	while (node && (node->region.end <= first || node->region.start > last))
		node = node->region.end <= first ? node->right : node->left;
	if (!node)
		return 0;
	found = 1u << node->region.kind;
	/* Left: regions that end after `first`; right: those that start at or before `last`. */
	for (side = node->left; side;) {
		if (side->region.end > first) {
			found |= 1u << side->region.kind | kinds_of(side->right);
			side = side->left;
		} else {
			side = side->right;
		}
	}
	for (side = node->right; side;) {
		if (side->region.start <= last) {
			found |= 1u << side->region.kind | kinds_of(side->left);
			side = side->right;
		} else {
			side = side->left;
		}
	}
	return found;
}

void bel_address_map_each(const struct bel_address_map *map, bel_region_act *act, void *host)
{
	each(map->root, act, host);
}

static struct bel_address_node *copy_tree(const struct bel_address_node *from, size_t *count)
{
	struct bel_address_node *const node = from ? malloc(sizeof(*node)) : NULL;

	if (!node)
		return NULL;
	*node = *from;
	++*count;
	node->left = copy_tree(from->left, count);
	node->right = copy_tree(from->right, count);
	return node;
}

int bel_address_map_copy(
	struct bel_address_map *to, const struct bel_address_map *from, struct bel_err *err)
{
	to->root = copy_tree(from->root, &to->count);
	if (to->count == from->count)
		return 0;
	bel_address_map_release(to);
	return bel_err_memory(err, "regions");
}

void bel_address_map_release(struct bel_address_map *map)
{
	free_tree(map, map->root);
	map->root = NULL;
	map->count = 0;
}

/* SPDX-License-Identifier: MIT */
/* extents.c: a treap of extents; each node knows the regions below it. */
#include "address_map.h"

#include <stdlib.h>

struct bel_extent_node {
	struct bel_extent extent;
	struct bel_extent_node *left, *right;
	uint32_t priority;
	uint32_t regions; /* of this one and all below */
};

static uint32_t regions_of(const struct bel_extent_node *node)
{
	return node ? node->regions : 0;
}

static void renew(struct bel_extent_node *node)
{
	node->regions = UINT32_C(1) << node->extent.region | regions_of(node->left) |
			regions_of(node->right);
}

static struct bel_extent_node *node_new(
	struct bel_extents *list, const struct bel_extent *extent, struct bel_err *err)
{
	struct bel_extent_node *const node = calloc(1, sizeof(*node));

	if (!node) {
		bel_err_memory(err, "regions");
		return NULL;
	}
	list->dice = list->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	node->priority = (uint32_t)(list->dice >> 32);
	node->extent = *extent;
	renew(node);
	list->count++;
	return node;
}

/* Splits into extents that start before `at`, and the rest. As deep as the tree, which is flat. */
static void split(struct bel_extent_node *node, uint64_t at, struct bel_extent_node **before,
	struct bel_extent_node **rest)
{
	if (!node) {
		*before = *rest = NULL;
	} else if (node->extent.start < at) {
		split(node->right, at, &node->right, rest);
		*before = node;
		renew(node);
	} else {
		split(node->left, at, before, &node->left);
		*rest = node;
		renew(node);
	}
}

/* Joins two trees, all of the first before all of the second. */
static struct bel_extent_node *join(struct bel_extent_node *a, struct bel_extent_node *b)
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

static void insert(struct bel_extents *list, struct bel_extent_node *node)
{
	struct bel_extent_node *before, *rest;

	split(list->root, node->extent.start, &before, &rest);
	list->root = join(join(before, node), rest);
}

static struct bel_extent_node *behind(const struct bel_extents *list, uint64_t address)
{
	struct bel_extent_node *node = list->root, *best = NULL;

	while (node) {
		if (node->extent.end > address) {
			best = node;
			node = node->left;
		} else {
			node = node->right;
		}
	}
	return best;
}

/* Makes the address a border of extents. */
static int cut(struct bel_extents *list, uint64_t at, struct bel_err *err)
{
	struct bel_extent_node *const node = behind(list, at);
	struct bel_extent_node *upper;

	if (!node || node->extent.start >= at)
		return 0;
	upper = node_new(list, &node->extent, err);
	if (!upper)
		return BEL_FAIL;
	upper->extent.start = at;
	node->extent.end = at;
	insert(list, upper);
	return 0;
}

static void each(struct bel_extent_node *node, bel_extent_act *act, void *host)
{
	for (; node; node = node->right) {
		each(node->left, act, host);
		act(host, &node->extent);
	}
}

static size_t free_tree(struct bel_extent_node *node)
{
	size_t count = 0;

	while (node) {
		struct bel_extent_node *const right = node->right;

		count += 1 + free_tree(node->left);
		free(node);
		node = right;
	}
	return count;
}

int bel_extents_put(struct bel_extents *list, const struct bel_extent *extent, struct bel_err *err)
{
	struct bel_extent_node *node;

	if (extent->end <= extent->start)
		return 0;
	node = node_new(list, extent, err);
	if (!node)
		return BEL_FAIL;
	insert(list, node);
	return 0;
}

int bel_extents_take(struct bel_extents *list, uint64_t start, uint64_t end, bel_extent_act *act,
	void *host, struct bel_err *err)
{
	struct bel_extent_node *before, *middle, *rest;

	if (end <= start)
		return 0;
	if (cut(list, start, err) < 0 || cut(list, end, err) < 0)
		return BEL_FAIL;
	split(list->root, start, &before, &rest);
	split(rest, end, &middle, &rest);
	list->root = join(before, rest);
	if (act)
		each(middle, act, host);
	list->count -= free_tree(middle);
	return 0;
}

const struct bel_extent *bel_extents_behind(const struct bel_extents *list, uint64_t address)
{
	const struct bel_extent_node *const node = behind(list, address);

	return node ? &node->extent : NULL;
}

unsigned bel_extents_regions(const struct bel_extents *list, uint64_t first, uint64_t last)
{
	const struct bel_extent_node *node = list->root, *side;
	unsigned found = 0;

	while (node && (node->extent.end <= first || node->extent.start > last))
		node = node->extent.end <= first ? node->right : node->left;
	if (!node)
		return 0;
	found = 1u << node->extent.region;
	/* Left of it all that ends behind `first`, right of it all that starts up to `last`. */
	for (side = node->left; side;) {
		if (side->extent.end > first) {
			found |= 1u << side->extent.region | regions_of(side->right);
			side = side->left;
		} else {
			side = side->right;
		}
	}
	for (side = node->right; side;) {
		if (side->extent.start <= last) {
			found |= 1u << side->extent.region | regions_of(side->left);
			side = side->right;
		} else {
			side = side->left;
		}
	}
	return found;
}

void bel_extents_each(const struct bel_extents *list, bel_extent_act *act, void *host)
{
	each(list->root, act, host);
}

static struct bel_extent_node *copy_tree(const struct bel_extent_node *from, size_t *count)
{
	struct bel_extent_node *const node = from ? malloc(sizeof(*node)) : NULL;

	if (!node)
		return NULL;
	*node = *from;
	++*count;
	node->left = copy_tree(from->left, count);
	node->right = copy_tree(from->right, count);
	return node;
}

int bel_extents_copy(struct bel_extents *to, const struct bel_extents *from, struct bel_err *err)
{
	to->root = copy_tree(from->root, &to->count);
	if (to->count == from->count)
		return 0;
	bel_extents_release(to);
	return bel_err_memory(err, "regions");
}

void bel_extents_release(struct bel_extents *list)
{
	free_tree(list->root);
	list->root = NULL;
	list->count = 0;
}

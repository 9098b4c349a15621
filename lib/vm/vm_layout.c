/* SPDX-License-Identifier: MIT */
/* vm_layout.c: regions in a treap ordered by address. */
#include "vm_layout.h"

#include <stdlib.h>

struct bel_vm_node {
	struct bel_vm_region region;
	struct bel_vm_node *left, *right;
	uint32_t priority;
};

static struct bel_vm_node *node_new(
	struct bel_vm_layout *layout, const struct bel_vm_region *region, struct bel_err *err)
{
	struct bel_vm_node *node = calloc(1, sizeof(*node));

	if (!node) {
		bel_err_memory(err, "regions");
		return NULL;
	}
	layout->dice = layout->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	node->priority = (uint32_t)(layout->dice >> 32);
	node->region = *region;
	layout->count++;
	return node;
}

/* Splits into regions that start before `at`, and the rest. */
static void split(struct bel_vm_node *node, uint64_t at, struct bel_vm_node **before,
	struct bel_vm_node **rest)
{
	while (node) {
		if (node->region.start < at) {
			*before = node;
			before = &node->right;
			node = node->right;
		} else {
			*rest = node;
			rest = &node->left;
			node = node->left;
		}
	}
	*before = NULL;
	*rest = NULL;
}

/* Joins two trees, all of the first before all of the second. */
static struct bel_vm_node *join(struct bel_vm_node *a, struct bel_vm_node *b)
{
	struct bel_vm_node *root = NULL, **link = &root;

	while (a && b) {
		if (a->priority > b->priority) {
			*link = a;
			link = &a->right;
			a = a->right;
		} else {
			*link = b;
			link = &b->left;
			b = b->left;
		}
	}
	*link = a ? a : b;
	return root;
}

static void free_tree(struct bel_vm_layout *layout, struct bel_vm_node *node)
{
	while (node) {
		struct bel_vm_node *const right = node->right;

		free_tree(layout, node->left);
		free(node);
		layout->count--;
		node = right;
	}
}

static struct bel_vm_node *find(const struct bel_vm_layout *layout, uint64_t address)
{
	struct bel_vm_node *node = layout->root, *best = NULL;

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

/* Makes the address a border of regions. */
static int cut(struct bel_vm_layout *layout, uint64_t at, struct bel_err *err)
{
	struct bel_vm_node *const node = find(layout, at), *upper, *before, *rest;

	if (!node || node->region.start >= at)
		return 0;
	upper = node_new(layout, &node->region, err);
	if (!upper)
		return BEL_FAIL;
	upper->region.offset += at - node->region.start;
	upper->region.start = at;
	node->region.end = at;
	split(layout->root, at, &before, &rest);
	layout->root = join(join(before, upper), rest);
	return 0;
}

/* Takes the regions of a range out: they are in *middle, the others in *before and *behind. */
static int take(struct bel_vm_layout *layout, uint64_t start, uint64_t end,
	struct bel_vm_node **before, struct bel_vm_node **middle, struct bel_vm_node **behind,
	struct bel_err *err)
{
	struct bel_vm_node *rest;

	if (cut(layout, start, err) < 0 || cut(layout, end, err) < 0)
		return BEL_FAIL;
	split(layout->root, start, before, &rest);
	split(rest, end, middle, behind);
	return 0;
}

int bel_vm_layout_map(
	struct bel_vm_layout *layout, const struct bel_vm_region *region, struct bel_err *err)
{
	struct bel_vm_node *node, *before, *middle, *behind;

	if (region->end <= region->start)
		return 0;
	node = node_new(layout, region, err);
	if (!node)
		return BEL_FAIL;
	if (take(layout, region->start, region->end, &before, &middle, &behind, err) < 0) {
		free_tree(layout, node);
		return BEL_FAIL;
	}
	free_tree(layout, middle);
	layout->root = join(join(before, node), behind);
	return 0;
}

int bel_vm_layout_unmap(
	struct bel_vm_layout *layout, uint64_t start, uint64_t end, struct bel_err *err)
{
	struct bel_vm_node *before, *middle, *behind;

	if (end <= start)
		return 0;
	if (take(layout, start, end, &before, &middle, &behind, err) < 0)
		return BEL_FAIL;
	free_tree(layout, middle);
	layout->root = join(before, behind);
	return 0;
}

static void set_flags(struct bel_vm_node *node, unsigned flags)
{
	const unsigned bits = BEL_VM_READ | BEL_VM_WRITE | BEL_VM_EXEC;

	for (; node; node = node->right) {
		node->region.flags = (uint8_t)((node->region.flags & ~bits) | (flags & bits));
		set_flags(node->left, flags);
	}
}

int bel_vm_layout_protect(struct bel_vm_layout *layout, uint64_t start, uint64_t end,
	unsigned flags, struct bel_err *err)
{
	struct bel_vm_node *before, *middle, *behind;

	if (end <= start)
		return 0;
	if (take(layout, start, end, &before, &middle, &behind, err) < 0)
		return BEL_FAIL;
	set_flags(middle, flags);
	layout->root = join(join(before, middle), behind);
	return 0;
}

const struct bel_vm_region *bel_vm_layout_find(const struct bel_vm_layout *layout, uint64_t address)
{
	const struct bel_vm_node *const node = find(layout, address);

	return node ? &node->region : NULL;
}

const struct bel_vm_region *bel_vm_layout_near(
	const struct bel_vm_layout *layout, uint64_t start, uint64_t end, enum bel_vm_kind kind)
{
	const struct bel_vm_region *region = bel_vm_layout_find(layout, start ? start - 1 : 0);

	for (; region && region->start <= end; region = bel_vm_layout_find(layout, region->end))
		if (region->kind == kind)
			return region;
	return NULL;
}

static struct bel_vm_node *copy_tree(const struct bel_vm_node *from, uint64_t *count)
{
	struct bel_vm_node *node;

	if (!from)
		return NULL;
	node = malloc(sizeof(*node));
	if (!node)
		return NULL;
	*node = *from;
	++*count;
	node->left = copy_tree(from->left, count);
	node->right = copy_tree(from->right, count);
	return node;
}

int bel_vm_layout_copy(
	struct bel_vm_layout *to, const struct bel_vm_layout *from, struct bel_err *err)
{
	*to = *from;
	to->count = 0;
	to->root = copy_tree(from->root, &to->count);
	if (to->count == from->count)
		return 0;
	bel_vm_layout_release(to);
	return bel_err_memory(err, "regions");
}

void bel_vm_layout_release(struct bel_vm_layout *layout)
{
	free_tree(layout, layout->root);
	*layout = (struct bel_vm_layout){.root = NULL};
}

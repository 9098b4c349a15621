/* SPDX-License-Identifier: MIT */
/*
 * call_tree.h: the tree of call stacks of a trace (event.h), and the pages that were referenced
 * last. All processes of a capture share them.
 *
 *	bel_call_tree_place(&tree, address, text, &place, &err);
 *	r = bel_call_tree_child(&tree, parent, place, &frame, &err);    1: new, write `frame`
 *	node = frame.value;
 *
 * Memory: some 100 bytes for each distinct place, 32 to 64 for each node.
 */
#ifndef BEL_CALL_TREE_H
#define BEL_CALL_TREE_H

#include <stdbool.h>

#include "event.h"
#include "granule_map.h"
#include "names.h"
#include "near_pages.h"

/*
 * The table of nodes is large, and a program repeats itself: most nodes are found here. python3 with
 * 14 M events of call stacks: 8.7 -> 8.3 s of CPU, half of the time in the table.
 */
#define BEL_CALL_RECENT_BITS 14

struct bel_call_child {
	uint32_t parent, place, node; /* node 0: empty */
};

struct bel_call_tree {
	struct bel_names places; /* by text */
	uint64_t *start;         /* the code address of each place; owned */
	size_t starts;
	struct bel_hash_table child;   /* (parent, place) -> node */
	struct bel_call_child *recent; /* those looked up last; owned */
	uint32_t nodes;
	struct bel_near near;
	struct bel_granule_map pages; /* exact traces: numbers of pages of BEL_EXACT_PAGE_BITS */
};

#define BEL_EXACT_PAGE_BITS 12

/* near_pages and near_renewed as in trace.h */
int bel_call_tree_init(
	struct bel_call_tree *tree, unsigned near_pages, bool renewed, struct bel_err *err);
void bel_call_tree_release(struct bel_call_tree *tree);

/* The number of the place with this text. */
int bel_call_tree_place(struct bel_call_tree *tree, uint64_t address, const char *text,
	uint32_t *place, struct bel_err *err);

static inline struct bel_call_child *bel_call_tree_recent(
	const struct bel_call_tree *tree, uint32_t parent, uint32_t place)
{
	const uint32_t hash = parent * 0x9e3779b1u + place * 0x85ebca6bu;

	return &tree->recent[hash >> (32 - BEL_CALL_RECENT_BITS)];
}

/* The node of a place below a parent (0: outermost), if it was looked up lately; else 0. */
static inline uint32_t bel_call_tree_find(
	const struct bel_call_tree *tree, uint32_t parent, uint32_t place)
{
	const struct bel_call_child *const known = bel_call_tree_recent(tree, parent, place);

	return known->parent == parent && known->place == place ? known->node : 0;
}

/*
 * The node of a place below a parent; frame->value is its number. Returns 1 if it is new: then
 * *frame is its event, whose name belongs to the tree.
 */
int bel_call_tree_child(struct bel_call_tree *tree, uint32_t parent, uint32_t place,
	struct bel_event *frame, struct bel_err *err);

#endif

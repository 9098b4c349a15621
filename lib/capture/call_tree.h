/* SPDX-License-Identifier: MIT */
/*
 * call_tree.h: the tree of call stacks of a trace (event.h), and the pages that were referenced
 * last. All processes of a capture share them.
 *
 *	bel_call_tree_place(&tree, address, text, &place, &err);
 *	r = bel_call_tree_child(&tree, parent, place, &frame, &err);    1: new, write `frame`
 *	node = frame.value;
 *
 *	r = bel_near_take(&tree.near, page, &err);    1: it is near; 0: it may be far
 *
 * Memory: some 100 bytes for each distinct place, 32 to 64 for each node, 4 for each page.
 */
#ifndef BEL_CALL_TREE_H
#define BEL_CALL_TREE_H

#include "event.h"
#include "granule_map.h"
#include "names.h"

/*
 * Pages in epochs of `most` distinct pages. A page that was referenced in the present epoch is among
 * the last `most` distinct ones. So every far page is found, and some near ones are taken for far.
 * Code whose pages were all referenced in the present epoch needs no look at its pages.
 */
struct bel_near {
	uint32_t most;
	uint32_t epoch; /* from 1 */
	uint32_t count; /* its pages so far */
	uint32_t
		*seen; /* by number of the page: the last epoch in which it was referenced; owned */
	size_t pages;
};

struct bel_call_tree {
	struct bel_names places; /* by text */
	uint64_t *start;         /* the code address of each place; owned */
	size_t starts;
	struct bel_hash_table child; /* (parent, place) -> node */
	uint32_t nodes;
	struct bel_near near;
	struct bel_granule_map pages; /* exact traces: numbers of pages of BEL_EXACT_PAGE_BITS */
};

#define BEL_EXACT_PAGE_BITS 12

/* near_pages as in trace.h */
int bel_call_tree_init(struct bel_call_tree *tree, unsigned near_pages, struct bel_err *err);
void bel_call_tree_release(struct bel_call_tree *tree);

/* The number of the place with this text. */
int bel_call_tree_place(struct bel_call_tree *tree, uint64_t address, const char *text,
	uint32_t *place, struct bel_err *err);

/*
 * The node of a place below a parent (0: outermost); frame->value is its number. Returns 1 if it is
 * new: then *frame is its event, whose name belongs to the tree.
 */
int bel_call_tree_child(struct bel_call_tree *tree, uint32_t parent, uint32_t place,
	struct bel_event *frame, struct bel_err *err);

/* Slow part of bel_near_take(). */
int bel_near_add(struct bel_near *near, uint32_t page, struct bel_err *err);

/* A reference to a page. 1: it is near; 0: it may be far; or negative. */
static inline int bel_near_take(struct bel_near *near, uint32_t page, struct bel_err *err)
{
	if (page < near->pages && near->seen[page] == near->epoch)
		return 1;
	return bel_near_add(near, page, err);
}

#endif

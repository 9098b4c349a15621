/* SPDX-License-Identifier: MIT */
/*
 * blame_tree.h: the keys of a table as a tree: a key is a path, its first part is outermost. A call
 * stack is one element of the path for each function. Private to the pictures.
 *
 *	struct bel_blame_tree tree = {0};
 *
 *	bel_blame_tree_build(&tree, &table, &err);
 *	... tree.node[i].sum.faults ...
 *	bel_blame_tree_release(&tree);
 *
 * Memory: about 250 bytes per node.
 */
#ifndef BEL_BLAME_TREE_H
#define BEL_BLAME_TREE_H

#include "blame_table.h"
#include "hash_table.h"

#define BEL_BLAME_TREE_MAX (1u << 22) /* nodes; more are refused */

struct bel_blame_element {
	uint32_t text; /* its number in tree.texts */
	uint32_t parent, depth;
	uint32_t line; /* at which the parent calls it, as in struct bel_blame_frame */
	struct bel_blame_row self, sum; /* of keys that end here; of all keys through here */
};

struct bel_blame_tree {
	bool lines;                     /* the caller's: lines are not elements */
	struct bel_blame_element *node; /* parents before children; the root is all keys */
	uint32_t count, capacity, depth;
	uint32_t *leaf; /* the node at which each row ends */
	struct bel_names texts;
	struct bel_hash_table known; /* (text and line, parent) -> node */
	uint32_t *calls;             /* lines of the calls of a call stack */
	size_t room;
};

int bel_blame_tree_build(
	struct bel_blame_tree *tree, const struct bel_blame_table *table, struct bel_err *err);
void bel_blame_tree_release(struct bel_blame_tree *tree);

/* The elements of a row's path. Start with {.table = table, .row = row}. */
struct bel_blame_path {
	const struct bel_blame_table *table;
	const struct bel_blame_row *row;
	bool lines;       /* lines are not elements */
	unsigned part;    /* number of parts that are done */
	const char *rest; /* of a call stack */
	/* Of the element that was returned last: */
	bool stack;     /* it is of a call stack */
	unsigned depth; /* elements of the stack before it */
};

/* The next element: `length` bytes, not ended by a zero byte. False: there are no more. */
bool bel_blame_path_next(struct bel_blame_path *path, const char **text, size_t *length);

#endif

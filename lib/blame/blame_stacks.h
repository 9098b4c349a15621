/* SPDX-License-Identifier: MIT */
/*
 * blame_stacks.h: the call stacks of a trace (event.h): its tree of stacks, and which references
 * have a stack.
 *
 *	struct bel_blame_stacks stacks = {.near_pages = K, .renewed = ...};
 *
 *	bel_blame_stacks_reserve(&stacks, pages, &err);
 *	bel_blame_stacks_frame(&stacks, &event, &texts, &err);
 *	bare = bel_blame_stacks_near(&stacks, run.page);         for every run, in order
 *	bel_blame_stacks_release(&stacks);
 *
 * Memory: 17 bytes per page, 16 per node of the tree.
 */
#ifndef BEL_BLAME_STACKS_H
#define BEL_BLAME_STACKS_H

#include <stdbool.h>

#include "event.h"
#include "list.h"
#include "names.h"

#define BEL_BLAME_NODES_MAX (1u << 24)
#define BEL_BLAME_NEAR UINT32_MAX /* instead of a node: the page is near */

/* Numbers of texts. A part that the trace does not know is that which is known instead. */
struct bel_blame_node {
	uint32_t parent; /* 0: outermost */
	uint32_t function, line, object;
};

struct bel_blame_stacks {
	unsigned near_pages; /* K; 0: no call stacks */
	bool renewed;        /* references that renew near pages have stacks */

	/* Private members. */
	struct bel_blame_node *node; /* node 1 is element 1 */
	uint32_t nodes, capacity;    /* without element 0 */
	struct bel_list last;        /* the last K distinct pages, newest first */
	struct bel_link *link;
	bool *listed;
	uint64_t *met; /* by page: how many far pages there had been at its last reference */
	uint64_t far;
	uint32_t pages;
};

int bel_blame_stacks_reserve(struct bel_blame_stacks *stacks, uint32_t pages, struct bel_err *err);

/* Adds a node, with its texts in `texts`. Refuses a node that is out of order. */
int bel_blame_stacks_frame(struct bel_blame_stacks *stacks, const struct bel_event *event,
	struct bel_names *texts, struct bel_err *err);

/* A reference to the page. Whether the page was near, so that the stack is not recorded. */
bool bel_blame_stacks_near(struct bel_blame_stacks *stacks, uint32_t page);

/* After the last reference: frees the list of near pages. The tree stays. */
void bel_blame_stacks_close(struct bel_blame_stacks *stacks);

/* The text instead of the parts of node 0 or BEL_BLAME_NEAR. */
const char *bel_blame_stacks_none(uint32_t node);

void bel_blame_stacks_release(struct bel_blame_stacks *stacks);

#endif

/* SPDX-License-Identifier: MIT */
/* min_tree.c: memory of a tree of minima. */
#include "min_tree.h"

#include <stdlib.h>

static size_t lines(size_t places)
{
	return (places + BEL_MT_LINE - 1) / BEL_MT_LINE;
}

int bel_min_tree_init(struct bel_min_tree *tree, size_t places, struct bel_err *err)
{
	size_t n = lines(places ? places : 1);

	*tree = (struct bel_min_tree){.places = n * BEL_MT_LINE};
	for (;; n = lines(n)) {
		uint8_t *const level = aligned_alloc(BEL_MT_LINE, n * BEL_MT_LINE);

		if (!level || tree->levels == BEL_MT_LEVELS) {
			free(level);
			bel_min_tree_release(tree);
			return bel_err_memory(err, "a tree of minima");
		}
		memset(level, BEL_MT_EMPTY, n * BEL_MT_LINE);
		tree->level[tree->levels++] = level;
		if (n == 1)
			return BEL_OK;
	}
}

void bel_min_tree_release(struct bel_min_tree *tree)
{
	for (unsigned l = 0; l < tree->levels; l++)
		free(tree->level[l]);
	*tree = (struct bel_min_tree){.levels = 0};
}

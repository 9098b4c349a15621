/* SPDX-License-Identifier: MIT */
/* call_tree.c: numbers places in the code and call stacks; knows the pages referenced last. */
#include "call_tree.h"

#include <stdlib.h>
#include <string.h>

int bel_call_tree_init(struct bel_call_tree *tree, unsigned near_pages, struct bel_err *err)
{
	*tree = (struct bel_call_tree){.near = {.most = near_pages, .epoch = 1}};
	return bel_granule_map_init(&tree->pages, err);
}

void bel_call_tree_release(struct bel_call_tree *tree)
{
	bel_names_release(&tree->places);
	bel_hash_table_release(&tree->child);
	bel_granule_map_release(&tree->pages);
	free(tree->start);
	free(tree->near.seen);
	*tree = (struct bel_call_tree){.nodes = 0};
}

int bel_call_tree_place(struct bel_call_tree *tree, uint64_t address, const char *text,
	uint32_t *place, struct bel_err *err)
{
	if (bel_names_number(&tree->places, text, strlen(text), place, err) < 0)
		return BEL_FAIL;
	if (*place >= tree->starts) {
		const size_t wanted = 2 * (size_t)*place + 64;
		uint64_t *const grown = realloc(tree->start, wanted * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "places in the code");
		memset(grown + tree->starts, 0, (wanted - tree->starts) * sizeof(*grown));
		tree->start = grown;
		tree->starts = wanted;
	}
	if (tree->start[*place] == 0)
		tree->start[*place] = address;
	return 0;
}

int bel_call_tree_child(struct bel_call_tree *tree, uint32_t parent, uint32_t place,
	struct bel_event *frame, struct bel_err *err)
{
	const uint32_t known = bel_hash_table_get(&tree->child, parent, place);

	*frame = (struct bel_event){.type = BEL_EVENT_FRAME,
		.value = known,
		.offset = parent,
		.start = tree->start[place],
		.name = tree->places.name[place].text};
	if (known)
		return 0;
	if (tree->nodes == UINT32_MAX)
		return bel_fail(err, "more than 4294967295 different call stacks");
	frame->value = ++tree->nodes;
	return bel_hash_table_set(&tree->child, parent, place, tree->nodes, err) < 0 ? BEL_FAIL : 1;
}

static int make_room(struct bel_near *near, uint32_t page, struct bel_err *err)
{
	const size_t wanted = 2 * (size_t)page + 4096;
	uint32_t *const grown = realloc(near->seen, wanted * sizeof(*grown));

	if (!grown)
		return bel_err_memory(err, "pages");
	memset(grown + near->pages, 0, (wanted - near->pages) * sizeof(*grown));
	near->seen = grown;
	near->pages = wanted;
	return 0;
}

int bel_near_add(struct bel_near *near, uint32_t page, struct bel_err *err)
{
	if (page >= near->pages && make_room(near, page, err) < 0)
		return BEL_FAIL;
	if (near->count == near->most) {
		near->count = 0;
		/* The last number is used again and again, each time for pages that are unseen. */
		if (near->epoch == UINT32_MAX)
			memset(near->seen, 0, near->pages * sizeof(*near->seen));
		else
			near->epoch++;
	}
	near->seen[page] = near->epoch;
	near->count++;
	return 0;
}

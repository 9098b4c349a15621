/* SPDX-License-Identifier: MIT */
/* call_tree.c: numbers places in the code and call stacks; knows the pages referenced last. */
#include "call_tree.h"

#include <stdlib.h>
#include <string.h>

int bel_call_tree_init(
	struct bel_call_tree *tree, unsigned near_pages, bool renewed, struct bel_err *err)
{
	*tree = (struct bel_call_tree){.nodes = 0};
	if (bel_near_init(&tree->near, near_pages, renewed, err) < 0)
		return BEL_FAIL;
	tree->recent = calloc(1u << BEL_CALL_RECENT_BITS, sizeof(*tree->recent));
	if (!tree->recent)
		return bel_err_memory(err, "call stacks");
	return bel_granule_map_init(&tree->pages, err);
}

void bel_call_tree_release(struct bel_call_tree *tree)
{
	bel_names_release(&tree->places);
	bel_hash_table_release(&tree->child);
	bel_granule_map_release(&tree->pages);
	free(tree->recent);
	free(tree->start);
	bel_near_release(&tree->near);
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
	struct bel_call_child *const recent = bel_call_tree_recent(tree, parent, place);
	const uint32_t known = bel_hash_table_get(&tree->child, parent, place);

	frame->value = known;
	if (known) {
		*recent = (struct bel_call_child){parent, place, known};
		return 0;
	}
	if (tree->nodes == UINT32_MAX)
		return bel_fail(err, "more than 4294967295 different call stacks");
	*frame = (struct bel_event){.type = BEL_EVENT_FRAME,
		.value = ++tree->nodes,
		.offset = parent,
		.start = tree->start[place],
		.name = tree->places.name[place].text};
	*recent = (struct bel_call_child){parent, place, tree->nodes};
	return bel_hash_table_set(&tree->child, parent, place, tree->nodes, err) < 0 ? BEL_FAIL : 1;
}

/* SPDX-License-Identifier: MIT */
/* blame_tree.c: paths of keys, and the tree of them. */
#include "blame_tree.h"

#include <stdlib.h>
#include <string.h>

bool bel_blame_path_next(struct bel_blame_path *path, const char **text, size_t *length)
{
	const unsigned parts = path->row->key ? path->by->count : 1;
	bool stack;

	while (path->lines && path->row->key && !path->rest && path->part < parts &&
		path->by->part[path->part] == BEL_BLAME_LINE)
		path->part++;
	if (!path->rest && path->part == parts)
		return false;
	if (!path->rest)
		path->rest = path->row->key ? bel_blame_row_part(path->row, path->part++)
					    : "(other keys)";
	if (!path->row->key)
		path->part = 1;
	stack = path->row->key && path->by->part[path->part - 1] == BEL_BLAME_STACK;
	*text = path->rest;
	*length = stack ? strcspn(path->rest, ";") : strlen(path->rest);
	path->rest = path->rest[*length] ? path->rest + *length + 1 : NULL;
	if (!*length) {
		*text = "(empty name)";
		*length = strlen(*text);
	}
	return true;
}

static int need_node(struct bel_blame_tree *tree, uint32_t parent, uint32_t text, uint32_t *found,
	struct bel_err *err)
{
	struct bel_blame_element *grown;

	*found = tree->count ? bel_hash_table_get(&tree->known, text, parent) : 0;
	if (*found)
		return BEL_OK;
	if (tree->count == BEL_BLAME_TREE_MAX)
		return bel_too_much(err,
			"the keys have more than %u different beginnings: show "
			"fewer (--top)",
			BEL_BLAME_TREE_MAX);
	if (tree->count == tree->capacity) {
		const uint32_t capacity = 2 * tree->capacity + 64;

		grown = reallocarray(tree->node, capacity, sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "a tree of keys");
		tree->node = grown;
		tree->capacity = capacity;
	}
	*found = tree->count++;
	tree->node[*found] = (struct bel_blame_element){
		.text = text, .parent = parent, .depth = *found ? tree->node[parent].depth + 1 : 0};
	if (tree->node[*found].depth > tree->depth)
		tree->depth = tree->node[*found].depth;
	return *found ? bel_hash_table_set(&tree->known, text, parent, *found, err) : BEL_OK;
}

static int add(struct bel_blame_tree *tree, const struct bel_blame_table *table,
	const struct bel_blame_row *row, struct bel_err *err)
{
	struct bel_blame_path path = {.row = row, .by = &table->by, .lines = tree->lines};
	uint32_t at = 0, number;
	const char *text;
	size_t length;

	bel_blame_row_add(&tree->node[0].sum, row);
	while (bel_blame_path_next(&path, &text, &length)) {
		if (bel_names_number(&tree->texts, text, length, &number, err) < 0 ||
			need_node(tree, at, number, &at, err) < 0)
			return BEL_FAIL;
		bel_blame_row_add(&tree->node[at].sum, row);
	}
	bel_blame_row_add(&tree->node[at].self, row);
	tree->leaf[row - table->row] = at;
	return BEL_OK;
}

int bel_blame_tree_build(
	struct bel_blame_tree *tree, const struct bel_blame_table *table, struct bel_err *err)
{
	uint32_t number, root;

	tree->leaf = calloc((size_t)table->rows + 1, sizeof(*tree->leaf));
	if (!tree->leaf)
		return bel_err_memory(err, "a tree of keys");
	if (bel_names_number(&tree->texts, "all", 3, &number, err) < 0 ||
		need_node(tree, 0, number, &root, err) < 0)
		return BEL_FAIL;
	for (uint32_t i = 0; i < table->rows; i++)
		if (add(tree, table, &table->row[i], err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

void bel_blame_tree_release(struct bel_blame_tree *tree)
{
	free(tree->node);
	free(tree->leaf);
	bel_names_release(&tree->texts);
	bel_hash_table_release(&tree->known);
	*tree = (struct bel_blame_tree){.count = 0};
}

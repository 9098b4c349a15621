/* SPDX-License-Identifier: MIT */
/* blame_tree.c: paths of keys, and the tree of them. */
#include "blame_tree.h"

#include <stdlib.h>
#include <string.h>

bool bel_blame_path_next(struct bel_blame_path *path, const char **text, size_t *length)
{
	const struct bel_blame_by *const by = &path->table->by;
	const unsigned parts = path->row->key ? by->count : 1;

	while (path->lines && path->row->key && !path->rest && path->part < parts &&
		by->part[path->part] == BEL_BLAME_LINE)
		path->part++;
	if (!path->rest && path->part == parts)
		return false;
	path->depth = path->rest ? path->depth + 1 : 0;
	if (!path->rest && path->row->key)
		path->rest = bel_blame_row_part(path->table, path->row, path->part);
	else if (!path->rest)
		path->rest = "(other keys)";
	path->part += path->depth == 0;
	path->stack = path->row->key && by->part[path->part - 1] == BEL_BLAME_STACK;
	*text = path->rest;
	*length = path->stack ? strcspn(path->rest, ";") : strlen(path->rest);
	path->rest = path->rest[*length] ? path->rest + *length + 1 : NULL;
	if (!*length) {
		*text = "(empty name)";
		*length = strlen(*text);
	}
	return true;
}

static int need_node(struct bel_blame_tree *tree, uint32_t parent, uint32_t text, uint32_t line,
	uint32_t *found, struct bel_err *err)
{
	const uint64_t both = (uint64_t)line << 32 | text;
	struct bel_blame_element *grown;

	*found = tree->count ? bel_hash_table_get(&tree->known, both, parent) : 0;
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
	tree->node[*found] = (struct bel_blame_element){.text = text,
		.parent = parent,
		.depth = *found ? tree->node[parent].depth + 1 : 0,
		.line = line};
	if (tree->node[*found].depth > tree->depth)
		tree->depth = tree->node[*found].depth;
	return *found ? bel_hash_table_set(&tree->known, both, parent, *found, err) : BEL_OK;
}

/*
 * The lines of the calls of a row's call stack: at index i that at which element i of the stack was
 * called; 0: none.
 */
static int find_calls(struct bel_blame_tree *tree, const struct bel_blame_table *table,
	const struct bel_blame_row *row, struct bel_err *err)
{
	const struct bel_blame_frame *const frame = table->texts.frame;
	size_t depth = 0;
	unsigned part = 0;
	uint32_t leaf;

	while (table->by.part[part] != BEL_BLAME_STACK)
		part++;
	leaf = bel_blame_row_number(table, row, part);
	for (uint32_t at = leaf; at; at = frame[at].caller)
		depth++;
	if (depth > tree->room) {
		uint32_t *const grown = reallocarray(tree->calls, 2 * depth, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "a tree of keys");
		tree->calls = grown;
		tree->room = 2 * depth;
	}
	for (uint32_t at = leaf; at; at = frame[at].caller)
		tree->calls[--depth] = frame[frame[at].caller].line;
	return BEL_OK;
}

static int add(struct bel_blame_tree *tree, const struct bel_blame_table *table,
	const struct bel_blame_row *row, struct bel_err *err)
{
	struct bel_blame_path path = {.table = table, .row = row, .lines = tree->lines};
	const bool calls = tree->lines && table->by.calls && row->key &&
			   bel_blame_by_has(&table->by, BEL_BLAME_STACK);
	uint32_t at = 0, number;
	const char *text;
	size_t length;

	if (calls && find_calls(tree, table, row, err) < 0)
		return BEL_FAIL;
	bel_blame_row_add(&tree->node[0].sum, row);
	while (bel_blame_path_next(&path, &text, &length)) {
		if (bel_names_number(&tree->texts, text, length, &number, err) < 0 ||
			need_node(tree, at, number,
				calls && path.stack ? tree->calls[path.depth] : 0, &at, err) < 0)
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
		need_node(tree, 0, number, 0, &root, err) < 0)
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
	free(tree->calls);
	bel_names_release(&tree->texts);
	bel_hash_table_release(&tree->known);
	*tree = (struct bel_blame_tree){.count = 0};
}

/* SPDX-License-Identifier: MIT */
/* blame_join.c: joins keys with few faults to sums that keep what the keys have in common. */
#include <stdlib.h>
#include <string.h>

#include "blame_tree.h"

static const char others[] = "(other keys)";

struct joining {
	struct bel_blame_table *table;
	struct bel_blame_tree tree;
	struct bel_blame_row *sum; /* of each node: the small rows that meet there */
	uint32_t *example;         /* one of them */
	uint32_t rows;             /* that stay so far */
};

/* How many elements a part of a key has, and where element `at` of it begins. */
static size_t elements(const char *text, bool stack, size_t at, size_t *begin)
{
	size_t count = 1;

	*begin = 0;
	for (size_t i = 0; stack && text[i]; i++)
		if (text[i] == ';' && count++ == at)
			*begin = i + 1;
	return count;
}

/* "main;sort;(other keys)": the first bytes of a stack, and what stands for the rest. */
static int cut_stack(struct bel_blame_texts *texts, const char *stack, size_t bytes,
	uint32_t *number, struct bel_err *err)
{
	char *const text = malloc(bytes + sizeof(others));
	int r;

	if (!text)
		return bel_err_memory(err, "counts by key");
	memcpy(text, stack, bytes);
	memcpy(text + bytes, others, sizeof(others));
	r = bel_blame_texts_stack(texts, text, number, err);
	free(text);
	return r;
}

/* The key of the first `depth` elements of a row's path, and of the others for what is behind. */
static int key_of(struct bel_blame_table *table, const struct bel_blame_row *row, size_t depth,
	uint32_t *key, struct bel_err *err)
{
	uint32_t tuple[BEL_BLAME_PARTS];

	for (unsigned i = 0; i < table->by.count; i++) {
		const bool stack = table->by.part[i] == BEL_BLAME_STACK;
		const char *const text = bel_blame_row_part(table, row, i);
		size_t bytes;
		const size_t count = elements(text, stack, depth, &bytes);
		int r;

		tuple[i] = bel_blame_row_number(table, row, i);
		if (depth >= count) {
			depth -= count;
			continue;
		}
		if (stack)
			r = cut_stack(&table->texts, text, depth ? bytes : 0, &tuple[i], err);
		else
			r = bel_names_number(
				&table->texts.text, others, sizeof(others) - 1, &tuple[i], err);
		if (r < 0)
			return BEL_FAIL;
		depth = 0;
	}
	return bel_blame_table_key(table, tuple, key, err);
}

/* Takes the rows apart: those that stay, and sums at the ends of the others' paths. */
static void begin(struct joining *j, uint64_t least)
{
	for (uint32_t i = 0; i < j->table->rows; i++) {
		const struct bel_blame_row row = j->table->row[i];
		const uint32_t node = row.key ? j->tree.leaf[i] : 0;

		if (row.key && row.faults >= least) {
			j->table->row[j->rows++] = row;
			continue;
		}
		bel_blame_row_add(&j->sum[node], &row);
		j->example[node] = row.key;
	}
}

/* Sums that are still small go to the parent; the others become rows. */
static int climb(struct joining *j, uint64_t least, struct bel_err *err)
{
	for (uint32_t i = j->tree.count; i-- > 0;) {
		struct bel_blame_row *const sum = &j->sum[i];
		const struct bel_blame_element *const node = &j->tree.node[i];
		uint32_t key;

		if (!sum->keys)
			continue;
		if (i && sum->faults < least) {
			bel_blame_row_add(&j->sum[node->parent], sum);
			j->example[node->parent] = j->example[i];
			continue;
		}
		if (i) {
			const struct bel_blame_row example = {.key = j->example[i]};

			if (key_of(j->table, &example, node->depth, &key, err) < 0)
				return BEL_FAIL;
			sum->key = key + 1;
		} else if (sum->keys == 1) {
			sum->key = j->example[i];
		}
		/* There is room: each sum has the counts of at least one row that did not stay. */
		j->table->row[j->rows++] = *sum;
	}
	return BEL_OK;
}

int bel_blame_table_join(struct bel_blame_table *table, uint64_t least, struct bel_err *err)
{
	struct joining j = {.table = table};
	int r = bel_blame_tree_build(&j.tree, table, err);

	j.sum = r == BEL_OK ? calloc(j.tree.count, sizeof(*j.sum)) : NULL;
	j.example = j.sum ? calloc(j.tree.count, sizeof(*j.example)) : NULL;
	if (j.example) {
		begin(&j, least);
		r = climb(&j, least, err);
		table->rows = j.rows;
	} else if (r == BEL_OK) {
		r = bel_err_memory(err, "counts by key");
	}
	free(j.sum);
	free(j.example);
	bel_blame_tree_release(&j.tree);
	return r;
}

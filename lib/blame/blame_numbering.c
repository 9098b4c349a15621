/* SPDX-License-Identifier: MIT */
/* blame_numbering.c: numbers the texts, frames and keys of a counter in a table. */
#include "blame_numbering.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blame_space.h"

enum { CALLS = UINT32_MAX }; /* a node that is called from, whose frame is not known yet */

void bel_blame_numbering_end(struct bel_blame_numbering *numbering)
{
	free(numbering->page);
	free(numbering->text);
	free(numbering->frame);
	*numbering = (struct bel_blame_numbering){.keys = NULL};
}

/* The number of a text of the keys, with ':' for a ';', which separates the functions of a stack. */
static int number_text(struct bel_blame_numbering *numbering, uint32_t text, bool function,
	uint32_t *number, struct bel_err *err)
{
	struct bel_names *const texts = &numbering->table->texts.text;
	const char *const name = numbering->keys->text.name[text].text;
	char *copy, *at;
	int r;

	if (function && strchr(name, ';')) {
		copy = strdup(name);
		if (!copy)
			return bel_err_memory(err, "keys of faults");
		for (at = copy; (at = strchr(at, ';'));)
			*at = ':';
		r = bel_names_number(texts, copy, strlen(copy), number, err);
		free(copy);
		return r < 0 ? r : BEL_OK;
	}
	if (!numbering->text[text]) {
		if (bel_names_number(texts, name, strlen(name), number, err) < 0)
			return BEL_FAIL;
		numbering->text[text] = *number + 1;
	}
	*number = numbering->text[text] - 1;
	return BEL_OK;
}

/* The frame of a node. `calls`: something is called from there. */
static int number_node(struct bel_blame_numbering *numbering, uint32_t node, bool calls,
	uint32_t *frame, struct bel_err *err)
{
	const struct bel_blame_node *const at = &numbering->keys->stacks.node[node];
	const uint32_t caller = at->parent ? numbering->frame[at->parent] : 0;
	uint32_t function, line = 0;

	if (number_text(numbering, at->function, true, &function, err) < 0)
		return BEL_FAIL;
	if (calls && numbering->table->by.calls) {
		if (number_text(numbering, at->line, false, &line, err) < 0)
			return BEL_FAIL;
		line++;
	}
	return bel_blame_texts_frame(&numbering->table->texts, caller, function, line, frame, err);
}

/* Part i of a key: numbers as blame_keys.c made them. */
static uint32_t part_of(const struct bel_blame_keys *keys, uint32_t key, unsigned i)
{
	uint32_t number;

	memcpy(&number, keys->key.name[key].text + i * sizeof(number), sizeof(number));
	return number;
}

/* Numbers the frames that call others: parents have smaller numbers than their children. */
static int number_calls(struct bel_blame_numbering *numbering, unsigned part, struct bel_err *err)
{
	const struct bel_blame_keys *const keys = numbering->keys;
	const struct bel_blame_stacks *const stacks = &keys->stacks;

	for (uint32_t key = 0; key < keys->key.count; key++) {
		uint32_t node = part_of(keys, key, part);

		if (node == BEL_BLAME_NEAR)
			continue;
		while (node && (node = stacks->node[node].parent) && !numbering->frame[node])
			numbering->frame[node] = CALLS;
	}
	for (uint32_t node = 1; node <= stacks->nodes; node++)
		if (numbering->frame[node] &&
			number_node(numbering, node, true, &numbering->frame[node], err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

int bel_blame_numbering_start(struct bel_blame_numbering *numbering, struct bel_granules pages,
	struct bel_blame_table *table, struct bel_err *err)
{
	*numbering = (struct bel_blame_numbering){.pages = pages, .table = table};
	if (!bel_blame_by_has(&table->by, BEL_BLAME_PAGE))
		return BEL_OK;
	numbering->page = calloc((size_t)pages.count + 1, sizeof(*numbering->page));
	return numbering->page ? BEL_OK : bel_err_memory(err, "keys of faults");
}

int bel_blame_numbering_use(struct bel_blame_numbering *numbering,
	const struct bel_blame_keys *keys, struct bel_err *err)
{
	free(numbering->text);
	free(numbering->frame);
	numbering->keys = keys;
	numbering->text = calloc((size_t)keys->text.count + 1, sizeof(*numbering->text));
	numbering->frame = calloc((size_t)keys->stacks.nodes + 1, sizeof(*numbering->frame));
	if (!numbering->text || !numbering->frame)
		return bel_err_memory(err, "keys of faults");
	for (unsigned i = 0; i < keys->by.count; i++)
		if (keys->by.part[i] == BEL_BLAME_STACK)
			return number_calls(numbering, i, err);
	return BEL_OK;
}

/* "0x1000 of 4711" */
static int number_page(
	struct bel_blame_numbering *numbering, uint32_t page, uint32_t *number, struct bel_err *err)
{
	const struct bel_blame_keys *const keys = numbering->keys;
	const struct bel_granule at = numbering->pages.granule[page];
	const uint32_t dense = bel_space_find(&keys->numbers, at.space);
	char of[BEL_BLAME_WHO], text[3 * BEL_BLAME_WHO];

	if (numbering->page[page]) {
		*number = numbering->page[page] - 1;
		return BEL_OK;
	}

	snprintf(text, sizeof(text), "0x%" PRIx64 " of %s", at.number << keys->page_bits,
		bel_blame_space_who(&keys->space[dense], of));
	if (bel_names_number(&numbering->table->texts.text, text, strlen(text), number, err) < 0)
		return BEL_FAIL;
	numbering->page[page] = *number + 1;
	return BEL_OK;
}

static int number_stack(
	struct bel_blame_numbering *numbering, uint32_t node, uint32_t *frame, struct bel_err *err)
{
	if (node && node != BEL_BLAME_NEAR)
		return number_node(numbering, node, false, frame, err);
	return bel_blame_texts_stack(
		&numbering->table->texts, bel_blame_stacks_none(node), frame, err);
}

int bel_blame_numbering_key(
	struct bel_blame_numbering *numbering, uint32_t key, uint32_t *number, struct bel_err *err)
{
	const struct bel_blame_by *const by = &numbering->keys->by;
	uint32_t part[BEL_BLAME_PARTS];

	for (unsigned i = 0; i < by->count; i++) {
		const uint32_t its = part_of(numbering->keys, key, i);
		int r;

		if (by->part[i] == BEL_BLAME_PAGE)
			r = number_page(numbering, its, &part[i], err);
		else if (by->part[i] == BEL_BLAME_STACK)
			r = number_stack(numbering, its, &part[i], err);
		else
			r = number_text(numbering, its, false, &part[i], err);
		if (r < 0)
			return r;
	}
	return bel_blame_table_key(numbering->table, part, number, err);
}

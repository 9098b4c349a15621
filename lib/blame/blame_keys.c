/* SPDX-License-Identifier: MIT */
/* blame_keys.c: keys of references: contexts that events change, and regions of pages. */
#include "blame_space.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NO_CONTEXT = UINT32_MAX,
	PLACE_PARTS = 1u << BEL_BLAME_REGION | 1u << BEL_BLAME_MAPPING | 1u << BEL_BLAME_LIBRARY,
};

struct bel_blame_keys *bel_blame_keys_new(const struct bel_blame_by *by, unsigned page_bits,
	unsigned near_pages, bool renewed, struct bel_err *err)
{
	struct bel_blame_keys *const keys = calloc(1, sizeof(*keys));

	if (!keys) {
		bel_err_memory(err, "keys of faults");
		return NULL;
	}
	keys->by = *by;
	keys->page_bits = page_bits;
	keys->places = (by->set & PLACE_PARTS) != 0;
	keys->by_page = keys->places || bel_blame_by_has(by, BEL_BLAME_PAGE);
	keys->moved = true;
	keys->era = 1;
	keys->stacks.near_pages = near_pages;
	keys->stacks.renewed = renewed;
	if (bel_blame_text_number(keys, "(before the first mark)", &keys->mark, err) == 0)
		return keys;
	bel_blame_keys_free(keys);
	return NULL;
}

void bel_blame_keys_close(struct bel_blame_keys *keys)
{
	bel_names_close(&keys->key);
	bel_names_close(&keys->text);
	bel_names_release(&keys->contexts);
	bel_region_tracker_release(&keys->map);
	bel_blame_stacks_close(&keys->stacks);
	free(keys->page);
	free(keys->of_mapping);
	free(keys->settled);
	keys->page = NULL;
	keys->of_mapping = NULL;
	keys->settled = NULL;
}

void bel_blame_keys_free(struct bel_blame_keys *keys)
{
	if (!keys)
		return;
	bel_blame_keys_close(keys);
	bel_names_release(&keys->key);
	bel_names_release(&keys->text);
	bel_space_map_release(&keys->numbers);
	bel_blame_stacks_release(&keys->stacks);
	free(keys->space);
	free(keys);
}

/* ---- regions ---- */

/* The texts of the mappings that are new. */
static int name_mappings(struct bel_blame_keys *keys, struct bel_err *err)
{
	if (keys->map.mappings > keys->mapping_capacity) {
		const uint32_t capacity = keys->map.mapping_capacity;
		struct bel_blame_mapping *const grown =
			reallocarray(keys->of_mapping, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "mappings");
		keys->of_mapping = grown;
		keys->mapping_capacity = capacity;
	}
	for (; keys->mappings < keys->map.mappings; keys->mappings++) {
		const struct bel_mapping *const mapping = &keys->map.mapping[keys->mappings];
		struct bel_blame_mapping *const texts = &keys->of_mapping[keys->mappings];
		const char *name = mapping->name, *slash;
		char kind[BEL_BLAME_WHO];

		if (!name || !*name) {
			snprintf(kind, sizeof(kind), "[%s]",
				bel_region_name((enum bel_region_kind)mapping->kind));
			name = kind;
		}
		slash = strrchr(name, '/');
		if (bel_blame_text_number(keys, name, &texts->name, err) < 0 ||
			bel_blame_text_number(keys, slash && slash[1] ? slash + 1 : name,
				&texts->library, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* ---- what the trace says ---- */

int bel_blame_keys_chunk(
	struct bel_blame_keys *keys, uint32_t space, struct bel_granules pages, struct bel_err *err)
{
	uint32_t dense;

	if (pages.count > keys->page_capacity) {
		const uint32_t capacity = pages.count + pages.count / 2;
		struct bel_blame_page *const grown =
			reallocarray(keys->page, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "keys of pages");
		for (uint32_t i = keys->page_capacity; i < capacity; i++)
			grown[i] = (struct bel_blame_page){.context = NO_CONTEXT};
		keys->page = grown;
		keys->page_capacity = capacity;
	}
	if (keys->stacks.near_pages &&
		bel_blame_stacks_reserve(&keys->stacks, pages.count, err) < 0)
		return BEL_FAIL;
	if (bel_blame_space_need(keys, space, &dense, err) < 0)
		return BEL_FAIL;
	keys->moved |= dense != keys->present;
	keys->present = dense;
	return BEL_OK;
}

static int take_stack(struct bel_blame_keys *keys, const struct bel_event *event,
	struct bel_blame_space *space, struct bel_err *err)
{
	if (!keys->stacks.near_pages)
		return BEL_OK;
	if (event->type == BEL_EVENT_FRAME)
		return bel_blame_stacks_frame(&keys->stacks, event, &keys->text, err);
	if (event->value > keys->stacks.nodes)
		return bel_fail(err, "call stack %llu is not in the trace",
			(unsigned long long)event->value);
	space->node = (uint32_t)event->value;
	keys->moved = true;
	return BEL_OK;
}

static void new_era(struct bel_blame_keys *keys)
{
	keys->moved = true;
	if (++keys->era)
		return;
	/* After 2^32 changes, what was noted long ago would be taken as of this era. */
	if (keys->settled)
		memset(keys->settled, 0, keys->settled_capacity * sizeof(*keys->settled));
	keys->settled_near.era = 0;
	keys->era = 1;
}

int bel_blame_keys_event(
	struct bel_blame_keys *keys, const struct bel_event *event, struct bel_err *err)
{
	uint32_t dense;

	if (keys->places) {
		if (bel_region_tracker_event(&keys->map, event, err) < 0 ||
			name_mappings(keys, err) < 0)
			return BEL_FAIL;
		keys->change = keys->map.change;
	}
	if (bel_blame_space_need(keys, event->space, &dense, err) < 0)
		return BEL_FAIL;
	switch (event->type) {
	case BEL_EVENT_START:
	case BEL_EVENT_FORK:
	case BEL_EVENT_EXEC:
	case BEL_EVENT_THREAD:
		new_era(keys);
		return bel_blame_space_event(keys, event, dense, err);
	case BEL_EVENT_MARK:
		new_era(keys);
		return bel_blame_text_number(
			keys, event->name ? event->name : "(no name)", &keys->mark, err);
	case BEL_EVENT_FRAME:
	case BEL_EVENT_STACK:
		return take_stack(keys, event, &keys->space[dense], err);
	default:
		return BEL_OK;
	}
}

static int limit(uint32_t number, struct bel_err *err)
{
	if (number < BEL_BLAME_KEYS_MAX)
		return BEL_OK;
	return bel_too_much(
		err, "more than %u keys: count by fewer parts (--by)", BEL_BLAME_KEYS_MAX);
}

/* The parts of the present context with the call stack of a node. */
static int take_context(struct bel_blame_keys *keys, uint32_t node,
	uint32_t tuple[BEL_BLAME_CONTEXT_PARTS], struct bel_err *err)
{
	const struct bel_blame_space *const space = &keys->space[keys->present];
	const bool known = node && node != BEL_BLAME_NEAR;
	uint32_t none = 0;

	if (!known && bel_blame_text_number(keys, bel_blame_stacks_none(node), &none, err) < 0)
		return BEL_FAIL;
	tuple[BEL_BLAME_PROCESS] = space->process;
	tuple[BEL_BLAME_COMMAND] = space->command;
	tuple[BEL_BLAME_THREAD] = space->thread;
	tuple[BEL_BLAME_MARK] = keys->mark;
	tuple[BEL_BLAME_FUNCTION] = known ? keys->stacks.node[node].function : none;
	tuple[BEL_BLAME_LINE] = known ? keys->stacks.node[node].line : none;
	tuple[BEL_BLAME_OBJECT] = known ? keys->stacks.node[node].object : none;
	tuple[BEL_BLAME_STACK] = node;
	for (unsigned part = 0; part < BEL_BLAME_CONTEXT_PARTS; part++)
		if (!bel_blame_by_has(&keys->by, (enum bel_blame_part)part))
			tuple[part] = 0;
	return BEL_OK;
}

/* Numbers the present context with the call stack of a node. */
static int number_context(
	struct bel_blame_keys *keys, uint32_t node, uint32_t *context, struct bel_err *err)
{
	uint32_t tuple[BEL_BLAME_CONTEXT_PARTS];

	if (take_context(keys, node, tuple, err) < 0 ||
		bel_names_number(&keys->contexts, tuple, sizeof(tuple), context, err) < 0)
		return BEL_FAIL;
	return limit(*context, err);
}

/* Where the context of a node is noted. NULL: out of memory. */
static struct bel_blame_settled *settled_of(
	struct bel_blame_keys *keys, uint32_t node, struct bel_err *err)
{
	struct bel_blame_settled *grown;
	uint32_t capacity;

	if (node == BEL_BLAME_NEAR)
		return &keys->settled_near;
	if (node < keys->settled_capacity)
		return &keys->settled[node];
	capacity = node + node / 2 + 64;
	grown = reallocarray(keys->settled, capacity, sizeof(*grown));
	if (!grown) {
		bel_err_memory(err, "call stacks");
		return NULL;
	}
	memset(grown + keys->settled_capacity, 0,
		(capacity - keys->settled_capacity) * sizeof(*grown));
	keys->settled = grown;
	keys->settled_capacity = capacity;
	return &keys->settled[node];
}

/* Sets one of the present contexts: with the call stack of a node. */
static int settle_one(struct bel_blame_keys *keys, uint32_t node, bool near, struct bel_err *err)
{
	struct bel_blame_settled *const known = settled_of(keys, node, err);

	if (!known)
		return BEL_FAIL;
	if (known->era != keys->era || known->space != keys->present) {
		known->number = BEL_BLAME_NO_KEY;
		if (keys->by_page && number_context(keys, node, &known->number, err) < 0)
			return BEL_FAIL;
		known->era = keys->era;
		known->space = keys->present;
	}
	keys->context[near] = known->number;
	return BEL_OK;
}

/* The node of the call stack of the present reference. */
static uint32_t present_node(const struct bel_blame_keys *keys)
{
	return keys->near ? BEL_BLAME_NEAR : keys->space[keys->present].node;
}

static int settle(struct bel_blame_keys *keys, struct bel_err *err)
{
	keys->moved = false;
	if (settle_one(keys, keys->space[keys->present].node, false, err) < 0)
		return BEL_FAIL;
	return keys->stacks.near_pages ? settle_one(keys, BEL_BLAME_NEAR, true, err) : BEL_OK;
}

/* Fills the parts that depend on the page. */
static int place(struct bel_blame_keys *keys, uint32_t page, struct bel_granule at,
	uint32_t part[BEL_BLAME_PARTS], struct bel_err *err)
{
	const uint64_t address = at.number << keys->page_bits;
	const uint64_t length = UINT64_C(1) << keys->page_bits;
	const struct bel_region *region;
	enum bel_region_kind kind;

	part[BEL_BLAME_PAGE] = page;
	if (!keys->places)
		return BEL_OK;
	region = bel_region_tracker_region(&keys->map, at.space, address, length);
	kind = bel_region_tracker_find(&keys->map, at.space, address, length);
	if (bel_blame_text_number(keys, kind == BEL_REGIONS ? "mixed" : bel_region_name(kind),
		    &part[BEL_BLAME_REGION], err) < 0)
		return BEL_FAIL;
	if (region) {
		part[BEL_BLAME_MAPPING] = keys->of_mapping[region->backing].name;
		part[BEL_BLAME_LIBRARY] = keys->of_mapping[region->backing].library;
		return BEL_OK;
	}
	if (bel_blame_text_number(keys, "(no region)", &part[BEL_BLAME_MAPPING], err) < 0)
		return BEL_FAIL;
	part[BEL_BLAME_LIBRARY] = part[BEL_BLAME_MAPPING];
	return BEL_OK;
}

static int number_key(struct bel_blame_keys *keys, const uint32_t part[BEL_BLAME_PARTS],
	uint32_t *key, struct bel_err *err)
{
	uint32_t tuple[BEL_BLAME_PARTS];

	for (unsigned i = 0; i < keys->by.count; i++)
		tuple[i] = part[keys->by.part[i]];
	if (bel_names_number(&keys->key, tuple, keys->by.count * sizeof(*tuple), key, err) < 0)
		return BEL_FAIL;
	return limit(*key, err);
}

/* The key of the present context, if no part depends on the page. Notes it. */
static int find_of_context(struct bel_blame_keys *keys, uint32_t *key, struct bel_err *err)
{
	const uint32_t node = present_node(keys);
	uint32_t part[BEL_BLAME_PARTS];
	struct bel_blame_settled *const known = settled_of(keys, node, err);

	if (!known || take_context(keys, node, part, err) < 0 ||
		number_key(keys, part, key, err) < 0)
		return BEL_FAIL;
	keys->context[keys->near] = known->number = *key;
	return BEL_OK;
}

int bel_blame_keys_search(struct bel_blame_keys *keys, uint32_t page, struct bel_granules pages,
	uint32_t *key, struct bel_err *err)
{
	uint32_t part[BEL_BLAME_PARTS];
	struct bel_blame_page *const known = &keys->page[page];
	uint32_t context;

	if (keys->moved && settle(keys, err) < 0)
		return BEL_FAIL;
	context = keys->context[keys->near];
	if (!keys->by_page) {
		*key = context;
		return context == BEL_BLAME_NO_KEY ? find_of_context(keys, key, err) : BEL_OK;
	}
	if (known->context == context && known->change == keys->change) {
		*key = known->key;
		return BEL_OK;
	}
	memcpy(part, keys->contexts.name[context].text, BEL_BLAME_CONTEXT_PARTS * sizeof(*part));
	if (place(keys, page, pages.granule[page], part, err) < 0 ||
		number_key(keys, part, key, err) < 0)
		return BEL_FAIL;
	*known = (struct bel_blame_page){.change = keys->change, .context = context, .key = *key};
	return BEL_OK;
}

/* SPDX-License-Identifier: MIT */
/* blame_keys.c: keys of references: contexts that events change, and regions of pages. */
#include "blame_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NO_TEXT = UINT32_MAX,
	NO_CONTEXT = UINT32_MAX,
	WHO = 32, /* bytes of a process's number as text */
	PLACE_PARTS = 1u << BEL_BLAME_REGION | 1u << BEL_BLAME_MAPPING | 1u << BEL_BLAME_LIBRARY,
};

/* What is known of the process in an address space. The numbers are those of texts. */
struct bel_blame_space {
	uint32_t process, command, thread;
	uint32_t node; /* of the call stack of far pages; 0: not known */
	uint32_t number, pid;
	bool known; /* an event gave the pid */
};

static int number_text(
	struct bel_blame_keys *keys, const char *text, uint32_t *number, struct bel_err *err)
{
	const size_t bytes = strlen(text) + 1;
	const int r = bel_names_number(&keys->text, text, bytes, number, err);

	if (r == 1)
		keys->text_bytes += bytes;
	if (keys->text_bytes > BEL_BLAME_NAMES_MAX)
		return bel_too_much(err, "more than %u bytes of names of processes, files and marks",
			BEL_BLAME_NAMES_MAX);
	return r < 0 ? r : BEL_OK;
}

struct bel_blame_keys *bel_blame_keys_new(const struct bel_blame_by *by, unsigned page_bits,
	unsigned near_pages, struct bel_err *err)
{
	struct bel_blame_keys *const keys = calloc(1, sizeof(*keys));

	if (!keys) {
		bel_err_memory(err, "keys of faults");
		return NULL;
	}
	keys->by = *by;
	keys->page_bits = page_bits;
	keys->places = (by->set & PLACE_PARTS) != 0;
	keys->moved = true;
	keys->stacks.near_pages = near_pages;
	if (number_text(keys, "(before the first mark)", &keys->mark, err) == 0)
		return keys;
	bel_blame_keys_free(keys);
	return NULL;
}

void bel_blame_keys_free(struct bel_blame_keys *keys)
{
	if (!keys)
		return;
	bel_names_release(&keys->key);
	bel_names_release(&keys->contexts);
	bel_names_release(&keys->text);
	bel_space_map_release(&keys->numbers);
	bel_region_tracker_release(&keys->map);
	bel_blame_stacks_release(&keys->stacks);
	free(keys->page);
	free(keys->space);
	free(keys->of_mapping);
	free(keys);
}

/* ---- processes and threads ---- */

/* "4711", or "space 3" if no event gave the process id. */
static const char *who(const struct bel_blame_space *space, char text[static WHO])
{
	snprintf(text, WHO, space->known ? "%u" : "space %u",
		space->known ? space->pid : space->number);
	return text;
}

static int name_thread(struct bel_blame_keys *keys, struct bel_blame_space *space,
	const uint64_t *thread, struct bel_err *err)
{
	char text[2 * WHO + 16], of[WHO];

	if (thread)
		snprintf(text, sizeof(text), "%llu of %s", (unsigned long long)*thread,
			who(space, of));
	else
		snprintf(text, sizeof(text), "(not known) of %s", who(space, of));
	return number_text(keys, text, &space->thread, err);
}

/* The texts of a process whose command is known (a number of a text) or not (NO_TEXT). */
static int name_process(struct bel_blame_keys *keys, struct bel_blame_space *space,
	uint32_t command, struct bel_err *err)
{
	const char *const known = command == NO_TEXT ? NULL : keys->text.name[command].text;
	char of[WHO], *text;
	int r;

	who(space, of);
	if (asprintf(&text, known ? "%s %s" : "%s", of, known) < 0)
		return bel_err_memory(err, "names of processes");
	r = number_text(keys, text, &space->process, err);
	free(text);
	space->command = command;
	if (r == 0 && !known)
		r = number_text(keys, "(not known)", &space->command, err);
	return r == 0 ? name_thread(keys, space, NULL, err) : r;
}

/* The place of a space in keys->space; a new one if it is not known yet. */
static int need_space(
	struct bel_blame_keys *keys, uint32_t number, uint32_t *dense, struct bel_err *err)
{
	const uint32_t known = bel_space_count(&keys->numbers);
	struct bel_blame_space *grown;

	*dense = bel_space_number(&keys->numbers, number, err);
	if (*dense == BEL_SPACE_NONE)
		return BEL_FAIL;
	if (*dense < known)
		return BEL_OK;
	if (*dense >= keys->space_capacity) {
		grown = reallocarray(keys->space, (size_t)2 * *dense + 4, sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "processes");
		keys->space = grown;
		keys->space_capacity = 2 * *dense + 4;
	}
	keys->space[*dense] = (struct bel_blame_space){.number = number};
	return name_process(keys, &keys->space[*dense], NO_TEXT, err);
}

/* A process begins: with a command of its own, or that of its parent. */
static int begin(struct bel_blame_keys *keys, const struct bel_event *event, uint32_t dense,
	struct bel_err *err)
{
	uint32_t command = NO_TEXT, other;

	if (event->name) {
		if (number_text(keys, event->name, &command, err) < 0)
			return BEL_FAIL;
	} else if (event->type != BEL_EVENT_START) {
		other = bel_space_find(&keys->numbers, event->other);
		if (other != BEL_SPACE_NONE && keys->space[other].known)
			command = keys->space[other].command;
	}
	keys->space[dense].known = true;
	keys->space[dense].pid = event->pid;
	return name_process(keys, &keys->space[dense], command, err);
}

/* ---- regions ---- */

/* The texts of the mappings that are new. */
static int name_mappings(struct bel_blame_keys *keys, struct bel_err *err)
{
	if (keys->map.mappings > keys->mapping_capacity) {
		const uint32_t capacity = keys->map.mapping_capacity;
		uint32_t(*const grown)[2] =
			reallocarray(keys->of_mapping, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "mappings");
		keys->of_mapping = grown;
		keys->mapping_capacity = capacity;
	}
	for (; keys->mappings < keys->map.mappings; keys->mappings++) {
		const struct bel_mapping *const mapping = &keys->map.mapping[keys->mappings];
		const char *name = mapping->name, *slash;
		char kind[WHO];

		if (!name || !*name) {
			snprintf(kind, sizeof(kind), "[%s]",
				bel_region_name((enum bel_region_kind)mapping->kind));
			name = kind;
		}
		slash = strrchr(name, '/');
		if (number_text(keys, name, &keys->of_mapping[keys->mappings][0], err) < 0 ||
			number_text(keys, slash && slash[1] ? slash + 1 : name,
				&keys->of_mapping[keys->mappings][1], err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* ---- what the trace says ---- */

int bel_blame_keys_chunk(struct bel_blame_keys *keys, uint32_t space, struct bel_granules pages,
	struct bel_err *err)
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
	if (need_space(keys, space, &dense, err) < 0)
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
	if (need_space(keys, event->space, &dense, err) < 0)
		return BEL_FAIL;
	switch (event->type) {
	case BEL_EVENT_START:
	case BEL_EVENT_FORK:
	case BEL_EVENT_EXEC:
		keys->moved = true;
		return begin(keys, event, dense, err);
	case BEL_EVENT_THREAD:
		keys->moved = true;
		return name_thread(keys, &keys->space[dense], &event->value, err);
	case BEL_EVENT_MARK:
		keys->moved = true;
		return number_text(
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
	return bel_too_much(err, "more than %u keys: count by fewer parts (--by)",
		BEL_BLAME_KEYS_MAX);
}

/* Numbers the present context with the call stack of a node. */
static int settle_one(
	struct bel_blame_keys *keys, uint32_t node, uint32_t *context, struct bel_err *err)
{
	const struct bel_blame_space *const space = &keys->space[keys->present];
	const bool known = node && node != BEL_BLAME_NEAR;
	uint32_t none = 0, tuple[BEL_BLAME_CONTEXT_PARTS];

	if (!known && number_text(keys, bel_blame_stacks_none(node), &none, err) < 0)
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
	if (bel_names_number(&keys->contexts, tuple, sizeof(tuple), context, err) < 0)
		return BEL_FAIL;
	return limit(*context, err);
}

/* Numbers the present contexts. */
static int settle(struct bel_blame_keys *keys, struct bel_err *err)
{
	keys->moved = false;
	if (settle_one(keys, keys->space[keys->present].node, &keys->context[false], err) < 0)
		return BEL_FAIL;
	if (!keys->stacks.near_pages)
		return BEL_OK;
	return settle_one(keys, BEL_BLAME_NEAR, &keys->context[true], err);
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
	if (number_text(keys, kind == BEL_REGIONS ? "mixed" : bel_region_name(kind),
		    &part[BEL_BLAME_REGION], err) < 0)
		return BEL_FAIL;
	if (region) {
		part[BEL_BLAME_MAPPING] = keys->of_mapping[region->backing][0];
		part[BEL_BLAME_LIBRARY] = keys->of_mapping[region->backing][1];
		return BEL_OK;
	}
	if (number_text(keys, "(no region)", &part[BEL_BLAME_MAPPING], err) < 0)
		return BEL_FAIL;
	part[BEL_BLAME_LIBRARY] = part[BEL_BLAME_MAPPING];
	return BEL_OK;
}

int bel_blame_keys_search(struct bel_blame_keys *keys, uint32_t page, struct bel_granules pages,
	uint32_t *key, struct bel_err *err)
{
	uint32_t part[BEL_BLAME_PARTS], tuple[BEL_BLAME_PARTS];
	struct bel_blame_page *const known = &keys->page[page];
	uint32_t context;

	if (keys->moved && settle(keys, err) < 0)
		return BEL_FAIL;
	context = keys->context[keys->near];
	if (known->context == context && known->change == keys->change) {
		*key = known->key;
		return BEL_OK;
	}
	memcpy(part, keys->contexts.name[context].text, BEL_BLAME_CONTEXT_PARTS * sizeof(*part));
	if (place(keys, page, pages.granule[page], part, err) < 0)
		return BEL_FAIL;
	for (unsigned i = 0; i < keys->by.count; i++)
		tuple[i] = part[keys->by.part[i]];
	if (bel_names_number(&keys->key, tuple, keys->by.count * sizeof(*tuple), key, err) < 0 ||
		limit(*key, err) < 0)
		return BEL_FAIL;
	*known = (struct bel_blame_page){
		.change = keys->change, .context = context, .key = *key};
	return BEL_OK;
}

/* ---- texts ---- */

/* "0x1000 of 4711" */
static void page_text(const struct bel_blame_keys *keys, struct bel_granule at,
	char text[static 3 * WHO])
{
	const uint32_t dense = bel_space_find(&keys->numbers, at.space);
	char of[WHO];

	snprintf(text, (size_t)3 * WHO, "0x%llx of %s",
		(unsigned long long)(at.number << keys->page_bits),
		who(&keys->space[dense], of));
}

int bel_blame_keys_text(const struct bel_blame_keys *keys, uint32_t key, struct bel_granules pages,
	struct bel_names *texts, uint32_t *number, struct bel_err *err)
{
	uint32_t tuple[BEL_BLAME_PARTS];
	const char *part[BEL_BLAME_PARTS];
	char page[3 * WHO], *stack = NULL, *all, *to;
	size_t length = 0;
	int r;

	memcpy(tuple, keys->key.name[key].text, keys->by.count * sizeof(*tuple));
	for (unsigned i = 0; i < keys->by.count; i++) {
		if (keys->by.part[i] == BEL_BLAME_PAGE) {
			page_text(keys, pages.granule[tuple[i]], page);
			part[i] = page;
		} else if (keys->by.part[i] == BEL_BLAME_STACK) {
			if (bel_blame_stacks_text(
				    &keys->stacks, tuple[i], &keys->text, &stack, err) < 0)
				return BEL_FAIL;
			part[i] = stack;
		} else {
			part[i] = keys->text.name[tuple[i]].text;
		}
		length += strlen(part[i]) + 1;
	}
	all = to = malloc(length);
	for (unsigned i = 0; all && i < keys->by.count; i++)
		to = stpcpy(to, part[i]) + 1;
	free(stack);
	if (!all)
		return bel_err_memory(err, "keys of faults");
	r = bel_names_number(texts, all, length, number, err);
	free(all);
	return r < 0 ? r : BEL_OK;
}

/* SPDX-License-Identifier: MIT */
/* blame_stacks.c: the tree of call stacks, and the list of near pages. */
#include "blame_stacks.h"

#include <stdlib.h>
#include <string.h>

void bel_blame_stacks_close(struct bel_blame_stacks *stacks)
{
	free(stacks->link);
	free(stacks->listed);
	free(stacks->met);
	stacks->link = NULL;
	stacks->listed = NULL;
	stacks->met = NULL;
	stacks->pages = 0;
}

void bel_blame_stacks_release(struct bel_blame_stacks *stacks)
{
	bel_blame_stacks_close(stacks);
	free(stacks->node);
	*stacks = (struct bel_blame_stacks){.near_pages = 0};
}

/* ---- near pages ---- */

int bel_blame_stacks_reserve(struct bel_blame_stacks *stacks, uint32_t pages, struct bel_err *err)
{
	struct bel_link *link;
	uint64_t *met;
	bool *listed;

	if (pages <= stacks->pages)
		return BEL_OK;
	if (!stacks->pages)
		bel_list_init(&stacks->last);
	pages += pages / 2;
	link = reallocarray(stacks->link, pages, sizeof(*link));
	if (link)
		stacks->link = link;
	listed = link ? reallocarray(stacks->listed, pages, sizeof(*listed)) : NULL;
	if (listed)
		stacks->listed = listed;
	met = listed ? reallocarray(stacks->met, pages, sizeof(*met)) : NULL;
	if (!met)
		return bel_err_memory(err, "call stacks");
	memset(listed + stacks->pages, 0, (pages - stacks->pages) * sizeof(*listed));
	memset(met + stacks->pages, 0, (pages - stacks->pages) * sizeof(*met));
	stacks->met = met;
	stacks->pages = pages;
	return BEL_OK;
}

static void take_out(struct bel_blame_stacks *stacks, uint32_t page)
{
	bel_list_remove(&stacks->last, stacks->link, page);
	stacks->listed[page] = false;
}

bool bel_blame_stacks_near(struct bel_blame_stacks *stacks, uint32_t page)
{
	const bool near = stacks->listed[page];
	bool bare = near;

	if (stacks->last.head == page)
		return true;
	if (near)
		take_out(stacks, page);
	else if (stacks->last.count == stacks->near_pages)
		take_out(stacks, stacks->last.tail);
	bel_list_push(&stacks->last, stacks->link, page);
	stacks->listed[page] = true;
	stacks->far += !near;
	if (stacks->renewed)
		bare = stacks->met[page] == stacks->far;
	stacks->met[page] = stacks->far;
	return bare;
}

/* ---- the tree ---- */

/* A part of a name, up to a tab. */
struct part {
	const char *text;
	size_t length;
};

static struct part next_part(const char **rest)
{
	const struct part part = {*rest, strcspn(*rest, "\t")};

	*rest += part.length + ((*rest)[part.length] != '\0');
	return part;
}

/* The object file without its folder and, if `bare`, without "+0xOFFSET". */
static struct part file_of(struct part object, bool bare)
{
	const char *const slash = memrchr(object.text, '/', object.length);
	struct part file = object;

	if (slash) {
		file.length -= (size_t)(slash + 1 - object.text);
		file.text = slash + 1;
	}
	for (size_t i = file.length; bare && i-- > 0;)
		if (file.text[i] == '+' && !strncmp(&file.text[i], "+0x", 3))
			file.length = i;
	return file;
}

/* Numbers a text without zero bytes. */
static int number(struct bel_names *texts, struct part part, uint32_t *number, struct bel_err *err)
{
	char *const text = strndup(part.text, part.length);
	int r;

	if (!text)
		return bel_err_memory(err, "call stacks");
	r = bel_names_number(texts, text, part.length + 1, number, err);
	free(text);
	return r < 0 ? r : BEL_OK;
}

static int name_node(
	struct bel_blame_node *node, const char *name, struct bel_names *texts, struct bel_err *err)
{
	static const struct part unknown = {"(no name)", 9};
	const struct part function = next_part(&name), line = next_part(&name);
	const struct part object = next_part(&name);
	const struct part place = object.length ? file_of(object, false) : unknown;
	const struct part called = function.length ? function : place;
	const struct part file = object.length ? file_of(object, !function.length) : unknown;

	if (number(texts, called, &node->function, err) < 0 ||
		number(texts, line.length ? line : called, &node->line, err) < 0)
		return BEL_FAIL;
	return number(texts, file.length ? file : unknown, &node->object, err);
}

int bel_blame_stacks_frame(struct bel_blame_stacks *stacks, const struct bel_event *event,
	struct bel_names *texts, struct bel_err *err)
{
	struct bel_blame_node *grown;

	if (event->value != (uint64_t)stacks->nodes + 1 || event->offset > stacks->nodes)
		return bel_fail(err, "call stack %llu of the trace is out of order",
			(unsigned long long)event->value);
	if (event->value >= BEL_BLAME_NODES_MAX)
		return bel_too_much(err, "more than %u call stacks", BEL_BLAME_NODES_MAX);
	if (event->value >= stacks->capacity) {
		const uint32_t capacity = 2 * stacks->capacity + 64;

		grown = reallocarray(stacks->node, capacity, sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "call stacks");
		stacks->node = grown;
		stacks->capacity = capacity;
	}
	stacks->nodes++;
	stacks->node[stacks->nodes].parent = (uint32_t)event->offset;
	return name_node(&stacks->node[stacks->nodes], event->name ? event->name : "", texts, err);
}

const char *bel_blame_stacks_none(uint32_t node)
{
	return node == BEL_BLAME_NEAR ? "(near page, stack not recorded)" : "(stack not known)";
}

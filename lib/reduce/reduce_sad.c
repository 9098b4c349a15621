/* SPDX-License-Identifier: MIT */
/*
 * reduce_sad.c: safely allowed drop: of three runs to a page, removes the middle one if fewer
 * than k other pages are used between the outer two.
 *
 * The k + 1 most recently used pages are kept in order. Fewer than k other pages were used since a
 * run if and only if the run is later than the last use of the oldest of these pages. A run is held
 * back while it may still be removed, together with all later runs: about two runs for each of k
 * pages.
 */
#include <stdbool.h>

#include "reduced.h"

#define NO_NODE UINT32_MAX

/* A run that is held back, in a list ordered by time. */
struct node {
	uint64_t references;
	uint64_t outer; /* position of the kept run to the page before it; 0: keep this one, too */
	uint32_t page, flags;
	uint32_t earlier, later;
	bool newest; /* of its page's runs */
};

struct page {
	uint64_t last; /* position of its last run, from 1; 0: none yet */
	uint32_t node; /* that run, if it is held back */
};

struct sad {
	uint64_t frames, position;
	struct bel_recent recent; /* frames + 1 pages */
	struct page *page;
	size_t link_capacity, page_capacity;
	struct node *node;
	size_t node_capacity;
	uint32_t nodes, unused; /* number of nodes made; list of free nodes */
	uint32_t first, last;
};

static void *sad_create(uint64_t frames, struct bel_err *err)
{
	struct sad *sad = calloc(1, sizeof(*sad));

	if (!sad) {
		bel_err_memory(err, "the reduction");
		return NULL;
	}
	sad->frames = frames;
	sad->recent.newest = sad->recent.oldest = BEL_NO_PAGE;
	sad->unused = sad->first = sad->last = NO_NODE;
	return sad;
}

static void sad_destroy(void *self)
{
	struct sad *sad = self;

	free(sad->recent.link);
	free(sad->page);
	free(sad->node);
	free(sad);
}

static int sad_reserve(void *self, uint32_t pages, struct bel_err *err)
{
	struct sad *sad = self;
	const size_t before = sad->page_capacity;

	if (bel_reduced_grow(&sad->recent.link, &sad->link_capacity, pages,
		    sizeof(*sad->recent.link), err) < 0 ||
		bel_reduced_grow(&sad->page, &sad->page_capacity, pages, sizeof(*sad->page), err) <
			0)
		return BEL_FAIL;
	for (size_t page = before; page < sad->page_capacity; page++)
		sad->page[page].node = NO_NODE;
	return BEL_OK;
}

/* Appends a node to the list and sets only its links; NO_NODE: out of memory. */
static uint32_t append(struct sad *sad, struct bel_err *err)
{
	uint32_t n = sad->unused;

	if (n != NO_NODE) {
		sad->unused = sad->node[n].later;
	} else {
		if (bel_reduced_grow(&sad->node, &sad->node_capacity, (size_t)sad->nodes + 1,
			    sizeof(*sad->node), err) < 0)
			return NO_NODE;
		n = sad->nodes++;
	}
	sad->node[n].earlier = sad->last;
	sad->node[n].later = NO_NODE;
	if (sad->last == NO_NODE)
		sad->first = n;
	else
		sad->node[sad->last].later = n;
	sad->last = n;
	return n;
}

static void take_out(struct sad *sad, uint32_t n)
{
	const struct node *node = &sad->node[n];

	if (node->earlier == NO_NODE)
		sad->first = node->later;
	else
		sad->node[node->earlier].later = node->later;
	if (node->later == NO_NODE)
		sad->last = node->earlier;
	else
		sad->node[node->later].earlier = node->earlier;
	sad->node[n].later = sad->unused;
	sad->unused = n;
}

/* Outputs runs from the first on, up to one that may still be removed; or all. */
static int release(
	struct sad *sad, uint64_t horizon, bool all, struct bel_reduced *out, struct bel_err *err)
{
	while (sad->first != NO_NODE) {
		const struct node node = sad->node[sad->first];

		if (!all && node.newest && node.outer > horizon)
			return BEL_OK;
		if (node.newest)
			sad->page[node.page].node = NO_NODE;
		take_out(sad, sad->first);
		if (bel_reduced_add(out, node.page, node.references, node.flags, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* A run is kept if its `outer` is not above this: k other pages were used since then. */
static uint64_t horizon(const struct sad *sad)
{
	return sad->recent.size > sad->frames ? sad->page[sad->recent.oldest].last : 0;
}

static void use(struct sad *sad, uint32_t page)
{
	const uint64_t last = sad->page[page].last;

	if (last && last >= horizon(sad))
		bel_recent_take(&sad->recent, page);
	else if (sad->recent.size > sad->frames)
		bel_recent_take(&sad->recent, sad->recent.oldest);
	bel_recent_push(&sad->recent, page);
	sad->page[page].last = ++sad->position;
}

/* Removes the middle run. The run before it gets its references, the caller's run its flags. */
static int drop(struct sad *sad, uint32_t n, struct bel_reduced *out, struct bel_err *err)
{
	const struct node node = sad->node[n];

	take_out(sad, n);
	if (node.earlier == NO_NODE)
		return bel_reduced_extend(out, node.references, err);
	sad->node[node.earlier].references += node.references;
	return BEL_OK;
}

static int take(struct sad *sad, struct bel_run run, struct bel_reduced *out, struct bel_err *err)
{
	struct page *const page = &sad->page[run.page];
	struct node made = {
		.page = run.page,
		.references = bel_run_count(run),
		.flags = run.info & BEL_REDUCED_FLAGS,
		.outer = page->last,
		.newest = true,
	};
	uint32_t n = page->node;

	if (n != NO_NODE && sad->node[n].outer > horizon(sad)) {
		made.outer = sad->node[n].outer;
		made.flags |= sad->node[n].flags;
		if (drop(sad, n, out, err) < 0)
			return BEL_FAIL;
	} else if (n != NO_NODE) {
		sad->node[n].newest = false;
	}
	/* The first run after an event is kept: no run before it could get its references. */
	if (sad->first == NO_NODE && out->count == out->closed)
		made.outer = 0;
	n = append(sad, err);
	if (n == NO_NODE)
		return BEL_FAIL;
	made.earlier = sad->node[n].earlier;
	made.later = NO_NODE;
	sad->node[n] = made;
	page->node = n;
	use(sad, run.page);
	return release(sad, horizon(sad), false, out, err);
}

static int sad_runs(void *self, const struct bel_run *runs, size_t count, struct bel_reduced *out,
	struct bel_err *err)
{
	for (size_t i = 0; i < count; i++)
		if (take(self, runs[i], out, err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

static int sad_settle(void *self, struct bel_reduced *out, struct bel_err *err)
{
	return release(self, 0, true, out, err);
}

const struct bel_reduction bel_reduce_sad = {
	.name = "sad",
	.valid_policies = "lru,opt",
	.create = sad_create,
	.reserve = sad_reserve,
	.runs = sad_runs,
	.settle = sad_settle,
	.destroy = sad_destroy,
};

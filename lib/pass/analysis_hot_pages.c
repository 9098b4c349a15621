/* SPDX-License-Identifier: MIT */
/*
 * analysis_hot_pages.c: the most referenced pages with their addresses: at most 32 rows, the
 * hottest page first.
 *
 * Memory: 40 bytes per page.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"

enum { ROWS = 32 };

struct page {
	uint64_t number;
	uint64_t references;
	uint64_t runs, writing_runs;
	uint32_t space;
};

struct hot_pages {
	struct page *page;
	uint32_t pages, capacity;
	unsigned page_bits;
};

static void *create(unsigned page_bits, struct bel_err *err)
{
	struct hot_pages *const self = calloc(1, sizeof(*self));

	if (self)
		self->page_bits = page_bits;
	else
		bel_err_memory(err, "an analysis");
	return self;
}

static void destroy(void *self)
{
	if (self)
		free(((struct hot_pages *)self)->page);
	free(self);
}

static int know(struct hot_pages *hot, struct bel_granules pages, struct bel_err *err)
{
	if (pages.count > hot->capacity) {
		const uint32_t capacity = pages.count + pages.count / 2;
		struct page *const grown = reallocarray(hot->page, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "an analysis");
		hot->page = grown;
		hot->capacity = capacity;
	}
	for (; hot->pages < pages.count; hot->pages++) {
		const struct bel_granule *const where = &pages.granule[hot->pages];

		hot->page[hot->pages] =
			(struct page){.number = where->number, .space = where->space};
	}
	return BEL_OK;
}

static int feed(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	struct hot_pages *const hot = self;

	if (know(hot, pages, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < chunk->count; i++) {
		struct page *const page = &hot->page[chunk->runs[i].page];

		page->references += bel_run_count(chunk->runs[i]);
		page->runs++;
		page->writing_runs += (chunk->runs[i].info & BEL_RUN_WRITE) != 0;
	}
	return BEL_OK;
}

/* Whether page a comes before page b: it is hotter, or equally hot and appeared first. */
static bool hotter(const struct hot_pages *hot, uint32_t a, uint32_t b)
{
	const uint64_t left = hot->page[a].references, right = hot->page[b].references;

	return left > right || (left == right && a < b);
}

static int report(void *self, const struct bel_analysis_sink *sink, struct bel_err *err)
{
	const struct hot_pages *const hot = self;
	uint32_t top[ROWS + 1];
	size_t rows = 0;

	(void)err;
	for (uint32_t page = 0; page < hot->pages; page++) {
		size_t at = rows;

		for (; at && hotter(hot, page, top[at - 1]); at--)
			top[at] = top[at - 1];
		top[at] = page;
		rows += rows < ROWS;
	}
	for (size_t i = 0; i < rows; i++) {
		const struct page *const page = &hot->page[top[i]];

		sink->row(sink->host);
		sink->count(sink->host, "space", page->space);
		sink->count(sink->host, "address", page->number << hot->page_bits);
		sink->count(sink->host, "references", page->references);
		sink->count(sink->host, "runs", page->runs);
		sink->count(sink->host, "writing_runs", page->writing_runs);
	}
	return BEL_OK;
}

static const struct bel_analysis hot_pages = {
	.name = "hot-pages",
	.title = "the 32 pages that are referenced most, with their addresses",
	.consumer = {.caps = BEL_CONSUMER_EVENTS, .feed = feed},
	.create = create,
	.report = report,
	.destroy = destroy,
};
BEL_ANALYSIS(hot_pages);

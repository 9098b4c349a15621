/* SPDX-License-Identifier: MIT */
/*
 * analysis_popularity.c: how many pages are referenced how often: one row for each power of two.
 *
 * Memory: 8 bytes per page.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"

struct popularity {
	uint64_t *references; /* of each page */
	uint32_t pages, capacity;
};

static void *create(unsigned page_bits, struct bel_err *err)
{
	struct popularity *const self = calloc(1, sizeof(*self));

	(void)page_bits;
	if (!self)
		bel_err_memory(err, "an analysis");
	return self;
}

static void destroy(void *self)
{
	if (self)
		free(((struct popularity *)self)->references);
	free(self);
}

static int feed(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	struct popularity *const p = self;

	if (pages.count > p->capacity) {
		const uint32_t capacity = pages.count + pages.count / 2;
		uint64_t *const grown =
			reallocarray(p->references, capacity, sizeof(*p->references));

		if (!grown)
			return bel_err_memory(err, "an analysis");
		memset(grown + p->capacity, 0, (capacity - p->capacity) * sizeof(*grown));
		p->references = grown;
		p->capacity = capacity;
	}
	p->pages = pages.count;
	for (size_t i = 0; i < chunk->count; i++)
		p->references[chunk->runs[i].page] += bel_run_count(chunk->runs[i]);
	return BEL_OK;
}

static int report(void *self, const struct bel_analysis_sink *sink, struct bel_err *err)
{
	const struct popularity *const p = self;
	uint64_t pages[64] = {0}, references[64] = {0};

	(void)err;
	for (uint32_t page = 0; page < p->pages; page++) {
		const uint64_t count = p->references[page];
		const int bits = count ? 63 - __builtin_clzll(count) : 0;

		pages[bits] += count != 0;
		references[bits] += count;
	}
	for (unsigned bits = 0; bits < 64; bits++) {
		const uint64_t least = (uint64_t)1 << bits;

		if (!pages[bits])
			continue;
		sink->row(sink->host);
		sink->count(sink->host, "min_references", least);
		sink->count(sink->host, "max_references", least + (least - 1));
		sink->count(sink->host, "pages", pages[bits]);
		sink->count(sink->host, "references", references[bits]);
	}
	return BEL_OK;
}

static const struct bel_analysis popularity = {
	.name = "popularity",
	.title = "pages by how often they are referenced, in powers of two",
	.consumer = {.feed = feed},
	.create = create,
	.report = report,
	.destroy = destroy,
};
BEL_ANALYSIS(popularity);

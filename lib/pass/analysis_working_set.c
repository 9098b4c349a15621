/* SPDX-License-Identifier: MIT */
/*
 * analysis_working_set.c: how many distinct pages each part of the trace references, and how many
 * were referenced by its end: one row for each part.
 *
 * The parts have one width, a power of two; it doubles when there would be more than PARTS, so the
 * length of the trace need not be known. The pages of a part are the working set at its end, with
 * the part's width as window.
 *
 * A page that is first referenced in part j, and before that in part i, counts in pair (i, j). When
 * each two parts become one, so do the pairs: a pair within one part is no longer counted. So the
 * numbers are exact. Memory: 2 bytes per page, and 1 MiB.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"

enum {
	PARTS = 256, /* most; from half of them on are used */
	NEVER = PARTS,
};

struct working_set {
	uint64_t (*pages)[PARTS]; /* [i][j]; [NEVER][j]: pages that no earlier part references */
	uint16_t *part;           /* that references each page last; NEVER */
	uint32_t known, capacity;
	unsigned shift; /* logarithm of the width */
	uint64_t now;   /* references so far */
	uint64_t end;   /* of the part of the last reference */
};

static void *create(unsigned page_bits, struct bel_err *err)
{
	struct working_set *const self = calloc(1, sizeof(*self));

	(void)page_bits;
	if (self)
		self->pages = calloc(PARTS + 1, sizeof(*self->pages));
	if (self && self->pages)
		return self;
	free(self);
	bel_err_memory(err, "an analysis");
	return NULL;
}

static void destroy(void *self)
{
	if (self) {
		free(((struct working_set *)self)->pages);
		free(((struct working_set *)self)->part);
	}
	free(self);
}

/* Each two parts become one. Part j / 2 is no later than part j, so no sum is read twice. */
static void join(struct working_set *w)
{
	for (unsigned i = 0; i <= PARTS; i++) {
		const unsigned to = i == NEVER ? NEVER : i / 2;

		for (unsigned j = 0; j < PARTS; j++) {
			const uint64_t pages = w->pages[i][j];

			w->pages[i][j] = 0;
			if (to != j / 2)
				w->pages[to][j / 2] += pages;
		}
	}
	for (uint32_t page = 0; page < w->known; page++)
		if (w->part[page] != NEVER)
			w->part[page] /= 2;
	w->shift++;
}

static int grow(struct working_set *w, uint32_t pages, struct bel_err *err)
{
	if (pages > w->capacity) {
		const uint32_t capacity = pages + pages / 2;
		uint16_t *const grown = reallocarray(w->part, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "an analysis");
		w->part = grown;
		w->capacity = capacity;
	}
	while (w->known < pages)
		w->part[w->known++] = NEVER;
	return BEL_OK;
}

static void refer(struct working_set *w, uint32_t page, unsigned part)
{
	if (w->part[page] == part)
		return;
	w->pages[w->part[page]][part]++;
	w->part[page] = (uint16_t)part;
}

/* A run that may reach beyond the present part. */
static void take_run(struct working_set *w, struct bel_run run)
{
	const uint64_t last = w->now + bel_run_count(run) - 1;

	while (last >> w->shift >= PARTS)
		join(w);
	for (uint64_t part = w->now >> w->shift; part <= last >> w->shift; part++)
		refer(w, run.page, (unsigned)part);
	w->now = last + 1;
	w->end = ((last >> w->shift) + 1) << w->shift;
}

static int feed(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	struct working_set *const w = self;
	const struct bel_run *const runs = chunk->runs;

	if (grow(w, pages.count, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < chunk->count;) {
		const unsigned part = (unsigned)(w->now >> w->shift);
		uint64_t now = w->now;

		for (; i < chunk->count && now + bel_run_count(runs[i]) <= w->end; i++) {
			refer(w, runs[i].page, part);
			now += bel_run_count(runs[i]);
		}
		w->now = now;
		if (i < chunk->count)
			take_run(w, runs[i++]);
	}
	return BEL_OK;
}

static int report(void *self, const struct bel_analysis_sink *sink, struct bel_err *err)
{
	const struct working_set *const w = self;
	const uint64_t width = UINT64_C(1) << w->shift;
	uint64_t touched = 0;

	(void)err;
	for (uint64_t j = 0; j << w->shift < w->now; j++) {
		const uint64_t start = j << w->shift;
		uint64_t pages = 0;

		for (unsigned i = 0; i <= PARTS; i++)
			pages += w->pages[i][j];
		touched += w->pages[NEVER][j];
		sink->row(sink->host);
		sink->count(sink->host, "start_reference", start);
		sink->count(
			sink->host, "references", w->now - start < width ? w->now - start : width);
		sink->count(sink->host, "pages", pages);
		sink->count(sink->host, "touched_pages", touched);
	}
	return BEL_OK;
}

static const struct bel_analysis working_set = {
	.name = "working-set",
	.title = "distinct pages in each part of the trace, and touched by its end",
	.consumer = {.feed = feed},
	.create = create,
	.report = report,
	.destroy = destroy,
};
BEL_ANALYSIS(working_set);

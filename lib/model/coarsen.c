/* SPDX-License-Identifier: MIT */
/* repage.c: runs over granules in, maximal runs over larger pages out. */
#include "coarsen.h"

#include <stdlib.h>
#include <string.h>

#include "granule_map.h"

struct bel_repage {
	struct bel_granule_map map;
	unsigned shift;
	bool first_byte;
	uint32_t *page; /* of each granule */
	uint32_t granules, capacity;

	struct bel_run open; /* count 0: none */
	uint32_t last;       /* page of the run before, in the input's order */
	uint32_t space;
	bool began;

	struct bel_run *run;
	size_t count, run_capacity;
	struct bel_event *event;
	size_t event_capacity;
	uint64_t now, references;
};

struct bel_repage *bel_repage_new(unsigned shift, bool first_byte, struct bel_err *err)
{
	struct bel_repage *repage = calloc(1, sizeof(*repage));

	if (!repage || bel_granule_map_init(&repage->map, err) < 0) {
		free(repage);
		bel_err_memory(err, "larger pages");
		return NULL;
	}
	repage->shift = shift;
	repage->first_byte = first_byte;
	return repage;
}

void bel_repage_free(struct bel_repage *repage)
{
	if (!repage)
		return;
	bel_granule_map_release(&repage->map);
	free(repage->page);
	free(repage->run);
	free(repage->event);
	free(repage);
}

struct bel_granules bel_repage_granules(const struct bel_repage *repage)
{
	return (struct bel_granules){repage->map.granule, repage->map.count};
}

/* Arrays for all that a chunk can become. */
static int reserve(struct bel_repage *repage, const struct bel_chunk *in,
	struct bel_granules granules, struct bel_err *err)
{
	if (granules.count > repage->capacity) {
		size_t capacity = (size_t)granules.count + granules.count / 2 + 4096;
		uint32_t *grown = realloc(repage->page, capacity * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "larger pages");
		repage->page = grown;
		repage->capacity = capacity > UINT32_MAX ? UINT32_MAX : (uint32_t)capacity;
	}
	if (in->count + 1 > repage->run_capacity) {
		struct bel_run *grown = realloc(repage->run, (in->count + 1) * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "runs");
		repage->run = grown;
		repage->run_capacity = in->count + 1;
	}
	if (in->event_count > repage->event_capacity) {
		struct bel_event *grown = realloc(repage->event, in->event_count * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "events");
		repage->event = grown;
		repage->event_capacity = in->event_count;
	}
	return BEL_OK;
}

/*
 * Granules are numbered in order of first touch. A granule that enters with
 * a split that is left out must not number its page: pages are numbered on first use.
 */
static void know_granules(struct bel_repage *repage, struct bel_granules granules)
{
	for (; repage->granules < granules.count; repage->granules++)
		repage->page[repage->granules] = BEL_GRANULE_NONE;
}

static void close_run(struct bel_repage *repage)
{
	if (!bel_run_count(repage->open))
		return;
	repage->run[repage->count++] = repage->open;
	repage->references += bel_run_count(repage->open);
	repage->open = bel_run_make(0, 0, 0);
}

/* The page of a granule; split: only if known, or new by its own number. */
static uint32_t page_of(struct bel_repage *repage, const struct bel_granules *granules,
	uint32_t granule, struct bel_err *err)
{
	const struct bel_granule *g = &granules->granule[granule];

	if (repage->page[granule] == BEL_GRANULE_NONE)
		repage->page[granule] =
			bel_granule_number(&repage->map, g->space, g->number >> repage->shift, err);
	return repage->page[granule];
}

static int add_run(struct bel_repage *repage, struct bel_run run,
	const struct bel_granules *granules, uint64_t *left_out, struct bel_err *err)
{
	const bool split = run.info & BEL_RUN_SPLIT;
	uint32_t count, page;

	if (split && repage->first_byte) {
		++*left_out;
		return BEL_OK;
	}
	page = page_of(repage, granules, run.page, err);
	if (page == BEL_GRANULE_NONE)
		return BEL_FAIL;
	if (split && page == repage->last && repage->began) {
		++*left_out;
		return BEL_OK;
	}
	repage->last = page;
	repage->began = true;
	run.page = page;
	count = bel_run_count(repage->open);
	if (!split && count && repage->open.page == page && count < BEL_RUN_COUNT_MAX) {
		uint32_t room = BEL_RUN_COUNT_MAX - count, more = bel_run_count(run);
		uint32_t flags = run.info & BEL_RUN_FLAGS, taken = more < room ? more : room;

		repage->open.info += taken << BEL_RUN_COUNT_SHIFT;
		repage->open.info |= flags;
		if (taken == more)
			return BEL_OK;
		run = bel_run_make(page, more - taken, flags);
	}
	close_run(repage);
	repage->open = run;
	if (split)
		close_run(repage);
	return BEL_OK;
}

static void give(struct bel_repage *repage, struct bel_chunk *out)
{
	*out = (struct bel_chunk){
		.runs = repage->run,
		.count = repage->count,
		.now = repage->now,
		.references = repage->references,
		.space = repage->space,
	};
	repage->now += repage->references;
	repage->references = 0;
	repage->count = 0;
}

int bel_repage_add(struct bel_repage *repage, const struct bel_chunk *in,
	struct bel_granules granules, struct bel_chunk *out, struct bel_err *err)
{
	uint64_t left_out = 0;
	size_t next = 0;

	if (reserve(repage, in, granules, err) < 0)
		return BEL_FAIL;
	if (bel_run_count(repage->open) &&
		(in->space != repage->space ||
			bel_event_mark_in_front(in->events, in->event_count))) {
		close_run(repage);
		give(repage, out);
		return 1;
	}
	repage->space = in->space;
	know_granules(repage, granules);
	for (size_t i = 0; i < in->count; i++) {
		for (; next < in->event_count && in->events[next].at <= i; next++) {
			close_run(repage);
			repage->event[next] = in->events[next];
			repage->event[next].at = repage->count;
		}
		if (add_run(repage, in->runs[i], &granules, &left_out, err) < 0)
			return BEL_FAIL;
	}
	for (; next < in->event_count; next++) {
		close_run(repage);
		repage->event[next] = in->events[next];
		repage->event[next].at = repage->count;
	}
	give(repage, out);
	out->events = repage->event;
	out->event_count = in->event_count;
	memcpy(out->kinds, in->kinds, sizeof(out->kinds));
	out->splits = in->splits - left_out;
	return 0;
}

void bel_repage_end(struct bel_repage *repage, struct bel_chunk *out)
{
	/* Every call leaves room for one run: it took at most as many as it gave, and one more. */
	close_run(repage);
	give(repage, out);
}

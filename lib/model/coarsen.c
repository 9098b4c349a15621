/* SPDX-License-Identifier: MIT */
/* coarsen.c: turns runs over granules into maximal runs over larger pages. */
#include "coarsen.h"

#include <stdlib.h>
#include <string.h>

#include "granule_map.h"

struct bel_coarsen {
	struct bel_granule_map map;
	unsigned shift;
	bool first_byte;
	uint32_t *page; /* of each granule */
	uint32_t granules, capacity;

	struct bel_run open; /* count 0: none */
	uint32_t last;       /* page of the previous input run */
	uint32_t space;
	bool began;

	struct bel_run *run;
	size_t count, run_capacity;
	struct bel_event *event;
	size_t events, event_capacity;
	/* Events of call stacks inside of the open run: they wait for its end. */
	struct bel_events late;
	size_t late_given;
	uint64_t now, references;
};

struct bel_coarsen *bel_coarsen_new(unsigned shift, bool first_byte, struct bel_err *err)
{
	struct bel_coarsen *coarsen = calloc(1, sizeof(*coarsen));

	if (!coarsen || bel_granule_map_init(&coarsen->map, err) < 0) {
		free(coarsen);
		bel_err_memory(err, "larger pages");
		return NULL;
	}
	coarsen->shift = shift;
	coarsen->first_byte = first_byte;
	return coarsen;
}

void bel_coarsen_free(struct bel_coarsen *coarsen)
{
	if (!coarsen)
		return;
	bel_granule_map_release(&coarsen->map);
	free(coarsen->page);
	free(coarsen->run);
	free(coarsen->event);
	bel_events_release(&coarsen->late);
	free(coarsen);
}

struct bel_granules bel_coarsen_granules(const struct bel_coarsen *coarsen)
{
	return (struct bel_granules){coarsen->map.granule, coarsen->map.count};
}

/* Makes the arrays large enough for any result of the chunk. */
static int reserve(struct bel_coarsen *coarsen, const struct bel_chunk *in,
	struct bel_granules granules, struct bel_err *err)
{
	if (granules.count > coarsen->capacity) {
		size_t capacity = (size_t)granules.count + granules.count / 2 + 4096;
		uint32_t *grown = realloc(coarsen->page, capacity * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "larger pages");
		coarsen->page = grown;
		coarsen->capacity = capacity > UINT32_MAX ? UINT32_MAX : (uint32_t)capacity;
	}
	if (in->count + 1 > coarsen->run_capacity) {
		struct bel_run *grown = realloc(coarsen->run, (in->count + 1) * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "runs");
		coarsen->run = grown;
		coarsen->run_capacity = in->count + 1;
	}
	if (in->event_count + coarsen->late.count > coarsen->event_capacity) {
		const size_t capacity = in->event_count + coarsen->late.count;
		struct bel_event *grown = realloc(coarsen->event, capacity * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "events");
		coarsen->event = grown;
		coarsen->event_capacity = capacity;
	}
	return BEL_OK;
}

/*
 * Granules are numbered in order of first touch. A split run that is left out must not number
 * a page: pages are numbered at their first use.
 */
static void know_granules(struct bel_coarsen *coarsen, struct bel_granules granules)
{
	for (; coarsen->granules < granules.count; coarsen->granules++)
		coarsen->page[coarsen->granules] = BEL_GRANULE_NONE;
}

static void add_event(struct bel_coarsen *coarsen, const struct bel_event *event)
{
	coarsen->event[coarsen->events] = *event;
	coarsen->event[coarsen->events++].at = coarsen->count;
}

static void close_run(struct bel_coarsen *coarsen)
{
	if (!bel_run_count(coarsen->open))
		return;
	coarsen->run[coarsen->count++] = coarsen->open;
	coarsen->references += bel_run_count(coarsen->open);
	coarsen->open = bel_run_make(0, 0, 0);
	while (coarsen->late_given < coarsen->late.count)
		add_event(coarsen, &coarsen->late.event[coarsen->late_given++]);
}

/* The page of a granule; numbers it if it is new. Not called for runs that are left out. */
static uint32_t page_of(struct bel_coarsen *coarsen, const struct bel_granules *granules,
	uint32_t granule, struct bel_err *err)
{
	const struct bel_granule *g = &granules->granule[granule];

	if (coarsen->page[granule] == BEL_GRANULE_NONE)
		coarsen->page[granule] = bel_granule_number(
			&coarsen->map, g->space, g->number >> coarsen->shift, err);
	return coarsen->page[granule];
}

int bel_coarsen_know(struct bel_coarsen *coarsen, struct bel_granules granules, struct bel_err *err)
{
	const struct bel_chunk none = {.count = 0};
	const uint32_t known = coarsen->granules;

	if (reserve(coarsen, &none, granules, err) < 0)
		return BEL_FAIL;
	know_granules(coarsen, granules);
	for (uint32_t i = known; i < granules.count; i++)
		if (page_of(coarsen, &granules, i, err) == BEL_GRANULE_NONE)
			return BEL_FAIL;
	return BEL_OK;
}

/*
 * Adds an event before run i of the chunk. It ends the open run. But call stacks apply to far pages
 * (event.h), and the open run's page is near: their events wait for its end.
 */
static int take_event(struct bel_coarsen *coarsen, const struct bel_event *event,
	const struct bel_chunk *in, size_t i, const struct bel_granules *granules,
	struct bel_err *err)
{
	const struct bel_run *const run = i < in->count ? &in->runs[i] : NULL;
	bool late = bel_run_count(coarsen->open) && bel_event_is_stack(event->type);

	/* A run that is left out must not number its page. */
	if (late && run && !(run->info & BEL_RUN_SPLIT && coarsen->first_byte)) {
		const uint32_t page = page_of(coarsen, granules, run->page, err);

		if (page == BEL_GRANULE_NONE)
			return BEL_FAIL;
		late = page == coarsen->open.page;
	}
	if (late)
		return bel_events_add(&coarsen->late, event, err);
	close_run(coarsen);
	add_event(coarsen, event);
	return BEL_OK;
}

static int add_run(struct bel_coarsen *coarsen, struct bel_run run,
	const struct bel_granules *granules, uint64_t *left_out, struct bel_err *err)
{
	const bool split = run.info & BEL_RUN_SPLIT;
	uint32_t count, page;

	if (split && coarsen->first_byte) {
		++*left_out;
		return BEL_OK;
	}
	page = page_of(coarsen, granules, run.page, err);
	if (page == BEL_GRANULE_NONE)
		return BEL_FAIL;
	if (split && page == coarsen->last && coarsen->began) {
		++*left_out;
		return BEL_OK;
	}
	coarsen->last = page;
	coarsen->began = true;
	run.page = page;
	count = bel_run_count(coarsen->open);
	if (!split && count && coarsen->open.page == page && count < BEL_RUN_COUNT_MAX) {
		uint32_t capacity = BEL_RUN_COUNT_MAX - count, more = bel_run_count(run);
		uint32_t flags = run.info & BEL_RUN_FLAGS,
			 taken = more < capacity ? more : capacity;

		coarsen->open.info += taken << BEL_RUN_COUNT_SHIFT;
		coarsen->open.info |= flags;
		if (taken == more)
			return BEL_OK;
		run = bel_run_make(page, more - taken, flags);
	}
	close_run(coarsen);
	coarsen->open = run;
	if (split)
		close_run(coarsen);
	return BEL_OK;
}

static void give(struct bel_coarsen *coarsen, struct bel_chunk *out)
{
	*out = (struct bel_chunk){
		.runs = coarsen->run,
		.count = coarsen->count,
		.now = coarsen->now,
		.references = coarsen->references,
		.events = coarsen->event,
		.event_count = coarsen->events,
		.space = coarsen->space,
	};
	coarsen->now += coarsen->references;
	coarsen->references = 0;
	coarsen->count = 0;
}

/* Forgets the late events that the last call gave. */
static int forget_given(struct bel_coarsen *coarsen, struct bel_err *err)
{
	struct bel_events rest = {0};

	coarsen->events = 0;
	if (coarsen->late_given == 0)
		return BEL_OK;
	for (size_t i = coarsen->late_given; i < coarsen->late.count; i++)
		if (bel_events_add(&rest, &coarsen->late.event[i], err) < 0) {
			bel_events_release(&rest);
			return BEL_FAIL;
		}
	bel_events_release(&coarsen->late);
	coarsen->late = rest;
	coarsen->late_given = 0;
	return BEL_OK;
}

int bel_coarsen_add(struct bel_coarsen *coarsen, const struct bel_chunk *in,
	struct bel_granules granules, struct bel_chunk *out, struct bel_err *err)
{
	uint64_t left_out = 0;
	size_t next = 0;

	if (forget_given(coarsen, err) < 0 || reserve(coarsen, in, granules, err) < 0)
		return BEL_FAIL;
	if (bel_run_count(coarsen->open) &&
		(in->space != coarsen->space ||
			bel_event_mark_in_front(in->events, in->event_count))) {
		close_run(coarsen);
		give(coarsen, out);
		return 1;
	}
	coarsen->space = in->space;
	know_granules(coarsen, granules);
	for (size_t i = 0; i < in->count; i++) {
		for (; next < in->event_count && in->events[next].at <= i; next++)
			if (take_event(coarsen, &in->events[next], in, i, &granules, err) < 0)
				return BEL_FAIL;
		if (add_run(coarsen, in->runs[i], &granules, &left_out, err) < 0)
			return BEL_FAIL;
	}
	for (; next < in->event_count; next++)
		if (take_event(coarsen, &in->events[next], in, in->count, &granules, err) < 0)
			return BEL_FAIL;
	give(coarsen, out);
	memcpy(out->kinds, in->kinds, sizeof(out->kinds));
	out->crossings = in->crossings - left_out;
	return 0;
}

void bel_coarsen_end(struct bel_coarsen *coarsen, struct bel_chunk *out)
{
	/* reserve() made room for one run and for the late events. */
	coarsen->events = 0;
	close_run(coarsen);
	give(coarsen, out);
}

/* SPDX-License-Identifier: MIT */
/* mix.c: interleaves traces. */
#include "mix.h"

#include <stdlib.h>
#include <string.h>

#include "space_map.h"

/* A source that is being read: the rest of its chunk, and its numbering. */
struct feeder {
	struct bel_source *source;
	struct bel_chunk chunk;
	size_t run, event; /* next run and next event of the chunk */
	bool have, ended;
	uint32_t *page; /* by the trace's page number: the machine's, plus 1 */
	uint32_t pages;
	struct bel_space_map spaces;
	uint32_t *space; /* by the trace's space: its number in the machine */
	size_t space_capacity;
};

struct bel_mix {
	struct feeder *feeder;
	size_t count, turn, living;
	uint64_t quantum, left; /* left: references left in the present turn */
	uint64_t references;
	uint32_t next_space;
	struct bel_granule *granule; /* the address of each page */
	uint32_t pages, granule_room;
	struct bel_run *run;
	size_t run_capacity;
	struct bel_event *event;
	size_t event_room;
	bool copies; /* the chunks are made here; otherwise they are those of the only source */
};

struct bel_mix *bel_mix_new(
	struct bel_source *const *sources, size_t count, uint64_t quantum, struct bel_err *err)
{
	struct bel_mix *mix = calloc(1, sizeof(*mix));

	if (mix)
		mix->feeder = calloc(count, sizeof(*mix->feeder));
	if (!mix || !mix->feeder) {
		free(mix);
		bel_err_memory(err, "traces");
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		mix->feeder[i].source = sources[i];
		if (bel_source_page_bits(sources[i]) == bel_source_page_bits(sources[0]))
			continue;
		bel_usage(err, "%s and %s have pages of different sizes: give --page-size",
			bel_source_file(sources[0]) ?: bel_source_title(sources[0]),
			bel_source_file(sources[i]) ?: bel_source_title(sources[i]));
		bel_mix_free(mix);
		return NULL;
	}
	mix->count = count;
	mix->living = count;
	mix->copies = count > 1;
	mix->quantum = count > 1 ? quantum : UINT64_MAX;
	mix->left = mix->quantum;
	return mix;
}

void bel_mix_free(struct bel_mix *mix)
{
	if (!mix)
		return;
	for (size_t i = 0; i < mix->count; i++) {
		free(mix->feeder[i].page);
		free(mix->feeder[i].space);
		bel_space_map_release(&mix->feeder[i].spaces);
	}
	free(mix->feeder);
	free(mix->granule);
	free(mix->run);
	free(mix->event);
	free(mix);
}

/* Makes an array hold `need` elements; new ones are zero. */
static int fit(void *array, size_t *capacity, size_t need, size_t width, struct bel_err *err)
{
	const size_t wide = need > *capacity * 2 ? need : *capacity * 2;
	char *data;

	if (need <= *capacity)
		return 0;
	data = reallocarray(*(void **)array, wide, width);
	if (!data)
		return bel_err_memory(err, "traces");
	memset(data + *capacity * width, 0, (wide - *capacity) * width);
	*(void **)array = data;
	*capacity = wide;
	return 0;
}

static int64_t space_of(struct bel_mix *mix, struct feeder *f, uint32_t space, struct bel_err *err)
{
	const uint32_t before = bel_space_count(&f->spaces);
	const uint32_t dense = bel_space_number(&f->spaces, space, err);

	if (dense == BEL_SPACE_NONE ||
		fit(&f->space, &f->space_capacity, (size_t)dense + 1, sizeof(*f->space), err) < 0)
		return BEL_FAIL;
	if (dense == before)
		f->space[dense] = mix->next_space++;
	return f->space[dense];
}

static int copy_run(struct bel_mix *mix, struct feeder *f, struct bel_run run, struct bel_run *out,
	struct bel_err *err)
{
	const struct bel_granules granules = bel_source_pages(f->source);
	size_t capacity = f->pages, known = mix->granule_room;
	int64_t space;

	if (run.page >= granules.count)
		return bel_fail(err, "page %u has no address", run.page);
	if (fit(&f->page, &capacity, granules.count, sizeof(*f->page), err) < 0)
		return BEL_FAIL;
	f->pages = (uint32_t)capacity;
	if (!f->page[run.page]) {
		space = space_of(mix, f, granules.granule[run.page].space, err);
		if (space < 0 || fit(&mix->granule, &known, (size_t)mix->pages + 1,
					 sizeof(*mix->granule), err) < 0)
			return BEL_FAIL;
		mix->granule_room = (uint32_t)known;
		mix->granule[mix->pages] =
			(struct bel_granule){granules.granule[run.page].number, (uint32_t)space};
		f->page[run.page] = ++mix->pages;
	}
	*out = (struct bel_run){f->page[run.page] - 1, run.info};
	return 0;
}

static int copy_event(struct bel_mix *mix, struct feeder *f, const struct bel_event *event,
	uint64_t at, struct bel_event *out, struct bel_err *err)
{
	int64_t space = 0, other = 0;

	/* The space that a fork or exec comes from must exist before. */
	if (event->type == BEL_EVENT_FORK || event->type == BEL_EVENT_EXEC)
		other = space_of(mix, f, event->other, err);
	if (other >= 0)
		space = space_of(mix, f, event->space, err);
	*out = *event;
	out->space = (uint32_t)space;
	out->other = (uint32_t)other;
	out->at = at;
	return space < 0 || other < 0 ? BEL_FAIL : 0;
}

/* Finds the feeder whose turn it is and that has runs or events. 0: all traces have ended. */
static int next_turn(struct bel_mix *mix, struct feeder **found, struct bel_err *err)
{
	while (mix->living) {
		struct feeder *const f = &mix->feeder[mix->turn];
		int r;

		if (!mix->left || f->ended) {
			mix->turn = (mix->turn + 1) % mix->count;
			mix->left = mix->quantum;
			continue;
		}
		if (f->have) {
			*found = f;
			return 1;
		}
		r = bel_source_next(f->source, &f->chunk, err);
		if (r < 0)
			return r;
		f->have = r > 0;
		f->run = 0;
		f->event = 0;
		if (r == 0) {
			f->ended = true;
			mix->living--;
		}
	}
	return 0;
}

/* Whether the spaces of the chunk, in order of appearance, have the numbers that a mix gives. */
static int keeps_spaces(struct bel_mix *mix, struct feeder *f, struct bel_err *err)
{
	const struct bel_chunk *const chunk = &f->chunk;
	bool same = true, named = !chunk->count;

	for (size_t e = 0; e < chunk->event_count || !named; e++) {
		const struct bel_event *const event = &chunk->events[e];
		struct bel_event copy;
		int64_t space;

		if (!named && (e == chunk->event_count || event->at)) {
			space = space_of(mix, f, chunk->space, err);
			if (space < 0)
				return BEL_FAIL;
			same &= space == chunk->space;
			named = true;
			if (e == chunk->event_count)
				break;
		}
		if (copy_event(mix, f, event, 0, &copy, err) < 0)
			return BEL_FAIL;
		same &= copy.space == event->space;
		same &= copy.other == event->other ||
			(event->type != BEL_EVENT_FORK && event->type != BEL_EVENT_EXEC);
	}
	return same;
}

/* From here on, pages are copied. Those before have kept their numbers and those of their spaces. */
static int begin_copies(struct bel_mix *mix, struct feeder *f, struct bel_err *err)
{
	const struct bel_granules granules = bel_source_pages(f->source);
	size_t capacity = 0, known = 0;

	if (fit(&f->page, &capacity, mix->pages, sizeof(*f->page), err) < 0 ||
		fit(&mix->granule, &known, mix->pages, sizeof(*mix->granule), err) < 0)
		return BEL_FAIL;
	f->pages = (uint32_t)capacity;
	mix->granule_room = (uint32_t)known;
	for (uint32_t page = 0; page < mix->pages; page++) {
		mix->granule[page] = granules.granule[page];
		f->page[page] = page + 1;
	}
	mix->copies = true;
	return 0;
}

/*
 * A single trace has its pages, and mostly its spaces, in order of first appearance already. Then
 * its chunks pass through, which saves the copy and 20 bytes a page. 0: the chunk must be copied.
 */
static int pass_through(
	struct bel_mix *mix, struct feeder *f, struct bel_chunk *chunk, struct bel_err *err)
{
	int r = keeps_spaces(mix, f, err);

	if (r == 0)
		r = begin_copies(mix, f, err);
	if (r <= 0)
		return r;
	*chunk = (struct bel_chunk){
		.runs = f->chunk.runs,
		.count = f->chunk.count,
		.events = f->chunk.events,
		.event_count = f->chunk.event_count,
		.now = mix->references,
		.references = f->chunk.references,
		.space = f->chunk.count ? f->chunk.space : 0,
	};
	mix->references += f->chunk.references;
	mix->pages = bel_source_pages(f->source).count;
	f->have = false;
	return 1;
}

static int next(void *self, struct bel_chunk *chunk, struct bel_err *err)
{
	struct bel_mix *const mix = self;
	struct feeder *f;
	const uint64_t now = mix->references;
	size_t runs = 0, events = 0, first;
	int64_t space;
	int r = next_turn(mix, &f, err);

	if (r > 0 && !mix->copies) {
		r = pass_through(mix, f, chunk, err);
		if (r)
			return r;
		r = 1;
	}
	if (r <= 0)
		return r;
	first = f->run;
	if (fit(&mix->run, &mix->run_capacity, f->chunk.count - first, sizeof(*mix->run), err) <
			0 ||
		fit(&mix->event, &mix->event_room, f->chunk.event_count - f->event,
			sizeof(*mix->event), err) < 0)
		return BEL_FAIL;
	for (;;) {
		const struct bel_event *const event = &f->chunk.events[f->event];
		uint64_t count;

		if (f->event < f->chunk.event_count && event->at <= f->run) {
			f->event++;
			/* Each trace numbers its call stacks by itself. */
			if (mix->count > 1 && bel_event_is_stack(event->type))
				continue;
			if (copy_event(mix, f, event, f->run - first, &mix->event[events++], err) <
				0)
				return BEL_FAIL;
			continue;
		}
		if (f->run == f->chunk.count || !mix->left)
			break;
		if (copy_run(mix, f, f->chunk.runs[f->run], &mix->run[runs++], err) < 0)
			return BEL_FAIL;
		count = bel_run_count(f->chunk.runs[f->run++]);
		mix->references += count;
		if (mix->count > 1)
			mix->left -= count < mix->left ? count : mix->left;
	}
	f->have = f->run < f->chunk.count || f->event < f->chunk.event_count;
	space = runs ? space_of(mix, f, f->chunk.space, err) : 0;
	*chunk = (struct bel_chunk){
		.runs = mix->run,
		.count = runs,
		.events = mix->event,
		.event_count = events,
		.now = now,
		.references = mix->references - now,
		.space = (uint32_t)space,
	};
	return space < 0 ? BEL_FAIL : 1;
}

static struct bel_granules pages(const void *self)
{
	const struct bel_mix *const mix = self;

	if (!mix->copies)
		return bel_source_pages(mix->feeder[0].source);
	return (struct bel_granules){mix->granule, mix->pages};
}

/* The positions in the traces do not tell when the last one ends. */
static double fraction(const void *self)
{
	const struct bel_mix *const mix = self;

	return mix->count == 1 ? bel_source_fraction(mix->feeder[0].source) : -1;
}

struct bel_pass_input bel_mix_input(struct bel_mix *mix)
{
	return (struct bel_pass_input){
		.next = next,
		.pages = pages,
		.fraction = fraction,
		.self = mix,
		.page_bits = bel_source_page_bits(mix->feeder[0].source),
	};
}

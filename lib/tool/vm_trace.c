/* SPDX-License-Identifier: MIT */
/* vm_trace.c: traces interleaved into one stream of pieces. */
#include "vm_trace.h"

#include <stdlib.h>
#include <string.h>

#include "space_map.h"

/* A source on its way: the rest of its chunk, and how it numbers. */
struct feeder {
	struct bel_source *source;
	struct bel_chunk chunk;
	size_t run, event; /* next of the chunk */
	bool have, ended;
	uint32_t *page; /* of its pages: the trace's, plus 1 */
	uint32_t pages;
	struct bel_space_map spaces;
	uint32_t *space; /* of each of them: its number in the machine */
	size_t space_room;
};

struct vm_trace {
	struct feeder *feeder;
	size_t count, turn, living;
	uint64_t quantum, left; /* left: of the present turn */
	uint64_t references;
	uint32_t next_space;
	struct bel_granule *granule; /* where each page is */
	uint32_t pages, granule_room;
	struct bel_run *run;
	size_t run_room;
	struct bel_event *event;
	size_t event_room;
};

struct vm_trace *vm_trace_new(
	struct bel_source *const *sources, size_t count, uint64_t quantum, struct bel_err *err)
{
	struct vm_trace *trace = calloc(1, sizeof(*trace));

	if (trace)
		trace->feeder = calloc(count, sizeof(*trace->feeder));
	if (!trace || !trace->feeder) {
		free(trace);
		bel_err_memory(err, "traces");
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		trace->feeder[i].source = sources[i];
		if (bel_source_page_bits(sources[i]) == bel_source_page_bits(sources[0]))
			continue;
		bel_usage(err, "%s and %s have pages of different sizes: give --page-size",
			bel_source_file(sources[0]) ?: bel_source_title(sources[0]),
			bel_source_file(sources[i]) ?: bel_source_title(sources[i]));
		vm_trace_free(trace);
		return NULL;
	}
	trace->count = count;
	trace->living = count;
	trace->quantum = count > 1 ? quantum : UINT64_MAX;
	trace->left = trace->quantum;
	return trace;
}

void vm_trace_free(struct vm_trace *trace)
{
	if (!trace)
		return;
	for (size_t i = 0; i < trace->count; i++) {
		free(trace->feeder[i].page);
		free(trace->feeder[i].space);
		bel_space_map_release(&trace->feeder[i].spaces);
	}
	free(trace->feeder);
	free(trace->granule);
	free(trace->run);
	free(trace->event);
	free(trace);
}

unsigned vm_trace_page_bits(const struct vm_trace *trace)
{
	return bel_source_page_bits(trace->feeder[0].source);
}

uint64_t vm_trace_references(const struct vm_trace *trace)
{
	return trace->references;
}

/* Makes an array hold `need` elements, new ones zero. */
static int fit(void *array, size_t *room, size_t need, size_t width, struct bel_err *err)
{
	const size_t wide = need > *room * 2 ? need : *room * 2;
	char *data;

	if (need <= *room)
		return 0;
	data = reallocarray(*(void **)array, wide, width);
	if (!data)
		return bel_err_memory(err, "traces");
	memset(data + *room * width, 0, (wide - *room) * width);
	*(void **)array = data;
	*room = wide;
	return 0;
}

static int64_t space_of(
	struct vm_trace *trace, struct feeder *f, uint32_t space, struct bel_err *err)
{
	const uint32_t before = bel_space_count(&f->spaces);
	const uint32_t dense = bel_space_number(&f->spaces, space, err);

	if (dense == BEL_SPACE_NONE ||
		fit(&f->space, &f->space_room, (size_t)dense + 1, sizeof(*f->space), err) < 0)
		return BEL_FAIL;
	if (dense == before)
		f->space[dense] = trace->next_space++;
	return f->space[dense];
}

static int copy_run(struct vm_trace *trace, struct feeder *f, struct bel_run run,
	struct bel_run *out, struct bel_err *err)
{
	const struct bel_granules granules = bel_source_pages(f->source);
	size_t room = f->pages, known = trace->granule_room;
	int64_t space;

	if (run.page >= granules.count)
		return bel_fail(err, "page %u has no place", run.page);
	if (fit(&f->page, &room, granules.count, sizeof(*f->page), err) < 0)
		return BEL_FAIL;
	f->pages = (uint32_t)room;
	if (!f->page[run.page]) {
		space = space_of(trace, f, granules.granule[run.page].space, err);
		if (space < 0 || fit(&trace->granule, &known, (size_t)trace->pages + 1,
					 sizeof(*trace->granule), err) < 0)
			return BEL_FAIL;
		trace->granule_room = (uint32_t)known;
		trace->granule[trace->pages] =
			(struct bel_granule){granules.granule[run.page].number, (uint32_t)space};
		f->page[run.page] = ++trace->pages;
	}
	*out = (struct bel_run){f->page[run.page] - 1, run.info};
	return 0;
}

static int copy_event(struct vm_trace *trace, struct feeder *f, const struct bel_event *event,
	uint64_t at, struct bel_event *out, struct bel_err *err)
{
	int64_t space = 0, other = 0;

	/* The space that one comes from was there before it. */
	if (event->type == BEL_EVENT_FORK || event->type == BEL_EVENT_EXEC)
		other = space_of(trace, f, event->other, err);
	if (other >= 0)
		space = space_of(trace, f, event->space, err);
	*out = *event;
	out->space = (uint32_t)space;
	out->other = (uint32_t)other;
	out->at = at;
	return space < 0 || other < 0 ? BEL_FAIL : 0;
}

/* The feeder whose turn it is has runs or events; false: all have ended. */
static int next_turn(struct vm_trace *trace, struct feeder **found, struct bel_err *err)
{
	while (trace->living) {
		struct feeder *const f = &trace->feeder[trace->turn];
		int r;

		if (!trace->left || f->ended) {
			trace->turn = (trace->turn + 1) % trace->count;
			trace->left = trace->quantum;
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
			trace->living--;
		}
	}
	return 0;
}

int vm_trace_next(struct vm_trace *trace, struct vm_piece *piece, struct bel_err *err)
{
	struct feeder *f;
	const uint64_t now = trace->references;
	size_t runs = 0, events = 0, first;
	int64_t space;
	int r = next_turn(trace, &f, err);

	if (r <= 0)
		return r;
	first = f->run;
	if (fit(&trace->run, &trace->run_room, f->chunk.count - first, sizeof(*trace->run), err) <
			0 ||
		fit(&trace->event, &trace->event_room, f->chunk.event_count - f->event,
			sizeof(*trace->event), err) < 0)
		return BEL_FAIL;
	for (;;) {
		const struct bel_event *const event = &f->chunk.events[f->event];
		uint64_t count;

		if (f->event < f->chunk.event_count && event->at <= f->run) {
			if (copy_event(trace, f, event, f->run - first, &trace->event[events++],
				    err) < 0)
				return BEL_FAIL;
			f->event++;
			continue;
		}
		if (f->run == f->chunk.count || !trace->left)
			break;
		if (copy_run(trace, f, f->chunk.runs[f->run], &trace->run[runs++], err) < 0)
			return BEL_FAIL;
		count = bel_run_count(f->chunk.runs[f->run++]);
		trace->references += count;
		if (trace->count > 1)
			trace->left -= count < trace->left ? count : trace->left;
	}
	f->have = f->run < f->chunk.count || f->event < f->chunk.event_count;
	space = runs ? space_of(trace, f, f->chunk.space, err) : 0;
	piece->chunk = (struct bel_chunk){
		.runs = trace->run,
		.count = runs,
		.events = trace->event,
		.event_count = events,
		.now = now,
		.references = trace->references - now,
		.space = (uint32_t)space,
	};
	piece->pages = (struct bel_granules){trace->granule, trace->pages};
	return space < 0 ? BEL_FAIL : 1;
}

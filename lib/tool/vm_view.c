/* SPDX-License-Identifier: MIT */
/* vm_view.c: pieces at a larger page size; pieces kept to be read again. */
#include <stdlib.h>
#include <string.h>

#include "vm_trace.h"

struct vm_keep {
	struct bel_spool *runs;
	struct bel_chunk *chunk; /* without runs; their events are owned, names too */
	size_t chunks, chunk_room, at;
	uint64_t run_at;
	struct bel_run *run;
	size_t run_room;
	struct bel_granules pages;
};

static int view_page(
	struct vm_view *view, struct bel_granule granule, uint32_t *page, struct bel_err *err)
{
	const struct bel_granule larger = {granule.number >> view->shift, granule.space};
	uint32_t number = bel_hash_table_get(&view->number, larger.number, larger.space);

	if (!number) {
		if (view->pages == view->room) {
			const uint32_t room = view->room ? view->room * 2 : 1024;
			struct bel_granule *wide = reallocarray(view->granule, room, sizeof(*wide));

			if (!wide)
				return bel_err_memory(err, "pages");
			view->granule = wide;
			view->room = room;
		}
		number = ++view->pages;
		view->granule[number - 1] = larger;
		if (bel_hash_table_set(&view->number, larger.number, larger.space, number, err) < 0)
			return BEL_FAIL;
	}
	*page = number;
	return 0;
}

static int view_room(struct vm_view *view, const struct vm_piece *piece, struct bel_err *err)
{
	if (piece->pages.count > view->known) {
		const uint32_t room = piece->pages.count + piece->pages.count / 2;
		uint32_t *page = reallocarray(view->page, room, sizeof(*page));

		if (!page)
			return bel_err_memory(err, "pages");
		memset(page + view->known, 0, (room - view->known) * sizeof(*page));
		view->page = page;
		view->known = room;
	}
	if (piece->chunk.count > view->run_room) {
		struct bel_run *run = reallocarray(view->run, piece->chunk.count, sizeof(*run));

		if (!run)
			return bel_err_memory(err, "runs");
		view->run = run;
		view->run_room = piece->chunk.count;
	}
	if (piece->chunk.event_count > view->event_room) {
		struct bel_event *event =
			reallocarray(view->event, piece->chunk.event_count, sizeof(*event));

		if (!event)
			return bel_err_memory(err, "events");
		view->event = event;
		view->event_room = piece->chunk.event_count;
	}
	return 0;
}

/*
 * A run joins the one before it if it is of the same page and no event stands between; the
 * further page of a crossing reference then is no reference of its own.
 */
static bool joins(const struct bel_run *before, uint32_t page, struct bel_run run)
{
	return before->page == page &&
	       (uint64_t)bel_run_count(*before) + bel_run_count(run) <= BEL_RUN_COUNT_MAX;
}

int vm_view_of(struct vm_view *view, const struct vm_piece *piece, struct vm_piece *out,
	struct bel_err *err)
{
	const struct bel_chunk *const in = &piece->chunk;
	const uint64_t now = view->references;
	size_t runs = 0, event = 0, border = 0;

	if (view_room(view, piece, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i <= in->count; i++) {
		for (; event < in->event_count && in->events[event].at <= i; event++) {
			view->event[event] = in->events[event];
			view->event[event].at = runs;
			border = runs;
		}
		if (i == in->count)
			break;
		const struct bel_run run = in->runs[i];

		if (!view->page[run.page] && view_page(view, piece->pages.granule[run.page],
						     &view->page[run.page], err) < 0)
			return BEL_FAIL;
		const uint32_t page = view->page[run.page] - 1;
		const bool split = run.info & BEL_RUN_SPLIT;

		if (runs > border && joins(&view->run[runs - 1], page, run)) {
			struct bel_run *const last = &view->run[runs - 1];
			const uint32_t count =
				bel_run_count(*last) + (split ? 0 : bel_run_count(run));

			last->info = count << BEL_RUN_COUNT_SHIFT | (last->info & BEL_RUN_FLAGS) |
				     (run.info & BEL_RUN_FLAGS & ~(unsigned)BEL_RUN_SPLIT);
			continue;
		}
		view->run[runs++] = (struct bel_run){page, run.info};
	}
	for (size_t i = 0; i < runs; i++)
		view->references += bel_run_count(view->run[i]);
	out->chunk = *in;
	out->chunk.runs = view->run;
	out->chunk.count = runs;
	out->chunk.events = view->event;
	out->chunk.now = now;
	out->chunk.references = view->references - now;
	out->pages = (struct bel_granules){view->granule, view->pages};
	return 0;
}

void vm_view_release(struct vm_view *view)
{
	bel_hash_table_release(&view->number);
	free(view->page);
	free(view->granule);
	free(view->run);
	free(view->event);
}

struct vm_keep *vm_keep_new(struct bel_spool_budget *budget, struct bel_err *err)
{
	struct vm_keep *keep = calloc(1, sizeof(*keep));

	if (!keep) {
		bel_err_memory(err, "traces");
		return NULL;
	}
	keep->runs = bel_spool_new(sizeof(*keep->run), budget, err);
	if (keep->runs)
		return keep;
	free(keep);
	return NULL;
}

/* Its own copies of a chunk's events. */
static int keep_events(struct bel_chunk *into, const struct bel_chunk *from, struct bel_err *err)
{
	struct bel_event *const events = calloc(from->event_count + 1, sizeof(*events));

	if (!events)
		return bel_err_memory(err, "events");
	into->events = events;
	for (; into->event_count < from->event_count; into->event_count++) {
		struct bel_event *const event = &events[into->event_count];

		*event = from->events[into->event_count];
		if (event->name && !(event->name = strdup(event->name)))
			return bel_err_memory(err, "events");
	}
	return 0;
}

int vm_keep_add(struct vm_keep *keep, const struct vm_piece *piece, struct bel_err *err)
{
	struct bel_chunk *into;

	if (keep->chunks == keep->chunk_room) {
		const size_t room = keep->chunk_room ? keep->chunk_room * 2 : 256;

		into = reallocarray(keep->chunk, room, sizeof(*into));
		if (!into)
			return bel_err_memory(err, "traces");
		keep->chunk = into;
		keep->chunk_room = room;
	}
	into = &keep->chunk[keep->chunks++];
	*into = piece->chunk;
	into->runs = NULL;
	into->events = NULL;
	into->event_count = 0;
	keep->pages = piece->pages;
	if (keep_events(into, &piece->chunk, err) < 0)
		return BEL_FAIL;
	return bel_spool_append(keep->runs, piece->chunk.runs, piece->chunk.count, err);
}

int vm_keep_next(struct vm_keep *keep, struct vm_piece *piece, struct bel_err *err)
{
	const struct bel_chunk *const from = &keep->chunk[keep->at];

	if (keep->at == keep->chunks)
		return 0;
	if (from->count > keep->run_room) {
		struct bel_run *run = reallocarray(keep->run, from->count, sizeof(*run));

		if (!run)
			return bel_err_memory(err, "runs");
		keep->run = run;
		keep->run_room = from->count;
	}
	if (bel_spool_read(keep->runs, keep->run_at, keep->run, from->count, err) < 0)
		return BEL_FAIL;
	keep->run_at += from->count;
	keep->at++;
	piece->chunk = *from;
	piece->chunk.runs = keep->run;
	piece->pages = keep->pages;
	return 1;
}

void vm_keep_free(struct vm_keep *keep)
{
	if (!keep)
		return;
	for (size_t i = 0; i < keep->chunks; i++) {
		for (size_t e = 0; e < keep->chunk[i].event_count; e++)
			free((char *)keep->chunk[i].events[e].name);
		free((void *)keep->chunk[i].events);
	}
	free(keep->chunk);
	free(keep->run);
	bel_spool_free(keep->runs);
	free(keep);
}

/* SPDX-License-Identifier: MIT */
/* vm_view.c: pieces at a larger page size; pieces kept to be read again. */
#include <stdlib.h>
#include <string.h>

#include "vm_trace.h"

struct piece {
	size_t count, event_count;
	struct bel_vm_event *events; /* owned, names too */
	uint32_t space;
};

struct vm_keep {
	struct bel_spool *runs;
	struct piece *piece;
	size_t pieces, piece_room, at;
	uint64_t run_at;
	struct bel_run *run;
	size_t run_room;
	const struct bel_vm_place *places;
	uint32_t pages;
};

static int view_page(
	struct vm_view *view, const struct bel_vm_chunk *piece, uint32_t page, struct bel_err *err)
{
	const struct bel_vm_place place = piece->places[page];
	const uint64_t vpn = place.vpn >> view->shift;
	uint32_t number = bel_vm_map_get(&view->number, vpn, place.space);

	if (!number) {
		if (view->pages == view->room) {
			const uint32_t room = view->room ? view->room * 2 : 1024;
			struct bel_vm_place *wide = reallocarray(view->place, room, sizeof(*wide));

			if (!wide)
				return bel_err_memory(err, "pages");
			view->place = wide;
			view->room = room;
		}
		number = ++view->pages;
		view->place[number - 1] = (struct bel_vm_place){vpn, place.space};
		if (bel_vm_map_set(&view->number, vpn, place.space, number, err) < 0)
			return BEL_FAIL;
	}
	view->page[page] = number;
	return 0;
}

static int view_room(struct vm_view *view, const struct bel_vm_chunk *piece, struct bel_err *err)
{
	if (piece->pages > view->known) {
		const uint32_t room = piece->pages + piece->pages / 2;
		uint32_t *page = reallocarray(view->page, room, sizeof(*page));

		if (!page)
			return bel_err_memory(err, "pages");
		memset(page + view->known, 0, (room - view->known) * sizeof(*page));
		view->page = page;
		view->known = room;
	}
	if (piece->count > view->run_room) {
		struct bel_run *run = reallocarray(view->run, piece->count, sizeof(*run));

		if (!run)
			return bel_err_memory(err, "runs");
		view->run = run;
		view->run_room = piece->count;
	}
	if (piece->event_count > view->event_room) {
		struct bel_vm_event *event =
			reallocarray(view->event, piece->event_count, sizeof(*event));

		if (!event)
			return bel_err_memory(err, "events");
		view->event = event;
		view->event_room = piece->event_count;
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

int vm_view_of(struct vm_view *view, const struct bel_vm_chunk *piece, struct bel_vm_chunk *out,
	struct bel_err *err)
{
	size_t runs = 0, event = 0, border = 0;

	if (view_room(view, piece, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i <= piece->count; i++) {
		for (; event < piece->event_count && piece->events[event].at <= i; event++) {
			view->event[event] = piece->events[event];
			view->event[event].at = runs;
			border = runs;
		}
		if (i == piece->count)
			break;
		const struct bel_run run = piece->runs[i];

		if (!view->page[run.page] && view_page(view, piece, run.page, err) < 0)
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
	*out = *piece;
	out->runs = view->run;
	out->count = runs;
	out->events = view->event;
	out->places = view->place;
	out->pages = view->pages;
	for (size_t i = 0; i < runs; i++)
		view->references += bel_run_count(view->run[i]);
	return 0;
}

void vm_view_release(struct vm_view *view)
{
	bel_vm_map_release(&view->number);
	free(view->page);
	free(view->place);
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

static int keep_events(struct piece *into, const struct bel_vm_chunk *piece, struct bel_err *err)
{
	into->events = calloc(piece->event_count + 1, sizeof(*into->events));
	if (!into->events)
		return bel_err_memory(err, "events");
	for (; into->event_count < piece->event_count; into->event_count++) {
		struct bel_vm_event *const event = &into->events[into->event_count];

		*event = piece->events[into->event_count];
		if (event->name && !(event->name = strdup(event->name)))
			return bel_err_memory(err, "events");
	}
	return 0;
}

int vm_keep_add(struct vm_keep *keep, const struct bel_vm_chunk *piece, struct bel_err *err)
{
	struct piece *into;

	if (keep->pieces == keep->piece_room) {
		const size_t room = keep->piece_room ? keep->piece_room * 2 : 256;

		into = reallocarray(keep->piece, room, sizeof(*into));
		if (!into)
			return bel_err_memory(err, "traces");
		keep->piece = into;
		keep->piece_room = room;
	}
	into = &keep->piece[keep->pieces++];
	*into = (struct piece){.count = piece->count, .space = piece->space};
	keep->places = piece->places;
	keep->pages = piece->pages;
	if (keep_events(into, piece, err) < 0)
		return BEL_FAIL;
	return bel_spool_append(keep->runs, piece->runs, piece->count, err);
}

int vm_keep_next(struct vm_keep *keep, struct bel_vm_chunk *piece, struct bel_err *err)
{
	const struct piece *const from = &keep->piece[keep->at];

	if (keep->at == keep->pieces)
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
	*piece = (struct bel_vm_chunk){
		.runs = keep->run,
		.count = from->count,
		.events = from->events,
		.event_count = from->event_count,
		.space = from->space,
		.places = keep->places,
		.pages = keep->pages,
	};
	return 1;
}

void vm_keep_free(struct vm_keep *keep)
{
	if (!keep)
		return;
	for (size_t i = 0; i < keep->pieces; i++) {
		for (size_t e = 0; e < keep->piece[i].event_count; e++)
			free((char *)keep->piece[i].events[e].name);
		free(keep->piece[i].events);
	}
	free(keep->piece);
	free(keep->run);
	bel_spool_free(keep->runs);
	free(keep);
}

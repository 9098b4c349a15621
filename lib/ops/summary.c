/* SPDX-License-Identifier: MIT */
/*
 * summary.c: counts a trace and checks it.
 */
#include "summary_regions.h"

#include <stdlib.h>
#include <string.h>

enum {
	CACHED = 32768, /* so many pages remain in the nearest caches */
	AHEAD = 16      /* runs whose pages are fetched before */
};

struct bel_summary *bel_summary_new(unsigned page_bits, struct bel_err *err)
{
	struct bel_summary *const s = calloc(1, sizeof(*s));

	if (!s || bel_granule_map_init(&s->thread, err) < 0) {
		free(s);
		bel_err_memory(err, "the summary");
		return NULL;
	}
	s->page_bits = page_bits;
	return s;
}

void bel_summary_free(struct bel_summary *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; i < s->spaces; i++)
		free(s->space[i].name);
	for (size_t i = 0; i < s->marks; i++)
		free(s->mark[i].name);
	free(s->space);
	free(s->mark);
	free(s->mapping);
	free(s->page);
	bel_granule_map_release(&s->thread);
	bel_space_map_release(&s->numbers);
	bel_region_tracker_release(&s->map);
	free(s);
}

/* The space of that number; a new one if it is not known yet. NULL on errors. */
static struct bel_summary_space *need_space(
	struct bel_summary *s, uint32_t number, struct bel_err *err)
{
	const uint32_t dense = bel_space_number(&s->numbers, number, err);
	struct bel_summary_space *grown;

	if (dense == BEL_SPACE_NONE)
		return NULL;
	if (dense == s->space_capacity) {
		grown = reallocarray(s->space, (size_t)2 * dense + 4, sizeof(*grown));
		if (!grown) {
			bel_err_memory(err, "processes");
			return NULL;
		}
		s->space = grown;
		s->space_capacity = 2 * dense + 4;
	}
	if (dense == s->spaces)
		s->space[s->spaces++] = (struct bel_summary_space){.number = number};
	return &s->space[dense];
}

static int note_thread(struct bel_summary *s, uint64_t thread, struct bel_err *err)
{
	if (bel_granule_find(&s->thread, 0, thread) != BEL_GRANULE_NONE)
		return 0;
	if (s->thread.count == BEL_SUMMARY_THREADS)
		return bel_too_much(err, "more than %u threads", BEL_SUMMARY_THREADS);
	if (bel_granule_add(&s->thread, 0, thread, err) == BEL_GRANULE_NONE)
		return BEL_FAIL;
	s->threads = s->thread.count;
	return 0;
}

static int begin_space(struct bel_summary *s, struct bel_summary_space *space,
	const struct bel_event *event, struct bel_err *err)
{
	space->known = true;
	space->pid = event->pid;
	if (!event->name)
		return 0;
	if (space->name)
		s->name_bytes -= strlen(space->name) + 1;
	free(space->name);
	space->name = strdup(event->name);
	if (!space->name)
		return bel_err_memory(err, "names");
	s->name_bytes += strlen(space->name) + 1;
	if (s->name_bytes > BEL_SUMMARY_NAMES)
		return bel_too_much(
			err, "more than %u bytes of names of processes", BEL_SUMMARY_NAMES);
	return 0;
}

static int note_mark(struct bel_summary *s, const struct bel_event *event, struct bel_err *err)
{
	const size_t bytes = event->name ? strlen(event->name) + 1 : 0;
	struct bel_summary_mark *grown;

	/* No mark after one that does not fit: the list must have no gaps. */
	if (s->all_marks++ > s->marks || s->marks == BEL_SUMMARY_MARKS ||
		bytes > BEL_SUMMARY_NAMES / 2 - s->mark_bytes)
		return 0;
	s->mark_bytes += bytes;
	if (s->marks == s->mark_capacity) {
		grown = realloc(s->mark, (s->mark_capacity * 2 + 16) * sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "marks");
		s->mark = grown;
		s->mark_capacity = s->mark_capacity * 2 + 16;
	}
	grown = &s->mark[s->marks];
	*grown = (struct bel_summary_mark){.space = event->space, .reference = s->references};
	if (event->name && !(grown->name = strdup(event->name)))
		return bel_err_memory(err, "marks");
	s->marks++;
	return 0;
}

static int take_event(struct bel_summary *s, const struct bel_event *event, struct bel_err *err)
{
	struct bel_summary_space *const space = need_space(s, event->space, err);

	s->events++;
	if (!space || bel_region_tracker_event(&s->map, event, err) < 0 ||
		bel_summary_reserve_mappings(s, err) < 0)
		return BEL_FAIL;
	s->any_region = s->map.any;
	switch (event->type) {
	case BEL_EVENT_START:
	case BEL_EVENT_FORK:
	case BEL_EVENT_EXEC:
		return begin_space(s, space, event, err);
	case BEL_EVENT_THREAD:
	case BEL_EVENT_THREAD_START:
		return note_thread(s, event->value, err);
	case BEL_EVENT_MARK:
		return note_mark(s, event, err);
	default:
		return 0;
	}
}

static int refuse(const struct bel_summary *s, const char *what, struct bel_err *err)
{
	return bel_err_set(err, BEL_NO, "run %llu, reference %llu: %s", (unsigned long long)s->runs,
		(unsigned long long)s->references, what);
}

/* How a run breaks the rules of the trace model; NULL: it does not. */
static const char *fault_of(const struct bel_summary *s, struct bel_run run,
	const struct bel_chunk *chunk, struct bel_granules pages)
{
	if (!bel_run_count(run))
		return "an empty run";
	if (!(run.info & (BEL_RUN_DATA | BEL_RUN_FETCH)))
		return "a run without a kind";
	if (run.info & BEL_RUN_WRITE && !(run.info & BEL_RUN_DATA))
		return "a fetch that writes";
	if (run.info & BEL_RUN_SPLIT && (bel_run_count(run) != 1 || !s->references))
		return "a further page without its reference";
	if (run.page >= pages.count || run.page > s->pages)
		return "page numbers are not in order of first touch";
	if (pages.granule[run.page].space != chunk->space)
		return "a page of another process";
	return NULL;
}

static int take_run(struct bel_summary *s, struct bel_run run, const struct bel_chunk *chunk,
	uint32_t space, struct bel_granules pages, struct bel_err *err)
{
	const char *const fault = fault_of(s, run, chunk, pages);

	if (fault)
		return refuse(s, fault, err);
	bel_summary_place(s, run, pages);
	if (run.page == s->pages) {
		s->pages++;
		s->space[space].pages++;
	}
	s->runs++;
	s->write_runs += (run.info & BEL_RUN_WRITE) != 0;
	s->references += bel_run_count(run);
	s->space[space].references += bel_run_count(run);
	return 0;
}

int bel_summary_chunk(struct bel_summary *s, const struct bel_chunk *chunk,
	struct bel_granules pages, struct bel_err *err)
{
	const uint64_t before = s->references;
	const bool far = pages.count > CACHED;
	size_t next = 0;
	uint32_t space;
	int r;

	if (!need_space(s, chunk->space, err) || bel_summary_reserve_pages(s, pages.count, err) < 0)
		return BEL_FAIL;
	space = bel_space_find(&s->numbers, chunk->space);
	r = 0;
	if (chunk->now != s->references)
		r = refuse(s, "time is not continuous", err);
	for (size_t i = 0; !r && i <= chunk->count; i++) {
		while (!r && next < chunk->event_count && chunk->events[next].at <= i)
			r = take_event(s, &chunk->events[next++], err);
		if (far && i + AHEAD < chunk->count)
			bel_summary_fetch(s, chunk->runs[i + AHEAD].page, pages);
		if (!r && i < chunk->count)
			r = take_run(s, chunk->runs[i], chunk, space, pages, err);
	}
	if (!r && next < chunk->event_count)
		r = refuse(s, "an event after the end of its block", err);
	if (!r && s->references - before != chunk->references)
		r = refuse(s, "a block's references are not the sum of its runs", err);
	s->crossings += chunk->crossings;
	for (int k = 0; k < BEL_KINDS; k++)
		s->kinds[k] += chunk->kinds[k];
	return r;
}

bool bel_summary_knows_kinds(const struct bel_summary *s)
{
	uint64_t sum = s->crossings;

	for (int k = 0; k < BEL_KINDS; k++)
		sum += s->kinds[k];
	return sum || !s->references;
}

int bel_summary_end(struct bel_summary *s, bool early, struct bel_err *err)
{
	uint64_t sum = s->crossings;

	bel_summary_credit(s);
	for (int k = 0; k < BEL_KINDS; k++)
		sum += s->kinds[k];
	if (sum == s->references || !bel_summary_knows_kinds(s) || (early && sum > s->references))
		return 0;
	return bel_err_set(err, BEL_NO, "%llu references, but %llu by kind",
		(unsigned long long)s->references, (unsigned long long)sum);
}

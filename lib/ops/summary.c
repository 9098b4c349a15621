/* SPDX-License-Identifier: MIT */
/*
 * summary.c: counting a trace, and checking it on the way.
 */
#include "summary_regions.h"

#include <stdlib.h>
#include <string.h>

struct bel_summary *bel_summary_new(unsigned page_bits, struct bel_err *err)
{
	struct bel_summary *const s = calloc(1, sizeof(*s));

	if (!s)
		bel_err_memory(err, "the summary");
	else
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
	free(s->thread);
	bel_region_map_release(&s->map);
	free(s);
}

static int reserve_space(struct bel_summary *s, uint32_t space, struct bel_err *err)
{
	const size_t spaces = (size_t)space + 1;
	struct bel_summary_space *grown;

	if (space < s->spaces)
		return 0;
	grown = realloc(s->space, spaces * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "processes");
	memset(grown + s->spaces, 0, (spaces - s->spaces) * sizeof(*grown));
	s->space = grown;
	s->spaces = (uint32_t)spaces;
	return 0;
}

static int note_thread(struct bel_summary *s, uint64_t thread, struct bel_err *err)
{
	uint64_t *grown;

	for (size_t i = 0; i < s->threads; i++) {
		if (s->thread[i] == thread)
			return 0;
	}
	if (s->threads == s->thread_capacity) {
		grown = realloc(s->thread, (s->thread_capacity * 2 + 16) * sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "threads");
		s->thread = grown;
		s->thread_capacity = s->thread_capacity * 2 + 16;
	}
	s->thread[s->threads++] = thread;
	return 0;
}

static int begin_space(struct bel_summary *s, const struct bel_event *event, struct bel_err *err)
{
	struct bel_summary_space *const space = &s->space[event->space];

	space->known = true;
	space->pid = event->pid;
	if (!event->name)
		return 0;
	free(space->name);
	space->name = strdup(event->name);
	return space->name ? 0 : bel_err_memory(err, "names");
}

static int note_mark(struct bel_summary *s, const struct bel_event *event, struct bel_err *err)
{
	struct bel_summary_mark *grown;

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
	const uint64_t change = s->map.change;
	int r = reserve_space(s, event->space, err);

	s->events++;
	if (!r)
		r = bel_region_map_event(&s->map, event, err);
	if (r < 0)
		return r;
	if (s->map.change != change && bel_summary_measure(s, err) < 0)
		return BEL_FAIL;
	s->any_region = s->map.any;
	switch (event->type) {
	case BEL_EVENT_START:
	case BEL_EVENT_FORK:
	case BEL_EVENT_EXEC:
		return begin_space(s, event, err);
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

/* What breaks the model's rules in a run; NULL: nothing. */
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
		return "a further page without a reference that it belongs to";
	if (run.page >= pages.count || run.page > s->pages)
		return "page numbers are not in order of first touch";
	if (pages.granule[run.page].space != chunk->space)
		return "a page of another process";
	return NULL;
}

static int take_run(struct bel_summary *s, struct bel_run run, const struct bel_chunk *chunk,
	struct bel_granules pages, struct bel_err *err)
{
	const char *const fault = fault_of(s, run, chunk, pages);

	if (fault)
		return refuse(s, fault, err);
	bel_summary_place(s, run, pages);
	if (run.page == s->pages) {
		s->pages++;
		s->space[chunk->space].pages++;
	}
	s->runs++;
	s->write_runs += (run.info & BEL_RUN_WRITE) != 0;
	s->references += bel_run_count(run);
	s->space[chunk->space].references += bel_run_count(run);
	return 0;
}

int bel_summary_chunk(struct bel_summary *s, const struct bel_chunk *chunk,
	struct bel_granules pages, struct bel_err *err)
{
	const uint64_t before = s->references;
	size_t next = 0;
	int r = reserve_space(s, chunk->space, err);

	if (!r)
		r = bel_summary_reserve_pages(s, pages.count, err);
	if (!r && chunk->now != s->references)
		r = refuse(s, "time does not follow on", err);
	for (size_t i = 0; !r && i <= chunk->count; i++) {
		while (!r && next < chunk->event_count && chunk->events[next].at <= i)
			r = take_event(s, &chunk->events[next++], err);
		if (!r && i < chunk->count)
			r = take_run(s, chunk->runs[i], chunk, pages, err);
	}
	if (!r && next < chunk->event_count)
		r = refuse(s, "an event behind the end of its block", err);
	if (!r && s->references - before != chunk->references)
		r = refuse(s, "a block's references are not the sum of its runs", err);
	s->splits += chunk->splits;
	for (int k = 0; k < BEL_KINDS; k++)
		s->kinds[k] += chunk->kinds[k];
	return r;
}

int bel_summary_end(struct bel_summary *s, bool early, struct bel_err *err)
{
	uint64_t sum = s->splits;

	bel_summary_credit(s);
	for (int k = 0; k < BEL_KINDS; k++)
		sum += s->kinds[k];
	if (sum == s->references || (early && sum > s->references))
		return 0;
	return bel_err_set(err, BEL_NO, "%llu references, but %llu by kind",
		(unsigned long long)s->references, (unsigned long long)sum);
}

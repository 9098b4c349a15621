/* SPDX-License-Identifier: MIT */
/*
 * summary.c: counts a trace and checks it.
 */
#include "summary_regions.h"

#include <stdlib.h>

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
	free(s->space);
	free(s->mapping);
	free(s->page);
	bel_marks_release(&s->marks);
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

static int take_event(struct bel_summary *s, const struct bel_event *event, struct bel_err *err)
{
	s->events++;
	if (!need_space(s, event->space, err) ||
		bel_region_tracker_event(&s->map, event, err) < 0 ||
		bel_summary_reserve_mappings(s, err) < 0)
		return BEL_FAIL;
	s->any_region = s->map.any;
	if (event->type == BEL_EVENT_THREAD || event->type == BEL_EVENT_THREAD_START)
		return note_thread(s, event->value, err);
	return bel_marks_event(&s->marks, event, s->references, true, err);
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

bool bel_summary_lists(const struct bel_summary *s, const struct bel_summary_space *space)
{
	const struct bel_mark_process *const process = bel_marks_process(&s->marks, space->number);

	return space->references || (process && process->known);
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

/* SPDX-License-Identifier: MIT */
/* phase_filter.c: of each stretch of at most k pages, each page's first and last run. */
#include "phase_filter.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum mark { GONE, FIRST, LAST };

struct bel_phase_filter {
	uint64_t frames;
	uint64_t *last; /* by page: 1 + position of its last run; 0: none */
	uint32_t pages;
	uint64_t position, kept; /* runs in, runs out */
	uint64_t start;          /* position of the stretch's first run */
	uint64_t distinct;       /* pages in it */

	uint8_t *mark; /* enum mark, by run of the chunk */
	struct bel_run *run;
	struct bel_event *event;
	size_t run_capacity, event_capacity;
	struct bel_chunk out;
};

int bel_phase_filter_new(struct bel_phase_filter **filter, uint64_t frames, struct bel_err *err)
{
	*filter = calloc(1, sizeof(**filter));
	if (!*filter)
		return bel_err_memory(err, "the phase filter");
	(*filter)->frames = frames;
	return BEL_OK;
}

void bel_phase_filter_free(struct bel_phase_filter *f)
{
	if (!f)
		return;
	free(f->last);
	free(f->mark);
	free(f->run);
	free(f->event);
	free(f);
}

uint64_t bel_phase_filter_read(const struct bel_phase_filter *f)
{
	return f->position;
}

uint64_t bel_phase_filter_kept(const struct bel_phase_filter *f)
{
	return f->kept;
}

static int reserve(struct bel_phase_filter *f, const struct bel_chunk *chunk, uint32_t pages,
	struct bel_err *err)
{
	if (pages > f->pages) {
		const size_t more = pages + (size_t)pages / 2;
		uint64_t *grown = realloc(f->last, more * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "the phase filter");
		memset(grown + f->pages, 0, (more - f->pages) * sizeof(*grown));
		f->last = grown;
		f->pages = more < UINT32_MAX ? (uint32_t)more : UINT32_MAX;
	}
	if (chunk->count > f->run_capacity) {
		free(f->mark);
		free(f->run);
		f->run_capacity = chunk->count;
		f->mark = malloc(chunk->count);
		f->run = malloc(chunk->count * sizeof(*f->run));
	}
	if (chunk->event_count > f->event_capacity) {
		free(f->event);
		f->event_capacity = chunk->event_count;
		f->event = malloc(chunk->event_count * sizeof(*f->event));
	}
	if ((f->run_capacity && (!f->mark || !f->run)) || (f->event_capacity && !f->event))
		return bel_err_memory(err, "the phase filter");
	return BEL_OK;
}

/* Marks runs from .. to - 1, which start a stretch; a run that goes leaves its flags to the next.
 */
static void mark_runs(
	struct bel_phase_filter *f, const struct bel_chunk *chunk, size_t from, size_t to)
{
	const uint64_t base = f->position;

	f->start = base + from;
	f->distinct = 0;
	for (size_t i = from; i < to; i++) {
		struct bel_run run = chunk->runs[i];
		uint64_t *const last = &f->last[run.page];

		run.info &= ~(uint32_t)BEL_RUN_SPLIT;
		if (*last > f->start) {
			const size_t before = *last - 1 - base;

			if (f->mark[before] == LAST) {
				f->mark[before] = GONE;
				run.info |= f->run[before].info & BEL_RUN_FLAGS;
			}
			f->mark[i] = LAST;
		} else {
			if (f->distinct == f->frames) {
				f->start = base + i;
				f->distinct = 0;
			}
			f->distinct++;
			f->mark[i] = FIRST;
		}
		f->run[i] = run;
		*last = base + i + 1;
	}
}

/*
 * Moves what stays of the runs from .. to - 1 to the front, from `out` on; returns where it
 * ends. What goes has a run before it, and counts that grow too large become two runs.
 */
static size_t gather(struct bel_phase_filter *f, size_t from, size_t to, size_t out)
{
	const size_t first = out;

	for (size_t i = from; i < to; i++) {
		const struct bel_run run = f->run[i];
		const bool joins = out > first && f->run[out - 1].page == run.page;
		uint32_t left = bel_run_count(run), room;

		if (f->mark[i] != GONE && !joins) {
			f->run[out++] = run;
			continue;
		}
		room = BEL_RUN_COUNT_MAX - bel_run_count(f->run[out - 1]);
		if (f->mark[i] != GONE)
			f->run[out - 1].info |= run.info & BEL_RUN_FLAGS;
		if (room > left)
			room = left;
		f->run[out - 1].info += room << BEL_RUN_COUNT_SHIFT;
		left -= room;
		if (left) {
			f->run[out] = f->run[out - 1];
			f->run[out].info = left << BEL_RUN_COUNT_SHIFT |
					   (f->run[out - 1].info & BEL_RUN_FLAGS);
			out++;
		}
	}
	return out;
}

/* Events stand between stretches, so that they keep their place among the runs. */
int bel_phase_filter_chunk(struct bel_phase_filter *f, const struct bel_chunk *chunk,
	uint32_t pages, const struct bel_chunk **less, struct bel_err *err)
{
	size_t from = 0, out = 0;

	if (reserve(f, chunk, pages, err) < 0)
		return BEL_FAIL;
	for (size_t e = 0; e <= chunk->event_count; e++) {
		const size_t to = e < chunk->event_count ? chunk->events[e].at : chunk->count;

		mark_runs(f, chunk, from, to);
		out = gather(f, from, to, out);
		from = to;
		if (e < chunk->event_count) {
			f->event[e] = chunk->events[e];
			f->event[e].at = out;
		}
	}
	f->position += chunk->count;
	f->kept += out;
	f->out = *chunk;
	f->out.runs = f->run;
	f->out.count = out;
	f->out.events = f->event;
	*less = &f->out;
	return BEL_OK;
}

/* SPDX-License-Identifier: MIT */
/* map.c: counts the runs of a trace in the cells of a map. */
#include <stdlib.h>
#include <string.h>

#include "map_parts.h"

static const char *const names[] = {"references", "writes", "faults"};

const char *bel_map_what_name(enum bel_map_what what)
{
	return names[what];
}

int bel_map_what_parse(const char *text, enum bel_map_what *what, struct bel_err *err)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(text, names[i])) {
			*what = (enum bel_map_what)i;
			return BEL_OK;
		}
	}
	return bel_usage(err, "--what: '%s' is none of references, writes, faults", text);
}

struct bel_map *bel_map_new(const struct bel_map_setup *setup, struct bel_err *err)
{
	struct bel_map *const map = calloc(1, sizeof(*map));

	if (!map) {
		bel_err_memory(err, "the map");
		return NULL;
	}
	map->setup = *setup;
	bel_window_init(&map->window, &setup->part);
	if (bel_map_cells_init(&map->cells, setup->columns, err) == BEL_OK &&
		bel_granule_map_init(&map->pairs, err) == 0)
		return map;
	bel_map_free(map);
	return NULL;
}

void bel_map_free(struct bel_map *map)
{
	if (!map)
		return;
	for (size_t i = 0; i < map->rows; i++)
		free(map->row[i].count);
	free(map->row);
	bel_marks_release(&map->marks);
	bel_map_cells_release(&map->cells);
	bel_granule_map_release(&map->pairs);
	bel_region_tracker_release(&map->regions);
	free(map);
}

/* Counts `count` references of one page from now on, which may be in several columns. */
static int spread(struct bel_map *map, uint32_t page, uint64_t count, struct bel_err *err)
{
	struct bel_map_cells *const c = &map->cells;

	while (count) {
		uint64_t n;

		if (map->references >= c->end && bel_map_cells_seek(c, map->references, err) < 0)
			return BEL_FAIL;
		n = c->end - map->references;
		n = n < count ? n : count;
		if (map->setup.what == BEL_MAP_OF_REFERENCES)
			c->now[c->of_page[page]] += n;
		map->references += n;
		count -= n;
	}
	return BEL_OK;
}

/* Counts any run. `faults`: of the run. */
static int take_run(struct bel_map *map, struct bel_run run, uint64_t faults,
	const struct bel_granule *where, struct bel_err *err)
{
	struct bel_map_cells *const c = &map->cells;
	const uint64_t at = map->window.now;
	const uint32_t count = bel_window_pass(&map->window, bel_run_count(run));

	if (!count)
		return BEL_OK;
	if (!map->began) {
		map->began = true;
		map->origin = at > map->window.start ? at : map->window.start;
	}
	if (c->of_page[run.page] == BEL_MAP_UNSEEN && bel_map_place(map, run.page, *where, err) < 0)
		return BEL_FAIL;
	if (map->references >= c->end && bel_map_cells_seek(c, map->references, err) < 0)
		return BEL_FAIL;
	if (map->setup.what == BEL_MAP_OF_WRITES)
		c->now[c->of_page[run.page]] += (run.info & BEL_RUN_WRITE) != 0;
	/* A fault is at the first reference of its run. */
	else if (map->setup.what == BEL_MAP_OF_FAULTS && at >= map->window.start)
		c->now[c->of_page[run.page]] += faults;
	return spread(map, run.page, count, err);
}

/* Feeds the engine with one run and counts its faults. */
static int take_faults(struct bel_map *map, const struct bel_chunk *chunk, size_t i,
	struct bel_granules pages, struct bel_err *err)
{
	const struct bel_batch batch = {.runs = chunk->runs + i,
		.next = chunk->next ? chunk->next + i : NULL,
		.count = 1,
		.now = map->window.now};
	const uint64_t before = map->faults;
	struct bel_tally tally;

	if (bel_sim_feed(map->setup.sim, &batch, err) < 0)
		return BEL_FAIL;
	bel_sim_tally(map->setup.sim, &tally);
	map->faults = tally.faults;
	return take_run(map, chunk->runs[i], tally.faults - before,
		&pages.granule[chunk->runs[i].page], err);
}

/* References that can be counted in the current column, without a look at the window. */
static uint64_t room(const struct bel_map *map)
{
	const struct bel_window *const window = &map->window;
	uint64_t window_left, column_left;

	if (map->setup.what == BEL_MAP_OF_FAULTS || !map->began || window->now < window->start ||
		window->now >= window->end || map->references >= map->cells.end)
		return 0;
	window_left = window->end - window->now;
	column_left = map->cells.end - map->references;
	return window_left < column_left ? window_left : column_left;
}

/* Counts the first runs, as long as there is room for them. *taken: how many. */
static int take_inside(struct bel_map *map, const struct bel_run *runs, size_t count,
	struct bel_granules pages, size_t *taken, struct bel_err *err)
{
	struct bel_map_cells *const c = &map->cells;
	const bool writes = map->setup.what == BEL_MAP_OF_WRITES;
	const uint32_t *const of_page = c->of_page;
	const uint64_t had = room(map);
	uint64_t *now = c->now, left = had;
	size_t i;

	for (i = 0; i < count && bel_run_count(runs[i]) <= left; i++) {
		const struct bel_run run = runs[i];
		uint32_t block = of_page[run.page];

		if (__builtin_expect(block == BEL_MAP_UNSEEN, false)) {
			if (bel_map_place(map, run.page, pages.granule[run.page], err) < 0)
				return BEL_FAIL;
			block = of_page[run.page];
			now = c->now;
		}
		left -= bel_run_count(run);
		now[block] += writes ? (run.info & BEL_RUN_WRITE) != 0 : bel_run_count(run);
	}
	map->window.now += had - left;
	map->references += had - left;
	*taken = i;
	return BEL_OK;
}

/* Counts the runs from `from` to before `to`, between which there are no events. */
static int take_runs(struct bel_map *map, const struct bel_chunk *chunk, size_t from, size_t to,
	struct bel_granules pages, struct bel_err *err)
{
	while (from < to) {
		size_t taken = 0;
		int r = take_inside(map, chunk->runs + from, to - from, pages, &taken, err);

		from += taken;
		if (r == BEL_OK && from < to)
			r = map->setup.what == BEL_MAP_OF_FAULTS
				    ? take_faults(map, chunk, from, pages, err)
				    : take_run(map, chunk->runs[from], 0,
					      &pages.granule[chunk->runs[from].page], err);
		if (r < 0)
			return r;
		from++;
	}
	return BEL_OK;
}

int bel_map_chunk(struct bel_map *map, const struct bel_chunk *chunk, struct bel_granules pages,
	struct bel_err *err)
{
	size_t event = 0, run = 0;

	if (bel_map_cells_reserve(&map->cells, pages.count, err) < 0 ||
		(map->setup.sim && bel_sim_reserve(map->setup.sim, pages.count, err) < 0))
		return BEL_FAIL;
	for (;;) {
		size_t to = chunk->count;

		for (; event < chunk->event_count && chunk->events[event].at <= run; event++)
			if (bel_map_event(map, &chunk->events[event], err) < 0)
				return BEL_FAIL;
		if (run == chunk->count)
			return BEL_OK;
		if (event < chunk->event_count && chunk->events[event].at < to)
			to = (size_t)chunk->events[event].at;
		if (take_runs(map, chunk, run, to, pages, err) < 0)
			return BEL_FAIL;
		run = to;
	}
}

int bel_map_end(struct bel_map *map, struct bel_err *err)
{
	const struct bel_slice_options *const part = &map->setup.part;

	if (part->process != BEL_SLICE_ANY && !map->found_process)
		return bel_usage(
			err, "the trace has no process %llu", (unsigned long long)part->process);
	if (part->regions != UINT32_MAX && !map->regions.any)
		return bel_usage(err, "the trace has no regions");
	if (bel_window_check(&map->window, err) < 0)
		return BEL_USAGE;
	return bel_map_make_rows(map, err);
}

/* SPDX-License-Identifier: MIT */
/*
 * prop_map.c: each cell of a map has the references, writing runs or faults that a count of one
 * reference after the other puts into it, with any rows, columns, holes, windows and chunks; the
 * idle memory agrees with a list-scanning working set.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idle.h"
#include "map.h"
#include "prop.h"
#include "random_trace.h"

enum { COLUMNS = 40, PAGES = 64 };

struct round {
	struct random_trace t;
	struct run_list runs;
	struct bel_granule granule[PAGES];
	struct bel_map_setup setup;
	struct bel_err err;
};

/* Page numbers in two spaces, with gaps of all sizes, and each of them once. */
static void draw_places(struct round *r, struct bel_rng *rng)
{
	uint64_t number = bel_rng_below(rng, 100);

	for (uint32_t i = 0; i < PAGES; i++) {
		r->granule[i].number = number;
		r->granule[i].space = (uint32_t)bel_rng_below(rng, 2);
		number += 1 + (bel_rng_below(rng, 3) ? 0 : bel_rng_below(rng, 50));
	}
	for (uint32_t i = PAGES; i-- > 1;) {
		const uint32_t other = (uint32_t)bel_rng_below(rng, i + 1);
		const struct bel_granule kept = r->granule[i];

		r->granule[i] = r->granule[other];
		r->granule[other] = kept;
	}
}

/* Chunks are of one space and have random lengths. */
static bool feed(struct round *r, struct bel_map *map, struct bel_idle *idle, struct bel_rng *rng)
{
	const struct run_list *const runs = &r->runs;
	uint32_t seen = 0;

	for (size_t from = 0; from < runs->count;) {
		const size_t most = from + 1 + bel_rng_below(rng, 200);
		const uint32_t space = r->granule[runs->run[from].page].space;
		struct bel_chunk chunk = {.runs = runs->run + from, .space = space};
		size_t to = from;

		while (to < runs->count && to < most &&
			r->granule[runs->run[to].page].space == space) {
			if (runs->run[to].page >= seen)
				seen = runs->run[to].page + 1;
			to++;
		}
		chunk.count = to - from;
		chunk.next = runs->next + from;
		if (bel_map_chunk(map, &chunk, (struct bel_granules){r->granule, seen}, &r->err) <
				0 ||
			bel_idle_chunk(idle, &chunk, seen, &r->err) < 0)
			return false;
		from = to;
	}
	bel_idle_end(idle);
	return bel_map_end(map, &r->err) == 0;
}

/* What the map should have counted: [page][column]. */
static void count(const struct round *r, const struct bel_map *map, const bool *fault,
	uint64_t (*cell)[COLUMNS])
{
	const uint64_t start = r->setup.part.skip;
	const uint64_t end =
		r->t.count - start < r->setup.part.limit ? r->t.count : start + r->setup.part.limit;

	for (size_t i = 0; i < r->runs.count; i++) {
		const struct bel_run run = r->runs.run[i];
		bool first = true;

		for (uint64_t at = r->runs.at[i]; at < r->runs.at[i] + bel_run_count(run); at++) {
			uint64_t *const to = cell[run.page];

			if (at < start || at >= end)
				continue;
			if (r->setup.what == BEL_MAP_OF_REFERENCES)
				to[(at - start) / map->width]++;
			if (r->setup.what == BEL_MAP_OF_FAULTS)
				to[(at - start) / map->width] += fault[at];
			if (r->setup.what == BEL_MAP_OF_WRITES && first)
				to[(at - start) / map->width] += (run.info & BEL_RUN_WRITE) != 0;
			first = false;
		}
	}
}

/* Whether each page is in one row at most, and each row has the sums of its pages. */
static bool check_rows(const struct round *r, const struct bel_map *map, uint64_t (*cell)[COLUMNS])
{
	uint64_t sum = 0, pages = 0, counted = 0;

	for (size_t i = 0; i < map->rows; i++) {
		const struct bel_map_row *const row = &map->row[i];
		uint64_t expected[COLUMNS] = {0};

		if (i && (row[-1].space > row->space ||
				 (row[-1].space == row->space && row[-1].last >= row->first)))
			return false;
		for (uint32_t p = 0; p < PAGES; p++) {
			const struct bel_granule at = r->granule[p];

			if (at.space != row->space || at.number < row->first ||
				at.number > row->last)
				continue;
			for (size_t c = 0; c < COLUMNS; c++)
				expected[c] += cell[p][c];
		}
		if (memcmp(expected, row->count, map->columns * sizeof(*expected)) != 0)
			return false;
		sum += row->sum;
		pages += row->pages;
	}
	for (uint32_t p = 0; p < PAGES; p++) {
		uint64_t of_page = 0;

		for (size_t c = 0; c < COLUMNS; c++)
			of_page += cell[p][c];
		counted += of_page != 0;
		sum -= of_page;
	}
	return sum == 0 && pages == counted;
}

static bool check_columns(const struct round *r, const struct bel_map *map)
{
	const uint64_t n = map->references, all = r->setup.columns * map->width;

	return map->columns <= r->setup.columns && !(map->width & (map->width - 1)) && n <= all &&
	       (map->width == 1 || n > all / 2) &&
	       map->columns == (n + map->width - 1) / map->width;
}

/* Idle pages are those touched before that are not in the working set. */
static bool check_idle(const struct round *r, const struct bel_idle *idle)
{
	for (size_t i = 0; i < idle->levels; i++) {
		const struct bel_idle_level *const level = &idle->level[i];
		const struct naive_setup ws = {.policy = NAIVE_WS, .tau = level->after};
		const struct naive_counts counts = naive_run(&ws, r->t.ref, r->t.count);

		if (level->refaults != counts.faults - counts.compulsory ||
			idle->touched_page_references - level->idle_page_references !=
				counts.resident_page_references ||
			level->idle_at_end != idle->pages - counts.resident ||
			idle->pages != counts.compulsory)
			return false;
	}
	return true;
}

/* Which references fault with LRU. */
static bool *find_faults(const struct round *r, uint64_t frames)
{
	bool *const fault = test_alloc(r->t.count + 1, sizeof(*fault));
	const struct naive_setup lru = {.policy = NAIVE_LRU, .frames = frames};
	struct naive *const n = naive_new(&lru, r->t.ref, r->t.count);
	uint64_t before = 0;

	for (size_t i = 0; naive_step(n); i++) {
		fault[i] = naive_now(n)->faults != before;
		before = naive_now(n)->faults;
	}
	naive_free(n);
	return fault;
}

static void draw_setup(struct round *r, struct bel_rng *rng)
{
	r->setup = (struct bel_map_setup){.what = (enum bel_map_what)bel_rng_below(rng, 3),
		.page_bits = 12,
		.rows = 1 + bel_rng_below(rng, 80),
		.columns = 1 + bel_rng_below(rng, COLUMNS),
		.hole_pages = bel_rng_below(rng, 60),
		.part = BEL_SLICE_ALL};
	if (bel_rng_below(rng, 2))
		r->setup.part.skip = bel_rng_below(rng, r->t.count + 1);
	if (bel_rng_below(rng, 2))
		r->setup.part.limit = bel_rng_below(rng, r->t.count + 1);
}

static bool holds(struct round *r, struct bel_rng *rng)
{
	const uint64_t first = 1 + bel_rng_below(rng, 30);
	const uint64_t after[] = {first, 2 * first, 1000};
	struct bel_policy_spec *specs;
	struct bel_sim_setup engine = {.frames = 1 + bel_rng_below(rng, 30), .seed = 1};
	bool *const fault = find_faults(r, engine.frames);
	uint64_t(*const cell)[COLUMNS] = test_alloc(PAGES, sizeof(*cell));
	struct bel_idle *const idle = bel_idle_new(after, 3, &r->err);
	struct bel_map *map;
	size_t count_of_specs;
	bool good = bel_specs_parse("lru", &specs, &count_of_specs, &r->err) == 0;

	engine.spec = specs;
	if (r->setup.what == BEL_MAP_OF_FAULTS)
		r->setup.sim = bel_sim_new(&engine, &r->err);
	map = bel_map_new(&r->setup, &r->err);
	good = good && map && idle && feed(r, map, idle, rng);
	if (good) {
		count(r, map, fault, cell);
		good = check_columns(r, map) && check_rows(r, map, cell) && check_idle(r, idle);
	}
	bel_map_free(map);
	bel_idle_free(idle);
	bel_sim_free(r->setup.sim);
	bel_specs_free(specs, count_of_specs);
	free(cell);
	free(fault);
	return good;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 1500, 50000);
	while (prop_round(&p)) {
		struct round r = {.err = {.code = BEL_OK}};
		bool good;

		random_trace_make(&r.t, &p.rng, 1, 2000);
		random_trace_fold(
			&r.t, (enum folding)bel_rng_below(&p.rng, FOLDINGS), p.seed, &r.runs);
		draw_places(&r, &p.rng);
		draw_setup(&r, &p.rng);
		good = holds(&r, &p.rng);
		if (!good)
			printf("# %s: %zu references, %s, rows %zu, columns %zu, skip %" PRIu64
			       ", limit %" PRIu64 ": %s\n",
				r.t.character, r.t.count, bel_map_what_name(r.setup.what),
				r.setup.rows, r.setup.columns, r.setup.part.skip,
				r.setup.part.limit, r.err.code ? r.err.text : "other counts");
		run_list_release(&r.runs);
		random_trace_release(&r.t);
		if (!good)
			return prop_failed(&p);
	}
	return prop_passed(&p);
}

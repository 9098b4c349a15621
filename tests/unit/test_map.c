/* SPDX-License-Identifier: MIT */
/* test_map.c: maps of memory over time and idle memory, worked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "idle.h"
#include "map.h"

static struct bel_err err;

static struct bel_map_setup setup_of(size_t rows, size_t columns)
{
	return (struct bel_map_setup){.page_bits = 12,
		.rows = rows,
		.columns = columns,
		.hole_pages = 64,
		.part = BEL_SLICE_ALL};
}

static struct bel_map *map_new(const struct bel_map_setup *setup)
{
	struct bel_map *const map = bel_map_new(setup, &err);

	assert_non_null(map);
	return map;
}

static void feed(struct bel_map *map, const struct bel_run *runs, size_t count,
	const struct bel_granule *granule, uint32_t pages)
{
	const struct bel_chunk chunk = {
		.runs = runs, .count = count, .space = granule[runs[0].page].space};

	assert_int_equal(
		bel_map_chunk(map, &chunk, (struct bel_granules){granule, pages}, &err), 0);
}

static void tell(struct bel_map *map, struct bel_event event)
{
	const struct bel_chunk chunk = {.events = &event, .event_count = 1, .space = event.space};

	assert_int_equal(bel_map_chunk(map, &chunk, (struct bel_granules){NULL, 0}, &err), 0);
}

#define DATA BEL_RUN_DATA
#define WRITE (BEL_RUN_DATA | BEL_RUN_WRITE)

static const struct bel_granule two[] = {{16, 0}, {17, 0}};

/*
 * References 0-2 to page 16, 3-4 to page 17, 5-9 to page 16. Four columns of one reference are too
 * few for ten references, and so are four of two; so columns are 0-3, 4-7 and 8-9.
 */
static void test_columns(void **state)
{
	const struct bel_run runs[] = {
		bel_run_make(0, 3, DATA), bel_run_make(1, 2, WRITE), bel_run_make(0, 5, DATA)};
	const struct bel_map_setup setup = setup_of(2, 4);
	struct bel_map *const map = map_new(&setup);
	const uint64_t low[] = {3, 3, 2}, high[] = {1, 1, 0};

	(void)state;
	feed(map, runs, 3, two, 2);
	assert_int_equal(bel_map_end(map, &err), 0);
	assert_int_equal(map->width, 4);
	assert_int_equal(map->columns, 3);
	assert_int_equal(map->references, 10);
	assert_int_equal(map->sum, 10);
	assert_int_equal(map->rows, 2);
	assert_int_equal(map->row[0].first, 16);
	assert_int_equal(map->row[0].last, 16);
	assert_int_equal(map->row[1].first, 17);
	assert_int_equal(map->row[0].sum, 8);
	assert_int_equal(map->row[1].sum, 2);
	assert_memory_equal(map->row[0].count, low, sizeof(low));
	assert_memory_equal(map->row[1].count, high, sizeof(high));
	bel_map_free(map);
}

/* Only page 17 is written: by one run at time 3. */
static void test_writes(void **state)
{
	const struct bel_run runs[] = {
		bel_run_make(0, 3, DATA), bel_run_make(1, 2, WRITE), bel_run_make(0, 5, DATA)};
	struct bel_map_setup setup = setup_of(2, 4);
	struct bel_map *map;
	const uint64_t expected[] = {1, 0, 0};

	(void)state;
	setup.what = BEL_MAP_OF_WRITES;
	map = map_new(&setup);
	feed(map, runs, 3, two, 2);
	assert_int_equal(bel_map_end(map, &err), 0);
	assert_int_equal(map->rows, 1);
	assert_int_equal(map->row[0].first, 17);
	assert_int_equal(map->references, 10);
	assert_memory_equal(map->row[0].count, expected, sizeof(expected));
	bel_map_free(map);
}

/* With one frame, each of these three runs is a fault: at the times 0, 3 and 5. */
static void test_faults(void **state)
{
	const struct bel_run runs[] = {
		bel_run_make(0, 3, DATA), bel_run_make(1, 2, WRITE), bel_run_make(0, 5, DATA)};
	struct bel_map_setup setup = setup_of(2, 4);
	struct bel_policy_spec *specs;
	struct bel_sim_setup engine = {.frames = 1, .seed = 1};
	struct bel_map *map;
	size_t count;
	const uint64_t low[] = {1, 1, 0}, high[] = {1, 0, 0};

	(void)state;
	assert_int_equal(bel_specs_parse("fifo", &specs, &count, &err), 0);
	engine.spec = specs;
	setup.what = BEL_MAP_OF_FAULTS;
	setup.sim = bel_sim_new(&engine, &err);
	assert_non_null(setup.sim);
	map = map_new(&setup);
	feed(map, runs, 3, two, 2);
	assert_int_equal(bel_map_end(map, &err), 0);
	assert_int_equal(map->rows, 2);
	assert_memory_equal(map->row[0].count, low, sizeof(low));
	assert_memory_equal(map->row[1].count, high, sizeof(high));
	bel_map_free(map);
	bel_sim_free(setup.sim);
	bel_specs_free(specs, count);
}

/* References 2 to 6 of the ten: one to page 16, two to 17, two to 16. */
static void test_window(void **state)
{
	const struct bel_run runs[] = {
		bel_run_make(0, 3, DATA), bel_run_make(1, 2, WRITE), bel_run_make(0, 5, DATA)};
	struct bel_map_setup setup = setup_of(2, 8);
	struct bel_map *map;
	const uint64_t low[] = {1, 0, 0, 1, 1}, high[] = {0, 1, 1, 0, 0};

	(void)state;
	setup.part.skip = 2;
	setup.part.limit = 5;
	map = map_new(&setup);
	feed(map, runs, 3, two, 2);
	assert_int_equal(bel_map_end(map, &err), 0);
	assert_int_equal(map->origin, 2);
	assert_int_equal(map->references, 5);
	assert_int_equal(map->width, 1);
	assert_int_equal(map->columns, 5);
	assert_memory_equal(map->row[0].count, low, sizeof(low));
	assert_memory_equal(map->row[1].count, high, sizeof(high));
	bel_map_free(map);
}

static char heap_name[] = "/lib/a.so";

/* A process with a heap of two pages and a file beside it, and a page far away in no region. */
static void tell_regions(struct bel_map *map)
{
	tell(map,
		(struct bel_event){.type = BEL_EVENT_START, .space = 5, .pid = 70, .name = "run"});
	tell(map, (struct bel_event){.type = BEL_EVENT_MAP,
			  .space = 5,
			  .region = BEL_REGION_HEAP,
			  .start = 0x10000,
			  .length = 0x2000});
	tell(map, (struct bel_event){.type = BEL_EVENT_MAP,
			  .space = 5,
			  .region = BEL_REGION_TEXT,
			  .start = 0x12000,
			  .length = 0x1000,
			  .name = heap_name});
}

static const struct bel_granule places[] = {{0x90, 5}, {0x12, 5}, {0x10, 5}, {0x11, 5}};
static const uint32_t far = 0x90 - 0x12 - 1; /* pages between the file and the last page */

static void test_regions(void **state)
{
	const struct bel_run runs[] = {bel_run_make(0, 1, DATA), bel_run_make(1, 1, DATA),
		bel_run_make(2, 1, DATA), bel_run_make(3, 1, DATA)};
	const struct bel_map_setup setup = setup_of(6, 8);
	struct bel_map *const map = map_new(&setup);

	(void)state;
	tell_regions(map);
	feed(map, runs, 4, places, 4);
	tell(map, (struct bel_event){.type = BEL_EVENT_MARK, .space = 5, .name = "done"});
	assert_int_equal(bel_map_end(map, &err), 0);
	assert_int_equal(map->rows, 4); /* three mappings; the heap has two pages */
	assert_int_equal(map->row[0].region, BEL_REGION_HEAP);
	assert_null(map->row[0].mapping);
	assert_int_equal(map->row[0].hole_pages, 0);
	assert_int_equal(map->row[2].region, BEL_REGION_TEXT);
	assert_string_equal(map->row[2].mapping, heap_name);
	assert_int_equal(map->row[2].hole_pages, 0);
	assert_int_equal(map->row[3].region, BEL_REGION_UNKNOWN);
	assert_int_equal(map->row[3].hole_pages, far);
	assert_int_equal(map->row[3].process->pid, 70);
	assert_string_equal(map->row[3].process->name, "run");
	assert_int_equal(map->processes, 1);
	assert_int_equal(map->marks.count, 1);
	assert_int_equal(map->marks.mark[0].reference, 4);
	assert_string_equal(map->marks.mark[0].name, "done");
	bel_map_free(map);
}

static void test_zoom(void **state)
{
	const struct bel_run runs[] = {bel_run_make(0, 1, DATA), bel_run_make(1, 1, DATA),
		bel_run_make(2, 1, DATA), bel_run_make(3, 1, DATA)};
	struct bel_map_setup setup = setup_of(8, 8);
	struct bel_map *map;

	(void)state;
	setup.part.regions = 1u << BEL_REGION_HEAP;
	setup.part.process = 70;
	map = map_new(&setup);
	tell_regions(map);
	feed(map, runs, 4, places, 4);
	assert_int_equal(bel_map_end(map, &err), 0);
	assert_int_equal(map->sum, 2);
	assert_int_equal(map->references, 4);
	assert_int_equal(map->row[0].first, 0x10);
	assert_int_equal(map->row[map->rows - 1].last, 0x11);
	bel_map_free(map);

	setup.part.process = 71;
	map = map_new(&setup);
	tell_regions(map);
	feed(map, runs, 4, places, 4);
	assert_int_equal(bel_map_end(map, &err), BEL_USAGE);
	assert_string_equal(err.text, "the trace has no process 71");
	bel_map_free(map);

	setup.part = (struct bel_slice_options)BEL_SLICE_ALL;
	setup.part.regions = 1u << BEL_REGION_HEAP;
	map = map_new(&setup);
	feed(map, runs, 4, places, 4);
	assert_int_equal(bel_map_end(map, &err), BEL_USAGE);
	assert_string_equal(err.text, "the trace has no regions");
	bel_map_free(map);
}

/* More pages than blocks are kept: page i is referenced once, at time i. */
static void test_blocks(void **state)
{
	enum { PAGES = 50000 };
	struct bel_granule *const granule = calloc(PAGES, sizeof(*granule));
	struct bel_run *const runs = calloc(PAGES, sizeof(*runs));
	const struct bel_map_setup setup = setup_of(50, BEL_MAP_COLUMNS_MAX);
	struct bel_map *const map = map_new(&setup);
	uint64_t seen = 0;

	(void)state;
	assert_non_null(granule);
	assert_non_null(runs);
	for (uint32_t i = 0; i < PAGES; i++) {
		granule[i] = (struct bel_granule){.number = 0x7000 + i};
		runs[i] = bel_run_make(i, 1, DATA);
	}
	for (uint32_t i = 0; i < PAGES; i += 1000)
		feed(map, runs + i, 1000, granule, i + 1000);
	assert_true(map->cells.blocks <= map->cells.limit);
	assert_int_equal(bel_map_end(map, &err), 0);
	assert_int_equal(map->sum, PAGES);
	for (size_t r = 0; r < map->rows; r++) {
		const struct bel_map_row *const row = &map->row[r];

		assert_int_equal(row->first, 0x7000 + seen);
		assert_int_equal(row->last, row->first + row->pages - 1);
		assert_int_equal(row->sum, row->pages);
		for (size_t c = 0; c < map->columns; c++) {
			const uint64_t from = c * map->width, to = from + map->width;
			const uint64_t least = from > seen ? from : seen;
			const uint64_t end = seen + row->pages;
			const uint64_t most = to < end ? to : end;

			assert_int_equal(row->count[c], most > least ? most - least : 0);
		}
		seen += row->pages;
	}
	assert_int_equal(seen, PAGES);
	bel_map_free(map);
	free(granule);
	free(runs);
}

static void test_empty(void **state)
{
	const struct bel_map_setup setup = setup_of(1, 1);
	struct bel_map *map = map_new(&setup);
	const struct bel_run runs[] = {bel_run_make(0, BEL_RUN_COUNT_MAX, DATA)};

	(void)state;
	assert_int_equal(bel_map_end(map, &err), 0);
	assert_int_equal(map->rows, 0);
	assert_int_equal(map->columns, 0);
	bel_map_free(map);

	/* One cell holds any number of references. */
	map = map_new(&setup);
	for (int i = 0; i < 3; i++)
		feed(map, runs, 1, two, 2);
	assert_int_equal(bel_map_end(map, &err), 0);
	assert_int_equal(map->rows, 1);
	assert_int_equal(map->columns, 1);
	assert_int_equal(map->row[0].count[0], UINT64_C(3) * BEL_RUN_COUNT_MAX);
	assert_int_equal(map->width, UINT64_C(1) << 30);
	bel_map_free(map);
}

/*
 * Page 0 at the times 0 and 4, page 1 at 1, 2 and 3. With a threshold of 1, page 0 is idle at 1, 2
 * and 3 and comes back once; page 1 is idle at 4. With 2, page 0 is idle at 2 and 3.
 */
static void test_idle(void **state)
{
	const struct bel_run runs[] = {
		bel_run_make(0, 1, DATA), bel_run_make(1, 3, DATA), bel_run_make(0, 1, DATA)};
	const struct bel_chunk chunk = {.runs = runs, .count = 3};
	const uint64_t after[] = {1, 2, 4};
	struct bel_idle *const idle = bel_idle_new(after, 3, &err);

	(void)state;
	assert_non_null(idle);
	assert_int_equal(bel_idle_chunk(idle, &chunk, 2, &err), 0);
	bel_idle_end(idle);
	assert_int_equal(idle->references, 5);
	assert_int_equal(idle->pages, 2);
	assert_int_equal(idle->touched_page_references, 5 + 4);
	assert_int_equal(idle->level[0].idle_page_references, 3 + 1);
	assert_int_equal(idle->level[0].refaults, 1);
	assert_int_equal(idle->level[0].idle_at_end, 1);
	assert_int_equal(idle->level[1].idle_page_references, 2);
	assert_int_equal(idle->level[1].refaults, 1);
	assert_int_equal(idle->level[1].idle_at_end, 0);
	assert_int_equal(idle->level[2].idle_page_references, 0);
	assert_int_equal(idle->level[2].refaults, 0);
	bel_idle_free(idle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_regions),
		cmocka_unit_test(test_zoom),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* test_slice.c: parts of traces, and the map of regions that they are chosen by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "region_tracker.h"
#include "slice.h"

static struct bel_err err;

static struct bel_event map_event(
	uint8_t type, uint32_t space, uint8_t region, uint64_t start, uint64_t length)
{
	return (struct bel_event){
		.type = type, .space = space, .region = region, .start = start, .length = length};
}

static void apply(struct bel_region_tracker *map, struct bel_event event)
{
	assert_int_equal(bel_region_tracker_event(map, &event, &err), 0);
}

#define region_at(MAP, SPACE, ADDRESS) ((int)bel_region_tracker_find(MAP, SPACE, ADDRESS, 1))

static void test_map_and_unmap(void **state)
{
	struct bel_region_tracker map = {0};

	(void)state;
	assert_int_equal(region_at(&map, 3, 0x1000), BEL_REGION_UNKNOWN);
	apply(&map, map_event(BEL_EVENT_MAP, 0, BEL_REGION_MMAP, 0x1000, 0x9000));
	apply(&map, map_event(BEL_EVENT_MAP, 0, BEL_REGION_TEXT, 0x4000, 0x1000));
	apply(&map, map_event(BEL_EVENT_UNMAP, 0, 0, 0x6000, 0x1000));
	assert_int_equal(region_at(&map, 0, 0xfff), BEL_REGION_UNKNOWN);
	assert_int_equal(region_at(&map, 0, 0x1000), BEL_REGION_MMAP);
	assert_int_equal(region_at(&map, 0, 0x3fff), BEL_REGION_MMAP);
	assert_int_equal(region_at(&map, 0, 0x4000), BEL_REGION_TEXT);
	assert_int_equal(region_at(&map, 0, 0x4fff), BEL_REGION_TEXT);
	assert_int_equal(region_at(&map, 0, 0x5000), BEL_REGION_MMAP);
	assert_int_equal(region_at(&map, 0, 0x6000), BEL_REGION_UNKNOWN);
	assert_int_equal(region_at(&map, 0, 0x7000), BEL_REGION_MMAP);
	assert_int_equal(region_at(&map, 0, 0xa000), BEL_REGION_UNKNOWN);
	assert_int_equal(region_at(&map, 1, 0x1000), BEL_REGION_UNKNOWN);
	assert_int_equal(bel_region_tracker_space(&map, 0)->count, 4);
	/* A stretch over two regions, over one and a hole, over all of a hole. */
	assert_int_equal(bel_region_tracker_find(&map, 0, 0x3000, 0x2000), BEL_REGIONS);
	assert_int_equal(bel_region_tracker_find(&map, 0, 0x5000, 0x2000), BEL_REGION_MMAP);
	assert_int_equal(bel_region_tracker_find(&map, 0, 0x6000, 0x1000), BEL_REGION_UNKNOWN);
	bel_region_tracker_release(&map);
}

static void test_grow_remap_fork(void **state)
{
	struct bel_region_tracker map = {0};
	struct bel_event event;

	(void)state;
	apply(&map, map_event(BEL_EVENT_GROW, 0, BEL_REGION_HEAP, 0x1000, 0x3000));
	apply(&map, map_event(BEL_EVENT_GROW, 0, BEL_REGION_HEAP, 0x1000, 0x1000));
	assert_int_equal(region_at(&map, 0, 0x1fff), BEL_REGION_HEAP);
	assert_int_equal(region_at(&map, 0, 0x2000), BEL_REGION_UNKNOWN);
	apply(&map, map_event(BEL_EVENT_GROW, 0, BEL_REGION_STACK, 0xf000, 0x1000));
	apply(&map, map_event(BEL_EVENT_GROW, 0, BEL_REGION_STACK, 0xd000, 0x3000));
	assert_int_equal(region_at(&map, 0, 0xd000), BEL_REGION_STACK);
	assert_int_equal(bel_region_tracker_space(&map, 0)->count, 2);

	apply(&map, map_event(BEL_EVENT_MAP, 0, BEL_REGION_MMAP, 0x20000, 0x1000));
	event = map_event(BEL_EVENT_REMAP, 0, 0, 0x30000, 0x4000);
	event.value = 0x20000;
	event.offset = 0x1000;
	apply(&map, event);
	assert_int_equal(region_at(&map, 0, 0x20000), BEL_REGION_UNKNOWN);
	assert_int_equal(region_at(&map, 0, 0x33fff), BEL_REGION_MMAP);

	event = (struct bel_event){.type = BEL_EVENT_FORK, .space = 2, .other = 0};
	apply(&map, event);
	apply(&map, map_event(BEL_EVENT_UNMAP, 0, 0, 0x1000, 0x1000));
	assert_int_equal(region_at(&map, 2, 0x1000), BEL_REGION_HEAP);
	assert_int_equal(region_at(&map, 0, 0x1000), BEL_REGION_UNKNOWN);
	apply(&map, (struct bel_event){.type = BEL_EVENT_EXIT, .space = 2});
	assert_int_equal(region_at(&map, 2, 0x1000), BEL_REGION_UNKNOWN);
	bel_region_tracker_release(&map);
}

static const char *name_at(const struct bel_region_tracker *map, uint32_t space, uint64_t address)
{
	const struct bel_region *const region = bel_region_tracker_region(map, space, address, 1);

	assert_non_null(region);
	return map->mapping[region->backing].name;
}

/* One region of one file is one mapping, wherever it is and however it came there. */
static void test_mappings(void **state)
{
	struct bel_region_tracker map = {0};
	struct bel_event event = map_event(BEL_EVENT_MAP, 0, BEL_REGION_TEXT, 0x1000, 0x2000);

	(void)state;
	event.name = "libc";
	apply(&map, event);
	event.start = 0x8000;
	apply(&map, event);
	event.region = BEL_REGION_DATA;
	event.start = 0xa000;
	apply(&map, event);
	apply(&map, map_event(BEL_EVENT_GROW, 0, BEL_REGION_HEAP, 0x10000, 0x1000));
	assert_int_equal(map.mappings, 3);
	assert_string_equal(name_at(&map, 0, 0x2fff), "libc");
	assert_int_equal(bel_region_tracker_region(&map, 0, 0x8000, 1)->backing, 0);
	assert_int_equal(bel_region_tracker_region(&map, 0, 0xa000, 1)->backing, 1);
	assert_null(name_at(&map, 0, 0x10000));
	assert_null(bel_region_tracker_region(&map, 0, 0x3000, 1));
	/* What is moved, and what a child inherits, keeps its name. */
	event = map_event(BEL_EVENT_REMAP, 0, 0, 0x30000, 0x4000);
	event.value = 0xa000;
	event.offset = 0x2000;
	apply(&map, event);
	apply(&map, (struct bel_event){.type = BEL_EVENT_FORK, .space = 1, .other = 0});
	assert_string_equal(name_at(&map, 1, 0x33fff), "libc");
	assert_int_equal(map.mapping[bel_region_tracker_region(&map, 1, 0x30000, 1)->backing].kind,
		BEL_REGION_DATA);
	bel_region_tracker_release(&map);
}

/*
 * Two processes; the first, pid 10, maps a heap, forks, and switches threads.
 *	time     0 1 2 | 3 4 | 5 6
 *	process  10    | 11  | 10
 */
static struct bel_access first[] = {
	{0x100, 4, BEL_FETCH}, {0x1100, 4, BEL_LOAD}, {0x1200, 4, BEL_STORE}};
static struct bel_access second[] = {{0x1100, 4, BEL_STORE}, {0x2000, 4, BEL_FETCH}};
static struct bel_access third[] = {{0x1300, 4, BEL_MODIFY}, {0x300, 8, BEL_LOAD}};

struct gathered {
	uint64_t address[16], events[16];
	uint32_t event_space[16];
	size_t count, event_count;
	int result; /* of the last call */
};

static void take(struct bel_slice *slice, struct bel_accesses *in, struct gathered *got)
{
	const struct bel_accesses *out;

	got->result = bel_slice_accesses(slice, in, &out, &err);
	for (size_t i = 0; got->result > 0 && i < out->count; i++)
		got->address[got->count++] = out->access[i].address;
	for (size_t i = 0; got->result > 0 && i < out->events.count; i++) {
		got->event_space[got->event_count] = out->events.event[i].space;
		got->events[got->event_count++] = out->events.event[i].type;
	}
}

static struct gathered slice_all(const struct bel_slice_options *options, int expected_end)
{
	const struct bel_trace_info info = {.address_bits = 64};
	struct bel_event start[] = {{.type = BEL_EVENT_START, .pid = 10},
		map_event(BEL_EVENT_MAP, 0, BEL_REGION_HEAP, 0x1000, 0x1000)};
	struct bel_event fork = {.type = BEL_EVENT_FORK, .space = 1, .pid = 11, .at = 3};
	struct bel_event thread = {.type = BEL_EVENT_THREAD, .value = 2, .at = 1};
	struct bel_accesses in = {.access = first, .count = 3, .capacity = 3};
	struct gathered got = {0};
	struct bel_slice *slice;

	assert_int_equal(bel_slice_new(&slice, options, &info, &err), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(bel_events_add(&in.events, &start[i], &err), 0);
	assert_int_equal(bel_events_add(&in.events, &fork, &err), 0);
	take(slice, &in, &got);
	bel_events_clear(&in.events);
	in.access = second;
	in.count = 2;
	in.space = 1;
	take(slice, &in, &got);
	assert_int_equal(bel_events_add(&in.events, &thread, &err), 0);
	in.access = third;
	in.space = 0;
	take(slice, &in, &got);
	assert_int_equal(bel_slice_end(slice, &err), expected_end);
	bel_events_release(&in.events);
	bel_slice_free(slice);
	return got;
}

#define gives(GOT, ...)                                                                            \
	do {                                                                                       \
		const uint64_t expected[] = {__VA_ARGS__};                                         \
                                                                                                   \
		assert_int_equal((GOT).count, sizeof(expected) / sizeof(*expected));               \
		assert_memory_equal((GOT).address, expected, sizeof(expected));                    \
	} while (0)

static void test_window(void **state)
{
	struct bel_slice_options options = BEL_SLICE_ALL;
	struct gathered got;

	(void)state;
	got = slice_all(&options, 0);
	gives(got, 0x100, 0x1100, 0x1200, 0x1100, 0x2000, 0x1300, 0x300);
	assert_int_equal(got.event_count, 4);
	options.skip = 2;
	options.limit = 2;
	got = slice_all(&options, 0);
	gives(got, 0x1200, 0x1100);
	assert_int_equal(got.result, 0);
	options.skip = 6;
	options.limit = UINT64_MAX - 1;
	got = slice_all(&options, 0);
	gives(got, 0x300);
}

static void test_process(void **state)
{
	struct bel_slice_options options = BEL_SLICE_ALL;
	struct gathered got;

	(void)state;
	options.process = 10;
	got = slice_all(&options, 0);
	gives(got, 0x100, 0x1100, 0x1200, 0x1300, 0x300);
	/* The child begins by itself, with the heap that it inherited. */
	options.process = 11;
	got = slice_all(&options, 0);
	gives(got, 0x1100, 0x2000);
	assert_int_equal(got.event_count, 2);
	assert_int_equal(got.events[0], BEL_EVENT_START);
	assert_int_equal(got.events[1], BEL_EVENT_MAP);
	assert_int_equal(got.event_space[1], 1);
	options.process = 12;
	got = slice_all(&options, BEL_USAGE);
	assert_string_equal(err.text, "the trace has no process 12");
	assert_int_equal(got.count, 0);
}

static void test_thread_kind_region(void **state)
{
	struct bel_slice_options options = BEL_SLICE_ALL;
	struct gathered got;

	(void)state;
	options.thread = 2;
	got = slice_all(&options, 0);
	gives(got, 0x300);
	options.thread = 3;
	slice_all(&options, BEL_USAGE);
	assert_string_equal(err.text, "the trace has no thread 3");
	options.thread = BEL_SLICE_ANY;
	assert_int_equal(bel_slice_parse_kinds("store,modify", &options.kinds, &err), 0);
	got = slice_all(&options, 0);
	gives(got, 0x1200, 0x1100, 0x1300);
	options.kinds = UINT32_MAX;
	assert_int_equal(
		bel_slice_parse_regions("heap", "--only-region", &options.regions, &err), 0);
	got = slice_all(&options, 0);
	gives(got, 0x1100, 0x1200, 0x1100, 0x1300);
	assert_int_equal(
		bel_slice_parse_regions("unknown", "--only-region", &options.regions, &err), 0);
	got = slice_all(&options, 0);
	gives(got, 0x100, 0x2000, 0x300);
}

/* A folded chunk: pages 0 (2 fetches), 1 (3 loads), a further page 2, 1 (a store and a load). */
static int slice_chunk(const struct bel_slice_options *options, struct bel_chunk *out)
{
	static const struct bel_granule granule[] = {{5, 0}, {6, 0}, {7, 0}};
	static const struct bel_run runs[] = {
		{0, 2 << BEL_RUN_COUNT_SHIFT | BEL_RUN_FETCH},
		{1, 3 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA},
		{2, 1 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA | BEL_RUN_SPLIT},
		{1, 2 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA | BEL_RUN_WRITE},
	};
	const struct bel_chunk chunk = {
		.runs = runs, .count = 4, .references = 8, .kinds = {2, 4, 1, 0}, .crossings = 1};
	const struct bel_trace_info info = {.granule_bits = 12};
	static struct bel_slice *slice;
	const struct bel_chunk *part;
	int r;

	bel_slice_free(slice);
	slice = NULL;
	if (!options)
		return 0;
	assert_int_equal(bel_slice_new(&slice, options, &info, &err), 0);
	r = bel_slice_chunk(slice, &chunk, (struct bel_granules){granule, 3}, &part, &err);
	*out = *part;
	return r;
}

static void test_folded(void **state)
{
	struct bel_slice_options options = BEL_SLICE_ALL;
	struct bel_chunk part;

	(void)state;
	assert_int_equal(slice_chunk(&options, &part), 1);
	assert_int_equal(part.references, 8);
	assert_int_equal(part.kinds[BEL_STORE], 1);
	assert_int_equal(part.crossings, 1);
	/* The window cuts the first run and ends before the run that writes. */
	options.skip = 1;
	options.limit = 5;
	assert_int_equal(slice_chunk(&options, &part), 1);
	assert_int_equal(part.references, 5);
	assert_int_equal(part.count, 3);
	assert_int_equal(bel_run_count(part.runs[0]), 1);
	assert_int_equal(part.kinds[BEL_FETCH], 1);
	assert_int_equal(part.kinds[BEL_LOAD], 3);
	assert_int_equal(part.crossings, 1);
	/* A further page goes with the reference that it belongs to. */
	options.skip = 5;
	options.limit = 1;
	assert_int_equal(slice_chunk(&options, &part), 1);
	assert_int_equal(part.references, 0);
	options.limit = 2;
	assert_int_equal(slice_chunk(&options, &part), BEL_USAGE);
	assert_string_equal(err.text,
		"the trace is folded: the numbers of references by kind are "
		"not known for this part (--slice does without them); cut a trace "
		"captured with --page-size 1");
	options = (struct bel_slice_options)BEL_SLICE_ALL;
	options.kinds = 1 << BEL_FETCH;
	assert_int_equal(slice_chunk(&options, &part), 1);
	assert_int_equal(part.references, 2);
	options.kinds = 1 << BEL_LOAD;
	assert_int_equal(slice_chunk(&options, &part), BEL_USAGE);
	assert_string_equal(err.text, "the trace is folded: its runs mix references of several "
				      "kinds; cut a trace captured with --page-size 1");
	slice_chunk(NULL, NULL);
}

static void test_words(void **state)
{
	struct bel_slice_options options = BEL_SLICE_ALL;
	char *command;

	(void)state;
	assert_null(bel_slice_command(&options, "ls"));
	options.skip = 3;
	options.limit = 0;
	assert_int_equal(
		bel_slice_parse_regions("stack,heap", "--only-region", &options.regions, &err), 0);
	command = bel_slice_command(&options, "ls -l");
	assert_string_equal(
		command, "ls -l | bel-convert --skip 3 --limit 0 --only-region heap,stack");
	free(command);
	assert_int_equal(bel_slice_parse_kinds("fetch,", &options.kinds, &err), BEL_USAGE);
	assert_string_equal(err.text, "--only: '' is not one of fetch, load, store, modify, "
				      "kernel-load, kernel-store");
	assert_int_equal(bel_slice_parse_kinds("kernel", &options.kinds, &err), 0);
	assert_int_equal(options.kinds, 1 << BEL_KERNEL_LOAD | 1 << BEL_KERNEL_STORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map_and_unmap),
		cmocka_unit_test(test_grow_remap_fork),
		cmocka_unit_test(test_mappings),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_thread_kind_region),
		cmocka_unit_test(test_folded),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

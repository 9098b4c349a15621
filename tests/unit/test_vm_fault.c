/* SPDX-License-Identifier: MIT */
/* test_vm_fault.c: hand-worked machines: faults, fork, sharing, killing, swap, growth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vm_config.h"
#include "vm_step.h"

static struct bel_policy_spec *specs;
static size_t spec_count;
static struct bel_err err;

/* The entry's bits at the last translation that found it invalid. */
static uint64_t invalid_bits;

static void watch(void *host, const struct bel_vm_step *step)
{
	(void)host;
	if (step->type == BEL_VM_STEP_INVALID)
		invalid_bits = step->info;
}

/* Policy: fifo; without frames, ws, which keeps the pages of the last two references. */
static struct bel_vm *machine(uint64_t frames, const char *swap, bool strict)
{
	struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;
	struct bel_vm_config config;
	struct bel_vm *vm;

	options.swap = swap;
	options.strict = strict;
	options.invariants = true;
	if (!specs)
		assert_int_equal(bel_specs_parse("fifo,ws:tau=2", &specs, &spec_count, &err), 0);
	assert_int_equal(bel_vm_configure(&options, 12, &config, &err), 0);
	config.policy = &specs[frames ? 0 : 1];
	config.frames = frames;
	config.step = watch;
	vm = bel_vm_new(&config, &err);
	assert_non_null(vm);
	return vm;
}

static void event(struct bel_vm *vm, struct bel_event event)
{
	const struct bel_chunk chunk = {.events = &event, .event_count = 1, .space = event.space};

	assert_int_equal(bel_vm_feed(vm, &chunk, (struct bel_granules){0}, &err), 0);
}

/* Pages of the tests: 0 to 3 are 0x400 to 0x403 of space 0, 4 to 7 of space 1, 8 to 11 of space 2.
 */
static void touch(struct bel_vm *vm, uint32_t page, bool write)
{
	static struct bel_granule place[12];
	const struct bel_run run =
		bel_run_make(page, 1, BEL_RUN_DATA | (write ? BEL_RUN_WRITE : 0));
	const struct bel_chunk chunk = {.runs = &run, .count = 1, .space = page / 4};

	for (uint32_t i = 0; i < 12; i++)
		place[i] = (struct bel_granule){0x400 + i % 4, i / 4};
	assert_int_equal(bel_vm_feed(vm, &chunk, (struct bel_granules){place, 12}, &err), 0);
}

static void map(struct bel_vm *vm, uint32_t space, uint64_t start, uint64_t length, unsigned flags,
	const char *name)
{
	event(vm, (struct bel_event){.type = BEL_EVENT_MAP,
			  .space = space,
			  .start = start,
			  .length = length,
			  .flags = (uint16_t)flags,
			  .region = BEL_REGION_MMAP,
			  .name = name});
}

static void nothing_left(struct bel_vm *vm)
{
	assert_int_equal(bel_vm_end_all(vm, &err), 0);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 0);
	assert_int_equal(bel_vm_swap(vm)->used, 0);
	assert_int_equal(bel_vm_table(vm)->bytes, 0);
	assert_int_equal(bel_vm_check(vm, &err), 0);
	bel_vm_free(vm);
}

/* One frame: page 0 written, page 1 pushes it out to swap, page 0 comes back. */
static void test_flow(void **state)
{
	struct bel_vm *vm = machine(1, "unbounded", false);
	const struct bel_vm_tally *const tally = bel_vm_tally(vm);

	(void)state;
	touch(vm, 0, true);
	touch(vm, 1, false);
	touch(vm, 0, false);
	assert_int_equal(bel_vm_finish(vm, &err), 0);
	assert_int_equal(tally->faults[BEL_VM_ZERO_FILL], 2);
	assert_int_equal(tally->faults[BEL_VM_SWAP_READ], 1);
	assert_int_equal(tally->writebacks, 1);
	assert_int_equal(tally->clean_drops, 1);
	assert_int_equal(tally->lookups_missed, 3);
	assert_int_equal(tally->restarts, 3);
	assert_int_equal(tally->walks, 6);
	assert_int_equal(tally->walk_references, 24);
	assert_int_equal(bel_vm_table(vm)->peak_bytes, 4 * 4096);
	nothing_left(vm);
}

static void test_same_address_in_two_processes(void **state)
{
	struct bel_vm *vm = machine(8, "unbounded", false);
	uint32_t one, other, mappings;

	(void)state;
	touch(vm, 0, true);
	touch(vm, 4, true);
	assert_true(bel_vm_frame(vm, 0, 0x400, &one, &mappings));
	assert_true(bel_vm_frame(vm, 1, 0x400, &other, &mappings));
	assert_int_not_equal(one, other);
	nothing_left(vm);
}

/* Two pages, fork, the child writes one: one copy, one shared. */
static void test_fork_then_write(void **state)
{
	struct bel_vm *vm = machine(8, "unbounded", false);
	uint64_t shared, idle;

	(void)state;
	touch(vm, 0, true);
	touch(vm, 1, true);
	event(vm, (struct bel_event){.type = BEL_EVENT_FORK, .space = 1, .pid = 9});
	touch(vm, 4, true);
	touch(vm, 5, false);
	bel_vm_sharing(vm, &shared, &idle);
	assert_int_equal(bel_vm_tally(vm)->faults[BEL_VM_COPY], 1);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 3);
	assert_int_equal(shared, 1);
	assert_int_equal(idle, 0);
	nothing_left(vm);
}

/* Of three processes one writes to read-only memory and is killed; the others go on. */
static void test_segmentation_fault(void **state)
{
	struct bel_vm *vm = machine(8, "unbounded", false);

	(void)state;
	touch(vm, 0, true);
	map(vm, 1, 0x400000, 4096, BEL_MAP_READ, NULL);
	touch(vm, 4, false);
	touch(vm, 8, true);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 3);
	touch(vm, 4, true);
	touch(vm, 4, true);
	touch(vm, 8, true);
	assert_int_equal(bel_vm_tally(vm)->faults[BEL_VM_NO_RIGHT], 1);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 2);
	assert_int_equal(bel_vm_tally(vm)->dead_process_references, 1);
	assert_int_equal(bel_vm_process(vm, 1)->end, BEL_VM_SEGV);
	assert_int_equal(bel_vm_process(vm, 2)->end, BEL_VM_LIVES);
	nothing_left(vm);
}

static void test_shared_library_counts_once(void **state)
{
	struct bel_vm *vm = machine(8, "unbounded", true);

	(void)state;
	map(vm, 0, 0x400000, 4096, BEL_MAP_READ | BEL_MAP_FILE, "libc");
	map(vm, 1, 0x400000, 4096, BEL_MAP_READ | BEL_MAP_FILE, "libc");
	touch(vm, 0, false);
	touch(vm, 4, false);
	assert_int_equal(bel_vm_tally(vm)->faults[BEL_VM_FILE_READ], 1);
	assert_int_equal(bel_vm_tally(vm)->faults[BEL_VM_IN_FRAME], 1);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 1);
	nothing_left(vm);
}

/* One slot: the second dirty page that must leave finds swap full. */
static void test_swap_full(void **state)
{
	struct bel_vm *vm = machine(1, "4k", false);

	(void)state;
	touch(vm, 0, true);
	touch(vm, 1, true);
	touch(vm, 2, true);
	assert_int_equal(bel_vm_tally(vm)->out_of_memory, 1);
	assert_int_equal(bel_vm_process(vm, 0)->end, BEL_VM_OOM);
	nothing_left(vm);
}

/*
 * Two frames, one slot. Page 0 is the parent's alone and goes to swap; page 1, which the child maps
 * too, finds swap full. The parent is killed, and page 1 goes to swap with the child's entry.
 */
static void test_swap_full_shared_page(void **state)
{
	struct bel_vm *vm = machine(2, "4k", false);

	(void)state;
	touch(vm, 0, true);
	touch(vm, 1, true);
	event(vm, (struct bel_event){.type = BEL_EVENT_FORK, .space = 1, .pid = 9});
	event(vm,
		(struct bel_event){
			.type = BEL_EVENT_DISCARD, .space = 1, .start = 0x400000, .length = 4096});
	touch(vm, 2, true);
	touch(vm, 3, true);
	assert_int_equal(bel_vm_process(vm, 0)->end, BEL_VM_OOM);
	touch(vm, 5, false);
	assert_int_equal(invalid_bits, BEL_VM_SWAPPED | BEL_VM_ON_WRITE);
	assert_int_equal(bel_vm_tally(vm)->faults[BEL_VM_SWAP_READ], 1);
	nothing_left(vm);
}

/*
 * No swap. The first process refers to a page of a file that the second one loaded. Its own dirty
 * page leaves the working set at that reference, so it is killed in the middle of this fault.
 */
static void test_killed_by_its_own_hit(void **state)
{
	struct bel_vm *vm = machine(0, "none", false);

	(void)state;
	map(vm, 0, 0x401000, 4096, BEL_MAP_READ | BEL_MAP_FILE, "libc");
	map(vm, 1, 0x401000, 4096, BEL_MAP_READ | BEL_MAP_FILE, "libc");
	touch(vm, 0, true);
	touch(vm, 5, false);
	touch(vm, 1, false);
	assert_int_equal(bel_vm_process(vm, 0)->end, BEL_VM_OOM);
	assert_int_equal(bel_vm_process(vm, 0)->valid, 0);
	assert_int_equal(bel_vm_process(vm, 1)->end, BEL_VM_LIVES);
	touch(vm, 5, false);
	nothing_left(vm);
}

/* 10 KiB in pages of 4 KiB: three pages, 2 KiB lost. */
static void test_fragmentation(void **state)
{
	struct bel_vm *vm = machine(8, "unbounded", false);
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS];

	(void)state;
	map(vm, 0, 0x400000, 10240, BEL_MAP_READ | BEL_MAP_WRITE, NULL);
	bel_vm_fragmentation(vm, fragmentation);
	assert_int_equal(fragmentation[BEL_REGION_MMAP].pages, 3);
	assert_int_equal(fragmentation[BEL_REGION_MMAP].internal_fragmentation_bytes, 2048);
	nothing_left(vm);
}

/* A heap of one page grows by one; shrinking it again gives the second page's frame back. */
static void test_heap_growth(void **state)
{
	struct bel_vm *vm = machine(8, "unbounded", true);
	struct bel_event grow = {.type = BEL_EVENT_GROW,
		.region = BEL_REGION_HEAP,
		.start = 0x400000,
		.length = 4096};

	(void)state;
	event(vm, grow);
	touch(vm, 0, true);
	grow.length = 8192;
	event(vm, grow);
	touch(vm, 1, true);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 2);
	grow.length = 4096;
	event(vm, grow);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 1);
	touch(vm, 1, true);
	assert_int_equal(bel_vm_tally(vm)->faults[BEL_VM_NO_REGION], 1);
	nothing_left(vm);
}

/* Processor 1 s and device 1 s each: alone half busy, of two, two thirds. */
static void test_utilisation(void **state)
{
	double rate;

	(void)state;
	assert_float_equal(bel_vm_utilisation(1e9, 1e9, 1, &rate), 0.5, 1e-12);
	assert_float_equal(bel_vm_utilisation(1e9, 1e9, 2, &rate), 2.0 / 3, 1e-12);
	assert_float_equal(rate, 2.0 / 3, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_same_address_in_two_processes),
		cmocka_unit_test(test_fork_then_write),
		cmocka_unit_test(test_segmentation_fault),
		cmocka_unit_test(test_shared_library_counts_once),
		cmocka_unit_test(test_swap_full),
		cmocka_unit_test(test_swap_full_shared_page),
		cmocka_unit_test(test_killed_by_its_own_hit),
		cmocka_unit_test(test_fragmentation),
		cmocka_unit_test(test_heap_growth),
		cmocka_unit_test(test_utilisation),
	};
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	bel_specs_free(specs, spec_count);
	return failed;
}

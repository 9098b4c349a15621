/* SPDX-License-Identifier: MIT */
/*
 * test_vm_machine.c: whole machines by hand: what TLBs reach, bounded swap, the stack, holes,
 * local replacement; and masses: a million regions, a thousand forks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "vm_config.h"

#define PAGES 8 /* of each space: 0x400 and on */
#define SPACES 4
#define RIGHTS (BEL_MAP_READ | BEL_MAP_WRITE)

static struct bel_policy_spec *specs;
static size_t spec_count;
static struct bel_vm_options options; /* of the next machine */
static struct bel_err err;

static int reset(void **state)
{
	(void)state;
	options = (struct bel_vm_options)BEL_VM_OPTIONS_DEFAULT;
	options.invariants = true;
	return specs ? 0 : bel_specs_parse("fifo", &specs, &spec_count, &err);
}

static struct bel_vm *machine(uint64_t frames)
{
	struct bel_vm_config config;
	struct bel_vm *vm;

	assert_int_equal(bel_vm_configure(&options, 12, &config, &err), 0);
	config.policy = specs;
	config.frames = frames;
	vm = bel_vm_new(&config, &err);
	assert_non_null(vm);
	return vm;
}

static void event(struct bel_vm *vm, enum bel_event_type type, uint32_t space, uint32_t other)
{
	const struct bel_event one = {.type = (uint8_t)type, .space = space, .other = other};
	const struct bel_chunk chunk = {.events = &one, .event_count = 1, .space = space};

	if (bel_vm_feed(vm, &chunk, (struct bel_granules){0}, &err) < 0)
		fail_msg("%s", err.text);
}

static void region(struct bel_vm *vm, enum bel_event_type type, enum bel_region_kind kind,
	uint64_t start, uint64_t length, const char *name)
{
	const struct bel_event one = {.type = (uint8_t)type,
		.region = (uint8_t)kind,
		.flags = RIGHTS | (name ? BEL_MAP_FILE : 0),
		.start = start,
		.length = length,
		.name = name};
	const struct bel_chunk chunk = {.events = &one, .event_count = 1};

	if (bel_vm_feed(vm, &chunk, (struct bel_granules){0}, &err) < 0)
		fail_msg("%s", err.text);
}

/* "0 1w": pages of the space, one reference each, w: written. */
static void refer(struct bel_vm *vm, uint32_t space, const char *text)
{
	struct bel_granule place[SPACES * PAGES];
	struct bel_run run;
	const struct bel_chunk chunk = {.runs = &run, .count = 1, .space = space};

	for (uint32_t i = 0; i < SPACES * PAGES; i++)
		place[i] = (struct bel_granule){0x400 + i % PAGES, i / PAGES};
	for (; *text; text++) {
		if (*text < '0' || *text > '7')
			continue;
		run = bel_run_make(space * PAGES + (uint32_t)(*text - '0'), 1,
			BEL_RUN_DATA | (text[1] == 'w' ? BEL_RUN_WRITE : 0));
		if (bel_vm_feed(vm, &chunk, (struct bel_granules){place, SPACES * PAGES}, &err) < 0)
			fail_msg("%s", err.text);
	}
}

static bool in_frame(const struct bel_vm *vm, uint32_t space, uint64_t page)
{
	uint32_t frame, mappings;

	return bel_vm_frame(vm, space, 0x400 + page, &frame, &mappings);
}

static void nothing_left(struct bel_vm *vm)
{
	assert_int_equal(bel_vm_finish(vm, &err), 0);
	assert_int_equal(bel_vm_end_all(vm, &err), 0);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 0);
	assert_int_equal(bel_vm_swap(vm)->used, 0);
	assert_int_equal(bel_vm_table(vm)->bytes, 0);
	assert_int_equal(bel_vm_check(vm, &err), 0);
	bel_vm_free(vm);
}

static uint64_t missed(const char *tlb, const char *pages)
{
	struct bel_vm *vm;
	uint64_t misses;

	options.tlb = tlb;
	vm = machine(0);
	refer(vm, 0, pages);
	misses = bel_vm_tally(vm)->lookups_missed;
	nothing_left(vm);
	return misses;
}

/* Four entries reach four pages: a loop over four misses once each, over five always. */
static void test_reach(void **state)
{
	(void)state;
	assert_int_equal(missed("4", "0123 0123 0123"), 4);
	assert_int_equal(missed("4", "01234 01234 01234"), 15);
	/* Two sets of two: pages 0, 2 and 4 share one, and drive each other out. */
	assert_int_equal(missed("4:2", "024 024 135 1"), 10);
	/* 0 is used between 1 and 2: under LRU it stays, under FIFO it goes first. */
	assert_int_equal(missed("2", "0 1 0 2 0"), 3);
	assert_int_equal(missed("2,fifo", "0 1 0 2 0"), 4);
}

/* One entry before four: each reference misses the first, the second has what was there before. */
static void test_second_level(void **state)
{
	const struct bel_vm_tally *tally;
	struct bel_vm *vm;

	(void)state;
	options.tlb = "1,l2=4";
	vm = machine(0);
	tally = bel_vm_tally(vm);
	refer(vm, 0, "01 01 1");
	assert_int_equal(tally->lookups_missed, 4);
	assert_int_equal(tally->l2_hits, 2);
	assert_int_equal(bel_vm_tlb(vm)->part[BEL_VM_TLB_SECOND].misses, 2);
	/* Each first touch walks twice: before the fault, and again after it. */
	assert_int_equal(tally->walks, 4);
	assert_int_equal(tally->walk_references, 16);
	nothing_left(vm);
}

static void alternate(const char *tlb, uint64_t misses, uint64_t flushes)
{
	struct bel_vm *vm;

	options.tlb = tlb;
	vm = machine(0);
	for (int i = 0; i < 3; i++) {
		refer(vm, 0, "0");
		refer(vm, 1, "0");
	}
	assert_int_equal(bel_vm_tally(vm)->switches, 5);
	assert_int_equal(bel_vm_tally(vm)->lookups_missed, misses);
	assert_int_equal(bel_vm_tlb(vm)->flushes, flushes);
	assert_int_equal(bel_vm_tlb(vm)->flushed, flushes);
	nothing_left(vm);
}

/* Two processes, one page each, by turns. */
static void test_address_space_identifiers(void **state)
{
	(void)state;
	alternate("4,asid", 2, 0);
	alternate("4,flush", 6, 5);
}

/* Without swap the first dirty page that must leave kills; a clean one may go. */
static void test_no_swap(void **state)
{
	struct bel_vm *vm;

	(void)state;
	options.swap = "none";
	vm = machine(1);
	refer(vm, 0, "0 1 2w");
	assert_int_equal(bel_vm_tally(vm)->out_of_memory, 0);
	assert_int_equal(bel_vm_tally(vm)->clean_drops, 2);
	refer(vm, 0, "0");
	assert_int_equal(bel_vm_tally(vm)->out_of_memory, 1);
	assert_int_equal(bel_vm_process(vm, 0)->end, BEL_VM_OOM);
	nothing_left(vm);
}

/*
 * Two frames, two slots. 0 and 1 are written out; 0 comes back and keeps its slot, until 2
 * needs one: the copy of a page in a frame can be spared, and nobody is killed.
 */
static void test_slot_spared(void **state)
{
	const struct bel_vm_tally *tally;
	struct bel_vm *vm;

	(void)state;
	options.swap = "8k";
	vm = machine(2);
	tally = bel_vm_tally(vm);
	refer(vm, 0, "0w 1w 2w 0");
	assert_int_equal(bel_vm_swap(vm)->used, 2);
	assert_int_equal(bel_vm_swap(vm)->outs, 2);
	assert_int_equal(bel_vm_swap(vm)->ins, 1);
	refer(vm, 0, "3");
	assert_int_equal(tally->out_of_memory, 0);
	assert_int_equal(bel_vm_swap(vm)->used, 2);
	assert_int_equal(bel_vm_swap(vm)->outs, 3);
	assert_int_equal(tally->writebacks, 3);
	/* Every slot holds a page that is nowhere else: 0, whose copy was given up, finds none. */
	refer(vm, 0, "4");
	assert_int_equal(tally->out_of_memory, 1);
	nothing_left(vm);
}

/* Text at 0x400, a hole, the stack from 0x402 up to 0x404: it grows down over the hole. */
static void test_stack_growth(void **state)
{
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS];
	struct bel_vm *vm;

	(void)state;
	options.strict = true;
	vm = machine(0);
	region(vm, BEL_EVENT_MAP, BEL_REGION_TEXT, 0x400000, 4096, NULL);
	region(vm, BEL_EVENT_GROW, BEL_REGION_STACK, 0x402000, 8192, NULL);
	refer(vm, 0, "0 3w 2w");
	event(vm, BEL_EVENT_FORK, 1, 0);
	/* The child steps into the hole; the parent's stack grows before it does the same. */
	refer(vm, 1, "1w");
	assert_int_equal(bel_vm_process(vm, 1)->end, BEL_VM_SEGV);
	assert_int_equal(bel_vm_process(vm, 1)->faults[BEL_VM_NO_REGION], 1);
	region(vm, BEL_EVENT_GROW, BEL_REGION_STACK, 0x401000, 12288, NULL);
	refer(vm, 0, "1w 3");
	assert_int_equal(bel_vm_process(vm, 0)->end, BEL_VM_LIVES);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 4);
	assert_int_equal(bel_vm_tally(vm)->faults[BEL_VM_ZERO_FILL], 4);
	bel_vm_process_fragmentation(vm, bel_vm_process(vm, 0), fragmentation);
	assert_int_equal(fragmentation[BEL_REGION_STACK].regions, 1);
	assert_int_equal(fragmentation[BEL_REGION_STACK].pages, 3);
	assert_int_equal(fragmentation[BEL_REGION_TEXT].pages, 1);
	nothing_left(vm);
}

/* A gigabyte mapped and not touched takes no frame and no table; one touch takes one. */
static void test_lazy_allocation(void **state)
{
	struct bel_vm *vm;

	(void)state;
	options.strict = true;
	vm = machine(0);
	region(vm, BEL_EVENT_MAP, BEL_REGION_MMAP, 0x400000, 1 << 30, NULL);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 0);
	assert_int_equal(bel_vm_table(vm)->bytes, 0);
	refer(vm, 0, "5w");
	assert_int_equal(bel_vm_tally(vm)->frames_used, 1);
	assert_int_equal(bel_vm_table(vm)->bytes, 4 * 4096);
	nothing_left(vm);
}

/*
 * Four frames. The first process has four pages when the second starts; with equal shares of
 * two it gives its oldest two up at once, and what the second does costs it no more.
 */
static void test_local_equal(void **state)
{
	struct bel_vm *vm;

	(void)state;
	options.replacement = "local:equal";
	vm = machine(4);
	refer(vm, 0, "0 1 2 3");
	assert_int_equal(bel_vm_process(vm, 0)->allocated_frames, 4);
	refer(vm, 1, "0 1 2 3");
	for (uint32_t p = 0; p < 2; p++) {
		assert_int_equal(bel_vm_process(vm, p)->allocated_frames, 2);
		assert_int_equal(bel_vm_process(vm, p)->valid, 2);
		for (uint32_t page = 0; page < 4; page++)
			assert_int_equal(in_frame(vm, p, page), page >= 2);
	}
	/* After the second's end all frames are the first one's again. */
	event(vm, BEL_EVENT_EXIT, 1, 0);
	refer(vm, 0, "0 1 2 3");
	refer(vm, 0, "0 1 2 3");
	assert_int_equal(bel_vm_process(vm, 0)->allocated_frames, 4);
	assert_int_equal(bel_vm_process(vm, 0)->valid, 4);
	nothing_left(vm);
}

/* The same under one policy for all: the second takes the first one's frames, oldest first. */
static void test_global(void **state)
{
	struct bel_vm *vm = machine(4);

	(void)state;
	refer(vm, 0, "0 1 2 3");
	refer(vm, 1, "0 1 2");
	for (uint32_t page = 0; page < 4; page++)
		assert_int_equal(in_frame(vm, 0, page), page == 3);
	nothing_left(vm);
}

static double cpu_seconds(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/*
 * A million regions of 16 bytes, each with a file of its own, then every other one goes, and
 * the rest at once. It takes about a second; were it quadratic, hours.
 */
static void test_million_regions(void **state)
{
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS];
	const double begin = cpu_seconds();
	struct bel_vm *vm;
	char name[16];

	(void)state;
	options.invariants = false;
	options.strict = true;
	vm = machine(16);
	for (uint64_t i = 0; i < 1000000; i++) {
		snprintf(name, sizeof(name), "f%llu", (unsigned long long)i);
		region(vm, BEL_EVENT_MAP, BEL_REGION_MMAP, 0x400000 + i * 32, 16, name);
		if (i % 200000 == 0)
			refer(vm, 0, "0w");
	}
	bel_vm_fragmentation(vm, fragmentation);
	assert_int_equal(fragmentation[BEL_REGION_MMAP].regions, 1000000);
	assert_int_equal(fragmentation[BEL_REGION_MMAP].bytes, 16000000);
	for (uint64_t i = 0; i < 1000000; i += 2)
		region(vm, BEL_EVENT_UNMAP, BEL_REGION_MMAP, 0x400000 + i * 32, 16, NULL);
	bel_vm_fragmentation(vm, fragmentation);
	assert_int_equal(fragmentation[BEL_REGION_MMAP].regions, 500000);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 1);
	region(vm, BEL_EVENT_UNMAP, BEL_REGION_MMAP, 0, UINT64_C(1) << 40, NULL);
	bel_vm_fragmentation(vm, fragmentation);
	assert_int_equal(fragmentation[BEL_REGION_MMAP].regions, 0);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 0);
	nothing_left(vm);
	assert_true(cpu_seconds() - begin < 120);
}

/* Two pages, a thousand descendants, each the child of the one before: still two frames. */
static void test_fork_bomb(void **state)
{
	struct bel_vm *vm = machine(8);
	uint64_t shared, idle;

	(void)state;
	refer(vm, 0, "0w 1w");
	for (uint32_t child = 1; child <= 1000; child++)
		event(vm, BEL_EVENT_FORK, child, child - 1);
	assert_null(bel_vm_process(vm, 1001));
	bel_vm_sharing(vm, &shared, &idle);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 2);
	assert_int_equal(bel_vm_tally(vm)->valid, 2002);
	assert_int_equal(shared, 2000);
	/* One of them writes: a copy for it, the others still share. */
	refer(vm, 3, "0w");
	assert_int_equal(bel_vm_tally(vm)->faults[BEL_VM_COPY], 1);
	assert_int_equal(bel_vm_tally(vm)->frames_used, 3);
	nothing_left(vm);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
	const struct CMUnitTest tests[] = {
		TEST(test_reach),
		TEST(test_second_level),
		TEST(test_address_space_identifiers),
		TEST(test_no_swap),
		TEST(test_slot_spared),
		TEST(test_stack_growth),
		TEST(test_lazy_allocation),
		TEST(test_local_equal),
		TEST(test_global),
		TEST(test_million_regions),
		TEST(test_fork_bomb),
	};
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	bel_specs_free(specs, spec_count);
	return failed;
}

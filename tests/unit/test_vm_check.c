/* SPDX-License-Identifier: MIT */
/* test_vm_check.c: the machine's own check names what does not agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vm_config.h"
#include "vm_machine.h"

enum { PAGES = 6, FRAMES = 4 };

static struct bel_err err;

/* Six pages written in four frames: two of them are in swap. */
static struct bel_vm *machine(const struct bel_policy_spec *policy)
{
	struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;
	struct bel_granule granule[PAGES];
	struct bel_run run[PAGES];
	const struct bel_chunk chunk = {.runs = run, .count = PAGES, .references = PAGES};
	const struct bel_granules pages = {granule, PAGES};
	struct bel_vm_config config;
	struct bel_vm *vm;

	assert_int_equal(bel_vm_configure(&options, 12, &config, &err), 0);
	config.policy = policy;
	config.frames = FRAMES;
	vm = bel_vm_new(&config, &err);
	assert_non_null(vm);
	for (uint32_t i = 0; i < PAGES; i++) {
		granule[i] = (struct bel_granule){0x400 + i, 0};
		run[i] = bel_run_make(i, 1, BEL_RUN_DATA | BEL_RUN_WRITE);
	}
	assert_int_equal(bel_vm_feed(vm, &chunk, pages, &err), 0);
	assert_int_equal(bel_vm_finish(vm, &err), 0);
	assert_int_equal(bel_vm_check(vm, &err), 0);
	return vm;
}

/* With another value in its place, the check says WANTED. */
#define SPOILS(FIELD, VALUE, WANTED)                                                               \
	do {                                                                                       \
		const uint32_t sound = (uint32_t)(FIELD);                                          \
                                                                                                   \
		(FIELD) = (VALUE);                                                                 \
		assert_int_equal(bel_vm_check(vm, &err), BEL_FAIL);                                \
		assert_string_equal(err.text, WANTED);                                             \
		(FIELD) = sound;                                                                   \
	} while (0)

static void test_check(void **state)
{
	struct bel_policy_spec *specs;
	size_t count;
	struct bel_vm *vm;
	struct bel_vm_physical_page *swapped, *loaded;

	(void)state;
	assert_int_equal(bel_specs_parse("fifo", &specs, &count, &err), 0);
	vm = machine(specs);
	swapped = &vm->physical_page[1];
	loaded = &vm->physical_page[PAGES];
	assert_true(swapped->slot && !swapped->frame && loaded->frame && !loaded->slot);
	SPOILS(swapped->mappings, 0, "page 1 has no mapping, but a frame or a slot");
	SPOILS(vm->entry[swapped->first].physical_page, 2,
		"page 1: its ring has an entry of another page");
	SPOILS(vm->swap.owner[swapped->slot], 2, "slot 1 does not hold page 1");
	SPOILS(swapped->bits, swapped->bits | BEL_VM_PAGE_LOADED,
		"page 1 is loaded without a frame, or has one without being loaded");
	SPOILS(vm->frame[loaded->frame], 1, "frame 2 does not hold page 6");
	SPOILS(loaded->frame, 0, "page 6 has a valid entry, but no frame");
	SPOILS(vm->entry[loaded->first].bits, 0, "a TLB holds page 0x405, which is not valid");
	SPOILS(vm->space[0].entries, 7, "the counts of process 0 are wrong");
	SPOILS(vm->tally.frames_used, 5, "4 frames are in use, not 5");
	SPOILS(vm->config.frames, 3, "4 frames are in use, more than the machine has");
	SPOILS(vm->swap.used, 3, "2 slots are in use, not 3");
	SPOILS(vm->tally.valid, 5, "4 entries are valid, not 5");
	SPOILS(vm->table.entries, 7, "6 entries are in use, not the 7 in the tables");
	SPOILS(vm->living, 2, "1 processes live, not 2");
	assert_int_equal(bel_vm_check(vm, &err), 0);
	bel_vm_free(vm);
	bel_specs_free(specs, count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

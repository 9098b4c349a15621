/* SPDX-License-Identifier: MIT */
/*
 * test_capture_mappings.c: where a program's segments and its stack are, and how the stack grows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "initial_mappings.h"

#define HIGH 0x1fff001000ull

static void watch(struct bel_initial_mappings *image, struct bel_events *events,
	const struct bel_access *access, size_t count)
{
	const struct bel_accesses batch = {
		.access = (struct bel_access *)access, .count = count, .space = 3};
	struct bel_err err;

	bel_events_clear(events);
	assert_int_equal(bel_initial_mappings_watch(image, &batch, events, &err), 0);
}

static void is_event(const struct bel_event *event, enum bel_event_type type, uint64_t at,
	uint64_t start, uint64_t end)
{
	assert_int_equal(event->type, type);
	assert_int_equal(event->region, BEL_REGION_STACK);
	assert_int_equal(event->space, 3);
	assert_int_equal(event->at, at);
	assert_int_equal(event->start, start);
	assert_int_equal(event->start + event->length, end);
}

static void test_stack(void **state)
{
	static const struct bel_access begins[] = {{0x4001000, 3, BEL_FETCH},
		{0x1fff000ff8, 8, BEL_LOAD}, {HIGH - 0x7f8, 8, BEL_STORE},
		{HIGH - 0x1008, 8, BEL_STORE}, {0x4035000, 8, BEL_STORE}};
	static const struct bel_access goes_on[] = {{HIGH - 0x800, 8, BEL_STORE},
		{HIGH - 0x3001, 1, BEL_LOAD}, {HIGH - 0x2000, 8, BEL_STORE}, {HIGH, 8, BEL_STORE},
		{HIGH - (17ull << 20), 8, BEL_STORE}};
	struct bel_initial_mappings image = {.starting = true}, child;
	struct bel_events events = {0};

	(void)state;
	image.maps = strdup("00108000-0010a000 r--p 00000000 fe:00 1    /usr/bin/cat\n"
			    "1ffeffe000-1fff001000 rw-p 00000000 00:00 0 \n");
	assert_non_null(image.maps);
	watch(&image, &events, begins, 5);
	assert_int_equal(events.count, 2);
	is_event(&events.event[0], BEL_EVENT_MAP, 2, HIGH - 0x1000, HIGH);
	is_event(&events.event[1], BEL_EVENT_GROW, 3, HIGH - 0x2000, HIGH);

	/* Neither what is above nor what is far below is the stack. */
	watch(&image, &events, goes_on, 5);
	assert_int_equal(events.count, 1);
	is_event(&events.event[0], BEL_EVENT_GROW, 1, HIGH - 0x4000, HIGH);

	bel_initial_mappings_fork(&child, &image);
	watch(&child, &events, goes_on, 5);
	assert_int_equal(events.count, 0);
	bel_initial_mappings_release(&child);
	bel_initial_mappings_release(&image);
	bel_events_release(&events);
}

/* Without /proc/PID/maps the stack is at least the page of the first store. */
static void test_stack_unseen(void **state)
{
	static const struct bel_access store = {0x1fff000ff8, 8, BEL_STORE};
	struct bel_initial_mappings image = {.starting = true};
	struct bel_events events = {0};

	(void)state;
	watch(&image, &events, &store, 1);
	assert_int_equal(events.count, 1);
	is_event(&events.event[0], BEL_EVENT_MAP, 0, HIGH - 0x1000, HIGH);
	bel_initial_mappings_release(&image);
	bel_events_release(&events);
}

static const struct bel_event *covering(const struct bel_events *events, const void *address)
{
	const uint64_t at = (uint64_t)(uintptr_t)address;

	for (size_t i = 0; i < events->count; i++) {
		if (events->event[i].start <= at &&
			at < events->event[i].start + events->event[i].length)
			return &events->event[i];
	}
	return NULL;
}

static int initialised = 7;
static int bss[100000];

/* The mappings of this very process: its code, its data, its bss lie where the ELF file says. */
static void test_segments(void **state)
{
	struct bel_initial_mappings image = {.maps = NULL};
	struct bel_events events = {0};
	const struct bel_event *event;
	struct bel_err err;

	(void)state;
	assert_true(bel_initial_mappings_look(&image, getpid()));
	assert_int_equal(bel_initial_mappings_start(&image, 2, 5, &events, &err), 0);
	assert_true(image.starting);
	event = covering(&events, (void *)(uintptr_t)test_stack);
	assert_non_null(event);
	assert_int_equal(event->type, BEL_EVENT_MAP);
	assert_int_equal(event->region, BEL_REGION_TEXT);
	assert_int_equal(event->flags, BEL_MAP_READ | BEL_MAP_EXEC | BEL_MAP_FILE);
	assert_int_equal(event->space, 2);
	assert_int_equal(event->at, 5);
	assert_non_null(strstr(event->name, "test_capture_mappings"));
	event = covering(&events, &initialised);
	assert_non_null(event);
	assert_int_equal(event->region, BEL_REGION_DATA);
	assert_int_equal(event->flags, BEL_MAP_READ | BEL_MAP_WRITE | BEL_MAP_FILE);
	event = covering(&events, &bss[99999]);
	assert_non_null(event);
	assert_int_equal(event->region, BEL_REGION_DATA);
	assert_int_equal(event->flags, BEL_MAP_READ | BEL_MAP_WRITE);
	bel_initial_mappings_release(&image);
	bel_events_release(&events);
}

static void test_gone(void **state)
{
	struct bel_initial_mappings image = {.maps = NULL};

	(void)state;
	assert_false(bel_initial_mappings_look(&image, 0x7fffffff));
	assert_null(image.maps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stack),
		cmocka_unit_test(test_stack_unseen),
		cmocka_unit_test(test_segments),
		cmocka_unit_test(test_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_capture_recorder.c: skip and limit, exact to the reference, events with them;
 * what becomes of write errors; where programs are found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "launch.h"
#include "recorder.h"
#include "source.h"

/* Twelve references, address = number, in batches of four with an event before the third of each.
 */
static void record(struct bel_recorder *recorder)
{
	struct bel_access access[4];
	struct bel_accesses batch = {.access = access, .capacity = 4};
	struct bel_event event = {.type = BEL_EVENT_MARK, .at = 2, .name = "mark"};
	struct bel_err err;

	recorder->command = "numbers";
	assert_int_equal(bel_recorder_start(recorder, "test"), 0);
	for (uint64_t i = 0; i < 12; i += 4) {
		batch.count = 4;
		bel_events_clear(&batch.events);
		for (uint64_t k = 0; k < 4; k++)
			access[k] = (struct bel_access){i + k, 1, BEL_LOAD};
		event.value = i;
		assert_int_equal(bel_events_add(&batch.events, &event, &err), 0);
		bel_recorder_add(recorder, &batch);
	}
	bel_events_release(&batch.events);
}

/* "a b | c": addresses, "|" for an event. */
static void read_back(const char *trace, size_t size, char *told)
{
	const struct bel_source_options options = {.page_bits = 0};
	const struct bel_accesses *batch;
	struct bel_source *source;
	struct bel_input *input;
	struct bel_err err;

	told[0] = '\0';
	assert_int_equal(bel_input_open_memory(&input, "memory", trace, size, &err), 0);
	assert_int_equal(bel_source_open_input(&source, input, &options, &err), 0);
	while (bel_source_next_exact(source, &batch, &err) > 0) {
		size_t next = 0;

		for (size_t i = 0; i <= batch->count; i++) {
			for (; next < batch->events.count && batch->events.event[next].at == i;
				next++)
				strcat(told, "|");
			if (i < batch->count)
				sprintf(told + strlen(told), "%lx", batch->access[i].address);
		}
	}
	bel_source_close(source);
}

static void test_skip_limit(void **state)
{
	static const struct {
		uint64_t skip, limit;
		const char *told;
		bool limited;
	} cases[] = {
		{0, UINT64_MAX, "01|2345|6789|ab", false},
		{2, UINT64_MAX, "|2345|6789|ab", false},
		{5, UINT64_MAX, "|5|6789|ab", false},
		{0, 3, "01|2", true},
		{3, 2, "|34", true},
		{11, 9, "|||b", false},
		{0, 12, "01|2345|6789|ab", true},
	};
	struct bel_recorder recorder;
	char *text, told[100];
	size_t size;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		recorder = (struct bel_recorder){.skip = cases[i].skip, .limit = cases[i].limit};
		recorder.file = open_memstream(&text, &size);
		assert_non_null(recorder.file);
		record(&recorder);
		bel_recorder_end(&recorder, NULL);
		assert_int_equal(recorder.limited, cases[i].limited);
		assert_false(recorder.failed);
		bel_recorder_release(&recorder);
		assert_int_equal(fclose(recorder.file), 0);
		read_back(text, size, told);
		assert_string_equal(told, cases[i].told);
		free(text);
	}
}

static void test_write_errors(void **state)
{
	struct bel_recorder recorder = {.limit = UINT64_MAX};

	(void)state;
	recorder.file = fopen("/dev/full", "w");
	assert_non_null(recorder.file);
	record(&recorder);
	bel_recorder_end(&recorder, NULL);
	assert_true(recorder.failed);
	assert_false(recorder.hung_up);
	assert_true(recorder.err.text[0] != '\0');
	bel_recorder_release(&recorder);
	fclose(recorder.file);
}

static void test_find(void **state)
{
	char folder[] = "/tmp/bel-find-XXXXXX", path[200], found[200], search[300];
	struct bel_err err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/prog", folder);
	assert_int_equal(fclose(fopen(path, "w")), 0);
	snprintf(search, sizeof(search), "/nowhere:%s:/bin", folder);
	assert_int_equal(bel_launch_find("prog", search, found, sizeof(found), &err), BEL_FAIL);
	assert_string_equal(err.text, "prog: not found in PATH");
	assert_int_equal(bel_launch_find(path, search, found, sizeof(found), &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "is not executable"));
	assert_int_equal(chmod(path, 0755), 0);
	assert_int_equal(bel_launch_find("prog", search, found, sizeof(found), &err), 0);
	assert_string_equal(found, path);
	assert_int_equal(bel_launch_find("", search, found, sizeof(found), &err), BEL_FAIL);
	assert_int_equal(bel_launch_find(folder, search, found, sizeof(found), &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "is a directory"));
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_skip_limit),
		cmocka_unit_test(test_write_errors),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

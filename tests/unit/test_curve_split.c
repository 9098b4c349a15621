/* SPDX-License-Identifier: MIT */
/*
 * test_curve_split.c: a shared pass that leaves sizes to the engine counts what engines count,
 * whichever sizes it leaves. The shared pass here is Clock's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "curve_feed.h"
#include "curve_split.h"

enum { SIZES = 12, RUNS = 200000, BATCH = 1000 };

static const uint64_t size[SIZES] = {1, 2, 3, 5, 9, 20, 100, 1000, 5000, 20000, 40000, 1000000};
static struct bel_err err;

/* Feeds all runs, and checks every size. Returns the number of sizes with an engine. */
static size_t engines_to(
	const struct run_list *runs, double most_misses, uint64_t to_frames, size_t sizes)
{
	const struct bel_curve_algorithm *const clock = curve_algorithm("clock", "sliced");
	const struct bel_curve_shared shared = {.policy = "clock",
		.params = clock->params,
		.most_misses = most_misses,
		.to_frames = to_frames,
		.create = clock->create,
		.feed = clock->feed,
		.snapshot = clock->snapshot,
		.destroy = clock->destroy};
	/* Not the default, so that the engines are seen to have the parameter. */
	const struct bel_curve_setup setup = {.x = size, .count = sizes, .param = {0}};
	void *const split = bel_curve_split_new(&shared, &setup, &err);
	struct bel_curve curve;
	char why[CURVE_WHY] = "";
	uint32_t pages = 0;
	size_t with_engine;

	assert_non_null(split);
	for (size_t from = 0; from < runs->count;) {
		const size_t left = runs->count - from, step = from ? BATCH : 40000;
		const struct bel_batch batch = {.runs = runs->run + from,
			.count = left < step ? left : step,
			.now = runs->at[from]};

		for (size_t i = 0; i < batch.count; i++)
			if (batch.runs[i].page >= pages)
				pages = batch.runs[i].page + 1;
		assert_int_equal(bel_curve_split_feed(split, &batch, pages, &err), 0);
		from += batch.count;
		if (from % 50000 == 0 && from < runs->count) {
			assert_int_equal(bel_curve_split_snapshot(split, &curve, &err), 0);
			assert_int_equal(curve.references, runs->at[from]);
			bel_curve_release(&curve);
		}
	}
	assert_int_equal(bel_curve_split_snapshot(split, &curve, &err), 0);
	assert_int_equal(curve.count, sizes);
	assert_int_equal(curve.pages, pages);
	assert_int_equal(curve.references,
		runs->at[runs->count - 1] + bel_run_count(runs->run[runs->count - 1]));
	if (!curve_is_engines(&curve, "clock:bit=0", runs, pages, sizes, why))
		fail_msg("%s", why);
	with_engine = bel_curve_split_engines(split);
	bel_curve_release(&curve);
	bel_curve_split_free(split);
	return with_engine;
}

static size_t engines(const struct run_list *runs, double most_misses, size_t sizes)
{
	return engines_to(runs, most_misses, 0, sizes);
}

static void each_choice_counts_the_same(void **state)
{
	struct run_list runs;
	struct bel_rng rng;
	uint32_t pages;
	size_t some;

	(void)state;
	bel_rng_seed(&rng, 3);
	curve_long_runs(&runs, &rng, RUNS, &pages);
	assert_int_equal(engines(&runs, 2, SIZES), 0);
	assert_int_equal(engines(&runs, -1, SIZES), SIZES);
	/* The sixth size is 20 frames. */
	assert_int_equal(engines_to(&runs, -1, 20, 6), 6);
	assert_int_equal(engines_to(&runs, -1, 19, 6), 0);
	some = engines(&runs, 0.7, SIZES);
	assert_true(some >= 1 && some < SIZES);
	/* The smallest sizes miss most, so they alone have engines. */
	assert_int_equal(engines(&runs, 0.7, some), some);
	run_list_release(&runs);
}

/* With more than 16,384 pages, runs wait for long turns of the engines. */
static void runs_that_wait_are_counted(void **state)
{
	struct run_list runs;
	struct bel_rng rng;
	uint32_t pages;
	size_t some;

	(void)state;
	bel_rng_seed(&rng, 5);
	for (;;) {
		curve_long_runs(&runs, &rng, RUNS, &pages);
		if (pages > 25000)
			break;
		run_list_release(&runs);
	}
	assert_int_equal(engines(&runs, -1, SIZES), SIZES);
	some = engines(&runs, 0.7, SIZES);
	assert_true(some >= 1 && some < SIZES);
	run_list_release(&runs);
}

static void short_traces_are_shared(void **state)
{
	struct run_list runs;
	struct bel_rng rng;
	uint32_t pages;

	(void)state;
	bel_rng_seed(&rng, 4);
	curve_long_runs(&runs, &rng, (1 << 16) - 1, &pages);
	assert_int_equal(engines(&runs, -1, SIZES), 0);
	run_list_release(&runs);
	curve_long_runs(&runs, &rng, 1 << 16, &pages);
	assert_int_equal(engines(&runs, -1, SIZES), SIZES);
	run_list_release(&runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_choice_counts_the_same),
		cmocka_unit_test(runs_that_wait_are_counted),
		cmocka_unit_test(short_traces_are_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_sample.c: the parts of sampling: the table of pages, scaling of what a sample counted,
 * mean and band of several, where there is none, SIEVE with a slow hand, by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "page_table.h"
#include "rng.h"
#include "sample.h"

enum { PAGES = 5000 };

/* Against an array, with neighbours in number, and pages that leave in any order. */
static void test_page_table(void **state)
{
	static uint32_t number[PAGES];
	struct bel_page_table table;
	struct bel_rng rng;
	struct bel_err err;
	size_t count = 0;

	(void)state;
	bel_rng_seed(&rng, 7);
	for (uint32_t page = 0; page < PAGES; page++)
		number[page] = BEL_NOT_IN_TABLE;
	assert_int_equal(bel_page_table_init(&table, &err), 0);
	for (uint32_t i = 0; i < 200000; i++) {
		const uint32_t page = (uint32_t)bel_rng_below(&rng, PAGES);

		assert_int_equal(bel_page_table_find(&table, page), number[page]);
		if (number[page] == BEL_NOT_IN_TABLE) {
			assert_int_equal(bel_page_table_add(&table, page, i, &err), 0);
			number[page] = i;
			count++;
		} else {
			bel_page_table_remove(&table, page);
			number[page] = BEL_NOT_IN_TABLE;
			count--;
		}
	}
	assert_int_equal(table.count, count);
	for (uint32_t page = 0; page < PAGES; page++)
		assert_int_equal(bel_page_table_find(&table, page), number[page]);
	bel_page_table_release(&table);
}

static uint64_t *numbers(size_t count, const uint64_t *value)
{
	uint64_t *copy = calloc(count, sizeof(*copy));

	for (size_t i = 0; i < count; i++)
		copy[i] = value[i];
	return copy;
}

/* An estimate of 1000 references to 4 pages, from half of them. */
static struct bel_curve curve_of(size_t count, const uint64_t *x, const uint64_t *faults)
{
	return (struct bel_curve){
		.policy = "lru",
		.references = 1000,
		.pages = 4,
		.compulsory = 4,
		.sampled_rate = 0.5,
		.count = count,
		.x = numbers(count, x),
		.faults = numbers(count, faults),
	};
}

static void test_scale(void **state)
{
	struct bel_curve curve = curve_of(3, (uint64_t[]){1, 2, 3}, (uint64_t[]){300, 14, 4});

	(void)state;
	curve.writebacks = numbers(3, (uint64_t[]){20, 2, 0});
	curve.mean_resident = calloc(3, sizeof(double));
	curve.mean_resident[1] = 1.5;
	/* At a share of 1 in 40, 4 of 20 pages came in, each of which stands for 5. */
	bel_sample_scale(&curve, 0.025, 12000, 20);
	assert_int_equal(curve.x[0], 40);
	assert_int_equal(curve.x[2], 120);
	assert_int_equal(curve.faults[0], 20 + 296 * 5);
	assert_int_equal(curve.faults[1], 20 + 10 * 5);
	assert_int_equal(curve.faults[2], 20);
	assert_int_equal(curve.writebacks[0], 100);
	assert_true(curve.mean_resident[1] == 60);
	assert_int_equal(curve.references, 12000);
	assert_int_equal(curve.compulsory, 20);
	assert_false(curve.exact);
	bel_curve_release(&curve);
}

static const struct bel_sample_error any_size = {
	.policy = "lru", .check = BEL_SAMPLE_CHANCE, .min_frames = 1, .spread = 1};

static void test_join(void **state)
{
	struct bel_curve mean,
		curve[3] = {
			curve_of(2, (uint64_t[]){10, 20}, (uint64_t[]){100, 60}),
			curve_of(2, (uint64_t[]){10, 20}, (uint64_t[]){106, 62}),
			curve_of(3, (uint64_t[]){10, 15, 30}, (uint64_t[]){103, 90, 60}),
		};
	struct bel_sample_set set = {.curve = curve, .count = 3, .error = &any_size};
	struct bel_err err;

	(void)state;
	assert_int_equal(bel_sample_join(&set, &mean, &err), 0);
	/* At 15: 80, 84, 90; at 20: 60, 62 and 80, a third of the way from 90 to 60; at 30: 60,
	   62 as at 20, 60. */
	assert_int_equal(mean.count, 4);
	assert_int_equal(mean.x[0], 10);
	assert_int_equal(mean.x[1], 15);
	assert_int_equal(mean.x[2], 20);
	assert_int_equal(mean.x[3], 30);
	assert_int_equal(mean.faults[0], 103);
	assert_int_equal(mean.faults[1], 85);
	assert_int_equal(mean.faults[2], 67);
	assert_int_equal(mean.faults[3], 61);
	/* 103 of 100, 106, 103: deviation 3, t of 2 degrees 4.3027: 7.453 to either side; and 2
	   for what none of three samples of a half shows. */
	assert_int_equal(mean.low[0], 94);
	assert_int_equal(mean.high[0], 112);
	/* Squares 49 + 25 + 169 about 67.33: 11.02, to either side 27.37. A curve between 90 and 60
	   may leave the line by 2/9 of 30 there, a third of which counts: 2.22. */
	assert_int_equal(mean.low[2], 36);
	assert_int_equal(mean.high[2], 99);
	assert_null(mean.no_band);
	bel_curve_release(&mean);

	/* No estimate goes below the compulsory faults or above the references. */
	curve[0].faults[1] = 4;
	curve[1].faults[0] = 2900;
	assert_int_equal(bel_sample_join(&set, &mean, &err), 0);
	assert_int_equal(mean.low[2], 4);
	assert_int_equal(mean.faults[0], 1000);
	assert_int_equal(mean.high[0], 1000);
	bel_curve_release(&mean);
	for (size_t i = 0; i < 3; i++)
		bel_curve_release(&curve[i]);
}

/*
 * Samples know how many references are no first touches: 996. These say 1001 on average, off by
 * -15, 5, -5 and 15. At 10 frames, faults go up by 2 with each, so that they are 5 times 2 too
 * many; at 20 they do not; at 30 what is left is 1, -1, -1, 1, which has the deviation root 2.
 */
static void test_known_references(void **state)
{
	static const double again[4] = {986, 1006, 996, 1016};
	static const uint64_t faults[4][3] = {
		{50, 60, 81}, {90, 60, 79}, {70, 60, 79}, {110, 60, 81}};
	struct bel_curve mean, curve[4];
	struct bel_sample_set set = {.curve = curve, .count = 4, .error = &any_size};
	struct bel_err err;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		curve[i] = curve_of(3, (uint64_t[]){10, 20, 30}, faults[i]);
		curve[i].sampled_again = again[i];
	}
	assert_int_equal(bel_sample_join(&set, &mean, &err), 0);
	assert_int_equal(mean.faults[0], 70);
	/* And 1.5 for what none of four samples of a half shows. */
	assert_int_equal(mean.low[0], 69);
	assert_int_equal(mean.high[0], 72);
	assert_int_equal(mean.faults[1], 60);
	assert_int_equal(mean.faults[2], 80);
	/* 4.3027 times root 2 times the root of 1/4 + 5^2 / 500, 3.33, and 1.5. */
	assert_int_equal(mean.low[2], 75);
	assert_int_equal(mean.high[2], 85);
	bel_curve_release(&mean);

	/* All are much too high: that is not to be extrapolated from. */
	for (size_t i = 0; i < 4; i++)
		curve[i].sampled_again += 1000;
	assert_int_equal(bel_sample_join(&set, &mean, &err), 0);
	assert_int_equal(mean.faults[0], 80);
	bel_curve_release(&mean);
	for (size_t i = 0; i < 4; i++)
		bel_curve_release(&curve[i]);
}

/* Where there is no band, and what is said of it. */
static void test_no_band(void **state)
{
	static const struct bel_sample_error eight = {.policy = "lru",
		.check = BEL_SAMPLE_CHANCE,
		.min_frames = 8,
		.few_frames = "few",
		.spread = 1};
	struct bel_curve mean,
		curve[2] = {
			curve_of(3, (uint64_t[]){10, 15, 20}, (uint64_t[]){100, 80, 60}),
			curve_of(3, (uint64_t[]){10, 15, 20}, (uint64_t[]){100, 80, 60}),
		};
	struct bel_sample_set set = {.curve = curve, .count = 2, .error = &eight};
	struct bel_err err;

	(void)state;
	/* In a sample of a half, 16 frames are 8. */
	assert_int_equal(bel_sample_join(&set, &mean, &err), 0);
	assert_int_equal(mean.band_from, 16);
	assert_string_equal(mean.no_band, "few");
	assert_true(mean.low[1] == BEL_NO_BAND && mean.high[1] == BEL_NO_BAND);
	assert_int_equal(mean.low[2], 57); /* 60 less 3 of two samples of a half */
	bel_curve_release(&mean);

	set.count = 1;
	assert_int_equal(bel_sample_join(&set, &mean, &err), 0);
	assert_true(!mean.low && !mean.high && mean.no_band && mean.band_from == UINT64_MAX);
	assert_int_equal(mean.faults[1], 80);
	bel_curve_release(&mean);

	set.count = 2;
	set.error = bel_sample_error("nobody's");
	assert_null(set.error);
	assert_int_equal(bel_sample_join(&set, &mean, &err), 0);
	assert_true(!mean.low && !mean.high && mean.no_band && mean.band_from == UINT64_MAX);
	bel_curve_release(&mean);

	/* All pages are no estimate. */
	curve[0].exact = true;
	set.count = 1;
	assert_int_equal(bel_sample_join(&set, &mean, &err), 0);
	assert_true(!mean.low && !mean.no_band);
	bel_curve_release(&mean);
	bel_curve_release(&curve[0]);
	bel_curve_release(&curve[1]);
}

static void assert_near(double value, double wanted)
{
	assert_true(value > wanted - 0.01 && value < wanted + 0.01);
}

/* t of 8 degrees is 2.3060, so that chance alone leaves 23.06 to either side. */
static void test_band(void **state)
{
	struct bel_sample_error error = {.check = BEL_SAMPLE_QUARTER, .spread = 1};
	struct bel_sample_point point = {
		.degrees = 8, .faults = {100, 10}, .more = {5, 1}, .between = 0};
	double low, high;

	(void)state;
	/* A quarter faults more, by 6 perhaps: the truth may be below by as much; by the root of
	   23.06^2 + 6^2 it is. */
	bel_sample_band(&error, &point, &low, &high);
	assert_near(low, 100 - 23.83);
	assert_near(high, 123.06);
	point.more.mean = -5;
	bel_sample_band(&error, &point, &low, &high);
	assert_near(low, 76.94);
	assert_near(high, 123.83);
	/* The truth is between what two kinds of miniatures say. */
	error.check = BEL_SAMPLE_BRACKET;
	point.more = (struct bel_sample_mean){30, 2};
	bel_sample_band(&error, &point, &low, &high);
	assert_near(low, 76.94);
	assert_near(high, 155.06);
	error.check = BEL_SAMPLE_CHANCE;
	error.spread = 2;
	point.between = 3;
	bel_sample_band(&error, &point, &low, &high);
	assert_near(low, 100 - 46.12 - 3);
	assert_near(high, 100 + 46.12 + 3);
}

/* Faults of SIEVE with 2 frames and a hand that waits for one reference to a newest page. */
static uint64_t slow_sieve(const struct bel_run *runs, size_t count)
{
	const uint64_t frames = 2;
	const struct bel_curve_setup setup = {.x = &frames, .count = 1, .param = {0.5}};
	const struct bel_batch batch = {.runs = runs, .count = count};
	struct bel_curve curve;
	struct bel_err err;
	void *sieve = bel_sample_sieve.create(&setup, &err);
	uint64_t faults;

	assert_non_null(sieve);
	assert_int_equal(bel_sample_sieve.feed(sieve, &batch, 4, &err), 0);
	assert_int_equal(bel_sample_sieve.finish(sieve, &curve, &err), 0);
	faults = curve.faults[0];
	bel_curve_release(&curve);
	bel_sample_sieve.destroy(sieve);
	return faults;
}

/*
 * 0 1 0 2: the hand passes 0 and evicts 1, the newest. Plain SIEVE starts anew and evicts 0 for 3;
 * here the hand waits at the newest page and evicts 2, so that 0 is still there at the end.
 */
static void test_slow_sieve(void **state)
{
	static const uint32_t page[] = {0, 1, 0, 2, 3, 0};
	struct bel_run run[6];

	(void)state;
	for (size_t i = 0; i < 6; i++)
		run[i] = bel_run_make(page[i], 1, BEL_RUN_DATA);
	assert_int_equal(slow_sieve(run, 6), 4);
	/* Two references to 2 end the wait: as plain SIEVE, which evicts 0. */
	run[3] = bel_run_make(2, 2, BEL_RUN_DATA);
	assert_int_equal(slow_sieve(run, 6), 5);
}

/* Five pages in a circle, over and over: places run out, and those in use get new ones. */
static void test_places_run_out(void **state)
{
	enum { PAGES = 5, RUNS = 20000, BATCHES = 20 };
	static const uint64_t size[] = {4, 5};
	const struct bel_curve_setup setup = {
		.x = size, .count = 2, .param = {BEL_SAMPLE_LEAST + PAGES}};
	struct bel_run run[RUNS];
	const struct bel_batch batch = {.runs = run, .count = RUNS};
	void *lru = bel_sample_lru.create(&setup, &(struct bel_err){0});
	struct bel_curve curve;
	struct bel_err err;

	(void)state;
	assert_non_null(lru);
	for (size_t i = 0; i < RUNS; i++)
		run[i] = bel_run_make(i % PAGES, 1, BEL_RUN_DATA);
	for (int i = 0; i < BATCHES; i++)
		assert_int_equal(bel_sample_lru.feed(lru, &batch, PAGES, &err), 0);
	assert_int_equal(bel_sample_lru.finish(lru, &curve, &err), 0);
	assert_int_equal(curve.faults[0], RUNS * BATCHES);
	assert_int_equal(curve.faults[1], PAGES);
	bel_curve_release(&curve);
	bel_sample_lru.destroy(lru);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_table),
		cmocka_unit_test(test_scale),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_known_references),
		cmocka_unit_test(test_no_band),
		cmocka_unit_test(test_band),
		cmocka_unit_test(test_slow_sieve),
		cmocka_unit_test(test_places_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

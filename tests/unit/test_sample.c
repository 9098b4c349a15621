/* SPDX-License-Identifier: MIT */
/*
 * test_sample.c: the parts of sampling: the table of pages, scaling of what a sample counted,
 * mean and band of several, by hand.
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

/* A curve of an estimate of 1000 references to 4 pages. */
static struct bel_curve curve_of(size_t count, const uint64_t *x, const uint64_t *faults)
{
	return (struct bel_curve){
		.policy = "lru",
		.references = 1000,
		.pages = 4,
		.compulsory = 4,
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
	/* 4 of 21 pages, and 12000 references, at a share of 1 in 40. */
	bel_sample_scale(&curve, 0.025, 12000, 21);
	assert_int_equal(curve.x[0], 40);
	assert_int_equal(curve.x[2], 120);
	assert_int_equal(curve.faults[0], 21 + 296 * 40);
	assert_int_equal(curve.faults[1], 21 + 10 * 40);
	assert_int_equal(curve.faults[2], 21);
	assert_int_equal(curve.writebacks[0], 800);
	assert_true(curve.mean_resident[1] == 60);
	assert_int_equal(curve.references, 12000);
	assert_int_equal(curve.compulsory, 21);
	assert_false(curve.exact);
	bel_curve_release(&curve);

	/* There are no more faults than references. */
	curve = curve_of(1, (uint64_t[]){1}, (uint64_t[]){300});
	bel_sample_scale(&curve, 0.025, 9000, 21);
	assert_int_equal(curve.faults[0], 9000);
	bel_curve_release(&curve);
}

static void test_join(void **state)
{
	struct bel_curve mean,
		curve[3] = {
			curve_of(2, (uint64_t[]){10, 20}, (uint64_t[]){100, 60}),
			curve_of(2, (uint64_t[]){10, 20}, (uint64_t[]){106, 62}),
			curve_of(3, (uint64_t[]){10, 15, 30}, (uint64_t[]){103, 90, 60}),
		};
	struct bel_err err;

	(void)state;
	assert_int_equal(bel_sample_join(curve, 3, &mean, &err), 0);
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
	/* 103 of 100, 106, 103: deviation 3, t of 2 degrees 4.3027: 7.453 to either side. */
	assert_int_equal(mean.low[0], 96);
	assert_int_equal(mean.high[0], 110);
	/* Squares 49 + 25 + 169 about 67.33: 11.02, to either side 27.37. */
	assert_int_equal(mean.low[2], 40);
	assert_int_equal(mean.high[2], 95);
	bel_curve_release(&mean);

	/* One sample has no band; none goes below the compulsory faults. */
	assert_int_equal(bel_sample_join(curve, 1, &mean, &err), 0);
	assert_null(mean.low);
	assert_int_equal(mean.faults[1], 60);
	bel_curve_release(&mean);
	curve[0].faults[1] = 4;
	assert_int_equal(bel_sample_join(curve, 2, &mean, &err), 0);
	assert_int_equal(mean.low[1], 4);
	bel_curve_release(&mean);
	for (size_t i = 0; i < 3; i++)
		bel_curve_release(&curve[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_table),
		cmocka_unit_test(test_scale),
		cmocka_unit_test(test_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

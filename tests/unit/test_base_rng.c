/* SPDX-License-Identifier: MIT */
/* test_base_rng.c: the random generator against published values; its bounds and its evenness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rng.h"

/* What the authors' reference programs print (splitmix64 of 0; xoshiro256** of 1, 2, 3, 4). */
static void test_published(void **state)
{
	const uint64_t expected[] = {11520, 0, 1509978240, UINT64_C(1215971899390074240)};
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 0);
	assert_int_equal(rng.s[0], UINT64_C(0xe220a8397b1dcdaf));
	assert_int_equal(rng.s[1], UINT64_C(0x6e789e6aa1b965f4));
	assert_int_equal(rng.s[2], UINT64_C(0x06c45d188009454f));
	rng = (struct bel_rng){{1, 2, 3, 4}};
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		assert_int_equal(bel_rng_next(&rng), expected[i]);
}

static void test_below(void **state)
{
	enum { BOUND = 10, DRAWS = 100000 };
	unsigned seen[BOUND] = {0};
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 1);
	for (int i = 0; i < DRAWS; i++)
		seen[bel_rng_below(&rng, BOUND)]++;
	/* Five standard deviations of a binomial count. */
	for (int i = 0; i < BOUND; i++)
		assert_true(seen[i] >= DRAWS / BOUND - 475 && seen[i] <= DRAWS / BOUND + 475);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(bel_rng_below(&rng, 1), 0);
	for (int i = 0; i < 1000; i++)
		assert_true(bel_rng_below(&rng, UINT64_C(3) << 62) < UINT64_C(3) << 62);
}

static void test_real(void **state)
{
	enum { DRAWS = 100000 };
	struct bel_rng rng;
	double sum = 0;

	(void)state;
	bel_rng_seed(&rng, 1);
	for (int i = 0; i < DRAWS; i++) {
		const double x = bel_rng_real(&rng);

		assert_true(x >= 0 && x < 1);
		sum += x;
	}
	assert_true(sum / DRAWS > 0.495 && sum / DRAWS < 0.505);
}

/* A jump is so many draws; two jumps, far beyond what can be drawn, are one jump over the sum. */
static void test_jump(void **state)
{
	static const uint64_t far[] = {UINT64_C(1) << 33, UINT64_C(0x123456789abcdef), 3,
		UINT64_C(1) << 63, UINT64_MAX - (UINT64_C(1) << 63)};
	struct bel_rng drawn, jumped, once;

	(void)state;
	for (uint64_t draws = 0; draws < 300; draws += draws < 20 ? 1 : 37) {
		bel_rng_seed(&drawn, 7);
		jumped = drawn;
		for (uint64_t i = 0; i < draws; i++)
			bel_rng_next(&drawn);
		bel_rng_jump(&jumped, draws);
		assert_memory_equal(&drawn, &jumped, sizeof(drawn));
	}
	for (size_t i = 0; i + 1 < sizeof(far) / sizeof(*far); i++) {
		bel_rng_seed(&jumped, i);
		once = jumped;
		bel_rng_jump(&jumped, far[i]);
		bel_rng_jump(&jumped, far[i + 1]);
		if (far[i] + far[i + 1] < far[i])
			bel_rng_jump(&once, UINT64_MAX);
		bel_rng_jump(&once, far[i] + far[i + 1] + (far[i] + far[i + 1] < far[i]));
		assert_memory_equal(&once, &jumped, sizeof(once));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

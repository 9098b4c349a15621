/* SPDX-License-Identifier: MIT */
/* test_spool.c: what went in comes out, in memory, in the file and across the border. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "rng.h"
#include "spool.h"

#define MIB ((uint64_t)1 << 20)

static const char *temp_dir(void)
{
	return getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
}

/* An element of three bytes, so that none of the sizes divide. */
struct three {
	uint8_t byte[3];
};

static struct three make(uint64_t index)
{
	return (struct three){
		{(uint8_t)(index * 7), (uint8_t)(index >> 8), (uint8_t)(index >> 16)}};
}

static void fill(struct bel_spool *spool, uint64_t count, struct bel_rng *rng)
{
	static struct three part[5000];
	struct bel_err err;
	uint64_t done = 0;

	while (done < count) {
		uint64_t n = bel_rng_below(rng, 5000);

		n = n < count - done ? n : count - done;
		for (uint64_t i = 0; i < n; i++)
			part[i] = make(done + i);
		assert_int_equal(bel_spool_append(spool, part, n, &err), 0);
		done += n;
	}
	assert_int_equal(bel_spool_count(spool), count);
}

static void check(struct bel_spool *spool, uint64_t first, size_t n)
{
	struct three *part = malloc((n ? n : 1) * sizeof(*part));
	struct bel_err err;

	assert_non_null(part);
	assert_int_equal(bel_spool_read(spool, first, part, n, &err), 0);
	for (size_t i = 0; i < n; i++) {
		const struct three want = make(first + i);

		assert_memory_equal(&part[i], &want, sizeof(want));
	}
	free(part);
}

static void round_trip(uint64_t memory, uint64_t count, bool filed)
{
	struct bel_spool_budget budget = {.memory = memory, .dir = temp_dir()};
	struct bel_spool *spool = bel_spool_new(sizeof(struct three), &budget, NULL);
	struct bel_rng rng;

	assert_non_null(spool);
	bel_rng_seed(&rng, count);
	fill(spool, count, &rng);
	assert_int_equal(bel_spool_filed(spool) > 0, filed);
	check(spool, 0, count);
	for (int i = 0; i < 300; i++) {
		const uint64_t first = bel_rng_below(&rng, count);

		check(spool, first,
			bel_rng_below(&rng, count - first < 9000 ? count - first : 9000));
	}
	bel_spool_free(spool);
	assert_int_equal(budget.memory, memory);
}

static void test_round_trip(void **state)
{
	(void)state;
	round_trip(100 * MIB, 1, false);
	round_trip(100 * MIB, 1500000, false);
	round_trip(0, 1500000, true);
	round_trip(2 * MIB, 1500000, true);
	round_trip(3 * MIB / 2, 900000, true);
	round_trip(2 * MIB, 3 * (MIB / 3), false); /* exactly as much as there is room for */
}

static void test_shared_budget(void **state)
{
	struct bel_spool_budget budget = {.memory = 3 * MIB, .dir = temp_dir()};
	struct bel_spool *one = bel_spool_new(3, &budget, NULL);
	struct bel_spool *two = bel_spool_new(3, &budget, NULL);
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 3);
	fill(one, 1000000, &rng); /* two full blocks and a part */
	assert_int_equal(bel_spool_filed(one), 0);
	fill(two, 1000000, &rng);
	assert_true(bel_spool_filed(two) > 0);
	check(one, 0, 1000000);
	check(two, 0, 1000000);
	bel_spool_free(one);
	bel_spool_free(two);
	bel_spool_free(NULL);
	assert_int_equal(budget.memory, 3 * MIB);
}

static void test_no_place(void **state)
{
	struct bel_spool_budget budget = {.memory = 0, .dir = "/nowhere/at/all"};
	struct bel_spool *spool = bel_spool_new(1 << 16, &budget, NULL);
	static char part[1 << 16];
	struct bel_err err = {.code = 0};
	int r = 0;

	(void)state;
	for (int i = 0; i < 40 && r == 0; i++)
		r = bel_spool_append(spool, part, 1, &err);
	assert_int_equal(r, BEL_FAIL);
	assert_string_equal(err.text, "/nowhere/at/all: temporary file (TMPDIR chooses the "
				      "folder): No such file or directory");
	bel_spool_free(spool);
}

/* The file may not grow past 64 KiB: the disk is full, as far as the spool can tell. */
static void test_full(void **state)
{
	struct bel_spool_budget budget = {.memory = 0, .dir = temp_dir()};
	struct bel_spool *spool = bel_spool_new(1 << 16, &budget, NULL);
	static char part[1 << 16];
	struct rlimit limit, small;
	struct bel_err err = {.code = 0};
	char want[4096];
	int r = 0;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = (struct rlimit){.rlim_cur = 1 << 16, .rlim_max = limit.rlim_max};
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; i < 40 && r == 0; i++)
		r = bel_spool_append(spool, part, 1, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(r, BEL_FAIL);
	snprintf(want, sizeof(want),
		"%s: temporary file (TMPDIR chooses the folder): File too large", temp_dir());
	assert_string_equal(err.text, want);
	bel_spool_free(spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_shared_budget),
		cmocka_unit_test(test_no_place),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

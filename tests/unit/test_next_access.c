/* SPDX-License-Identifier: MIT */
/*
 * test_next_access.c: next accesses against a search through the rest of the trace, in
 * memory and in a file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "next_access.h"
#include "rng.h"

#define NONE UINT64_MAX

static struct bel_access *make_random(size_t count, uint64_t pages, uint64_t seed)
{
	struct bel_access *const access = calloc(count + 1, sizeof(*access));
	struct bel_rng rng;

	assert_non_null(access);
	bel_rng_seed(&rng, seed);
	for (size_t i = 0; i < count; i++)
		access[i] = (struct bel_access){
			UINT64_MAX - bel_rng_below(&rng, pages) * 977, 5, BEL_STORE};
	return access;
}

static uint64_t search(const struct bel_access *access, size_t count, size_t from)
{
	for (size_t i = from + 1; i < count; i++)
		if (access[i].address == access[from].address)
			return i;
	return NONE;
}

/* Given in pieces; `memory` bytes before the file. */
static void check(const struct bel_access *access, size_t count, size_t piece, uint64_t memory)
{
	struct bel_spool_budget budget = {.memory = memory, .dir = "/tmp"};
	struct bel_accesses batch;
	struct bel_err err;
	struct bel_next_access *const next = bel_next_access_new(&budget, &err);
	size_t at = 0;
	int r;

	assert_non_null(next);
	for (size_t i = 0; i < count; i += piece)
		assert_int_equal(bel_next_access_add(next, access + i,
					 count - i < piece ? count - i : piece, &err),
			0);
	assert_int_equal(bel_next_access_turn(next, &err), 0);
	while ((r = bel_next_access_read(next, &batch, &err)) > 0) {
		for (size_t i = 0; i < batch.count; i++, at++) {
			assert_true(at < count);
			assert_int_equal(batch.access[i].address, access[at].address);
			/* Every 13th is enough where the search is long. */
			if (count < 5000 || at % 13 == 0)
				assert_int_equal(batch.next[i], search(access, count, at));
		}
	}
	assert_int_equal(r, 0);
	assert_int_equal(at, count);
	bel_next_access_free(next);
	assert_int_equal(budget.memory, memory);
}

static void test_by_hand(void **state)
{
	static const uint64_t pages[] = {7, 0, 1, 7, 7, 2, 0},
			      wanted[] = {3, 6, NONE, 4, NONE, NONE, NONE};
	struct bel_spool_budget budget = {.memory = 1 << 20, .dir = "/tmp"};
	struct bel_accesses batch;
	struct bel_err err;
	struct bel_next_access *const next = bel_next_access_new(&budget, &err);

	(void)state;
	assert_non_null(next);
	for (size_t i = 0; i < 7; i++) {
		const struct bel_access access = {pages[i], 1, BEL_LOAD};

		assert_int_equal(bel_next_access_add(next, &access, 1, &err), 0);
	}
	assert_int_equal(bel_next_access_turn(next, &err), 0);
	assert_int_equal(bel_next_access_read(next, &batch, &err), 1);
	assert_int_equal(batch.count, 7);
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(batch.access[i].address, pages[i]);
		assert_int_equal(batch.next[i], wanted[i]);
	}
	assert_int_equal(bel_next_access_read(next, &batch, &err), 0);
	bel_next_access_free(next);
}

static void test_random(void **state)
{
	static const size_t counts[] = {0, 1, 2, 100, 3000, 8191, 8192, 8193, 40000};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct bel_access *const access = make_random(counts[i], 1 + counts[i] / 7, i);

		check(access, counts[i], 1 + counts[i] / 3, 1 << 24);
		check(access, counts[i], 777, 0);
		free(access);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

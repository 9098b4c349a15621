/* SPDX-License-Identifier: MIT */
/* Tests lib/model/run_digest: against the definition, one run at a time, and joins of pieces. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <xxhash.h>

#include "run_digest.h"

enum { MOST = 300 };

#define PRIME ((UINT64_C(1) << 61) - 1)
#define POINT UINT64_C(0x1b7d3a5c9e8f4217)

static uint64_t seed;

static uint64_t draw(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return seed >> 20;
}

static void draw_runs(struct bel_run *run, size_t count)
{
	for (size_t i = 0; i < count; i++)
		run[i] = bel_run_make((uint32_t)draw(), 1 + (uint32_t)(draw() % BEL_RUN_COUNT_MAX),
			draw() & BEL_RUN_FLAGS);
}

/* The definition: value := value * POINT + run, modulo the prime. */
static void define(const struct bel_run *run, size_t count, char text[BEL_RUN_DIGEST_TEXT])
{
	uint64_t number[2] = {0, count};
	uint8_t bytes[16];

	for (size_t i = 0; i < count; i++) {
		const uint64_t word = (uint64_t)run[i].info << 32 | run[i].page;

		number[0] = (uint64_t)(((unsigned __int128)number[0] * POINT + word) % PRIME);
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(number[i / 8] >> i % 8 * 8);
	snprintf(text, BEL_RUN_DIGEST_TEXT, "%016" PRIx64,
		(uint64_t)XXH3_64bits(bytes, sizeof(bytes)));
}

static void test_definition(void **state)
{
	struct bel_run run[MOST];
	char want[BEL_RUN_DIGEST_TEXT], got[BEL_RUN_DIGEST_TEXT];

	(void)state;
	seed = 11;
	for (size_t count = 0; count < MOST; count++) {
		struct bel_run_digest digest = {0};

		draw_runs(run, count);
		define(run, count, want);
		/* In two calls, so that the second does not begin at a multiple of eight. */
		bel_run_digest_add(&digest, run, count / 3);
		bel_run_digest_add(&digest, run + count / 3, count - count / 3);
		bel_run_digest_text(&digest, got);
		assert_string_equal(got, want);
	}
}

static void test_largest(void **state)
{
	struct bel_run run[MOST];
	struct bel_run_digest digest = {0};
	char want[BEL_RUN_DIGEST_TEXT], got[BEL_RUN_DIGEST_TEXT];

	(void)state;
	for (size_t i = 0; i < MOST; i++)
		run[i] = (struct bel_run){UINT32_MAX, UINT32_MAX};
	define(run, MOST, want);
	bel_run_digest_add(&digest, run, MOST);
	bel_run_digest_text(&digest, got);
	assert_string_equal(got, want);
}

static void test_joins(void **state)
{
	struct bel_run run[MOST];
	char want[BEL_RUN_DIGEST_TEXT], got[BEL_RUN_DIGEST_TEXT];

	(void)state;
	seed = 12;
	for (unsigned round = 0; round < 1000; round++) {
		const size_t count = draw() % MOST, cut = count ? draw() % count : 0;
		const size_t second = cut + (count - cut) / 2;
		struct bel_run_digest a = {0}, b = {0}, c = {0};

		draw_runs(run, count);
		define(run, count, want);
		bel_run_digest_add(&a, run, cut);
		bel_run_digest_add(&b, run + cut, second - cut);
		bel_run_digest_add(&c, run + second, count - second);
		if (round & 1) {
			bel_run_digest_join(&a, &b);
			bel_run_digest_join(&a, &c);
		} else {
			bel_run_digest_join(&b, &c);
			bel_run_digest_join(&a, &b);
		}
		bel_run_digest_text(&a, got);
		assert_string_equal(got, want);
	}
}

/* Pieces with page numbers of their own: weights give the digest with the numbers of the whole. */
static void test_weights(void **state)
{
	enum { PAGES = 20 };
	struct bel_run run[MOST];
	char want[BEL_RUN_DIGEST_TEXT], got[BEL_RUN_DIGEST_TEXT];

	(void)state;
	seed = 13;
	for (unsigned round = 0; round < 1000; round++) {
		const size_t count = 1 + draw() % (MOST - 1);
		uint32_t number[PAGES]; /* of each page in the whole */
		uint64_t weight[PAGES] = {0}, factor = 1;
		struct bel_run_digest digest = {0};

		for (uint32_t page = 0; page < PAGES; page++)
			number[page] = (uint32_t)draw() % 1000;
		draw_runs(run, count);
		for (size_t i = 0; i < count; i++)
			run[i].page %= PAGES;
		bel_run_digest_add(&digest, run, count);
		bel_run_weights_add(weight, &factor, run, count / 2);
		bel_run_weights_add(weight, &factor, run + count / 2, count - count / 2);
		for (uint32_t page = 0; page < PAGES; page++)
			bel_run_digest_renumber(&digest,
				bel_run_weight_shift(weight[page], count - 1),
				(int64_t)number[page] - page);
		bel_run_digest_text(&digest, got);
		for (size_t i = 0; i < count; i++)
			run[i].page = number[run[i].page];
		define(run, count, want);
		assert_string_equal(got, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_definition),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_joins),
		cmocka_unit_test(test_weights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

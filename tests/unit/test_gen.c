/* SPDX-License-Identifier: MIT */
/* test_gen.c: generated traces: strings, distributions, the stack model against a plain list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "gen_model.h"

enum { MOST = 200000 };

static struct bel_access access[MOST];
static struct bel_err err;

/* All references of a setup; asked for in odd portions, which must make no difference. */
static size_t generate(const struct bel_gen_setup *setup, size_t portion)
{
	struct bel_gen *gen;
	size_t count = 0, n;

	if (bel_gen_new(&gen, setup, &err) < 0)
		fail_msg("%s", err.text);
	while ((n = bel_gen_next(
			gen, access + count, MOST - count < portion ? MOST - count : portion)))
		count += n;
	assert_int_equal(count, bel_gen_references(gen));
	bel_gen_free(gen);
	return count;
}

static void test_strings(void **state)
{
	static const uint64_t expected[] = {1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};
	struct bel_gen_setup setup = BEL_GEN_SETUP_INIT;

	(void)state;
	setup.model = "belady";
	assert_int_equal(generate(&setup, 5), 12);
	for (size_t i = 0; i < 12; i++) {
		assert_int_equal(access[i].address, expected[i]);
		assert_int_equal(access[i].kind, BEL_LOAD);
		assert_int_equal(access[i].size, 1);
	}
	setup.model = "string";
	setup.text = " 7,0x10w 3W\n2";
	assert_int_equal(generate(&setup, 100), 4);
	assert_int_equal(access[0].address, 7);
	assert_int_equal(access[1].address, 16);
	assert_int_equal(access[1].kind, BEL_STORE);
	assert_int_equal(access[2].kind, BEL_STORE);
	assert_int_equal(access[3].address, 2);
	assert_int_equal(access[3].kind, BEL_LOAD);
}

static void test_sequences(void **state)
{
	struct bel_gen_setup setup = BEL_GEN_SETUP_INIT;

	(void)state;
	setup.references = 100;
	setup.model = "sequential";
	assert_int_equal(generate(&setup, 7), 100);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(access[i].address, i);
	setup.model = "loop";
	setup.pages = 9;
	assert_int_equal(generate(&setup, 7), 100);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(access[i].address, i % 9);
}

/* Counts of draws against their expectation, five standard deviations wide. */
static void test_zipf(void **state)
{
	enum { PAGES = 50 };
	struct bel_gen_setup setup = BEL_GEN_SETUP_INIT;
	unsigned seen[PAGES] = {0};
	double sum = 0;

	(void)state;
	setup.model = "zipf";
	setup.references = MOST;
	setup.pages = PAGES;
	setup.alpha = 0.8;
	generate(&setup, 1000);
	for (size_t i = 0; i < MOST; i++) {
		assert_true(access[i].address < PAGES);
		seen[access[i].address]++;
	}
	for (int k = 1; k <= PAGES; k++)
		sum += pow(k, -0.8);
	for (int k = 1; k <= PAGES; k++) {
		const double p = pow(k, -0.8) / sum, mean = p * MOST;

		assert_true(fabs(seen[k - 1] - mean) < 5 * sqrt(mean * (1 - p)));
	}
}

/* The same draws of depths, the pages moved in a plain array. */
static void test_stack_against_list(void **state)
{
	enum { PAGES = 300, COUNT = 50000 };
	struct bel_gen_setup setup = BEL_GEN_SETUP_INIT;
	struct bel_alias alias;
	struct bel_rng rng;
	uint32_t list[PAGES];

	(void)state;
	setup.model = "stack";
	setup.references = COUNT;
	setup.pages = PAGES;
	setup.alpha = 0.5;
	setup.seed = 7;
	generate(&setup, 999);
	bel_rng_seed(&rng, 7);
	assert_int_equal(bel_alias_init_power(&alias, PAGES, 0.5, &err), 0);
	for (uint32_t i = 0; i < PAGES; i++)
		list[i] = i;
	for (size_t i = 0; i < COUNT; i++) {
		const uint32_t depth = bel_alias_draw(&alias, &rng), page = list[depth];

		assert_int_equal(access[i].address, page);
		memmove(list + 1, list, depth * sizeof(*list));
		list[0] = page;
	}
	bel_alias_release(&alias);
}

static void test_phases(void **state)
{
	struct bel_gen_setup setup = BEL_GEN_SETUP_INIT;
	uint64_t low = UINT64_MAX, high = 0, changes = 0;

	(void)state;
	setup.model = "phases";
	setup.references = MOST;
	setup.pages = 100000;
	setup.locality = 10;
	setup.phase = 1000;
	generate(&setup, 4096);
	for (size_t i = 0; i < MOST; i++) {
		const uint64_t page = access[i].address;

		assert_true(page < 100000);
		low = page < low ? page : low;
		high = page > high ? page : high;
		if (high - low >= 10) {
			changes++;
			low = high = page;
		}
	}
	/* 200 phases are expected; their number has a standard deviation of 14. */
	assert_true(changes >= 130 && changes <= 270);
}

static void test_writes_do_not_move_pages(void **state)
{
	static struct bel_access before[1000];
	struct bel_gen_setup setup = BEL_GEN_SETUP_INIT;
	size_t writes = 0;

	(void)state;
	setup.model = "uniform";
	setup.references = 1000;
	generate(&setup, 1000);
	memcpy(before, access, sizeof(before));
	setup.write_ratio = 0.25;
	generate(&setup, 10);
	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(access[i].address, before[i].address);
		writes += access[i].kind == BEL_STORE;
	}
	assert_true(writes >= 182 && writes <= 318);
}

static void refuses(struct bel_gen_setup setup, const char *message)
{
	struct bel_gen *gen;

	assert_int_equal(bel_gen_new(&gen, &setup, &err), BEL_USAGE);
	assert_string_equal(err.text, message);
	assert_null(gen);
}

static void test_refusals(void **state)
{
	struct bel_gen_setup setup = BEL_GEN_SETUP_INIT, s;

	(void)state;
	s = setup, s.model = "loop", s.alpha = 1;
	refuses(s, "model 'loop' does not use --alpha");
	s = setup, s.model = "belady", s.references = 5;
	refuses(s, "model 'belady' does not use -n");
	s = setup, s.model = "uniform", s.pages = 0;
	refuses(s, "--pages: must be at least 1");
	s = setup, s.model = "zipf", s.pages = UINT64_C(1) << 40;
	refuses(s, "--pages: 1099511627776 is too many");
	s = setup, s.model = "zipf", s.alpha = -0.5;
	refuses(s, "--alpha: -0.5 is not between 0 and 100");
	s = setup, s.model = "zipf", s.write_ratio = 1.5;
	refuses(s, "--write-ratio: 1.5 is not between 0 and 1");
	s = setup, s.model = "string";
	refuses(s, "model 'string' needs text");
	s = setup, s.model = "string", s.text = " , ";
	refuses(s, "the string has no pages");
	s = setup, s.model = "string", s.text = "1 x";
	refuses(s, "page: 'x' is not a whole number");
	s = setup, s.model = "loop", s.text = "1";
	refuses(s, "model 'loop' takes no text");
	s = setup, s.model = "phases", s.pages = 5, s.locality = 6;
	refuses(s, "a locality of 6 pages does not fit into 5 pages");
}

static void test_command(void **state)
{
	struct bel_gen_setup setup = BEL_GEN_SETUP_INIT;
	struct bel_gen *gen;

	(void)state;
	setup.model = "zipf";
	setup.write_ratio = 0.5;
	assert_int_equal(bel_gen_new(&gen, &setup, &err), 0);
	assert_string_equal(bel_gen_command(gen),
		"bel-gen zipf -n 100000 --pages 1000 --alpha 1 --write-ratio 0.5 --seed 1");
	bel_gen_free(gen);
}

/* Slices that meet, at random cuts, are the whole; none but the first begins inside of a run. */
static void test_slices(void **state)
{
	static const char *const model[] = {
		"zipf", "loop", "sequential", "uniform", "phases", "stack", "belady"};
	struct bel_access *const whole = malloc(MOST * sizeof(*whole));
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 3);
	assert_non_null(whole);
	for (size_t m = 0; m < sizeof(model) / sizeof(*model); m++) {
		struct bel_gen_setup setup = BEL_GEN_SETUP_INIT;
		const bool string = !strcmp(model[m], "belady");
		const size_t count = string ? 12 : 5000;
		size_t at = 0;

		setup.model = model[m];
		if (!string) {
			setup.references = count;
			setup.write_ratio = 0.25;
		}
		if (!string && m != 2)
			setup.pages = m == 4 ? 60 : 4;
		assert_int_equal(generate(&setup, MOST), count);
		memcpy(whole, access, count * sizeof(*whole));
		for (uint64_t from = 0, to; from < count; from = to) {
			char text[64];
			struct bel_gen *gen;
			size_t n;

			to = from + bel_rng_below(&rng, 900) + 1;
			snprintf(text, sizeof(text), "%llu:%llu", (unsigned long long)from,
				(unsigned long long)to);
			assert_int_equal(bel_gen_new(&gen, &setup, &err), 0);
			assert_int_equal(bel_gen_slice(gen, text, &err), 0);
			for (bool first = true; (n = bel_gen_next(gen, access, 100));
				first = false) {
				assert_true(at + n <= count);
				assert_memory_equal(access, whole + at, n * sizeof(*access));
				if (first && at) {
					assert_true(at >= from && at < to);
					assert_int_not_equal(
						whole[at].address, whole[at - 1].address);
				}
				at += n;
			}
			bel_gen_free(gen);
		}
		assert_int_equal(at, count);
	}
	free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_zipf),
		cmocka_unit_test(test_stack_against_list),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_writes_do_not_move_pages),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_slices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_curve_parts.c: what curve algorithms and bel-curve stand on: the rank bitmap and the tree
 * of minima against plain loops, both paths; the choice of algorithms and of sizes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "curve_feed.h"
#include "curve_run.h"
#include "exchange_tree.h"
#include "lru_stack.h"
#include "min_tree.h"
#include "rank_bitmap.h"
#include "rng.h"

static struct bel_err err;

static void bitmap_counts_behind(void **state)
{
	const size_t places = 3 * BEL_RANK_BLOCK;
	struct bel_rank_bitmap map;
	struct bel_rng rng;
	bool *set = calloc(places, sizeof(*set));
	size_t *behind = calloc(places + 1, sizeof(*behind));
	size_t end = 0;

	(void)state;
	bel_rng_seed(&rng, 7);
	assert_int_equal(bel_rank_bitmap_init(&map, places - 5, &err), 0);
	assert_int_equal(map.places, places);
	for (; end < places - 100000; end++) {
		if (bel_rng_below(&rng, 3)) {
			bel_rank_bitmap_set(&map, end);
			set[end] = true;
		}
	}
	for (int i = 0; i < 100000; i++) {
		const size_t at = bel_rng_below(&rng, end);

		if (set[at])
			bel_rank_bitmap_unset(&map, at);
		set[at] = false;
	}
	for (size_t at = places; at-- > 0;)
		behind[at] = behind[at + 1] + set[at];
	for (size_t at = 0; at < end; at += 1 + at % 3) {
		assert_int_equal(bel_rank_bitmap_behind(&map, at, end), behind[at + 1]);
#if defined(__x86_64__)
		if (bel_has_avx512())
			assert_int_equal(
				bel_rank_bitmap_behind_avx512(&map, at, end), behind[at + 1]);
#endif
	}
	bel_rank_bitmap_clear(&map);
	assert_int_equal(bel_rank_bitmap_behind(&map, 0, places), 0);
	bel_rank_bitmap_release(&map);
	free(set);
	free(behind);
}

/* The nearest smaller value before a place, the plain way. */
static size_t before(const uint8_t *value, size_t place, uint8_t below)
{
	while (place-- > 0)
		if (value[place] < below)
			return place;
	return SIZE_MAX;
}

static void check_tree(size_t places, struct bel_line_ops ops)
{
	struct bel_min_tree tree;
	struct bel_rng rng;
	uint8_t *value = malloc(places);

	assert_non_null(value);
	memset(value, BEL_MT_EMPTY, places);
	bel_rng_seed(&rng, places);
	assert_int_equal(bel_min_tree_init(&tree, places, &err), 0);
	for (int i = 0; i < 20000; i++) {
		const size_t place = bel_rng_below(&rng, places);
		const uint8_t v = bel_rng_below(&rng, 2)
					  ? BEL_MT_EMPTY
					  : (uint8_t)bel_rng_below(&rng, BEL_MT_EMPTY);
		const size_t from = bel_rng_below(&rng, places);
		const uint8_t below = (uint8_t)bel_rng_below(&rng, BEL_MT_EMPTY);

		bel_min_tree_set(&tree, place, v, ops);
		value[place] = v;
		assert_int_equal(
			bel_min_tree_before(&tree, from, below, ops), before(value, from, below));
	}
	bel_min_tree_release(&tree);
	free(value);
}

static void tree_finds_the_smaller_before(void **state)
{
	static const size_t places[] = {1, 63, 64, 65, 4096, 4097, 300000};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		check_tree(places[i], (struct bel_line_ops){bel_line_below, bel_line_least});
#if defined(__x86_64__)
	for (size_t i = 0; bel_has_avx512() && i < sizeof(places) / sizeof(*places); i++)
		check_tree(places[i],
			(struct bel_line_ops){bel_line_below_avx512, bel_line_least_avx512});
#endif
}

/* All numbers to 64, then 32 an octave. */
static void numerals_are_rounded_up(void **state)
{
	static const uint32_t pair[][2] = {{1, 1}, {2, 2}, {63, 63}, {64, 64}, {65, 66}, {66, 66},
		{127, 128}, {128, 128}, {129, 132}, {132, 132}, {1000, 1008}, {65537, 67584},
		{BEL_NO_NUMERAL, BEL_NO_NUMERAL}};

	(void)state;
	for (size_t i = 0; i < sizeof(pair) / sizeof(*pair); i++)
		assert_int_equal(bel_exchange_round(pair[i][0]), pair[i][1]);
}

static void registry_is_in_order(void **state)
{
	const struct bel_curve_algorithm *last = NULL, *a;
	size_t i = 0;

	(void)state;
	for (; (a = bel_curve_at(i)); i++, last = a) {
		assert_non_null(a->source);
		assert_non_null(a->finish);
		assert_true(!(a->caps & BEL_CURVE_SNAPSHOT) == !a->snapshot);
		assert_true(!(a->caps & BEL_CURVE_REQUESTS) == !a->request);
		if (last && !strcmp(last->policy, a->policy))
			assert_true(last->rank <= a->rank);
		else if (last)
			assert_true(strcmp(last->policy, a->policy) < 0);
	}
	assert_true(i >= 5);
}

/* What is chosen for a policy: an algorithm's name, or "engine". */
static const char *chosen(const char *text, uint64_t pages, uint32_t caps)
{
	const struct bel_curve_algorithm *a;
	struct bel_policy_spec *spec;
	struct bel_curve_spec *made;
	double param[8];
	size_t count;

	assert_int_equal(bel_specs_parse(text, &spec, &count, &err), 0);
	assert_int_equal(count, 1);
	assert_int_equal(bel_curve_specs_make(spec, count, &made, &err), 0);
	a = bel_curve_choose(made, pages, caps, param);
	free(made);
	bel_specs_free(spec, count);
	return a ? a->name : "engine";
}

static void choice_goes_by_pages_and_parameters(void **state)
{
	(void)state;
	assert_string_equal(chosen("lru", 0, 0), "stack");
	assert_string_equal(chosen("lru", 5000000, BEL_CURVE_SNAPSHOT), "stack");
	/* Other counts: only if they are asked for. */
	assert_string_equal(chosen("lru", 0, BEL_CURVE_REQUESTS), "prefix");
	assert_string_equal(chosen("opt", 0, BEL_CURVE_REQUESTS), "engine");
	assert_string_equal(chosen("opt", 0, 0), "stack");
	assert_string_equal(chosen("opt", 100000, 0), "stack");
	assert_string_equal(chosen("opt", 100001, 0), "classes");
	assert_string_equal(chosen("opt", 10, BEL_CURVE_SNAPSHOT), "classes");
	assert_string_equal(chosen("opt", 0, BEL_CURVE_SNAPSHOT | BEL_CURVE_ALL), "numerals");
	assert_string_equal(chosen("fifo", 0, BEL_CURVE_SNAPSHOT | BEL_CURVE_ALL), "engine");
	assert_string_equal(chosen("ws:tau=77", 10, 0), "gaps");
	assert_string_equal(chosen("vmin", 10, 0), "gaps");
}

static void specs_are_made_or_refused(void **state)
{
	struct bel_policy_spec *spec;
	struct bel_curve_spec *made;
	size_t count;

	(void)state;
	assert_int_equal(bel_specs_parse("lru,vmin,ws:tau=50,ws,clock:bit=0,ws:tau=10000", &spec,
				 &count, &err),
		0);
	assert_int_equal(bel_curve_specs_make(spec, count, &made, &err), 0);
	assert_string_equal(made[1].name, "vmin");
	assert_ptr_equal(made[1].spec, &spec[1]);
	assert_int_equal(made[2].tau, 50);
	assert_int_equal(made[3].tau, 0);
	assert_string_equal(made[4].name, "clock");
	/* A window that was given is the one window, also if it is the default. */
	assert_int_equal(made[5].tau, 10000);
	free(made);
	bel_specs_free(spec, count);
	assert_int_equal(bel_specs_parse("lru,sws", &spec, &count, &err), 0);
	assert_int_equal(bel_curve_specs_make(spec, count, &made, &err), BEL_USAGE);
	assert_non_null(strstr(err.text, "variable-space policy without a curve algorithm"));
	bel_specs_free(spec, count);
}

static void first_sizes_span_the_footprint(void **state)
{
	static const uint64_t pages[] = {0, 1, 2, 55, 5000, 40000000};

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		uint64_t *x;
		size_t count;

		assert_int_equal(bel_curve_sizes_first(0, pages[i], &x, &count, &err), 0);
		assert_true(count >= 1 && count < 90);
		assert_int_equal(x[0], 1);
		assert_int_equal(x[count - 1], pages[i] ? pages[i] : 1);
		free(x);
	}
}

static void sizes_go_where_the_steps_are(void **state)
{
	uint64_t x[] = {1, 2, 10, 20, 1000}, faults[] = {1000, 600, 599, 100, 100};
	const struct bel_curve curve = {.count = 5, .x = x, .faults = faults};
	uint64_t *more;
	size_t count;

	(void)state;
	/* Only the gap from 10 to 20 has a step above 10%: none fits between 1 and 2. */
	assert_int_equal(bel_curve_sizes_between(&curve, 0.1, false, &more, &count, &err), 0);
	assert_int_equal(count, 5);
	for (size_t i = 0; i < count; i++)
		assert_true(more[i] > 10 && more[i] < 20);
	free(more);
	assert_int_equal(bel_curve_sizes_between(&curve, 0.6, false, &more, &count, &err), 0);
	assert_int_equal(count, 0);
	free(more);
}

/* A convex curve whose true value is known everywhere. */
static uint64_t hyperbola(uint64_t x)
{
	return 1000000000 / (x + 20);
}

static void lines_of_a_convex_curve_are_close(void **state)
{
	struct bel_curve curve = {.count = 0};
	uint64_t x[1000], faults[1000], *more;
	size_t count = 5;

	(void)state;
	for (size_t i = 0; i < count; i++)
		x[i] = 1 + i * 1000;
	curve.x = x;
	curve.faults = faults;
	while (count) {
		curve.count += curve.count ? 0 : count;
		for (size_t i = 0; i < curve.count; i++)
			faults[i] = hyperbola(x[i]);
		assert_int_equal(
			bel_curve_sizes_between(&curve, 0.01, true, &more, &count, &err), 0);
		assert_true(curve.count + count < 200);
		for (size_t i = 0; i < count; i++) {
			size_t at = curve.count++;

			for (; at && x[at - 1] > more[i]; at--)
				x[at] = x[at - 1];
			x[at] = more[i];
		}
		free(more);
	}
	assert_true(curve.count > 10);
	for (size_t i = 0; i + 1 < curve.count; i++)
		for (uint64_t at = x[i]; at <= x[i + 1]; at++) {
			const double share = (double)(at - x[i]) / (double)(x[i + 1] - x[i]);
			const double line = (double)faults[i] +
					    share * ((double)faults[i + 1] - (double)faults[i]);

			assert_true(line - (double)hyperbola(at) <=
				    0.01 * (double)(faults[0] - faults[curve.count - 1]) + 1);
		}
}

static void request_begin(
	struct bel_curve_request *request, const char *policies, const char *frames)
{
	*request = (struct bel_curve_request){.frames = frames};
	assert_int_equal(bel_specs_parse(policies, &request->policy, &request->specs, &err), 0);
}

static void page_sizes_are_sorted_and_checked(void **state)
{
	struct bel_curve_request request;

	(void)state;
	request_begin(&request, "lru", "all");
	assert_int_equal(bel_curve_request_parse(&request, "5,1k", "2M,4k,2M,16k", &err), BEL_OK);
	assert_int_equal(request.page_sizes, 3);
	assert_int_equal(request.page_bits[0], 12);
	assert_int_equal(request.page_bits[1], 14);
	assert_int_equal(request.page_bits[2], 21);
	assert_int_equal(request.taus, 2);
	assert_int_equal(request.tau[1], 1024);
	bel_curve_request_release(&request);
	request_begin(&request, "lru", "all");
	assert_int_equal(bel_curve_request_parse(&request, NULL, "4k,1", &err), BEL_USAGE);
	assert_string_equal(err.text, "--page-size: a page has at least 2 bytes");
	bel_curve_request_release(&request);
	request_begin(&request, "lru", "0");
	assert_int_equal(bel_curve_request_parse(&request, NULL, NULL, &err), BEL_USAGE);
	bel_curve_request_release(&request);
}

/* 60 pages by chance, in an algorithm whose state is set up by `begin`. */
static struct bel_curve curve_from(
	const struct bel_curve_algorithm *a, bool portable, void (*begin)(void *self))
{
	const struct bel_curve_setup setup = {.portable = portable};
	struct bel_run run[2000];
	const struct bel_batch batch = {.runs = run, .count = 2000};
	void *self = a->create(&setup, &err);
	struct bel_curve curve;
	struct bel_rng rng;

	assert_non_null(self);
	bel_rng_seed(&rng, 11);
	for (size_t i = 0; i < 2000; i++)
		run[i] = bel_run_make((uint32_t)(bel_rng_below(&rng, 60) * bel_rng_below(&rng, 2)),
			1, BEL_RUN_DATA);
	begin(self);
	assert_int_equal(a->feed(self, &batch, 60, &err), 0);
	assert_int_equal(a->finish(self, &curve, &err), 0);
	a->destroy(self);
	return curve;
}

static void begin_at_once(void *self)
{
	(void)self;
}

/* The state of "stack" begins with its stack; as if 2^32 runs were nearly over. */
static void begin_late(void *self)
{
	struct bel_lru_stack *const stack = self;

	stack->now = UINT32_MAX - 1000;
}

static void lru_times_begin_anew(void **state)
{
	const struct bel_curve_algorithm *a = curve_algorithm("lru", "stack");
	struct bel_curve plain = curve_from(a, true, begin_at_once);
	struct bel_curve late = curve_from(a, false, begin_late);
	char why[CURVE_WHY];

	(void)state;
	if (!curve_same(&plain, &late, why))
		fail_msg("%s", why);
	bel_curve_release(&plain);
	bel_curve_release(&late);
}

/* Counts of faults begin anew after 2^30 runs, which takes seconds: `make check-long`. */
static void fifo_counts_begin_anew(void **state)
{
	enum { RUNS = 3 << 20, BATCHES = 350 };
	static const uint64_t size[] = {2, 3};
	const struct bel_curve_setup setup = {.x = size, .count = 2};
	const struct bel_curve_algorithm *fifo = curve_algorithm("fifo", "rows");
	const char *is_long = getenv("BEL_LONG");
	struct bel_run *run;
	struct bel_batch batch = {.count = RUNS};
	struct bel_curve curve;
	void *self;

	(void)state;
	if (!is_long || !*is_long)
		skip();
	batch.runs = run = calloc(RUNS, sizeof(*run));
	self = fifo->create(&setup, &err);
	assert_true(run && self);
	for (uint32_t i = 0; i < RUNS; i++)
		run[i] = bel_run_make(i % 3, 1, BEL_RUN_DATA);
	for (int i = 0; i < BATCHES; i++)
		assert_int_equal(fifo->feed(self, &batch, 3, &err), 0);
	assert_int_equal(fifo->finish(self, &curve, &err), 0);
	assert_int_equal(curve.faults[0], (uint64_t)RUNS * BATCHES);
	assert_int_equal(curve.faults[1], 3);
	bel_curve_release(&curve);
	fifo->destroy(self);
	free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bitmap_counts_behind),
		cmocka_unit_test(tree_finds_the_smaller_before),
		cmocka_unit_test(numerals_are_rounded_up),
		cmocka_unit_test(registry_is_in_order),
		cmocka_unit_test(choice_goes_by_pages_and_parameters),
		cmocka_unit_test(specs_are_made_or_refused),
		cmocka_unit_test(first_sizes_span_the_footprint),
		cmocka_unit_test(sizes_go_where_the_steps_are),
		cmocka_unit_test(lines_of_a_convex_curve_are_close),
		cmocka_unit_test(page_sizes_are_sorted_and_checked),
		cmocka_unit_test(lru_times_begin_anew),
		cmocka_unit_test(fifo_counts_begin_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

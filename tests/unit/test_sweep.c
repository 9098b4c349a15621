/* SPDX-License-Identifier: MIT */
/*
 * test_sweep.c: a sweep counts what its configurations would count alone, whatever the number of
 * threads; intervals add up and are exact; one that fails leaves the others alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pool.h"
#include "rng.h"
#include "sweep.h"

#define RUNS 70000
#define PAGES 5000

static struct bel_run runs[RUNS];
static uint64_t next[RUNS];
static uint64_t references;
#define FRAMES "1,7,64,6000"

static int make_runs(void **state)
{
	static uint64_t coming[PAGES];
	static uint32_t number[PAGES]; /* in order of first touch, plus 1 */
	uint32_t pages = 0;
	struct bel_rng rng;
	uint64_t now;

	(void)state;
	bel_rng_seed(&rng, 9);
	for (size_t i = 0; i < RUNS; i++) {
		const double u = bel_rng_real(&rng);
		const uint32_t length = 1 + (uint32_t)bel_rng_below(&rng, 4);

		uint32_t *const page = &number[(uint32_t)(u * u * u * PAGES)];

		if (!*page)
			*page = ++pages;
		runs[i].page = *page - 1;
		runs[i].info =
			length << BEL_RUN_COUNT_SHIFT |
			(bel_rng_below(&rng, 5) ? BEL_RUN_DATA : BEL_RUN_DATA | BEL_RUN_WRITE);
		references += length;
	}
	memset(coming, 0xff, sizeof(coming));
	now = references;
	for (size_t i = RUNS; i-- > 0;) {
		next[i] = coming[runs[i].page];
		now -= bel_run_count(runs[i]);
		coming[runs[i].page] = now;
	}
	return 0;
}

/* The runs as the input of a pass, in pieces of odd sizes. */
struct pieces {
	size_t done, part;
};

static int next_piece(void *self, struct bel_chunk *chunk, struct bel_err *err)
{
	struct pieces *const pieces = self;
	const size_t left = RUNS - pieces->done, n = (pieces->part = pieces->part * 2 + 1) % 30011;

	(void)err;
	*chunk = (struct bel_chunk){.runs = runs + pieces->done, .count = n < left ? n : left};
	for (size_t i = 0; i < chunk->count; i++)
		chunk->references += bel_run_count(chunk->runs[i]);
	pieces->done += chunk->count;
	return chunk->count > 0;
}

static struct bel_granules all_pages(const void *self)
{
	(void)self;
	return (struct bel_granules){.count = PAGES};
}

static double unknown(const void *self)
{
	(void)self;
	return -1;
}

static struct bel_sweep *sweep_of(const struct bel_policy_spec *specs, size_t count,
	unsigned threads, uint64_t interval, const char *frames)
{
	const struct bel_sweep_setup setup = {
		.specs = specs,
		.spec_count = count,
		.frames = frames,
		.pass = {.threads = threads,
			.interval = interval,
			.keep = {.memory = 1 << 20, .dir = "."}},
	};
	const struct bel_trace_info info = {.granule_bits = 12};
	struct pieces pieces = {.done = 0};
	const struct bel_pass_input input = {
		.next = next_piece, .pages = all_pages, .fraction = unknown, .self = &pieces};
	struct bel_err err;
	struct bel_sweep *sweep = bel_sweep_new(&setup, &err);

	if (!sweep || bel_sweep_input(sweep, &input, &info, 0, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(bel_sweep_references(sweep), references);
	return sweep;
}

/* The counts are those of an engine that is fed all runs; OPT's runs in a sweep are reduced. */
static void check_alone(const struct bel_configuration *configuration)
{
	const struct bel_sim_setup setup = {
		.spec = configuration->spec, .frames = configuration->frames};
	const struct bel_batch batch = {runs, next, RUNS, 0};
	struct bel_tally want;
	struct bel_err err;
	struct bel_sim *sim = bel_sim_new(&setup, &err);

	assert_int_equal(bel_sim_reserve(sim, PAGES, &err), 0);
	assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
	bel_sim_tally(sim, &want);
	assert_memory_equal(&configuration->tally, &want, sizeof(want));
	assert_int_equal(configuration->dirty, bel_sim_dirty(sim));
	bel_sim_free(sim);
}

static void test_as_alone(void **state)
{
	static const char list[] = "lru,ws:tau=500,opt,fifo,clock:bit=0";
	static const char *const names[] = {"lru", "lru", "lru", "lru", "ws", "opt", "opt", "opt",
		"opt", "fifo", "fifo", "fifo", "fifo", "clock", "clock", "clock", "clock"};
	struct bel_policy_spec *specs;
	struct bel_err err;
	size_t count;

	(void)state;
	assert_int_equal(bel_specs_parse(list, &specs, &count, &err), 0);
	for (unsigned threads = 1; threads <= 5; threads += 2) {
		struct bel_sweep *sweep = sweep_of(specs, count, threads, 0, FRAMES);
		const struct bel_configuration *configuration;
		size_t n = 0;

		for (; (configuration = bel_sweep_at(sweep, n)); n++) {
			assert_string_equal(configuration->spec->policy->name, names[n]);
			assert_int_equal(configuration->err.code, 0);
			check_alone(configuration);
		}
		assert_int_equal(n, sizeof(names) / sizeof(*names));
		bel_sweep_free(sweep);
	}
	bel_specs_free(specs, count);
}

/* Each interval against a configuration of its own that is fed up to there and asked. */
static void check_series(struct bel_sweep *sweep, size_t index, uint64_t length)
{
	const struct bel_configuration *configuration = bel_sweep_at(sweep, index);
	const struct bel_sim_setup setup = {
		.spec = configuration->spec, .frames = configuration->frames};
	struct bel_tally before = {.references = 0}, after;
	struct bel_interval interval;
	struct bel_err err;
	struct bel_sim *sim = bel_sim_new(&setup, &err);
	size_t n = 0, at = 0;
	uint32_t used = 0; /* of the run */

	assert_int_equal(bel_sim_reserve(sim, PAGES, &err), 0);
	for (; bel_sweep_interval(sweep, index, n, &interval); n++) {
		uint64_t left = interval.references;

		assert_int_equal(interval.start, n * length);
		assert_true(left == length || interval.start + left == references);
		while (left) {
			struct bel_run run = runs[at];
			const uint32_t rest = bel_run_count(run) - used;
			const uint32_t take = rest < left ? rest : (uint32_t)left;
			const uint64_t now = interval.start + interval.references - left;
			const uint64_t then = take < rest ? now + take : next[at];
			const struct bel_batch batch = {&run, &then, 1, now};

			run.info = take << BEL_RUN_COUNT_SHIFT | (run.info & BEL_RUN_FLAGS);
			assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
			left -= take;
			used = take < rest ? used + take : 0;
			at += take == rest;
		}
		bel_sim_tally(sim, &after);
		assert_int_equal(interval.faults, after.faults - before.faults);
		assert_int_equal(interval.writebacks, after.writebacks - before.writebacks);
		assert_int_equal(interval.resident_page_references,
			after.resident_page_references - before.resident_page_references);
		assert_int_equal(interval.resident, after.resident);
		before = after;
	}
	assert_int_equal(n, (references + length - 1) / length);
	assert_int_equal(at, RUNS);
	bel_sim_free(sim);
}

static void test_intervals(void **state)
{
	static const uint64_t lengths[] = {1, 3, 1000, 77777, 10000000};
	struct bel_policy_spec *specs;
	struct bel_err err;
	size_t count;

	(void)state;
	assert_int_equal(
		bel_specs_parse("lru,clock:bit=0,opt,ws:tau=900", &specs, &count, &err), 0);
	for (size_t k = 0; k < sizeof(lengths) / sizeof(*lengths); k++) {
		struct bel_sweep *sweep = sweep_of(specs, count, 2, lengths[k], FRAMES);
		const struct bel_configuration *configuration;

		for (size_t i = 0; (configuration = bel_sweep_at(sweep, i)); i++) {
			check_alone(configuration);
			check_series(sweep, i, lengths[k]);
		}
		bel_sweep_free(sweep);
	}
	bel_specs_free(specs, count);
}

static void hoarder_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	(void)self;
	(void)now;
	(void)ref;
	(void)out;
}

static void hoarder_drop(void *self, uint32_t page)
{
	(void)self;
	(void)page;
}

static void hoarder_init(void *self, const struct bel_env *env)
{
	(void)self;
	(void)env;
}

/* Never lets a page go. */
static void test_failure_alone(void **state)
{
	static const struct bel_hooks hooks = {.fault = hoarder_fault, .drop = hoarder_drop};
	static const struct bel_policy hoarder = {
		.size = sizeof(struct bel_policy),
		.abi = BEL_ABI,
		.name = "hoarder",
		.title = "never lets a page go",
		.source = "a test of belady",
		.instance_bytes = 1,
		.init = hoarder_init,
		.hooks = &hooks,
	};
	const struct bel_policy_spec specs[] = {{.policy = bel_policy_find("lru")},
		{.policy = &hoarder}, {.policy = bel_policy_find("fifo")}};
	struct bel_sweep *sweep = sweep_of(specs, 3, 3, 10000, FRAMES);
	const struct bel_configuration *configuration;
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; (configuration = bel_sweep_at(sweep, i)); i++) {
		if (configuration->spec->policy == &hoarder && configuration->frames < PAGES) {
			assert_int_equal(configuration->err.code, BEL_FAIL);
			assert_int_equal(strncmp(configuration->err.text, "hoarder: held ", 14), 0);
			failed++;
			continue;
		}
		assert_int_equal(configuration->err.code, 0);
		check_alone(configuration);
	}
	assert_int_equal(failed, 3);
	bel_sweep_free(sweep);
	bel_sweep_free(NULL);
}

/* Shares of a footprint that only the end of the input tells. */
static void test_shares(void **state)
{
	const struct bel_policy_spec specs[] = {
		{.policy = bel_policy_find("opt")}, {.policy = bel_policy_find("lru")}};
	struct bel_sweep *sweep = sweep_of(specs, 2, 2, 0, "1%,50%");
	static const uint64_t frames[] = {50, 2500, 50, 2500};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const struct bel_configuration *const configuration = bel_sweep_at(sweep, i);

		assert_int_equal(configuration->frames, frames[i]);
		check_alone(configuration);
	}
	assert_null(bel_sweep_at(sweep, 4));
	bel_sweep_free(sweep);
}

static void test_nothing(void **state)
{
	const struct bel_policy_spec specs[] = {{.policy = bel_policy_find("lru")}};
	struct bel_sweep_setup setup = {.specs = specs,
		.spec_count = 1,
		.frames = "7",
		.pass = {.threads = 2, .interval = 100}};
	const struct bel_trace_info info = {.granule_bits = 12};
	struct pieces pieces = {.done = RUNS};
	const struct bel_pass_input input = {
		.next = next_piece, .pages = all_pages, .fraction = unknown, .self = &pieces};
	struct bel_interval interval;
	struct bel_tally tally;
	struct bel_err err;
	struct bel_sweep *sweep = bel_sweep_new(&setup, &err);

	(void)state;
	assert_int_equal(bel_sweep_input(sweep, &input, &info, 0, &err), 0);
	tally = bel_sweep_at(sweep, 0)->tally;
	assert_int_equal(tally.references, 0);
	assert_false(bel_sweep_interval(sweep, 0, 0, &interval));
	bel_sweep_free(sweep);
	setup.frames = "10%";
	sweep = bel_sweep_new(&setup, &err);
	assert_int_equal(bel_sweep_input(sweep, &input, &info, 0, &err), BEL_FAIL);
	assert_string_equal(err.text, "the trace has no references, so it has no footprint");
	bel_sweep_free(sweep);
}

static void add_index(void *argument, size_t index)
{
	unsigned *times = argument;

	times[index]++;
}

static void test_pool(void **state)
{
	(void)state;
	for (size_t threads = 0; threads < 4; threads++) {
		struct bel_err err;
		struct bel_pool *pool = bel_pool_new(threads, &err);
		unsigned times[100] = {0};

		assert_non_null(pool);
		bel_pool_wait(pool);
		for (size_t round = 0; round < 200; round++) {
			bel_pool_start(pool, add_index, times, round % 101);
			bel_pool_wait(pool);
		}
		/* Task i is in every round of more than i tasks: 100 - i of the first 101, then 99.
		 */
		for (size_t i = 0; i < 100; i++)
			assert_int_equal(times[i], (100 - i) + (i < 98 ? 98 - i : 0));
		bel_pool_start(pool, add_index, times, 100);
		bel_pool_free(pool);
		assert_int_equal(times[99], 2);
	}
	bel_pool_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_alone),
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_failure_alone),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_pool),
	};

	return cmocka_run_group_tests(tests, make_runs, NULL);
}

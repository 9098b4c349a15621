/* SPDX-License-Identifier: MIT */
/*
 * test_fleet.c: a fleet counts what its members would count alone, whatever the number of
 * threads; intervals add up and are exact; one that fails leaves the others alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fleet.h"
#include "pool.h"
#include "rng.h"

#define RUNS 70000
#define PAGES 5000

static struct bel_run runs[RUNS];
static uint64_t next[RUNS];
static uint64_t references;
static const uint64_t frames[] = {1, 7, 64, 6000};

static int make_runs(void **state)
{
	static uint64_t coming[PAGES];
	struct bel_rng rng;
	uint64_t now;

	(void)state;
	bel_rng_seed(&rng, 9);
	for (size_t i = 0; i < RUNS; i++) {
		const double u = bel_rng_real(&rng);
		const uint32_t length = 1 + (uint32_t)bel_rng_below(&rng, 4);

		runs[i].page = (uint32_t)(u * u * u * PAGES);
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

/* One pass, in pieces of odd sizes. */
static void pass(struct bel_fleet *fleet, unsigned which)
{
	uint64_t now = 0;
	size_t done = 0;

	bel_fleet_begin(fleet, which);
	for (size_t part = 1; done < RUNS; part = part * 2 + 1) {
		size_t n = part % 30011;
		const struct bel_batch batch = {.runs = runs + done,
			.next = which & BEL_FLEET_FUTURE ? next + done : NULL,
			.count = n < RUNS - done ? n : RUNS - done,
			.now = now};

		for (size_t i = 0; i < batch.count; i++)
			now += bel_run_count(batch.runs[i]);
		bel_fleet_feed(fleet, &batch, PAGES);
		done += batch.count;
	}
	bel_fleet_finish(fleet);
}

static struct bel_fleet *fleet_of(
	const struct bel_policy_spec *specs, size_t count, unsigned jobs, uint64_t interval)
{
	const struct bel_fleet_setup setup = {
		.specs = specs,
		.spec_count = count,
		.frames = frames,
		.frame_count = sizeof(frames) / sizeof(*frames),
		.jobs = jobs,
		.interval = interval,
	};
	struct bel_err err;
	struct bel_fleet *fleet = bel_fleet_new(&setup, &err);

	if (!fleet)
		fail_msg("%s", err.text);
	return fleet;
}

static struct bel_tally alone(const struct bel_fleet_member *member)
{
	const struct bel_sim_setup setup = {.spec = member->spec, .frames = member->frames};
	const struct bel_batch batch = {runs, next, RUNS, 0};
	struct bel_tally tally;
	struct bel_err err;
	struct bel_sim *sim = bel_sim_new(&setup, &err);

	assert_int_equal(bel_sim_reserve(sim, PAGES, &err), 0);
	assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
	bel_sim_tally(sim, &tally);
	bel_sim_free(sim);
	return tally;
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
	for (unsigned jobs = 1; jobs <= 5; jobs += 2) {
		for (int together = 0; together < 2; together++) {
			struct bel_fleet *fleet = fleet_of(specs, count, jobs, 0);
			const struct bel_fleet_member *member;
			size_t n = 0;

			assert_true(bel_fleet_needs_future(fleet));
			if (together) {
				pass(fleet, BEL_FLEET_PLAIN | BEL_FLEET_FUTURE);
			} else {
				pass(fleet, BEL_FLEET_PLAIN);
				pass(fleet, BEL_FLEET_FUTURE);
			}
			for (; (member = bel_fleet_member(fleet, n)); n++) {
				const struct bel_tally want = alone(member);
				struct bel_tally got;

				bel_sim_tally(member->sim, &got);
				assert_string_equal(member->spec->policy->name, names[n]);
				assert_int_equal(member->err.code, 0);
				assert_memory_equal(&got, &want, sizeof(want));
			}
			assert_int_equal(n, sizeof(names) / sizeof(*names));
			bel_fleet_free(fleet);
		}
	}
	bel_specs_free(specs, count);
}

/* Each interval against a member of its own that is fed up to there and asked. */
static void check_series(struct bel_fleet *fleet, size_t index, uint64_t length)
{
	const struct bel_fleet_member *member = bel_fleet_member(fleet, index);
	const struct bel_sim_setup setup = {.spec = member->spec, .frames = member->frames};
	struct bel_tally before = {.references = 0}, after;
	struct bel_interval interval;
	struct bel_err err;
	struct bel_sim *sim = bel_sim_new(&setup, &err);
	size_t n = 0, at = 0;
	uint32_t used = 0; /* of the run */

	assert_int_equal(bel_sim_reserve(sim, PAGES, &err), 0);
	for (; bel_fleet_interval(fleet, index, n, &interval); n++) {
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
		assert_int_equal(interval.page_time, after.page_time - before.page_time);
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
		struct bel_fleet *fleet = fleet_of(specs, count, 2, lengths[k]);
		const struct bel_fleet_member *member;

		pass(fleet, BEL_FLEET_PLAIN);
		pass(fleet, BEL_FLEET_FUTURE);
		for (size_t i = 0; (member = bel_fleet_member(fleet, i)); i++) {
			const struct bel_tally want = alone(member);
			struct bel_tally got;

			bel_sim_tally(member->sim, &got);
			assert_memory_equal(&got, &want, sizeof(want));
			check_series(fleet, i, lengths[k]);
		}
		bel_fleet_free(fleet);
	}
	bel_specs_free(specs, count);
}

static void hoarder_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_out *out)
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
	struct bel_fleet *fleet = fleet_of(specs, 3, 3, 10000);
	const struct bel_fleet_member *member;
	size_t failed = 0;

	(void)state;
	pass(fleet, BEL_FLEET_PLAIN);
	for (size_t i = 0; (member = bel_fleet_member(fleet, i)); i++) {
		struct bel_tally got, want;

		if (member->spec->policy == &hoarder && member->frames < PAGES) {
			assert_int_equal(member->err.code, BEL_FAIL);
			assert_int_equal(strncmp(member->err.text, "hoarder: held ", 14), 0);
			failed++;
			continue;
		}
		assert_int_equal(member->err.code, 0);
		want = alone(member);
		bel_sim_tally(member->sim, &got);
		assert_memory_equal(&got, &want, sizeof(want));
	}
	assert_int_equal(failed, 3);
	bel_fleet_free(fleet);
	bel_fleet_free(NULL);
}

static void test_nothing(void **state)
{
	const struct bel_policy_spec specs[] = {{.policy = bel_policy_find("lru")}};
	struct bel_fleet *fleet = fleet_of(specs, 1, 2, 100);
	struct bel_interval interval;
	struct bel_tally tally;

	(void)state;
	bel_fleet_begin(fleet, BEL_FLEET_PLAIN);
	bel_fleet_finish(fleet);
	bel_sim_tally(bel_fleet_member(fleet, 0)->sim, &tally);
	assert_int_equal(tally.references, 0);
	assert_false(bel_fleet_interval(fleet, 0, 0, &interval));
	assert_false(bel_fleet_needs_future(fleet));
	bel_fleet_free(fleet);
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
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_pool),
	};

	return cmocka_run_group_tests(tests, make_runs, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_sim.c: the engine: what it counts by hand-counted examples, what it refuses, and
 * that a policy that breaks its contract is caught. (tests/prop compares the
 * policies with an independent simulator on random traces.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"
#include "sim.h"

/* "1 2w 3*4": page numbers, w: written, *n: n references; returns the number of runs. */
static size_t parse_runs(const char *text, struct bel_run *run)
{
	size_t n = 0;

	while (*text) {
		char *end;
		const uint32_t page = (uint32_t)strtoul(text, &end, 10);
		uint32_t count = 1, flags = BEL_RUN_DATA;

		if (*end == 'w') {
			flags |= BEL_RUN_WRITE;
			end++;
		}
		if (*end == '*')
			count = (uint32_t)strtoul(end + 1, &end, 10);
		run[n++] = (struct bel_run){page, count << BEL_RUN_COUNT_SHIFT | flags};
		text = end + strspn(end, " ");
	}
	return n;
}

static struct bel_policy_spec *spec_of(const char *text)
{
	struct bel_policy_spec *spec;
	struct bel_err err;
	size_t count;

	if (bel_specs_parse(text, &spec, &count, &err) < 0)
		fail_msg("%s", err.text);
	return spec;
}

/* Feeds a string; batches of one run each if `single`. */
static struct bel_tally count(const char *policy, uint64_t frames, const char *text, bool single)
{
	struct bel_policy_spec *spec = spec_of(policy);
	struct bel_run run[100];
	uint64_t next[100], coming[100], now = 0;
	const size_t n = parse_runs(text, run);
	struct bel_tally tally;
	struct bel_err err;
	struct bel_sim *sim =
		bel_sim_new(&(struct bel_sim_setup){.spec = spec, .frames = frames}, &err);

	assert_non_null(sim);
	for (size_t i = 0; i < n; i++)
		now += bel_run_count(run[i]);
	memset(coming, 0xff, sizeof(coming));
	for (size_t i = n; i-- > 0;) {
		next[i] = coming[run[i].page];
		now -= bel_run_count(run[i]);
		coming[run[i].page] = now;
	}
	for (size_t i = 0; i < n; i += single ? 1 : n) {
		const struct bel_batch batch = {run + i, next + i, single ? 1 : n, now};

		assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
		bel_sim_tally(sim, &tally);
		now = tally.references;
	}
	bel_sim_free(sim);
	bel_specs_free(spec, 1);
	return tally;
}

/* Faults by the textbooks (Silberschatz; Belady's own string). */
static void test_textbook(void **state)
{
	static const char silberschatz[] = "7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1";
	static const char belady[] = "1 2 3 4 1 2 5 1 2 3 4 5";
	static const struct {
		const char *policy;
		uint64_t s3, s4, b3, b4;
	} want[] = {
		{"fifo", 15, 10, 9, 10},
		{"lru", 12, 8, 10, 8},
		{"opt", 9, 8, 7, 6},
		{"clock", 14, 9, 9, 10},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		for (int single = 0; single < 2; single++) {
			const char *policy = want[i].policy;

			assert_int_equal(count(policy, 3, silberschatz, single).faults, want[i].s3);
			assert_int_equal(count(policy, 4, silberschatz, single).faults, want[i].s4);
			assert_int_equal(count(policy, 3, belady, single).faults, want[i].b3);
			assert_int_equal(count(policy, 4, belady, single).faults, want[i].b4);
		}
	}
}

/*
 * FIFO, 2 frames: 0 1w 0w*3 2 1 3w 0: faults on 0 1 2 3 0; 2 evicts 0 (dirty), 3 evicts 1
 * (dirty), 0 evicts 2 (clean); 3 is dirty at the end.
 */
static void test_counts(void **state)
{
	const struct bel_tally t = count("fifo", 2, "0 1w 0w*3 2 1 3w 0", false);

	(void)state;
	assert_int_equal(t.references, 9);
	assert_int_equal(t.faults, 5);
	assert_int_equal(t.compulsory, 4);
	assert_int_equal(t.evictions, 3);
	assert_int_equal(t.writebacks, 2);
	assert_int_equal(t.drops, 0);
	assert_int_equal(t.resident, 2);
	assert_int_equal(t.peak, 2);
	assert_int_equal(t.resident_page_references, 1 + 8 * 2);
}

/* OPT: of 1 and 2, which are never used again, the lower number leaves, for 3. */
static void test_opt_ties(void **state)
{
	const struct bel_tally t = count("opt", 3, "0 1w 2 3 0", false);

	(void)state;
	assert_int_equal(t.writebacks, 1);
	assert_int_equal(count("opt", 3, "0 1 2w 3 0", false).writebacks, 0);
	assert_int_equal(t.faults, 4);
}

/*
 * 1 frame: 1 passes 0 by, which is wanted sooner (evicted and written at once); 2 evicts 0, both
 * never wanted again, the lower number going first; 1 is never wanted again either, and lower.
 */
static void test_bypass(void **state)
{
	(void)state;
	for (int single = 0; single < 2; single++) {
		const struct bel_tally t = count("opt:bypass=on", 1, "0 1w 0*2 2 1", single);

		assert_int_equal(t.faults, 4);
		assert_int_equal(t.compulsory, 3);
		assert_int_equal(t.evictions, 3);
		assert_int_equal(t.writebacks, 1);
		assert_int_equal(t.resident, 1);
		assert_int_equal(t.peak, 1);
		assert_int_equal(t.resident_page_references, 6);
	}
	assert_int_equal(count("opt", 1, "0 1w 0*2 2 1", false).faults, 5);
}

/*
 * Window 3. Sets after each reference: 0; 01; 01; 01 (1 1 1: 0 is last seen 3 ago);
 * then 2: 12; 2*4: 12, 12, 2, 2; 0: 02.
 */
static void test_working_set(void **state)
{
	const struct bel_tally t = count("ws:tau=3", 0, "0 1*2 2*4 0", false);
	const struct bel_tally whole = count("ws:tau=1", 0, "0 1 0 0*5 1w 1 0", false);

	(void)state;
	/* 0 | 0 1 | 0 1 | 1 2 | 1 2 | 2 | 2 | 0 2 */
	assert_int_equal(t.references, 8);
	assert_int_equal(t.resident_page_references, 1 + 2 + 2 + 2 + 2 + 1 + 1 + 2);
	assert_int_equal(t.faults, 4);
	assert_int_equal(t.evictions, 2);
	assert_int_equal(t.peak, 2);
	assert_int_equal(whole.resident_page_references, whole.references);
	assert_int_equal(whole.faults, 5);
	assert_int_equal(whole.writebacks, 1);
	assert_int_equal(whole.peak, 1);
}

/* Clock with bit 0: a further reference of the same run sets the bit, the load does not. */
static void test_clock_bit(void **state)
{
	(void)state;
	/* 0's bit is clear: 2 takes its frame, 0 comes back. */
	assert_int_equal(count("clock:bit=0", 2, "0 1 2 0", false).faults, 4);
	/* 0's bit is set: 2 takes 1's frame. */
	assert_int_equal(count("clock:bit=0", 2, "0*2 1 2 0", false).faults, 3);
	assert_int_equal(count("clock:bit=1", 2, "0*2 1 2 0", false).faults, 4);
}

static void test_wrong_use(void **state)
{
	struct bel_policy_spec *lru = spec_of("lru"), *ws = spec_of("ws"), *opt = spec_of("opt");
	struct bel_run run = {0, 1 << BEL_RUN_COUNT_SHIFT};
	struct bel_batch batch = {&run, NULL, 1, 5};
	struct bel_err err;
	struct bel_sim *sim;

	(void)state;
	assert_null(bel_sim_new(&(struct bel_sim_setup){.spec = lru}, &err));
	assert_int_equal(err.code, BEL_USAGE);
	assert_string_equal(err.text, "lru: needs at least 1 frame");
	assert_null(bel_sim_new(&(struct bel_sim_setup){.spec = ws, .frames = 3}, &err));
	assert_int_equal(err.code, BEL_USAGE);
	assert_string_equal(err.text, "ws: sizes its resident set itself and takes no frames");
	sim = bel_sim_new(&(struct bel_sim_setup){.spec = lru, .frames = 3}, &err);
	assert_int_equal(bel_sim_feed(sim, &batch, &err), BEL_FAIL);
	assert_string_equal(err.text, "lru: next reference must be number 0, not 5");
	bel_sim_free(sim);
	sim = bel_sim_new(&(struct bel_sim_setup){.spec = opt, .frames = 3}, &err);
	batch.now = 0;
	assert_int_equal(bel_sim_feed(sim, &batch, &err), BEL_FAIL);
	assert_string_equal(err.text, "opt: needs to know the next reference to each page");
	bel_sim_free(sim);
	bel_sim_free(NULL);
	bel_specs_free(lru, 1);
	bel_specs_free(ws, 1);
	bel_specs_free(opt, 1);
}

/* Pages beyond what arrays begin with: 3 x 20000 pages in order, 30000 frames. */
static void test_growth(void **state)
{
	static const char *const policies[] = {"fifo", "lru", "clock", "opt", "ws:tau=30000"};

	(void)state;
	for (size_t k = 0; k < sizeof(policies) / sizeof(*policies); k++) {
		struct bel_policy_spec *spec = spec_of(policies[k]);
		const bool variable = spec->policy->caps & BEL_POLICY_VARIABLE;
		struct bel_tally tally = {.references = 0};
		uint32_t pages;
		struct bel_err err;
		struct bel_sim *sim = bel_sim_new(
			&(struct bel_sim_setup){.spec = spec, .frames = variable ? 0 : 30000},
			&err);

		assert_non_null(sim);
		for (uint32_t i = 0; i < 60000; i++) {
			const struct bel_run run = {i % 20000, 1 << BEL_RUN_COUNT_SHIFT};
			const uint64_t next = i < 40000 ? i + 20000 : BEL_NEVER;
			const struct bel_batch batch = {&run, &next, 1, i};

			assert_int_equal(bel_sim_reserve(sim, run.page + 1, &err), 0);
			assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
		}
		bel_sim_tally(sim, &tally);
		assert_int_equal(tally.faults, 20000);
		assert_int_equal(tally.resident, 20000);
		assert_int_equal(tally.evictions, 0);
		assert_non_null(bel_sim_state(sim, &pages));
		assert_true(pages >= 20000);
		bel_sim_free(sim);
		bel_specs_free(spec, 1);
	}
}

/* A page that was dropped is gone, is no eviction, and its frame is there again. */
static void test_drop(void **state)
{
	static const char *const policies[] = {"fifo", "lru", "clock", "opt"};

	(void)state;
	for (size_t k = 0; k < sizeof(policies) / sizeof(*policies); k++) {
		struct bel_policy_spec *spec = spec_of(policies[k]);
		struct bel_run run[4];
		const uint64_t next[4] = {BEL_NEVER, BEL_NEVER, BEL_NEVER, BEL_NEVER};
		struct bel_batch batch = {run, next, parse_runs("0w 1 2w", run), 0};
		struct bel_tally t;
		struct bel_err err;
		struct bel_sim *sim =
			bel_sim_new(&(struct bel_sim_setup){.spec = spec, .frames = 3}, &err);

		assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
		assert_int_equal(bel_sim_dirty(sim), 2);
		bel_sim_drop(sim, 2);
		bel_sim_drop(sim, 2);
		bel_sim_drop(sim, 77);
		bel_sim_drop(sim, UINT32_MAX);
		assert_int_equal(bel_sim_dirty(sim), 1);
		batch = (struct bel_batch){run, next, parse_runs("3*10 2", run), 3};
		assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
		bel_sim_tally(sim, &t);
		assert_int_equal(t.faults, 5);
		assert_int_equal(t.compulsory, 4);
		assert_int_equal(t.drops, 1);
		assert_int_equal(t.evictions, 1);
		assert_int_equal(t.resident, 3);
		assert_int_equal(t.resident_page_references, 1 + 2 + 3 + 3 * 10 + 3);
		bel_sim_free(sim);
		bel_specs_free(spec, 1);
	}
}

/* ---- policies that break their contract ---- */

static int mischief; /* what the policy below does at its fourth fault */
static struct bel_rng dice;

static void *rogue_create(const struct bel_env *env, struct bel_err *err)
{
	if (mischief == 'e') {
		(env->fail)(err, "%d is not what it was", 42);
		return NULL;
	}
	return mischief == 'm' ? NULL : calloc(1, sizeof(int));
}

static void rogue_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	int *faults = self;

	(void)now;
	if (++*faults != 4)
		return;
	switch (mischief) {
	case 'a':
		bel_evict(out, 55); /* never seen */
		break;
	case 'b':
		bel_evict(out, 3000000000u); /* no page at all */
		break;
	case 'c':
		bel_evict(out, ref.page); /* the one that is being loaded */
		break;
	case 'd':
		bel_evict(out, 0);
		bel_evict(out, 0); /* twice */
		break;
	case 'p':
		bel_bypass(out);
		break;
	case 'r':
		for (uint64_t i = bel_rng_below(&dice, 3); i > 0; i--)
			bel_evict(out, (uint32_t)bel_rng_below(&dice, 8));
		*faults = 0;
		break;
	}
}

static void rogue_tick(void *self, uint64_t now, struct bel_decision *out)
{
	(void)self;
	if (now == 6 && mischief == 's')
		bel_evict(out, 2);
	if (now == 3 && mischief == 't')
		bel_clear_accessed(out, 1);
}

static void rogue_drop(void *self, uint32_t page)
{
	(void)self;
	(void)page;
}

static const struct bel_hooks rogue_hooks = {.fault = rogue_fault, .drop = rogue_drop};
static const struct bel_hooks rogue_variable_hooks = {
	.fault = rogue_fault, .tick = rogue_tick, .drop = rogue_drop};

BEL_RUN(rogue, rogue_hooks, 0)
BEL_RUN(rogue_variable, rogue_variable_hooks, BEL_POLICY_VARIABLE)

static const struct bel_policy rogue = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.name = "rogue",
	.title = "breaks its contract",
	.source = "a test of belady",
	.create = rogue_create,
	.destroy = free,
	.hooks = &rogue_hooks,
	.run = rogue_run,
};

static const struct bel_policy rogue_variable = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.caps = BEL_POLICY_VARIABLE,
	.name = "rogue",
	.title = "breaks its contract",
	.source = "a test of belady",
	.create = rogue_create,
	.destroy = free,
	.hooks = &rogue_variable_hooks,
	.run = rogue_variable_run,
};

static void caught(int what, const struct bel_policy *policy, uint64_t frames, const char *words)
{
	struct bel_policy_spec spec = {.policy = policy};

	for (int generic = 0; generic < 2; generic++) {
		struct bel_run run[20];
		const struct bel_batch batch = {run, NULL,
			parse_runs(what == 'p' ? "0 1*2 2 3*2" : "0 1*2 2 3 2*5", run), 0};
		struct bel_tally tally;
		struct bel_err err;
		struct bel_sim *sim;

		mischief = what;
		sim = bel_sim_new(
			&(struct bel_sim_setup){
				.spec = &spec, .frames = frames, .generic = generic},
			&err);
		assert_non_null(sim);
		assert_int_equal(bel_sim_feed(sim, &batch, &err), BEL_FAIL);
		assert_string_equal(err.text, words);
		bel_sim_tally(sim, &tally);
		assert_int_equal(bel_sim_feed(sim, &batch, &err), BEL_FAIL);
		assert_string_equal(err.text, words);
		bel_sim_free(sim);
	}
}

static void test_violations(void **state)
{
	(void)state;
	caught('a', &rogue, 9, "rogue: evicted page 55, which is not resident, at reference 4");
	caught('b', &rogue, 9,
		"rogue: evicted page 3000000000, which is not resident, at reference 4");
	caught('c', &rogue, 9, "rogue: evicted page 3, which is not resident, at reference 4");
	caught('d', &rogue, 9, "rogue: evicted page 0, which is not resident, at reference 4");
	caught('n', &rogue, 3, "rogue: held 4 pages in 3 frames at reference 4");
	caught('p', &rogue, 9,
		"rogue: bypassed page 3, which is referenced again at once, at reference 4");
	caught('a', &rogue_variable, 0,
		"rogue: evicted page 55, which is not resident, at reference 4");
	caught('s', &rogue_variable, 0,
		"rogue: evicted page 2, which is being referenced, at reference 6");
}

/* A bit cleared at reference 3 is set again by the rest of the run that 3 is in. */
static void test_clearing_in_a_run(void **state)
{
	static const struct {
		const char *runs;
		unsigned accessed;
	} want[] = {{"0 1*3 0", 0}, {"0 1*2 1 0", 0}, {"0 1*4", BEL_PAGE_ACCESSED},
		{"0 1*3 1", BEL_PAGE_ACCESSED}};
	struct bel_policy_spec spec = {.policy = &rogue_variable};

	(void)state;
	mischief = 't';
	for (size_t i = 0; i < 2 * sizeof(want) / sizeof(*want); i++) {
		const struct bel_sim_setup setup = {.spec = &spec, .generic = i & 1};
		struct bel_run run[20];
		const struct bel_batch batch = {run, NULL, parse_runs(want[i / 2].runs, run), 0};
		struct bel_err err;
		struct bel_sim *sim = bel_sim_new(&setup, &err);
		uint32_t pages;

		assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
		assert_int_equal(
			bel_sim_state(sim, &pages)[1] & BEL_PAGE_ACCESSED, want[i / 2].accessed);
		bel_sim_free(sim);
	}
}

static void test_no_instance(void **state)
{
	struct bel_policy_spec spec = {.policy = &rogue};
	struct bel_err err;

	(void)state;
	mischief = 'e';
	assert_null(bel_sim_new(&(struct bel_sim_setup){.spec = &spec, .frames = 3}, &err));
	assert_int_equal(err.code, BEL_USAGE);
	assert_string_equal(err.text, "rogue: 42 is not what it was");
	mischief = 'm';
	assert_null(bel_sim_new(&(struct bel_sim_setup){.spec = &spec, .frames = 3}, &err));
	assert_int_equal(err.code, BEL_FAIL);
	assert_non_null(strstr(err.text, "rogue"));
	assert_non_null(strstr(err.text, "memory"));
}

/* Random victims: caught, or counted so that the books balance. */
static void test_random_victims(void **state)
{
	struct bel_policy_spec spec = {.policy = &rogue};
	unsigned whole = 0, broken = 0;

	(void)state;
	mischief = 'r';
	bel_rng_seed(&dice, 11);
	for (int round = 0; round < 3000; round++) {
		struct bel_run run[12];
		const struct bel_batch batch = {run, NULL, 12, 0};
		struct bel_tally t;
		struct bel_err err;
		struct bel_sim *sim =
			bel_sim_new(&(struct bel_sim_setup){.spec = &spec, .frames = 7}, &err);

		assert_non_null(sim);
		for (size_t i = 0; i < 12; i++)
			run[i] = (struct bel_run){
				(uint32_t)bel_rng_below(&dice, 8), 1 << BEL_RUN_COUNT_SHIFT};
		if (bel_sim_feed(sim, &batch, &err) == 0) {
			uint64_t resident = 0;
			uint32_t pages;
			const uint8_t *page = bel_sim_state(sim, &pages);

			for (uint32_t p = 0; p < pages; p++)
				resident += page[p] & BEL_PAGE_RESIDENT;
			bel_sim_tally(sim, &t);
			assert_int_equal(t.references, 12);
			assert_int_equal(t.faults - t.evictions, t.resident);
			assert_int_equal(t.resident, resident);
			whole++;
		} else {
			assert_int_equal(strncmp(err.text, "rogue: ", 7), 0);
			broken++;
		}
		bel_sim_free(sim);
	}
	assert_true(whole > 20 && broken > 20);
}

/* "page" or "pagew" (dirty) for each victim since it was asked last. */
static void assert_victims(struct bel_sim *sim, const char *expected)
{
	struct bel_run run[8];
	const size_t n = parse_runs(expected, run);
	const struct bel_victim *victim;
	uint32_t listed;

	victim = bel_sim_victims(sim, &listed);
	assert_int_equal(listed, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(victim[i].page, run[i].page);
		assert_true(victim[i].state & BEL_PAGE_RESIDENT);
		assert_int_equal(victim[i].state & BEL_PAGE_DIRTY,
			run[i].info & BEL_RUN_WRITE ? BEL_PAGE_DIRTY : 0);
	}
}

/* FIFO in two frames lets pages go in the order in which they came, with what they were. */
static void test_victims(void **state)
{
	static const char *const fed[] = {"0 1", "2w 3", "2 1 0w 3", "3"};
	static const char *const victims[] = {"", "0 1", "2w 3 1", ""};

	(void)state;
	for (int generic = 0; generic < 2; generic++) {
		struct bel_policy_spec *const spec = spec_of("fifo");
		const struct bel_sim_setup setup = {.spec = spec, .frames = 2, .generic = generic};
		struct bel_run run[8];
		struct bel_tally t;
		struct bel_err err;
		struct bel_sim *sim = bel_sim_new(&setup, &err);
		uint64_t now = 0;

		assert_non_null(sim);
		assert_int_equal(bel_sim_reserve(sim, 4, &err), 0);
		assert_int_equal(bel_sim_list_victims(sim, &err), 0);
		for (int i = 0; i < 4; i++) {
			const struct bel_batch batch = {
				.runs = run, .count = parse_runs(fed[i], run), .now = now};

			assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
			assert_victims(sim, victims[i]);
			assert_victims(sim, "");
			now += batch.count;
		}
		bel_sim_drop(sim, 0);
		assert_victims(sim, "");
		bel_sim_tally(sim, &t);
		assert_int_equal(t.evictions, 5);
		bel_sim_free(sim);
		bel_specs_free(spec, 1);
	}
}

/*
 * Evictions between references, by hand; frames are free from the first one on.
 * LFU has no evict(): of 0 (2 references), 1 (1) and 2 (3), in this order 1, 0, 2 leave.
 * CLOCK: all bits are set, so that the hand clears them all and takes 0. 1 is referenced and passed
 * then, 2 is taken; at last 1, whose bit the hand has cleared.
 * ARC: 0 leaves T1 and is a ghost of B1, so that it comes back into T2 and raises p to 1. T1 has
 * one page, 1, which is no more than p: 0 leaves T2. Were it forgotten, 1 would leave.
 */
static void test_evict(void **state)
{
	static const struct {
		const char *policy;
		uint64_t frames;
		const char *fed[3], *victims[3];
	} cases[] = {
		{"lfu", 5, {"0*2 1 2*3", "", ""}, {"1 0 2", "", ""}},
		{"clock", 3, {"0 1 2", "1", ""}, {"0", "2", "1"}},
		{"arc", 3, {"0 1", "0", ""}, {"0", "0", "1"}},
	};

	(void)state;
	for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++) {
		struct bel_policy_spec *const spec = spec_of(cases[c].policy);
		const struct bel_sim_setup setup = {.spec = spec, .frames = cases[c].frames};
		struct bel_run run[8];
		struct bel_tally t;
		struct bel_err err;
		struct bel_sim *sim = bel_sim_new(&setup, &err);
		uint64_t evictions = 0;

		assert_non_null(sim);
		assert_true(bel_sim_can_evict(spec->policy));
		assert_int_equal(bel_sim_list_victims(sim, &err), 0);
		for (int i = 0; i < 3; i++) {
			struct bel_batch batch = {
				.runs = run, .count = parse_runs(cases[c].fed[i], run)};
			size_t n;

			bel_sim_tally(sim, &t);
			batch.now = t.references;
			assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
			n = parse_runs(cases[c].victims[i], run);
			for (size_t k = 0; k < n; k++)
				assert_int_equal(bel_sim_evict(sim, &err), 0);
			assert_victims(sim, cases[c].victims[i]);
			evictions += n;
		}
		bel_sim_tally(sim, &t);
		assert_int_equal(t.evictions, evictions);
		assert_int_equal(t.drops, 0);
		assert_int_equal(t.resident, 0);
		bel_sim_free(sim);
		bel_specs_free(spec, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_textbook),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_opt_ties),
		cmocka_unit_test(test_bypass),
		cmocka_unit_test(test_working_set),
		cmocka_unit_test(test_clock_bit),
		cmocka_unit_test(test_wrong_use),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_violations),
		cmocka_unit_test(test_clearing_in_a_run),
		cmocka_unit_test(test_no_instance),
		cmocka_unit_test(test_random_victims),
		cmocka_unit_test(test_victims),
		cmocka_unit_test(test_evict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

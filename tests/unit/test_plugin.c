/* SPDX-License-Identifier: MIT */
/* test_plugin.c: policies from shared objects: the same figures, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <xxhash.h>

#include "rng.h"
#include "sim.h"

#define RUNS 20000
#define PAGES 60

static struct bel_run runs[RUNS];
static uint64_t next[RUNS];

/* The build folder: this program is BUILD/tests/unit/test_plugin. */
static void in_build(char *path, size_t size, const char *file)
{
	char self[2000];
	const ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *end;

	assert_true(n > 0);
	self[n] = 0;
	end = strstr(self, "/tests/unit/");
	assert_non_null(end);
	*end = 0;
	assert_true((size_t)snprintf(path, size, "%s/%s", self, file) < size);
}

static void parse(const char *file, const char *params, struct bel_policy_spec **specs)
{
	char path[4000], text[4100];
	struct bel_err err;
	size_t count;

	in_build(path, sizeof(path), file);
	snprintf(text, sizeof(text), "%s%s", path, params);
	if (bel_specs_parse(text, specs, &count, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(count, 1);
}

static void count(const struct bel_policy_spec *spec, bool generic, struct bel_tally *tally)
{
	const struct bel_sim_setup setup = {
		.spec = spec,
		.frames = spec->policy->caps & BEL_POLICY_VARIABLE ? 0 : 12,
		.generic = generic,
	};
	const struct bel_batch batch = {.runs = runs, .next = next, .count = RUNS};
	struct bel_err err;
	struct bel_sim *sim = bel_sim_new(&setup, &err);

	assert_non_null(sim);
	assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
	bel_sim_tally(sim, tally);
	bel_sim_free(sim);
}

static int make_runs(void **state)
{
	uint64_t now = 0, coming[PAGES];
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 7);
	for (size_t i = 0; i < RUNS; i++) {
		const uint32_t page = (uint32_t)(bel_rng_below(&rng, PAGES) * bel_rng_real(&rng));
		const uint32_t length = 1 + (uint32_t)bel_rng_below(&rng, 3);

		runs[i].page = page;
		runs[i].info = length << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA |
			       (bel_rng_below(&rng, 4) ? 0 : BEL_RUN_WRITE);
		now += length;
	}
	for (size_t p = 0; p < PAGES; p++)
		coming[p] = BEL_NEVER;
	for (size_t i = RUNS; i-- > 0;) {
		next[i] = coming[runs[i].page];
		now -= bel_run_count(runs[i]);
		coming[runs[i].page] = now;
	}
	return 0;
}

/* Each policy of the tree, built in and as a plug-in, through its loop and through its hooks. */
static void test_same_figures(void **state)
{
	const struct bel_policy *policy;
	size_t compared = 0;

	(void)state;
	for (size_t i = 0; (policy = bel_policy_at(i)); i++) {
		struct bel_policy_spec *in, *out;
		struct bel_tally tally[3];
		struct bel_err err;
		char file[100], name[100], params[40] = "";
		size_t n;

		/* The default windows are longer than what there is to see here. */
		if (policy->caps & BEL_POLICY_VARIABLE)
			snprintf(params, sizeof(params), ":%s=40", policy->params->name);
		snprintf(file, sizeof(file), "plugins/%s.so", policy->name);
		snprintf(name, sizeof(name), "%s%s", policy->name, params);
		parse(file, params, &out);
		assert_int_equal(bel_specs_parse(name, &in, &n, &err), 0);
		assert_null(in->plugin);
		assert_non_null(out->plugin);
		assert_ptr_not_equal(in->policy, out->policy);
		count(in, false, &tally[0]);
		count(out, false, &tally[1]);
		count(out, true, &tally[2]);
		assert_true(tally[0].faults > 100);
		assert_memory_equal(&tally[0], &tally[1], sizeof(*tally));
		assert_memory_equal(&tally[0], &tally[2], sizeof(*tally));
		bel_specs_free(in, 1);
		bel_specs_free(out, 1);
		compared++;
	}
	assert_true(compared >= 5);
}

static void test_parameters(void **state)
{
	struct bel_policy_spec *spec;

	(void)state;
	parse("plugins/clock.so", ":bit=0", &spec);
	assert_true(spec->param[0] == 0);
	bel_specs_free(spec, 1);
}

/* The digest of the whole file at once, by the library's other function. */
static void test_digest(void **state)
{
	struct bel_policy_spec *spec;
	static char bytes[16 << 20];
	char path[4000], digest[17];
	FILE *file;
	size_t n;

	(void)state;
	in_build(path, sizeof(path), "plugins/lru.so");
	file = fopen(path, "rb");
	assert_non_null(file);
	n = fread(bytes, 1, sizeof(bytes), file);
	assert_true(n > 0 && n < sizeof(bytes));
	fclose(file);
	snprintf(digest, sizeof(digest), "%016llx", (unsigned long long)XXH3_64bits(bytes, n));
	parse("plugins/lru.so", "", &spec);
	assert_string_equal(spec->plugin->digest, digest);
	assert_string_equal(spec->plugin->file, path);
	bel_specs_free(spec, 1);
}

static void refused(const char *file, const char *why)
{
	struct bel_policy_spec *specs;
	struct bel_err err;
	char path[4000];
	size_t n;

	in_build(path, sizeof(path), file);
	assert_int_equal(bel_specs_parse(path, &specs, &n, &err), BEL_FAIL);
	if (!strstr(err.text, why) || strncmp(err.text, path, strlen(path)) != 0)
		fail_msg("'%s' does not begin with the path and hold '%s'", err.text, why);
}

static void test_refused(void **state)
{
	(void)state;
	refused("tests/plugins/wrong_abi.so", "policy was built for interface 2, this is 1");
	refused("tests/plugins/no_policy.so",
		"is not a policy: it does not define bel_plugin_policy");
	refused("tests/plugins/no_drop.so", "no-drop: hook fault or drop is missing");
	refused("tests/plugins/missing.so", "cannot open shared object file");
}

/* 2 frames, 0 1 2 1 0 2: last in, first out faults on 0 1 2 1 2. */
static void test_wrong_loop(void **state)
{
	static const uint32_t pages[] = {0, 1, 2, 1, 0, 2};
	struct bel_run string[6];
	const struct bel_batch batch = {.runs = string, .count = 6};
	struct bel_policy_spec *spec;
	struct bel_tally tally;
	struct bel_err err;
	struct bel_sim *sim;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		string[i] = (struct bel_run){pages[i], 1 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA};
	parse("tests/plugins/wrong_loop.so", "", &spec);
	sim = bel_sim_new(&(struct bel_sim_setup){.spec = spec, .frames = 2}, &err);
	assert_non_null(sim);
	assert_int_equal(bel_sim_feed(sim, &batch, &err), 0);
	bel_sim_tally(sim, &tally);
	assert_int_equal(tally.references, 6);
	assert_int_equal(tally.faults, 5);
	assert_int_equal(tally.evictions, 3);
	bel_sim_free(sim);
	bel_specs_free(spec, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_figures),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_wrong_loop),
	};

	return cmocka_run_group_tests(tests, make_runs, NULL);
}

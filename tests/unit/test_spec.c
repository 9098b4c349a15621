/* SPDX-License-Identifier: MIT */
/* test_spec.c: policies and parameters by name, and the words for what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy_help.h"
#include "spec.h"

static void test_registry(void **state)
{
	const struct bel_policy *policy;
	const char *before = "";
	size_t count = 0;

	(void)state;
	for (; (policy = bel_policy_at(count)); count++) {
		assert_true(strcmp(before, policy->name) < 0);
		assert_ptr_equal(bel_policy_find(policy->name), policy);
		assert_int_equal(bel_policy_check(policy, NULL), 0);
		before = policy->name;
	}
	assert_true(count >= 5);
	assert_null(bel_policy_find("fif"));
	assert_null(bel_policy_find(""));
}

static void test_list(void **state)
{
	struct bel_policy_spec *specs;
	struct bel_err err;
	size_t count;

	(void)state;
	assert_int_equal(
		bel_specs_parse("lru,clock:bit=0,ws:tau=4k,clock,ws", &specs, &count, &err), 0);
	assert_int_equal(count, 5);
	assert_string_equal(specs[0].policy->name, "lru");
	assert_string_equal(specs[1].policy->name, "clock");
	assert_true(specs[1].param[0] == 0);
	assert_true(specs[2].param[0] == 4096);
	assert_true(specs[3].param[0] == 1);
	assert_true(specs[4].param[0] == 10000);
	assert_null(specs[0].plugin);
	bel_specs_free(specs, count);
}

/* The code that a list is refused with, and the whole text, or its beginning before "...". */
static void refused(const char *list, const char *text)
{
	const char *dots = strstr(text, "...");
	const size_t length = dots && !dots[3] ? (size_t)(dots - text) : strlen(text) + 1;
	struct bel_policy_spec *specs = NULL;
	struct bel_err err = {.code = 0};
	size_t count;

	assert_int_equal(bel_specs_parse(list, &specs, &count, &err), BEL_USAGE);
	assert_int_equal(err.code, BEL_USAGE);
	if (strncmp(err.text, text, length) != 0)
		fail_msg("%s: '%s' is not '%s'", list, err.text, text);
	assert_null(specs);
}

static void test_refused(void **state)
{
	(void)state;
	refused("lur", "unknown policy 'lur', similar to lru, nru; -p list shows all policies");
	refused("clok", "unknown policy 'clok', similar to clock; -p list shows all policies");
	refused("lruuk", "unknown policy 'lruuk', similar to lru-k; -p list shows all policies");
	refused("optimall",
		"unknown policy 'optimall', similar to opt; -p list shows all policies");
	refused("least recently usd",
		"unknown policy 'least recently usd', similar to lru; -p list ...");
	refused("l\303\274ru", "unknown policy 'l\303\274ru'; -p list shows all policies");
	refused("---", "unknown policy '---'; -p list shows all policies");
	refused("a-name-that-is-longer-than-any-other-name-that-a-policy-has-or-will-ever-have",
		"unknown policy 'a-name-...");
	refused("rr", "'rr' means several policies: fifo, random; give one of these");
	refused("lru,R-R", "'R-R' means several policies: fifo, random; give one of these");
	refused("least-recently", "unknown policy 'least-recently'; -p list shows all policies");
	refused("", "the list of policies has an empty name");
	refused("lru,,fifo", "the list of policies has an empty name");
	refused("lru,", "the list of policies has an empty name");
	refused(":bit=1", "the list of policies has an empty name");
	refused("clock:bit=3", "clock: bit: 3 is not in 0..1");
	refused("clock:bit=-1", "clock: bit: -1 is not in 0..1");
	refused("ws:tau=0", "ws: tau: 0 is not in 1..9007199254740992");
	refused("ws:tau=9007199254740993k", "ws: tau: ...");
	refused("clock:bit=", "clock: bit: ...");
	refused("clock:bit=1x", "clock: bit: '1x' is not a ...");
	refused("clock:bit", "clock: 'bit' is not KEY=VALUE; -p clock:help prints the keys");
	refused("clock:", "clock: '' is not KEY=VALUE; -p clock:help prints the keys");
	refused("clock:size=1", "clock: unknown parameter 'size'; it has: bit, bits");
	refused("clock:bit=1:bit=1", "clock: bit: is given twice");
	refused("lru:k=2", "lru: unknown parameter 'k'; it has none");
}

/* By other names, in any spelling; the spec's policy has its own name. */
static void test_names(void **state)
{
	static const char *const pairs[][2] = {{"LRU", "lru"}, {"Lru", "lru"}, {"optimal", "opt"},
		{"OPTIMAL", "opt"}, {"belady", "opt"}, {"Belady", "opt"}, {"min", "opt"},
		{"MIN", "opt"}, {"rand", "random"}, {"Random", "random"}, {"esc", "enhanced-clock"},
		{"ESC", "enhanced-clock"}, {"enhanced second chance", "enhanced-clock"},
		{"second chance", "second-chance"}, {"second_chance", "second-chance"},
		{"secondchance", "second-chance"}, {"SecondChance", "second-chance"},
		{"2nd chance", "second-chance"}, {"not recently used", "nru"}, {"NUR", "nru"},
		{"least-recently-used", "lru"}, {"least recently used", "lru"},
		{"Least_Recently_Used", "lru"}, {"2-q", "2q"}, {"2Q", "2q"}, {"twoq", "2q"},
		{"TwoQ", "2q"}, {"two-queue", "2q"}, {"s3fifo", "s3-fifo"}, {"S3-FIFO", "s3-fifo"},
		{"s3_fifo", "s3-fifo"}, {"clock pro", "clock-pro"}, {"clockpro", "clock-pro"},
		{"CLOCK-Pro+", "clock-pro-plus"}, {"clockpro+", "clock-pro-plus"},
		{"Clock2Q+", "clock2q-plus"}, {"tinylfu", "w-tinylfu"}, {"W-TinyLFU", "w-tinylfu"},
		{"wtinylfu", "w-tinylfu"}, {"lruk", "lru-k"}, {"LRU-K", "lru-k"}, {"lru2", "lru-k"},
		{"working-set", "ws"}, {"working set", "ws"}, {"Working_Set", "ws"},
		{"ws-clock", "wsclock"}, {"WSClock", "wsclock"}, {"first in first out", "fifo"},
		{"round-robin", "fifo"}, {"least frequently used", "lfu"}, {"qdlp", "qd-lp-fifo"},
		{" arc ", "arc"}, {"page fault frequency", "pff"}, {"RRIP", "drrip"},
		{"clock", "clock"}};
	const struct bel_policy *policy;
	struct bel_policy_spec *specs;
	struct bel_err err;
	char list[100];
	size_t count;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		if (bel_policy_resolve(pairs[i][0], &policy, &err) < 0)
			fail_msg("%s", err.text);
		assert_string_equal(policy->name, pairs[i][1]);
		snprintf(list, sizeof(list), "fifo,%s", pairs[i][0]);
		assert_int_equal(bel_specs_parse(list, &specs, &count, &err), 0);
		assert_ptr_equal(specs[1].policy, policy);
		bel_specs_free(specs, count);
	}
	assert_int_equal(bel_specs_parse("Working Set:tau=7", &specs, &count, &err), 0);
	assert_true(specs[0].param[0] == 7);
	bel_specs_free(specs, count);
}

/* No other name is another policy's own, or says nothing. */
static void test_aliases(void **state)
{
	const struct bel_policy *policy, *found;
	struct bel_err err;

	(void)state;
	for (size_t i = 0; (policy = bel_policy_at(i)); i++) {
		char *copy = strdup(bel_policy_aliases(policy) ? bel_policy_aliases(policy) : "");
		char *rest = *copy ? copy : NULL;

		while (rest) {
			const char *alias = strsep(&rest, ",");

			assert_true(strlen(alias) > 1);
			if (bel_policy_resolve(alias, &found, &err) == 0)
				assert_ptr_equal(found, policy);
			else /* one that is ambiguous names it among others */
				assert_non_null(strstr(err.text, policy->name));
		}
		free(copy);
	}
}

static void *no_instance(const struct bel_env *env, struct bel_err *err)
{
	(void)env;
	(void)err;
	return NULL;
}

/* A descriptor as policies had that made their instances themselves. */
static struct bel_policy self_made(const char *name)
{
	struct bel_policy policy = *bel_policy_find(name);

	policy.create = no_instance;
	policy.destroy = free;
	policy.init = NULL;
	policy.instance_bytes = 0;
	return policy;
}

/* A descriptor from before there were other names has none, whatever lies behind it. */
static void test_older_descriptor(void **state)
{
	struct bel_policy old = self_made("opt");
	struct bel_err err;

	(void)state;
	assert_non_null(bel_policy_aliases(&old));
	old.size = offsetof(struct bel_policy, aliases);
	assert_null(bel_policy_aliases(&old));
	assert_int_equal(bel_policy_check(&old, &err), 0);
	old.size = sizeof(old);
	old.aliases = "a:b";
	assert_int_equal(bel_policy_check(&old, &err), BEL_FAIL);
}

static void test_check(void **state)
{
	static const struct bel_hooks no_fault = {.drop = NULL};
	static const struct bel_param odd[] = {
		{"x", "pages", BEL_PARAM_INTEGER, 5, 1, 4, "five of four"}, {.name = NULL}};
	const struct bel_policy good = *bel_policy_find("lru");
	struct bel_policy bad;
	struct bel_err err;

	(void)state;
	bad = good;
	bad.abi++;
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	assert_string_equal(err.text, "policy was built for interface 2, this is 1");
	bad = self_made("lru");
	bad.size = offsetof(struct bel_policy, show); /* an earlier one, without what came later */
	assert_int_equal(bel_policy_check(&bad, &err), 0);
	bad.size--;
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	assert_non_null(strstr(err.text, "policy descriptor has "));
	bad = good;
	bad.size += 8; /* a later, longer descriptor */
	assert_int_equal(bel_policy_check(&bad, &err), 0);
	bad = good;
	bad.name = "LRU";
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	bad.name = NULL;
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	bad = good;
	bad.hooks = &no_fault;
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	assert_string_equal(err.text, "lru: hook fault or drop is missing");
	bad = self_made("lru");
	bad.create = NULL;
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	assert_string_equal(err.text, "lru: create or destroy is missing");
	bad = good;
	bad.create = no_instance;
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	assert_string_equal(err.text, "lru: has both create and init");
	bad = good;
	bad.instance_bytes = 0;
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	assert_string_equal(err.text, "lru: instance_bytes is missing");
	bad = good;
	bad.size = offsetof(struct bel_policy, init); /* before there was init() */
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	assert_string_equal(err.text, "lru: create or destroy is missing");
	bad = good;
	bad.params = odd;
	assert_int_equal(bel_policy_check(&bad, &err), BEL_FAIL);
	assert_string_equal(err.text, "lru: x: default is out of range");
}

static char *described(const char *text, int *result)
{
	struct bel_err err;
	char *printed = NULL;
	size_t size;
	FILE *stream = open_memstream(&printed, &size);

	assert_non_null(stream);
	*result = bel_policy_describe(text, stream, &err);
	fclose(stream);
	return printed;
}

static void test_describe(void **state)
{
	char *text;
	int r;

	(void)state;
	text = described("list", &r);
	assert_int_equal(r, 1);
	assert_non_null(strstr(text, "\nfifo "));
	free(text);
	text = described("ws:help", &r);
	assert_int_equal(r, 1);
	assert_non_null(strstr(text, "Denning"));
	assert_non_null(strstr(text, "\n  tau=10000  "));
	assert_non_null(strstr(text, "(1..9007199254740992 references)"));
	free(text);
	text = described("lru:help", &r);
	assert_non_null(strstr(text, "parameters: none\n"));
	free(text);
	text = described("nobody:help", &r);
	assert_int_equal(r, BEL_USAGE);
	assert_string_equal(text, "");
	free(text);
	text = described("lru,fifo", &r);
	assert_int_equal(r, 0);
	assert_string_equal(text, "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_older_descriptor),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_describe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_audit.c: the parts of an audit: the optimum by scanning against the books, shrinking,
 * strings, and what a case makes of a sound policy. (tests/cli/audit.bats has the unsound ones.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit_case.h"
#include "audit_min_faults.h"
#include "audit_shrink.h"
#include "policy.h"

/* "1 2w -1": as findings are printed. */
static void parse(struct bel_audit_string *string, const char *text)
{
	assert_int_equal(bel_audit_string_init(string), 0);
	while (*text) {
		const bool drop = *text == '-';
		char *end;
		const uint32_t page = (uint32_t)strtoul(text + drop, &end, 10);
		const enum bel_audit_kind kind = drop          ? BEL_AUDIT_DROP
						 : *end == 'w' ? BEL_AUDIT_WRITE
							       : BEL_AUDIT_READ;

		string->step[string->count++] = (struct bel_audit_step){page, kind};
		text = end + (*end == 'w');
		text += strspn(text, " ");
	}
	bel_audit_string_renumber(string);
}

static uint64_t least(const char *text, uint64_t frames)
{
	struct bel_audit_string string;
	uint64_t next[40], faults;

	parse(&string, text);
	for (size_t i = 0; i < string.count; i++) {
		next[i] = BEL_NEVER;
		for (size_t k = string.count; k-- > i + 1;)
			if (string.step[k].page == string.step[i].page)
				next[i] = k;
	}
	assert_int_equal(bel_audit_least_faults(&string, next, frames, &faults), 0);
	bel_audit_string_free(&string);
	return faults;
}

/* Silberschatz and Belady, with 3 frames and with 4; and room for all. */
static void test_least(void **state)
{
	static const char silberschatz[] = "7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1";
	static const char belady[] = "1 2 3 4 1 2 5 1 2 3 4 5";

	(void)state;
	assert_int_equal(least(silberschatz, 3), 9);
	assert_int_equal(least(silberschatz, 4), 8);
	assert_int_equal(least(belady, 3), 7);
	assert_int_equal(least(belady, 4), 6);
	assert_int_equal(least(belady, 1), 12);
	assert_int_equal(least(belady, UINT64_C(1) << 40), 5);
}

/* Pages are numbered as they come; what is dropped before it was seen goes. */
static void test_renumber(void **state)
{
	struct bel_audit_string string;

	(void)state;
	parse(&string, "-9 7 -9 3w 7 -3 9");
	assert_int_equal(string.count, 5);
	assert_int_equal(string.pages, 3);
	assert_true(string.drops);
	assert_int_equal(string.step[0].page, 0);
	assert_int_equal(string.step[1].page, 1);
	assert_int_equal(string.step[1].kind, BEL_AUDIT_WRITE);
	assert_int_equal(string.step[3].page, 1);
	assert_int_equal(string.step[3].kind, BEL_AUDIT_DROP);
	assert_int_equal(string.step[4].page, 2);
	bel_audit_string_free(&string);
}

/* A finding that needs a written page, dropped, and later one more page. */
static bool shows(void *host, const struct bel_audit_string *string)
{
	int *asked = host, need = 0;

	++*asked;
	for (size_t i = 0; i < string->count; i++) {
		const struct bel_audit_step step = string->step[i];

		need += need == 0   ? step.kind == BEL_AUDIT_WRITE
			: need == 1 ? step.kind == BEL_AUDIT_DROP
			: need == 2 ? step.page == 1
				    : 0;
	}
	return need == 3;
}

/* What is left still shows it, and no step can be spared. */
static void test_shrink(void **state)
{
	struct bel_audit_string string, spare;
	int asked = 0;

	(void)state;
	parse(&string, "0w 1 2w 3 -2 2 1w 4 4 -4 3 2 1w 0 5 -5 1 1");
	assert_int_equal(bel_audit_string_init(&spare), 0);
	assert_true(shows(&asked, &string));
	bel_audit_shrink(&string, &spare, 1000, shows, &asked);
	assert_true(shows(&asked, &string));
	assert_true(string.count == 3 || string.count == 4);
	for (size_t i = 0; i < string.count; i++) {
		bel_audit_string_cut(&spare, &string, i, i + 1);
		assert_false(shows(&asked, &spare));
	}
	assert_true(asked < 100);
	bel_audit_string_free(&string);
	bel_audit_string_free(&spare);
}

/* The same seed gives the same string; pages are dense, and all kinds of steps occur. */
static void test_strings(void **state)
{
	struct bel_audit_string one, two;
	size_t kinds[3] = {0}, most = 0;
	struct bel_rng rng, same;

	(void)state;
	assert_int_equal(bel_audit_string_init(&one) + bel_audit_string_init(&two), 0);
	bel_rng_seed(&rng, 5);
	bel_rng_seed(&same, 5);
	for (int i = 0; i < 200; i++) {
		uint32_t pages = 0;

		bel_audit_string_make(&one, &rng, 3);
		bel_audit_string_make(&two, &same, 3);
		assert_int_equal(one.count, two.count);
		assert_memory_equal(one.step, two.step, one.count * sizeof(*one.step));
		for (size_t k = 0; k < one.count; k++) {
			kinds[one.step[k].kind]++;
			assert_true(one.step[k].page <= pages);
			pages += one.step[k].page == pages;
		}
		assert_int_equal(pages, one.pages);
		most = one.pages > most ? one.pages : most;
	}
	assert_true(kinds[0] > 1000 && kinds[1] > 1000 && kinds[2] > 100);
	assert_true(most > 6);
	bel_audit_string_make_wide(&one, &rng);
	assert_true(one.pages > 2 * BEL_PAGES_MIN && one.count <= BEL_AUDIT_STEPS_MAX);
	bel_audit_string_free(&one);
	bel_audit_string_free(&two);
}

/* FIFO holds on a string with its anomaly and with drops; at no frames it is refused. */
static void test_case(void **state)
{
	struct bel_policy_spec *spec;
	struct bel_audit_string string;
	struct bel_audit_found found;
	struct bel_audit_case is = {.frames = 3, .seed = 1, .string = &string};
	struct bel_err err;
	size_t count;

	(void)state;
	assert_int_equal(bel_specs_parse("fifo", &spec, &count, &err), 0);
	is.spec = spec;
	parse(&string, "1 2 3w 4 1 1 1w -1 2 5 1 2 -2 -5 3 4 5");
	assert_false(bel_audit_case_breaks(&is, &found));
	is.frames = 0;
	assert_true(bel_audit_case_breaks(&is, &found));
	assert_int_equal(found.rule, BEL_AUDIT_REFUSAL);
	assert_string_equal(found.text, "needs at least 1 frame");
	bel_audit_string_free(&string);
	bel_specs_free(spec, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_renumber),
		cmocka_unit_test(test_shrink),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

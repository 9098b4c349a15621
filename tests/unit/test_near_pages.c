/* SPDX-License-Identifier: MIT */
/*
 * Tests lib/capture/near_pages: references by hand, and random ones against a list of pages that is
 * searched one by one, for few near pages and for many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "near_pages.h"
#include "rng.h"

enum { MOST = 300, PAGES = 1000 };

/* The last distinct pages, the last one first. */
static uint32_t list[MOST];
static unsigned count, most;
static uint64_t now, last_far, last[PAGES];

/* 'f': the page is far; 'r': the reference renews it; 'n': neither. */
static char expected(uint32_t page)
{
	const uint64_t before = last[page];
	unsigned at = 0;
	bool far;

	while (at < count && list[at] != page)
		at++;
	far = at == count;
	if (far && count < most)
		count++;
	else if (far)
		at--;
	memmove(list + 1, list, at * sizeof(*list));
	list[0] = page;
	last[page] = ++now;
	if (far)
		last_far = now;
	return far ? 'f' : last_far > before ? 'r' : 'n';
}

static void test_by_hand(void **state)
{
	/* Two near pages: 1 is far again behind 2 and 3; 3 is near, and renewed behind 1. */
	static const uint32_t page[] = {1, 2, 1, 2, 3, 3, 1, 3, 3, 5000, 3};
	static const int far[] = {1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0};
	static const int renews[] = {0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1};

	(void)state;
	for (int renewed = 0; renewed < 2; renewed++) {
		struct bel_near near;
		struct bel_err err;

		assert_int_equal(bel_near_init(&near, 2, renewed, &err), 0);
		for (size_t i = 0; i < sizeof(page) / sizeof(*page); i++)
			assert_int_equal(bel_near_take(&near, page[i], &err),
				!(far[i] || (renewed && renews[i])));
		bel_near_release(&near);
	}
}

/* Phases, each with pages of its own; in some of them a loop. */
static void check(unsigned near_pages, bool renewed, uint64_t seed)
{
	struct bel_near near;
	struct bel_err err;
	struct bel_rng rng;
	unsigned needed = 0;

	most = near_pages;
	count = 0;
	now = last_far = 0;
	memset(last, 0, sizeof(last));
	bel_rng_seed(&rng, seed);
	assert_int_equal(bel_near_init(&near, near_pages, renewed, &err), 0);
	for (unsigned phase = 0; phase < 40; phase++) {
		const uint32_t span = 1 + (uint32_t)bel_rng_below(&rng, 2 * near_pages + 2);
		const uint32_t from = (uint32_t)bel_rng_below(&rng, PAGES - span);
		const bool loop = bel_rng_below(&rng, 3) == 0;

		for (uint32_t i = 0; i < 3 * span + 20; i++) {
			const uint32_t page =
				from + (loop ? i % span : (uint32_t)bel_rng_below(&rng, span));
			const char what = expected(page);
			const int needs = what == 'f' || (renewed && what == 'r');

			needed += (unsigned)needs;
			if (bel_near_take(&near, page, &err) != !needs)
				fail_msg("K %u, seed %llu: a reference is '%c'", near_pages,
					(unsigned long long)seed, what);
		}
	}
	assert_true(needed > near_pages);
	bel_near_release(&near);
}

static void test_random(void **state)
{
	static const unsigned near_pages[] = {1, 2, 3, 4, 5, 31, 32, 64, 128, 129, 200, MOST};

	(void)state;
	for (size_t i = 0; i < sizeof(near_pages) / sizeof(*near_pages); i++) {
		for (uint64_t seed = 1; seed <= 20; seed++) {
			check(near_pages[i], false, seed);
			check(near_pages[i], true, seed);
		}
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

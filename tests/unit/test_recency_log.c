/* SPDX-License-Identifier: MIT */
/* test_recency_log.c: the log of recency against a list of pages in order of last reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recency_log.h"
#include "rng.h"

enum { PAGES = 3000, STEPS = 60000, HANDS = 3 };

static struct bel_err err;

/* The pages that were referenced, the least recent first. */
static uint32_t list[PAGES];
static size_t listed;

static void list_touch(uint32_t page)
{
	size_t i = 0;

	while (i < listed && list[i] != page)
		i++;
	if (i == listed)
		listed++;
	else
		memmove(list + i, list + i + 1, (listed - i - 1) * sizeof(*list));
	list[listed - 1] = page;
}

/* The oldest page on the list of hand h: a page that is a multiple of 1, 2, 3, ... */
static uint32_t oldest(struct bel_recency_log *log, uint32_t h)
{
	uint32_t *const hand = &log->hand[h];

	for (;; (*hand)++) {
		bel_recency_reach(log, hand);
		if (log->number[*hand] && (log->number[*hand] - 1) % (h + 1) == 0)
			return log->number[*hand] - 1;
	}
}

static uint32_t oldest_listed(uint32_t h)
{
	size_t i = 0;

	while (list[i] % (h + 1) != 0)
		i++;
	return list[i];
}

/* Page 0 is a multiple of all, so each hand finds a page once page 0 was referenced. */
static void hands_find_the_oldest(void **state)
{
	struct bel_recency_log log;
	struct bel_rng rng;
	uint32_t pages = 1;

	(void)state;
	bel_rng_seed(&rng, 5);
	listed = 0;
	assert_int_equal(bel_recency_init(&log, HANDS, 1, &err), 0);
	for (int i = 0; i < STEPS; i++) {
		/* Phases with many and with few pages between the moves of a hand. */
		const uint32_t moves = i / 5000 % 2 ? 2 : 700;
		const uint32_t page = i ? (uint32_t)bel_rng_below(&rng, pages) : 0;

		/* A batch of so many runs that the clock must start again. */
		assert_int_equal(bel_recency_reserve(&log, pages,
					 bel_rng_below(&rng, 3000) ? 1 : UINT32_MAX, &err),
			0);
		assert_true(log.page[page + 1].pending & 1);
		bel_recency_touch(&log, page + 1);
		list_touch(page);
		if (pages < PAGES && bel_rng_below(&rng, 10) == 0)
			pages++;
		if (bel_rng_below(&rng, moves) == 0) {
			const uint32_t h = (uint32_t)bel_rng_below(&rng, HANDS);

			assert_int_equal(oldest(&log, h), oldest_listed(h));
		}
	}
	bel_recency_release(&log);
}

static void refuses_too_many_pages(void **state)
{
	struct bel_recency_log log;

	(void)state;
	assert_int_equal(bel_recency_init(&log, HANDS, 0, &err), 0);
	assert_int_equal(bel_recency_reserve(&log, UINT32_MAX - 1, 1, &err), BEL_FAIL);
	assert_string_equal(
		err.text, "the curve of a policy with recency lists takes at most 2^30 pages");
	bel_recency_release(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_find_the_oldest),
		cmocka_unit_test(refuses_too_many_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * test_tick_groups.c: groups of pages by the tick that found them last: worked by hand, and against a
 * list that is never compacted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rng.h"
#include "tick_groups.h"

enum { PAGES = 40, TICKS = 3000 };

/* A host that gives arrays for PAGES pages; the test frees them. */
static int give_array(void *host, void *array, size_t width)
{
	(void)host;
	*(void **)array = calloc(PAGES, width);
	return *(void **)array ? 0 : -1;
}

static int tell_count(void *host, uint32_t *count)
{
	(void)host;
	*count = PAGES;
	return 0;
}

static const struct bel_env env = {.size = sizeof(env),
	.page_array = give_array,
	.page_list = give_array,
	.page_count = tell_count};

static void start(struct bel_tick_groups *groups, uint32_t most)
{
	*groups = (struct bel_tick_groups){.ticks = 0};
	bel_tick_groups_create(groups, &env, most);
	assert_non_null(groups->log);
	assert_non_null(groups->found);
	assert_int_equal(groups->pages, PAGES);
}

static void end(struct bel_tick_groups *groups)
{
	free(groups->log);
	free(groups->found);
}

/* The next tick finds the pages of a text, a letter each. */
static void tick(struct bel_tick_groups *groups, const char *pages)
{
	groups->ticks++;
	bel_tick_groups_begin(groups);
	for (; *pages; pages++)
		bel_tick_groups_append(groups, (uint32_t)(*pages - 'a'));
}

/* The pages of the group `since` ticks ago, as such a text. */
static const char *group_of(struct bel_tick_groups *groups, uint32_t since)
{
	static char text[PAGES + 1];
	const struct bel_tick_group group = *bel_tick_group(groups, since);
	size_t n = 0;

	for (uint32_t at = group.from; at < group.to; at++)
		if (bel_tick_groups_live(groups, at, since)) {
			assert_true(n < PAGES);
			text[n++] = (char)('a' + groups->log[at]);
		}
	text[n] = 0;
	return text;
}

static void worked_by_hand(void **state)
{
	struct bel_tick_groups groups;

	(void)state;
	start(&groups, 3);
	tick(&groups, "abc");
	tick(&groups, "bd");
	assert_string_equal(group_of(&groups, 0), "bd");
	assert_string_equal(group_of(&groups, 1), "ac");
	assert_string_equal(group_of(&groups, 2), "");
	assert_int_equal(bel_tick_groups_since(&groups, 0), 1);
	assert_int_equal(bel_tick_groups_since(&groups, 1), 0);
	/* A page that leaves and is not found again is in no group. */
	bel_tick_groups_forget(&groups, 2);
	assert_string_equal(group_of(&groups, 1), "a");
	tick(&groups, "");
	assert_string_equal(group_of(&groups, 0), "");
	assert_string_equal(group_of(&groups, 1), "bd");
	assert_string_equal(group_of(&groups, 2), "a");
	/* The fourth tick empties the group of the first: page a was found 3 ticks ago. */
	tick(&groups, "dc");
	assert_string_equal(group_of(&groups, 0), "dc");
	assert_string_equal(group_of(&groups, 1), "");
	assert_string_equal(group_of(&groups, 2), "b");
	assert_int_equal(bel_tick_groups_since(&groups, 0), 3);
	end(&groups);
}

/* What the groups are: the pages by the tick that found them, in the order in which it did. */
struct found {
	uint64_t tick; /* 0: in no group */
	uint32_t place;
};

static uint32_t listed_before(const struct found *found, uint64_t tick, uint32_t place)
{
	uint32_t n = 0;

	for (uint32_t page = 0; page < PAGES; page++)
		n += found[page].tick == tick && found[page].place < place;
	return n;
}

static void compare(struct bel_tick_groups *groups, const struct found *found)
{
	for (uint32_t since = 0; since < groups->most; since++) {
		const struct bel_tick_group group = *bel_tick_group(groups, since);
		uint32_t n = 0;

		for (uint32_t at = group.from; at < group.to; at++) {
			const uint32_t page = groups->log[at];

			if (!bel_tick_groups_live(groups, at, since))
				continue;
			assert_int_equal(found[page].tick, groups->ticks - since);
			assert_int_equal(
				listed_before(found, found[page].tick, found[page].place), n);
			n++;
		}
		assert_int_equal(listed_before(found, groups->ticks - since, UINT32_MAX), n);
	}
}

/* A tick that finds some pages, in random order; between ticks, some pages leave. */
static void random_tick(
	struct bel_tick_groups *groups, struct bel_rng *rng, struct found found[static PAGES])
{
	/* Ticks that find nearly all pages, and ticks that find few. */
	const uint64_t share = bel_rng_below(rng, 3) ? 100 : 15;

	groups->ticks++;
	bel_tick_groups_begin(groups);
	for (uint32_t k = 0; k < PAGES; k++) {
		const uint32_t page = (uint32_t)((k * 7 + groups->ticks) % PAGES);

		if (bel_rng_below(rng, 100) >= share)
			continue;
		bel_tick_groups_append(groups, page);
		found[page] = (struct found){groups->ticks, k};
		assert_true(groups->end <= BEL_TICK_GROUPS_SLACK * PAGES);
	}
	for (uint64_t n = bel_rng_below(rng, 4); n; n--) {
		const uint32_t page = (uint32_t)bel_rng_below(rng, PAGES);

		bel_tick_groups_forget(groups, page);
		found[page].tick = 0;
	}
}

/* The numbers of the ticks pass 2^32, modulo which the pages have them. */
static void random_ticks(void **state)
{
	static const uint32_t mosts[] = {1, 2, 8, BEL_TICK_GROUPS_MAX};
	const uint64_t seed = 1;
	struct bel_rng rng;

	(void)state;
	print_message("seed %llu\n", (unsigned long long)seed);
	bel_rng_seed(&rng, seed);
	for (size_t i = 0; i < sizeof(mosts) / sizeof(*mosts); i++) {
		struct found found[PAGES] = {{.tick = 0}};
		struct bel_tick_groups groups;
		unsigned compacted = 0;

		start(&groups, mosts[i]);
		groups.ticks = ((uint64_t)1 << 32) - TICKS / 2;
		for (int k = 0; k < TICKS; k++) {
			const uint32_t before = groups.end;

			random_tick(&groups, &rng, found);
			compacted += groups.end < before;
			compare(&groups, found);
		}
		assert_true(compacted > TICKS / 10);
		end(&groups);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_by_hand),
		cmocka_unit_test(random_ticks),
	};

	return cmocka_run_group_tests_name("tick groups", tests, NULL, NULL);
}

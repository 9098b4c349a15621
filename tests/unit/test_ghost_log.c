/* SPDX-License-Identifier: MIT */
/*
 * test_ghost_log.c: lists with ghosts in one log (lib/api/belady/ghost_log.h), against orders worked by
 * hand and, in random operations, against plain arrays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "ghost_log.h"
#include "random.h"

enum {
	FEW = 8,
	MOST = 400,                     /* pages of the random test, ... */
	FAR = BEL_GHOST_LOG_FAR + 1000, /* ... and of the one that fetches pages ahead */
	STEPS = 300000
};

/* As the engine does: arrays of so many pages, the new elements zero. */
static void reserve(struct bel_ghost_log *log, uint32_t pages)
{
	const size_t entries = (size_t)pages * BEL_GHOST_LOG_SLACK;

	log->page = realloc(log->page, entries * sizeof(*log->page));
	log->at = realloc(log->at, pages * sizeof(*log->at));
	log->gap = realloc(log->gap, pages);
	assert_true(log->page && log->at && log->gap);
	memset((uint8_t *)log->gap + log->pages, 0, pages - log->pages);
	memset(log->page + (size_t)log->pages * BEL_GHOST_LOG_SLACK, 0,
		(size_t)(pages - log->pages) * BEL_GHOST_LOG_SLACK * sizeof(*log->page));
	memset(log->at + log->pages, 0, (pages - log->pages) * sizeof(*log->at));
	log->pages = pages;
}

static int no_array(void *host, void *array, size_t width)
{
	(void)host;
	(void)width;
	*(void **)array = NULL;
	return 0;
}

static int no_count(void *host, uint32_t *count)
{
	(void)host;
	*count = 0;
	return 0;
}

static void create(struct bel_ghost_log *log, uint64_t frames, uint32_t pages)
{
	const struct bel_env env = {.size = sizeof(env),
		.frames = frames,
		.page_array = no_array,
		.page_list = no_array,
		.page_count = no_count};

	bel_ghost_log_create(log, &env);
	reserve(log, pages);
}

static void release(struct bel_ghost_log *log)
{
	free(log->page);
	free(log->at);
	free(log->gap);
}

static uint8_t state[FAR]; /* only its address is used */
static const struct bel_decision out = {.state = state};

struct shown {
	uint32_t page[MOST], pages;
};

static void show_page(void *host, uint32_t page, enum bel_show_by by)
{
	struct shown *const shown = host;

	assert_int_equal(by, BEL_SHOW_OTHER);
	assert_true(shown->pages < MOST);
	shown->page[shown->pages++] = page;
}

static void check_shown(const struct bel_ghost_log *log, const struct bel_ghost_half *half,
	const uint32_t *page, uint32_t pages)
{
	struct shown shown = {.pages = 0};
	const struct bel_show show = {.host = &shown, .order = show_page};

	bel_ghost_log_show(log, half, &show);
	assert_int_equal(shown.pages, pages);
	assert_memory_equal(shown.page, page, pages * sizeof(*page));
}

/*
 * 5, 0, 7, 2 enter the first half. 0 is hit and comes to the second. 5 leaves with a ghost, 7 without.
 * 5 returns to the second half. So 2 is in the first, 0 and 5 in the second; 0 leaves it first.
 */
static void test_by_hand(void **unused)
{
	const uint32_t enters[] = {5, 0, 7, 2}, second[] = {0, 5}, first[] = {2};
	struct bel_ghost_log log;

	(void)unused;
	create(&log, 4, FEW);
	assert_int_equal(bel_ghost_log_oldest(&log, &log.first), BEL_NO_PAGE);
	for (int i = 0; i < 4; i++) {
		bel_ghost_log_make_place(&log);
		bel_ghost_log_enter(&log, &log.first, enters[i]);
	}
	bel_ghost_log_make_place(&log);
	bel_ghost_log_hit(&log, &log.second, 0);
	assert_int_equal(bel_ghost_log_oldest(&log, &log.first), 5);
	assert_int_equal(bel_ghost_log_evict(&log, &log.first, 1, &out), 5);
	assert_int_equal(bel_ghost_log_evict(&log, &log.first, 0, &out), 7);
	assert_int_equal(log.first.ghosts, 1);
	assert_true(bel_ghost_log_knows(&log, 5) && !bel_ghost_log_knows(&log, 7));
	bel_ghost_log_make_place(&log);
	bel_ghost_log_return(&log, &log.second, 5);
	assert_int_equal(log.first.ghosts, 0);
	check_shown(&log, &log.first, first, 1);
	check_shown(&log, &log.second, second, 2);
	assert_int_equal(bel_ghost_log_evict(&log, &log.second, 1, &out), 0);
	bel_ghost_log_forget(&log, &log.second);
	assert_false(bel_ghost_log_knows(&log, 0));
	bel_ghost_log_drop(&log, 2);
	assert_int_equal(log.first.resident + log.second.ghosts, 0);
	assert_int_equal(bel_ghost_log_oldest(&log, &log.second), 5);
	release(&log);
}

/* A list as an array, the oldest page first. */
struct plain {
	uint32_t page[MOST], pages;
};

enum { T1, T2, B1, B2, NONE };

static void plain_remove(struct plain *list, uint32_t page)
{
	uint32_t at = 0;

	while (list->page[at] != page)
		at++;
	list->pages--;
	memmove(list->page + at, list->page + at + 1, (list->pages - at) * sizeof(page));
}

static void plain_move(struct plain *list, uint8_t *on, uint32_t page, uint8_t to)
{
	if (on[page] != NONE)
		plain_remove(&list[on[page]], page);
	if (to != NONE)
		list[to].page[list[to].pages++] = page;
	on[page] = to;
}

/* One random operation on both. `half`: of the pages that leave. */
static void step(struct bel_ghost_log *log, struct plain *list, uint8_t *on, uint32_t page,
	uint32_t what, uint32_t half, int fits)
{
	struct bel_ghost_half *const from = half ? &log->second : &log->first;
	const uint8_t to = what & 1 ? T2 : T1;
	struct bel_ghost_half *const into = to == T2 ? &log->second : &log->first;

	bel_ghost_log_make_place(log);
	if (what < 2 && list[half].pages) {
		const uint32_t oldest = list[half].page[0];

		assert_int_equal(bel_ghost_log_oldest(log, from), oldest);
		assert_int_equal(bel_ghost_log_evict(log, from, what == 1, &out), oldest);
		plain_move(list, on, oldest, what == 1 ? (uint8_t)(B1 + half) : NONE);
	} else if (what == 2 && list[B1 + half].pages) {
		bel_ghost_log_forget(log, from);
		plain_move(list, on, list[B1 + half].page[0], NONE);
	} else if (what == 3 && (on[page] == T1 || on[page] == T2)) {
		bel_ghost_log_drop(log, page);
		plain_move(list, on, page, NONE);
	} else if (fits || on[page] != NONE) {
		assert_int_equal(bel_ghost_log_knows(log, page), on[page] != NONE);
		if (on[page] == T1 || on[page] == T2)
			bel_ghost_log_hit(log, into, page);
		else if (on[page] != NONE)
			bel_ghost_log_return(log, into, page);
		else
			bel_ghost_log_enter(log, into, page);
		plain_move(list, on, page, to);
	}
}

/*
 * The pages grow from FEW on; at the end there are `pages`, of which MOST are used. A page that enters
 * finds fewer than 2 known pages for each frame.
 */
static void random_operations(uint64_t seed, uint64_t frames, uint32_t pages)
{
	static struct plain list[NONE];
	static uint8_t on[MOST];
	struct bel_ghost_log log;
	uint32_t packed = 0;

	memset(list, 0, sizeof(list));
	memset(on, NONE, sizeof(on));
	create(&log, frames, pages > MOST ? pages : FEW);
	for (uint32_t i = 0; i < STEPS; i++) {
		const uint32_t known =
			list[T1].pages + list[T2].pages + list[B1].pages + list[B2].pages;
		const uint32_t used = log.pages < MOST ? log.pages : MOST;
		const uint32_t page = bel_random_below(&seed, used), end = log.first.end;
		const int fits = known < 2 * frames;

		if (log.pages < pages && i % 1000 == 999)
			reserve(&log, 2 * log.pages < pages ? 2 * log.pages : pages);
		step(&log, list, on, page, bel_random_below(&seed, fits ? 12 : 4),
			bel_random_below(&seed, 2), fits);
		packed += log.first.end < end;
		assert_int_equal(log.first.resident, list[T1].pages);
		assert_int_equal(log.second.resident, list[T2].pages);
		assert_int_equal(log.first.ghosts, list[B1].pages);
		assert_int_equal(log.second.ghosts, list[B2].pages);
		if (i % 100 == 0) {
			check_shown(&log, &log.first, list[T1].page, list[T1].pages);
			check_shown(&log, &log.second, list[T2].page, list[T2].pages);
		}
	}
	assert_true(packed > 20);
	release(&log);
}

static void test_random(void **unused)
{
	const uint64_t seed = (uint64_t)time(NULL);

	(void)unused;
	print_message("seed %llu\n", (unsigned long long)seed);
	random_operations(seed, 1000000, MOST); /* as many frames as there may be pages */
	random_operations(seed + 1, 20, MOST);
	random_operations(seed + 2, 1, MOST);
	random_operations(seed + 3, 150, FAR); /* a part of the log, and pages are fetched ahead */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* near_pages.c: the last distinct pages, by the times of their last references. */
#include "near_pages.h"

#include <stdlib.h>
#include <string.h>

#define AT_BITS 16 /* of an index of a near page; the other 48 are a time */
#define AT_MOST ((1u << AT_BITS) - 1)
#define FOUR 4
#define FEW 128 /* near pages that are better looked through often than sorted */

int bel_near_init(struct bel_near *near, uint32_t most, bool renewed, struct bel_err *err)
{
	*near = (struct bel_near){.most = most, .renewed = renewed, .oldest = 1, .least = 1};
	near->page = calloc((size_t)most + 1, sizeof(*near->page));
	near->old = calloc((size_t)most + 1, sizeof(*near->old));
	return near->page && near->old ? 0 : bel_err_memory(err, "near pages");
}

void bel_near_release(struct bel_near *near)
{
	free(near->page);
	free(near->old);
	free(near->time);
	*near = (struct bel_near){.most = 0};
}

static int make_room(struct bel_near *near, uint32_t page, struct bel_err *err)
{
	const size_t wanted = 2 * (size_t)page + 4096;
	uint64_t *const grown = realloc(near->time, wanted * sizeof(*grown));

	if (!grown)
		return bel_err_memory(err, "pages");
	memset(grown + near->pages, 0, (wanted - near->pages) * sizeof(*grown));
	near->time = grown;
	near->pages = wanted;
	return 0;
}

/* A near page as one number: its time, then its index. */
static uint64_t near_page(const struct bel_near *near, uint32_t at)
{
	return near->time[near->page[at]] << AT_BITS | at;
}

/*
 * Finds the four oldest of a few pages. It runs for every second far page, and which pages are old
 * cannot be predicted: without branches, the reader of python3 took 1.06 s of CPU instead of 1.50.
 */
static void find_four(struct bel_near *near)
{
	uint64_t old[FOUR] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};

	for (uint32_t i = 0; i < near->count; i++) {
		uint64_t x = near_page(near, i);

#pragma GCC unroll 4
		for (uint32_t j = 0; j < FOUR; j++) {
			const uint64_t y = old[j];

			old[j] = x < y ? x : y;
			x = x < y ? y : x;
		}
	}
	near->old_count = near->count < FOUR ? near->count : FOUR;
	memcpy(near->old, old, near->old_count * sizeof(*old));
}

static int compare(const void *left, const void *right)
{
	const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* Looks through all near pages for the oldest. Many are sorted: each leaves the list once. */
static void look_through(struct bel_near *near)
{
	near->old_at = 0;
	if (near->count <= FEW) {
		find_four(near);
		return;
	}
	for (uint32_t i = 0; i < near->count; i++)
		near->old[i] = near_page(near, i);
	near->old_count = near->count;
	qsort(near->old, near->old_count, sizeof(*near->old), compare);
}

/*
 * The index of the oldest near page. Times only grow: of the oldest ones found before, it is the
 * first that was not referenced since.
 */
static uint32_t find_oldest(struct bel_near *near)
{
	for (; near->old_at < near->old_count; near->old_at++) {
		const uint64_t old = near->old[near->old_at];
		const uint32_t at = old & AT_MOST;

		if (near->time[near->page[at]] == old >> AT_BITS)
			return at;
	}
	look_through(near);
	return near->old[0] & AT_MOST;
}

/* A far page becomes near. Its time is that of now. */
static void enter(struct bel_near *near, uint32_t page)
{
	if (near->count < near->most)
		near->page[near->count++] = page;
	else
		near->page[find_oldest(near)] = page;
	/* While there is room, all pages that were ever referenced are near. */
	if (near->count == near->most)
		near->oldest = near->time[near->page[find_oldest(near)]];
}

int bel_near_add(struct bel_near *near, uint32_t page, struct bel_err *err)
{
	uint64_t before;

	if (page >= near->pages && make_room(near, page, err) < 0)
		return BEL_FAIL;
	before = near->time[page];
	near->time[page] = ++near->now;
	if (before >= near->least)
		return 1;
	if (before < near->oldest) {
		enter(near, page);
		near->least = near->renewed ? near->now : near->oldest;
	}
	return 0;
}

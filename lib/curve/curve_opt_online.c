/* SPDX-License-Identifier: MIT */
/*
 * curve_opt_online.c: OPT at every size in one pass, with memory bounded by the number of pages.
 *
 * The algorithm needs no knowledge of the future. The pages are in order of their last use. They
 * hold the numbers 1 .. pages as a permutation; the current page holds 1. A reference to x carries
 * x's number towards the pages used longer ago, and exchanges it for every smaller number on the
 * way. The number carried at the end is OPT's stack distance. The page used before x gets this
 * number, and x gets 1. A first touch has no distance: the page before it gets the number of pages
 * so far.
 *
 * With very many pages there are many exchanges. Then numbers are rounded up, to a few dozen
 * values per octave. Rounding keeps minima and maxima: so the algorithm stays the same, and the
 * result is exact at the rounded sizes.
 *
 * The result is exact at any time. Memory: at most 60 bytes per page.
 */
#include <stdlib.h>
#include <string.h>

#include "exchange_tree.h"
#include "points.h"

enum { NEAR = BEL_NM_LINE, MIN_PAGES = 1024, PLACES_A_PAGE = 2 };

/* With more pages numbers are rounded. */
enum { MAX_EXACT = 100000 };

#define NONE UINT32_MAX

struct online {
	struct bel_curve_setup setup;
	/* The most recently used pages and their numbers, the current page first. */
	uint32_t page[NEAR] __attribute__((aligned(64)));
	uint32_t number[NEAR] __attribute__((aligned(64)));
	struct bel_exchange_tree numerals; /* of all other pages, in the same order */
	uint32_t *page_at;                 /* of each place in use */
	uint32_t *place;                   /* of each page: 1 + place; 0: near, or never seen */
	uint64_t *distance;                /* by distance, 1 .. pages */
	size_t distances;                  /* elements of `distance` */
	size_t next;                       /* the last place given; places are given downwards */
	uint32_t pages, capacity;
	uint64_t references, runs, compulsory;
	bool rounded;
};

static void online_destroy(void *self)
{
	struct online *online = self;

	bel_exchange_tree_release(&online->numerals);
	free(online->page_at);
	free(online->place);
	free(online->distance);
	free(online);
}

static void *online_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct online *online = aligned_alloc(_Alignof(struct online), sizeof(*online));

	if (!online) {
		bel_err_memory(err, "opt");
		return NULL;
	}
	*online = (struct online){.setup = *setup};
	for (unsigned k = 0; k < NEAR; k++) {
		online->page[k] = NONE;
		online->number[k] = BEL_NO_NUMERAL;
	}
	return online;
}

/* From now on numbers are rounded. */
static void round_numbers(struct online *online)
{
	bel_exchange_tree_round(&online->numerals);
	for (unsigned k = 0; k < NEAR; k++)
		online->number[k] = bel_exchange_round(online->number[k]);
	for (uint32_t d = online->capacity; d; d--) {
		const uint64_t count = online->distance[d];

		online->distance[d] = 0;
		online->distance[bel_exchange_round(d)] += count;
	}
	online->rounded = true;
}

/* Moves the pages to the last places of `to`, in the same order. `to` may be the present array. */
static void pack(struct online *online, struct bel_exchange_tree *to, uint32_t *page_at)
{
	uint32_t *const from = online->numerals.level[0];
	size_t next = to->places;

	for (size_t i = online->numerals.places; i-- > online->next;) {
		const uint32_t number = from[i], page = online->page_at[i];

		if (number == BEL_NO_NUMERAL)
			continue;
		to->level[0][--next] = number;
		page_at[next] = page;
		online->place[page] = (uint32_t)next + 1;
	}
	memset(to->level[0], 0xff, next * sizeof(*to->level[0]));
	bel_exchange_tree_build(to);
	online->next = next;
}

/* More places: the pages move to a new array. */
static int grow(struct online *online, size_t places, struct bel_err *err)
{
	struct bel_exchange_tree numerals;
	uint32_t *page_at;

	if (bel_exchange_tree_init(&numerals, places, err) < 0)
		return BEL_FAIL;
	page_at = malloc(numerals.places * sizeof(*page_at));
	if (!page_at) {
		bel_exchange_tree_release(&numerals);
		return bel_err_memory(err, "opt");
	}
	pack(online, &numerals, page_at);
	bel_exchange_tree_release(&online->numerals);
	free(online->page_at);
	online->numerals = numerals;
	online->page_at = page_at;
	return BEL_OK;
}

static int reserve(struct online *online, uint32_t pages, struct bel_err *err)
{
	uint64_t capacity = online->capacity ? online->capacity : MIN_PAGES;
	uint64_t *distance;
	uint32_t *place;
	size_t distances;

	if (online->pages < pages)
		online->pages = pages;
	if (pages <= online->capacity)
		return BEL_OK;
	while (capacity < pages)
		capacity += capacity / 2;
	if (capacity > UINT32_MAX / PLACES_A_PAGE - BEL_NM_LINE)
		return bel_fail(err, "opt: trace has more than 2^30 pages");
	place = realloc(online->place, capacity * sizeof(*place));
	if (!place)
		return bel_err_memory(err, "opt");
	online->place = place;
	distances = bel_exchange_round((uint32_t)capacity) + (size_t)1;
	distance = realloc(online->distance, distances * sizeof(*distance));
	if (!distance)
		return bel_err_memory(err, "opt");
	online->distance = distance;
	memset(place + online->capacity, 0, (capacity - online->capacity) * sizeof(*place));
	memset(distance + online->distances, 0,
		(distances - online->distances) * sizeof(*distance));
	online->distances = distances;
	online->capacity = (uint32_t)capacity;
	return grow(online, capacity * PLACES_A_PAGE, err);
}

/* With many pages, a page's place and its line miss the caches, so both are prefetched. */
enum { ENTRY_AHEAD = 24, LINE_AHEAD = 8 };

BEL_INLINE void prefetch(const struct online *online, const struct bel_run *runs)
{
	const uint32_t soon = online->place[runs[LINE_AHEAD].page];

	__builtin_prefetch(&online->place[runs[ENTRY_AHEAD].page], 1);
	if (soon)
		__builtin_prefetch(&online->numerals.level[0][soon - 1], 1);
}

/*
 * Finds the lane of a near page; NEAR: none. Its number, in *carry, then sinks through the later
 * lanes.
 */
BEL_INLINE unsigned near_sink(struct online *online, uint32_t page, uint32_t *carry)
{
	unsigned k = 0;

	while (k < NEAR && online->page[k] != page)
		k++;
	if (k < NEAR) {
		*carry = online->number[k];
		bel_exchange_tree_line_sink(online->number, k + 1, carry);
	}
	return k;
}

/* Moves a page from lane k to the front. The page that was at the front gets `number`. */
BEL_INLINE void near_front(struct online *online, unsigned k, uint32_t page, uint32_t number)
{
	for (unsigned j = k < NEAR ? k : NEAR - 1; j; j--) {
		online->page[j] = online->page[j - 1];
		online->number[j] = online->number[j - 1];
	}
	online->page[0] = page;
	online->number[0] = 1;
	online->number[1] = number;
}

#if defined(__x86_64__)
static inline BEL_AVX512 unsigned near_sink_avx512(
	struct online *online, uint32_t page, uint32_t *carry)
{
	const unsigned found = _mm512_cmpeq_epi32_mask(
		_mm512_load_si512(online->page), _mm512_set1_epi32((int)page));
	const unsigned k = (unsigned)__builtin_ctz(found | 1u << NEAR);

	if (found) {
		*carry = online->number[k];
		bel_exchange_tree_line_sink_avx512(online->number, k + 1, carry);
	}
	return k;
}

static inline BEL_AVX512 void near_front_avx512(
	struct online *online, unsigned k, uint32_t page, uint32_t number)
{
	const __m512i pages = _mm512_load_si512(online->page);
	const __m512i numbers = _mm512_load_si512(online->number);
	const __mmask16 moved = (__mmask16)((2u << k) - 1);
	const __m512i after =
		_mm512_mask_alignr_epi32(numbers, moved, numbers, _mm512_set1_epi32(1), NEAR - 1);

	_mm512_store_si512(online->page, _mm512_mask_alignr_epi32(pages, moved, pages,
						 _mm512_set1_epi32((int)page), NEAR - 1));
	_mm512_store_si512(
		online->number, _mm512_mask_mov_epi32(after, 2, _mm512_set1_epi32((int)number)));
}
#endif

/* The operations on near pages and on the others. They are constants in each loop. */
struct steps {
	unsigned (*sink)(struct online *online, uint32_t page, uint32_t *carry);
	void (*front)(struct online *online, unsigned k, uint32_t page, uint32_t number);
	struct bel_exchange_ops ops;
};

/* Moves the last of the near pages to the place before all others. */
static void push(struct online *online, uint32_t page, uint32_t number)
{
	if (page == NONE)
		return;
	if (!online->next)
		pack(online, &online->numerals, online->page_at);
	bel_exchange_tree_put(&online->numerals, --online->next, number);
	online->page_at[online->next] = page;
	online->place[page] = (uint32_t)online->next + 1;
}

/* A reference to a page that is not near. Returns the number for the page used before it. */
BEL_INLINE uint32_t far(struct online *online, uint32_t page, const struct bel_exchange_ops ops)
{
	const uint32_t place = online->place[page];
	uint32_t number;

	if (!place) {
		number = (uint32_t)++online->compulsory;
		if (online->page[0] == NONE)
			return BEL_NO_NUMERAL;
		return online->rounded ? bel_exchange_round(number) : number;
	}
	online->place[page] = 0;
	number = bel_exchange_tree_take(&online->numerals, place - 1, ops);
	online->distance[number]++;
	return number;
}

BEL_INLINE void feed(struct online *online, const struct bel_batch *batch, const struct steps steps)
{
	for (size_t i = 0; i < batch->count; i++) {
		const uint32_t page = batch->runs[i].page;
		uint32_t number;
		unsigned k;

		if (i + ENTRY_AHEAD < batch->count)
			prefetch(online, batch->runs + i);
		online->references += bel_run_count(batch->runs[i]);
		if (page == online->page[0]) {
			online->distance[1]++;
			continue;
		}
		k = steps.sink(online, page, &number);
		if (k < NEAR) {
			number = bel_exchange_tree_sink(&online->numerals, number, steps.ops);
			online->distance[number]++;
		} else {
			number = far(online, page, steps.ops);
			push(online, online->page[NEAR - 1], online->number[NEAR - 1]);
		}
		steps.front(online, k, page, number);
	}
	online->runs += batch->count;
}

static uint32_t under_portable(struct bel_exchange_tree *, unsigned, size_t, uint32_t);

static const struct steps portable = {near_sink, near_front,
	{bel_exchange_tree_line_sink, bel_exchange_tree_line_first, bel_exchange_tree_line_least,
		under_portable}};

static uint32_t under_portable(
	struct bel_exchange_tree *numerals, unsigned level, size_t line, uint32_t carry)
{
	return bel_exchange_tree_under_line(numerals, level, line, carry, portable.ops);
}

static void feed_portable(struct online *online, const struct bel_batch *batch)
{
	feed(online, batch, portable);
}

#if defined(__x86_64__)
static BEL_AVX512 uint32_t under_avx512(struct bel_exchange_tree *, unsigned, size_t, uint32_t);

static const struct steps avx512 = {near_sink_avx512, near_front_avx512,
	{bel_exchange_tree_line_sink_avx512, bel_exchange_tree_line_first_avx512,
		bel_exchange_tree_line_least_avx512, under_avx512}};

static BEL_AVX512 uint32_t under_avx512(
	struct bel_exchange_tree *numerals, unsigned level, size_t line, uint32_t carry)
{
	return bel_exchange_tree_under_line(numerals, level, line, carry, avx512.ops);
}

static BEL_AVX512 void feed_avx512(struct online *online, const struct bel_batch *batch)
{
	feed(online, batch, avx512);
}
#endif

static int online_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct online *online = self;

	if (reserve(online, pages, err) < 0)
		return BEL_FAIL;
	if (pages > MAX_EXACT && !online->rounded && !online->setup.x && !online->setup.every)
		round_numbers(online);
#if defined(__x86_64__)
	if (!online->setup.portable && bel_has_avx512()) {
		feed_avx512(online, batch);
		return BEL_OK;
	}
#endif
	feed_portable(online, batch);
	return BEL_OK;
}

/*
 * Keeps the sizes whose faults are known. The last size is among them: only first touches fault
 * there.
 */
static void keep_rounded(struct bel_curve *curve)
{
	const uint64_t pages = curve->x[curve->count - 1];

	curve->count = 0;
	for (uint32_t size = 1; size < pages; size = bel_exchange_round(size + 1))
		curve->x[curve->count++] = size;
	curve->x[curve->count++] = pages;
}

static int online_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	struct online *online = self;
	uint64_t hits = online->references - online->runs, size = 0;

	if (bel_points_init(curve, &online->setup, online->pages, err) < 0)
		return BEL_FAIL;
	if (online->rounded)
		keep_rounded(curve);
	for (size_t i = 0; i < curve->count; i++) {
		const uint64_t x =
			online->rounded ? bel_exchange_round((uint32_t)curve->x[i]) : curve->x[i];

		for (; size < x && size + 1 < online->distances; size++)
			hits += online->distance[size + 1];
		curve->faults[i] = online->references - hits;
	}
	curve->policy = "opt";
	curve->algorithm = online->rounded ? "rounded numerals, one pass" : "numerals, one pass";
	curve->exact = true;
	curve->references = online->references;
	curve->pages = online->pages;
	curve->compulsory = online->compulsory;
	return BEL_OK;
}

static const struct bel_curve_algorithm opt_online = {
	.policy = "opt",
	.name = "numerals",
	.source = "R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for "
		  "storage hierarchies, IBM Systems Journal 9(2), 1970",
	.caps = BEL_CURVE_ALL | BEL_CURVE_SNAPSHOT,
	.rank = 2,
	.create = online_create,
	.feed = online_feed,
	.finish = online_snapshot,
	.snapshot = online_snapshot,
	.destroy = online_destroy,
};

BEL_CURVE(opt_online);

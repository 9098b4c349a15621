/* SPDX-License-Identifier: MIT */
/*
 * inter_reference_intervals.c: counts the gaps between references to a page, and evaluates
 * windows.
 */
#include "inter_reference_intervals.h"

#include <stdlib.h>
#include <string.h>

#include "grow.h"

enum {
	DIRECT = BEL_GAPS_DIRECT,
	COPIES = 4,      /* copies of the counters of the lowest gaps */
	LOW = 256,       /* gaps that have copies */
	OCTAVE_BITS = 6, /* edges per octave, as a power of two */
	GIVEN_BITS = 4,  /* windows per octave when none is asked for, as a power of two */
	EARLIEST = BEL_GAPS_EARLIEST,
};

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* 2^e (1 + k / 2^bits) for all k, ascending, from 2^from_bits on, while they fit. */
static size_t octaves(uint64_t *to, unsigned from_bits, unsigned to_bits, unsigned bits)
{
	size_t n = 0;

	for (unsigned e = from_bits; e < to_bits; e++)
		for (uint64_t k = 0; k < UINT64_C(1) << bits; k++) {
			const uint64_t edge = e >= bits
						      ? ((UINT64_C(1) << bits) + k) << (e - bits)
						      : (((UINT64_C(1) << bits) + k) >> (bits - e));

			if (!n || to[n - 1] != edge)
				to[n++] = edge;
		}
	return n;
}

static int make_edges(
	struct bel_inter_reference_intervals *gaps, const struct bel_curve_setup *setup)
{
	const size_t most = (64 << OCTAVE_BITS) + setup->count + 2;
	size_t n, unique = 0;

	gaps->edge = malloc(most * sizeof(*gaps->edge));
	if (!gaps->edge)
		return -1;
	gaps->edge[0] = DIRECT - 1;
	n = 1 + octaves(gaps->edge + 1, 16, 63, OCTAVE_BITS);
	for (size_t i = 0; setup->x && i < setup->count; i++)
		if (setup->x[i] >= DIRECT)
			gaps->edge[n++] = setup->x[i];
	gaps->edge[n++] = UINT64_MAX;
	qsort(gaps->edge, n, sizeof(*gaps->edge), by_value);
	for (size_t i = 0; i < n; i++)
		if (!unique || gaps->edge[unique - 1] != gaps->edge[i])
			gaps->edge[unique++] = gaps->edge[i];
	gaps->edges = unique;
	gaps->between = calloc(unique, sizeof(*gaps->between));
	gaps->sum = calloc(unique, sizeof(*gaps->sum));
	return gaps->between && gaps->sum ? 0 : -1;
}

int bel_inter_reference_init(struct bel_inter_reference_intervals *gaps,
	const struct bel_curve_setup *setup, struct bel_err *err)
{
	*gaps = (struct bel_inter_reference_intervals){0};
	gaps->direct = calloc(DIRECT + COPIES * LOW, sizeof(*gaps->direct));
	if (gaps->direct && make_edges(gaps, setup) == 0)
		return BEL_OK;
	bel_inter_reference_release(gaps);
	return bel_err_memory(err, "gaps between references");
}

void bel_inter_reference_release(struct bel_inter_reference_intervals *gaps)
{
	free(gaps->last);
	free(gaps->first);
	free(gaps->order);
	free(gaps->direct);
	free(gaps->edge);
	free(gaps->between);
	free(gaps->sum);
	*gaps = (struct bel_inter_reference_intervals){0};
}

static int grow(void *array, size_t width, size_t from, size_t to, struct bel_err *err)
{
	return bel_curve_grow(array, width, from, to, 0, "gaps between references", err);
}

static int reserve(struct bel_inter_reference_intervals *gaps, uint32_t pages, struct bel_err *err)
{
	size_t capacity = gaps->capacity ? gaps->capacity : 4096;

	if (gaps->pages < pages)
		gaps->pages = pages;
	if (pages <= gaps->capacity)
		return BEL_OK;
	while (capacity < pages)
		capacity += capacity / 2;
	if (capacity > UINT32_MAX)
		capacity = UINT32_MAX;
	if (grow(&gaps->last, sizeof(*gaps->last), gaps->capacity, capacity, err) < 0)
		return BEL_FAIL;
	if (gaps->slice &&
		(grow(&gaps->first, sizeof(*gaps->first), gaps->capacity, capacity, err) < 0 ||
			grow(&gaps->order, sizeof(*gaps->order), gaps->capacity, capacity, err) <
				0))
		return BEL_FAIL;
	gaps->capacity = (uint32_t)capacity;
	return BEL_OK;
}

/* The first edge that is not below the gap. */
static size_t find_edge(const struct bel_inter_reference_intervals *gaps, uint64_t gap)
{
	size_t low = 0, high = gaps->edges - 1;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (gaps->edge[middle] < gap)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int bel_inter_reference_feed(struct bel_inter_reference_intervals *gaps,
	const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	uint64_t *const direct = gaps->direct + COPIES * LOW, *const low = gaps->direct;
	uint64_t now = gaps->now + EARLIEST;
	const struct bel_run *const runs = batch->runs;
	const size_t count = batch->count;
	uint64_t *last; /* a local copy: stores through it cannot change it */

	if (reserve(gaps, pages, err) < 0)
		return BEL_FAIL;
	last = gaps->last;
	for (size_t i = 0; i < count; i++) {
		const struct bel_run run = runs[i];
		const uint64_t before = last[run.page], gap = now - before;

		now += bel_run_count(run);
		last[run.page] = now - 1;
		if (__builtin_expect(gap < DIRECT, 1)) {
			uint64_t *const copy = low + (i & (COPIES - 1)) * LOW;

			++*((gap < LOW ? copy : direct) + gap);
		} else if (!before) {
			if (gaps->first) {
				gaps->first[run.page] = now - bel_run_count(run);
				gaps->order[gaps->compulsory] = run.page;
			}
			gaps->compulsory++;
		} else {
			const size_t e = find_edge(gaps, gap);

			gaps->between[e]++;
			gaps->sum[e] += gap;
		}
	}
	gaps->now = now - EARLIEST;
	gaps->runs += count;
	return BEL_OK;
}

void bel_inter_reference_add(struct bel_inter_reference_intervals *gaps,
	const struct bel_inter_reference_intervals *behind)
{
	for (size_t i = 0; i < DIRECT + COPIES * LOW; i++)
		gaps->direct[i] += behind->direct[i];
	for (size_t e = 0; e < gaps->edges; e++) {
		gaps->between[e] += behind->between[e];
		gaps->sum[e] += behind->sum[e];
	}
	gaps->now += behind->now;
	gaps->runs += behind->runs;
}

void bel_inter_reference_count(
	struct bel_inter_reference_intervals *gaps, uint64_t gap, uint64_t times)
{
	if (gap < DIRECT) {
		gaps->direct[COPIES * LOW + gap] += times;
	} else {
		const size_t e = find_edge(gaps, gap);

		gaps->between[e] += times;
		gaps->sum[e] += gap * times;
	}
}

uint64_t bel_inter_reference_direct(const struct bel_inter_reference_intervals *gaps, uint64_t gap)
{
	uint64_t n = gaps->direct[COPIES * LOW + gap];

	for (unsigned copy = 0; gap < LOW && copy < COPIES; copy++)
		n += gaps->direct[copy * LOW + gap];
	return n;
}

static uint64_t direct_count(const struct bel_inter_reference_intervals *gaps, uint64_t gap)
{
	return bel_inter_reference_direct(gaps, gap) + (gap == 1 ? gaps->now - gaps->runs : 0);
}

/* The time from each page's last reference to now, ascending. */
static uint64_t *ages(const struct bel_inter_reference_intervals *gaps, size_t *count)
{
	uint64_t *age = malloc(((size_t)gaps->pages + 1) * sizeof(*age));

	*count = 0;
	for (uint32_t page = 0; age && page < gaps->pages; page++)
		if (gaps->last[page])
			age[(*count)++] = gaps->now + EARLIEST - gaps->last[page];
	if (age)
		qsort(age, *count, sizeof(*age), by_value);
	return age;
}

int bel_inter_reference_at(const struct bel_inter_reference_intervals *gaps, const uint64_t *window,
	size_t count, struct bel_inter_reference_at *at, struct bel_err *err)
{
	uint64_t gap = 0, shorter = 0, seen = 0, old = 0;
	size_t edge = 0, age_count, a = 0;
	uint64_t *const age = ages(gaps, &age_count);

	if (!age)
		return bel_err_memory(err, "gaps between references");
	for (size_t i = 0; i < count; i++) {
		const uint64_t w = window[i];

		for (; gap < DIRECT && gap <= w; gap++) {
			const uint64_t n = direct_count(gaps, gap);

			seen += n;
			shorter += n * gap;
		}
		for (; edge < gaps->edges && gaps->edge[edge] <= w; edge++) {
			seen += gaps->between[edge];
			shorter += gaps->sum[edge];
		}
		for (; a < age_count && age[a] <= w; a++)
			old += age[a];
		at[i] = (struct bel_inter_reference_at){
			.longer = gaps->now - gaps->compulsory - seen,
			.shorter = shorter,
			.remaining = old + (age_count - a) * w,
		};
	}
	free(age);
	return BEL_OK;
}

int bel_inter_reference_windows(const struct bel_inter_reference_intervals *gaps, uint64_t **window,
	size_t *count, struct bel_err *err)
{
	const uint64_t length = gaps->now ? gaps->now : 1;
	size_t n;

	*window = malloc((64 << GIVEN_BITS) * sizeof(**window));
	if (!*window)
		return bel_err_memory(err, "windows");
	n = octaves(*window, 0, 63, GIVEN_BITS);
	while (n > 1 && (*window)[n - 2] >= length)
		n--;
	*count = n;
	return BEL_OK;
}

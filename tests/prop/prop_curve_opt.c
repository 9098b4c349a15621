/* SPDX-License-Identifier: MIT */
/*
 * prop_curve_opt.c: every algorithm that gives OPT's curve counts what the list-scanning
 * simulator counts, at every size that it says to be exact; with vector instructions
 * and without, in memory and spilled, folded, unfolded and cut.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curve_feed.h"
#include "prop.h"

static uint64_t naive_faults(const struct random_trace *t, uint64_t frames)
{
	const struct naive_setup setup = {NAIVE_OPT, .frames = frames};

	return naive_run(&setup, t->ref, t->count).faults;
}

/* At each point the true count, or bounds around it. */
static bool is_naive(const struct bel_curve *curve, const struct random_trace *t, char *why)
{
	for (size_t i = 0; i < curve->count; i++) {
		const uint64_t n = naive_faults(t, curve->x[i]);
		const uint64_t low = curve->low ? curve->low[i] : curve->faults[i];
		const uint64_t high = curve->high ? curve->high[i] : curve->faults[i];

		if (low <= n && n <= high && low <= curve->faults[i] && curve->faults[i] <= high)
			continue;
		snprintf(why, CURVE_WHY,
			"at %" PRIu64 " frames: curve %" PRIu64 " (%" PRIu64 " to %" PRIu64
			"), naive %" PRIu64,
			curve->x[i], curve->faults[i], low, high, n);
		return false;
	}
	return true;
}

/* Ascending sizes, one to ten of them, some beyond the trace's pages. */
static size_t draw_sizes(struct prop *p, uint32_t pages, uint64_t *x)
{
	const size_t wanted = 1 + bel_rng_below(&p->rng, 10);
	size_t count = 0;

	for (uint64_t size = 1; count < wanted;
		size += 1 + bel_rng_below(&p->rng, 1 + pages / wanted * 2))
		x[count++] = size;
	return count;
}

static bool algorithm_holds(struct prop *p, const struct bel_curve_algorithm *a,
	const struct random_trace *t, const struct run_list *runs, char why[CURVE_WHY])
{
	struct bel_curve curve[4] = {{.count = 0}};
	uint64_t x[10];
	bool held = true;
	struct bel_curve_setup setup = {.x = NULL};

	if (!(a->caps & BEL_CURVE_ALL) || bel_rng_below(&p->rng, 2)) {
		setup.count = draw_sizes(p, t->pages, x);
		setup.x = x;
	}
	for (int path = 0; held && path < 4; path++) {
		setup.portable = path & 1;
		setup.memory = path & 2 ? 1 : 0;
		held = curve_feed(a, &setup, runs, bel_rng_next(&p->rng), &curve[path], why) &&
		       curve_same(&curve[0], &curve[path], why);
	}
	if (held && curve[0].count != (setup.x ? setup.count : t->pages ? t->pages : 1)) {
		snprintf(why, CURVE_WHY, "%zu points", curve[0].count);
		held = false;
	}
	held = held && is_naive(&curve[0], t, why);
	for (int path = 0; path < 4; path++)
		bel_curve_release(&curve[path]);
	return held;
}

static bool round_holds(struct prop *p)
{
	const struct bel_curve_algorithm *a;
	struct random_trace t;
	char why[CURVE_WHY];
	bool held = true;

	random_trace_make(&t, &p->rng, 0, 1200);
	for (int folding = 0; held && folding < FOLDINGS; folding++) {
		struct run_list runs;

		random_trace_fold(&t, folding, bel_rng_next(&p->rng), &runs);
		for (size_t i = 0; held && (a = bel_curve_at(i)); i++) {
			if (strcmp(a->policy, "opt") != 0)
				continue;
			held = algorithm_holds(p, a, &t, &runs, why);
			if (!held)
				printf("opt by %s, trace '%s': %s\n", a->name, t.character, why);
		}
		run_list_release(&runs);
	}
	if (!held)
		random_trace_print(&t, stdout);
	random_trace_release(&t);
	return held;
}

/* Many pages and runs: spilled parts, trees of several levels, places given anew. */
static bool long_holds(struct prop *p)
{
	const struct bel_curve_algorithm *a;
	struct run_list runs;
	char why[CURVE_WHY];
	uint64_t x[40];
	uint32_t pages;
	bool held = true;

	curve_long_runs(&runs, &p->rng, 600000, &pages);
	for (size_t i = 0; i < 40; i++)
		x[i] = 1 + i * i * i * pages / 60000 + i;
	for (size_t i = 0; held && (a = bel_curve_at(i)); i++) {
		const struct bel_curve_setup setup = {
			.x = x,
			.count = 40,
			.portable = bel_rng_below(&p->rng, 2),
			.memory = bel_rng_below(&p->rng, 2),
		};
		struct bel_curve curve;

		if (strcmp(a->policy, "opt") != 0)
			continue;
		held = curve_feed(a, &setup, &runs, bel_rng_next(&p->rng), &curve, why) &&
		       curve_is_engines(&curve, "opt", &runs, pages, 7, why);
		if (!held)
			printf("opt by %s, %" PRIu32 " pages: %s\n", a->name, pages, why);
		bel_curve_release(&curve);
	}
	run_list_release(&runs);
	return held;
}

/* Little locality: the algorithm for all sizes hands some sizes over, in one pass or in several. */
static bool spread_holds(struct prop *p)
{
	const uint32_t spread = 10000 + (uint32_t)bel_rng_below(&p->rng, 30000);
	const size_t count = 150000;
	struct run_list runs;
	struct bel_curve curve;
	char why[CURVE_WHY] = "";
	uint64_t x[150], now = 0, *coming = test_alloc(spread, sizeof(*coming));
	uint32_t pages = 0, *number = test_alloc(spread, sizeof(*number));
	const struct bel_curve_setup setup = {
		.x = x,
		.count = bel_rng_below(&p->rng, 2) ? 1 + bel_rng_below(&p->rng, 40) : 150,
		.portable = bel_rng_below(&p->rng, 2),
		.memory = bel_rng_below(&p->rng, 2),
	};
	bool held;

	runs.count = count;
	runs.run = test_alloc(count, sizeof(*runs.run));
	runs.at = test_alloc(count, sizeof(*runs.at));
	runs.next = test_alloc(count, sizeof(*runs.next));
	for (size_t i = 0; i < count; i++) {
		const uint64_t page = bel_rng_below(&p->rng, spread);

		if (!number[page])
			number[page] = ++pages;
		runs.run[i] = bel_run_make(
			number[page] - 1, 1 + (uint32_t)bel_rng_below(&p->rng, 3), BEL_RUN_DATA);
		runs.at[i] = now;
		now += bel_run_count(runs.run[i]);
	}
	for (uint32_t page = 0; page < pages; page++)
		coming[page] = BEL_NEVER;
	for (size_t i = count; i-- > 0;) {
		runs.next[i] = coming[runs.run[i].page];
		coming[runs.run[i].page] = runs.at[i];
	}
	for (size_t i = 0; i < setup.count; i++)
		x[i] = 1 + i * (pages / setup.count);
	held = curve_feed(curve_algorithm("opt", "stack"), &setup, &runs, bel_rng_next(&p->rng),
		       &curve, why) &&
	       curve_is_engines(&curve, "opt", &runs, pages, 5, why);
	if (held && setup.count <= 40 && strcmp(curve.algorithm, "distance classes")) {
		snprintf(why, sizeof(why), "%zu sizes by %s", setup.count, curve.algorithm);
		held = false;
	}
	if (!held)
		printf("opt, %" PRIu32 " pages, little locality: %s\n", pages, why);
	bel_curve_release(&curve);
	run_list_release(&runs);
	free(coming);
	free(number);
	return held;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 2000, 20000);
	while (prop_round(&p))
		if (!(p.seed % 256 == 128  ? spread_holds(&p)
			    : p.seed % 256 ? round_holds(&p)
					   : long_holds(&p)))
			return prop_failed(&p);
	return prop_passed(&p);
}

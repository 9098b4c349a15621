/* SPDX-License-Identifier: MIT */
/* sized_curve.c: compares curves of up to 64 sizes with simulators of one size. */
#include "sized_curve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIZES = 64 };

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Draws sizes in ascending order: 1 to pages + 2, or random ones, some of which may be equal. */
static size_t draw_sizes(uint64_t size[SIZES], uint32_t pages, struct bel_rng *rng)
{
	size_t count = 1 + bel_rng_below(rng, SIZES);

	if (pages < SIZES - 2 && bel_rng_below(rng, 2)) {
		count = pages + 2;
		for (size_t i = 0; i < count; i++)
			size[i] = i + 1;
		return count;
	}
	for (size_t i = 0; i < count; i++)
		size[i] = bel_rng_below(rng, 16) ? 1 + bel_rng_below(rng, pages + 3)
						 : UINT64_C(1) << bel_rng_below(rng, 45);
	qsort(size, count, sizeof(*size), by_value);
	return count;
}

/* Checks that the SIMD and the portable form give the same curve. *curve: of the SIMD form. */
static bool paths_agree(const struct sized_curve *c, struct bel_curve_setup *setup,
	const struct run_list *runs, struct bel_rng *rng, struct bel_curve *curve, char *why)
{
	const struct bel_curve_algorithm *a = curve_algorithm(c->policy, c->algorithm);
	struct bel_curve other = {.count = 0};
	bool agree;

	setup->param[0] = c->param;
	setup->portable = false;
	if (!curve_feed(a, setup, runs, bel_rng_next(rng), curve, why))
		return false;
	setup->portable = true;
	agree = curve_feed(a, setup, runs, bel_rng_next(rng), &other, why) &&
		curve_same(curve, &other, why);
	bel_curve_release(&other);
	return agree;
}

static bool is_naive(const struct sized_curve *c, const struct bel_curve *curve, size_t count,
	const struct random_trace *t, char *why)
{
	if (curve->count != count) {
		snprintf(why, CURVE_WHY, "%zu points of %zu", curve->count, count);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct naive_counts n = c->naive(curve->x[i], t);

		if (n.faults == curve->faults[i] && n.compulsory == curve->compulsory &&
			n.references == curve->references)
			continue;
		snprintf(why, CURVE_WHY,
			"at %" PRIu64 " frames: curve %" PRIu64 " faults, naive %" PRIu64,
			curve->x[i], curve->faults[i], n.faults);
		return false;
	}
	return true;
}

static bool short_holds(const struct sized_curve *c, struct prop *p)
{
	struct random_trace t;
	char why[CURVE_WHY] = "";
	uint64_t size[SIZES];
	bool held = true;

	random_trace_make(&t, &p->rng, 0, 1000);
	for (int folding = 0; held && folding < FOLDINGS; folding++) {
		struct bel_curve_setup setup = {.x = size};
		struct bel_curve curve = {.count = 0};
		struct run_list runs;

		setup.count = draw_sizes(size, t.pages, &p->rng);
		random_trace_fold(&t, folding, bel_rng_next(&p->rng), &runs);
		held = paths_agree(c, &setup, &runs, &p->rng, &curve, why) &&
		       is_naive(c, &curve, setup.count, &t, why);
		bel_curve_release(&curve);
		run_list_release(&runs);
	}
	if (!held) {
		printf("%s, trace '%s': %s\n", c->spec, t.character, why);
		random_trace_print(&t, stdout);
	}
	random_trace_release(&t);
	return held;
}

void many_pages(struct run_list *runs, uint32_t *pages, struct bel_rng *rng, size_t count)
{
	const uint32_t spread = 100 + (uint32_t)bel_rng_below(rng, 20000);
	uint32_t *number = test_alloc(spread, sizeof(*number));
	uint32_t base = 0;
	uint64_t now = 0;

	*pages = 0;
	runs->count = count;
	runs->run = test_alloc(count, sizeof(*runs->run));
	runs->at = test_alloc(count, sizeof(*runs->at));
	runs->next = test_alloc(count, sizeof(*runs->next));
	for (size_t i = 0; i < count; i++) {
		uint32_t *of;

		if (!bel_rng_below(rng, 3000))
			base = (uint32_t)bel_rng_below(rng, spread);
		of = &number[bel_rng_below(rng, 5) ? (base + bel_rng_below(rng, 60)) % spread
						   : bel_rng_below(rng, spread)];
		if (!*of)
			*of = ++*pages;
		runs->run[i] =
			bel_run_make(*of - 1, 1 + (uint32_t)bel_rng_below(rng, 3), BEL_RUN_DATA);
		runs->at[i] = now;
		now += bel_run_count(runs->run[i]);
	}
	free(number);
}

static bool long_holds(const struct sized_curve *c, struct prop *p)
{
	struct bel_curve curve = {.count = 0};
	uint64_t size[SIZES];
	struct bel_curve_setup setup = {.x = size};
	char why[CURVE_WHY] = "";
	struct run_list runs;
	uint32_t pages;
	bool held;

	many_pages(&runs, &pages, &p->rng, 60000);
	setup.count = draw_sizes(size, pages, &p->rng);
	held = paths_agree(c, &setup, &runs, &p->rng, &curve, why) &&
	       curve_is_engines(&curve, c->spec, &runs, pages, 6, why);
	if (!held)
		printf("%s, %zu runs, %" PRIu32 " pages: %s\n", c->spec, runs.count, pages, why);
	bel_curve_release(&curve);
	run_list_release(&runs);
	return held;
}

bool sized_curve_holds(const struct sized_curve *c, struct prop *p)
{
	return p->seed % 64 ? short_holds(c, p) : long_holds(c, p);
}

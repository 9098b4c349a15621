/* SPDX-License-Identifier: MIT */
/*
 * prop_curve_lru.c: LRU's curve is what the list-scanning simulator counts at every size,
 * write-backs too, and on long traces of many pages what the engine counts; with vector
 * instructions and without, folded, unfolded and cut, and at any moment on the way.
 */
#include <inttypes.h>
#include <stdio.h>

#include "curve_feed.h"
#include "prop.h"

/* Both paths over the same runs give the same curve; *curve is the first's. */
static bool paths_agree(struct prop *p, const struct run_list *runs, bool writebacks,
	struct bel_curve *curve, char why[CURVE_WHY])
{
	const struct bel_curve_algorithm *a = curve_algorithm("lru", "stack");
	struct bel_curve_setup setup = {.writebacks = writebacks};
	struct bel_curve other;
	bool agree;

	if (!curve_feed(a, &setup, runs, bel_rng_next(&p->rng), curve, why))
		return false;
	setup.portable = true;
	agree = curve_feed(a, &setup, runs, bel_rng_next(&p->rng), &other, why) &&
		curve_same(curve, &other, why);
	bel_curve_release(&other);
	return agree;
}

/* What the naive simulator counts at each of the curve's sizes. */
static bool is_naive(const struct bel_curve *curve, const struct random_trace *t, char *why)
{
	for (size_t i = 0; i < curve->count; i++) {
		const struct naive_setup setup = {NAIVE_LRU, .frames = curve->x[i]};
		const struct naive_counts n = naive_run(&setup, t->ref, t->count);

		if (n.faults == curve->faults[i] && n.compulsory == curve->compulsory &&
			(!curve->writebacks || n.writebacks == curve->writebacks[i]))
			continue;
		snprintf(why, CURVE_WHY,
			"at %" PRIu64 " frames: curve %" PRIu64 " faults, %" PRIu64
			" write-backs; naive %" PRIu64 ", %" PRIu64,
			curve->x[i], curve->faults[i], curve->writebacks ? curve->writebacks[i] : 0,
			n.faults, n.writebacks);
		return false;
	}
	return curve->count == (t->pages ? t->pages : 1);
}

static bool short_holds(struct prop *p)
{
	struct random_trace t;
	char why[CURVE_WHY] = "the number of points";
	bool held = true;

	random_trace_make(&t, &p->rng, 0, 1500);
	for (int path = 0; held && path < 2 * FOLDINGS; path++) {
		struct run_list runs;
		struct bel_curve curve;

		random_trace_fold(&t, path / 2, bel_rng_next(&p->rng), &runs);
		held = paths_agree(p, &runs, path & 1, &curve, why) && is_naive(&curve, &t, why);
		bel_curve_release(&curve);
		run_list_release(&runs);
	}
	if (!held) {
		printf("trace '%s': %s\n", t.character, why);
		random_trace_print(&t, stdout);
	}
	random_trace_release(&t);
	return held;
}

/* Many pages, so that places are renumbered and blocks of the bitmap are crossed. */
static bool long_holds(struct prop *p)
{
	struct bel_curve curve = {.count = 0};
	char why[CURVE_WHY];
	struct run_list runs;
	uint32_t pages;
	bool held;

	curve_long_runs(&runs, &p->rng, 300000, &pages);
	held = paths_agree(p, &runs, true, &curve, why) &&
	       curve_is_engines(&curve, "lru", &runs, pages, 9, why);
	if (!held)
		printf("%zu runs, %" PRIu32 " pages: %s\n", runs.count, pages, why);
	bel_curve_release(&curve);
	run_list_release(&runs);
	return held;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 3000, 20000);
	while (prop_round(&p))
		if (!(p.seed % 128 ? short_holds(&p) : long_holds(&p)))
			return prop_failed(&p);
	return prop_passed(&p);
}

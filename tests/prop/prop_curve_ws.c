/* SPDX-License-Identifier: MIT */
/*
 * prop_curve_ws.c: the working set's and VMIN's curves, faults and mean resident pages, are
 * what a reader would count from the definitions at each window; folded or not, and on
 * traces long enough for gaps beyond those that are counted one by one.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "curve_feed.h"
#include "prop.h"

enum { WINDOWS = 40 };

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static size_t draw_windows(uint64_t window[WINDOWS], uint64_t length, struct bel_rng *rng)
{
	const size_t count = 1 + bel_rng_below(rng, WINDOWS);

	for (size_t i = 0; i < count; i++)
		window[i] = bel_rng_below(rng, 4) ? 1 + bel_rng_below(rng, 60)
						  : 1 + bel_rng_below(rng, length + 20);
	qsort(window, count, sizeof(*window), by_value);
	return count;
}

/*
 * VMIN by its definition: after a reference a page is kept just if it is referenced
 * again within tau, and then until that reference.
 */
static struct naive_counts naive_vmin(uint64_t tau, const struct naive_ref *ref, size_t count)
{
	struct naive_counts n = {.references = count};
	bool kept[64] = {false};
	bool seen[64] = {false};

	for (size_t i = 0; i < count; i++) {
		const uint64_t page = ref[i].page;
		size_t next = i + 1;

		n.faults += !kept[page];
		n.compulsory += !seen[page];
		seen[page] = true;
		kept[page] = true; /* during its reference */
		for (uint64_t p = 0; p < 64; p++)
			n.resident_page_references += kept[p];
		while (next < count && ref[next].page != page)
			next++;
		kept[page] = next < count && next - i <= tau;
	}
	return n;
}

/* The working set by its definition, for pages that are too many to scan for. */
static struct naive_counts counted_ws(uint64_t tau, const struct run_list *runs, uint32_t pages)
{
	uint64_t *last = test_alloc(pages, sizeof(*last));
	struct naive_counts n = {.references = 0};
	uint64_t now = 0;

	for (size_t i = 0; i < runs->count; i++) {
		uint64_t *const at = &last[runs->run[i].page];

		for (uint32_t k = bel_run_count(runs->run[i]); k--; *at = ++now) {
			n.compulsory += !*at;
			n.faults += !*at || now + 1 - *at > tau;
			/* Until it comes back, or its window ends, or the trace does. */
			n.resident_page_references +=
				*at ? now + 1 - *at < tau ? now + 1 - *at : tau : 0;
		}
	}
	for (uint32_t page = 0; page < pages; page++)
		n.resident_page_references +=
			now + 1 - last[page] < tau ? now + 1 - last[page] : tau;
	n.references = now;
	free(last);
	return n;
}

static bool point_is(
	const struct bel_curve *curve, size_t i, const struct naive_counts *n, char *why)
{
	const double mean =
		n->references ? (double)n->resident_page_references / (double)n->references : 0;

	if (curve->faults[i] == n->faults && curve->compulsory == n->compulsory &&
		curve->references == n->references &&
		fabs(curve->mean_resident[i] - mean) <= 1e-9 * (1 + mean))
		return true;
	snprintf(why, CURVE_WHY,
		"%s, window %" PRIu64 ": %" PRIu64 " faults, mean %.9f; naive %" PRIu64 ", %.9f",
		curve->policy, curve->x[i], curve->faults[i], curve->mean_resident[i], n->faults,
		mean);
	return false;
}

static bool short_holds(struct prop *p)
{
	struct random_trace t;
	char why[CURVE_WHY] = "";
	uint64_t window[WINDOWS];
	bool held = true;

	random_trace_make(&t, &p->rng, 0, 600);
	for (int path = 0; held && path < 2 * FOLDINGS; path++) {
		const bool vmin = path & 1;
		struct bel_curve_setup setup = {
			.x = window, .count = draw_windows(window, t.count, &p->rng)};
		struct bel_curve curve;
		struct run_list runs;

		random_trace_fold(&t, path / 2, bel_rng_next(&p->rng), &runs);
		held = curve_feed(curve_algorithm(vmin ? "vmin" : "ws", "gaps"), &setup, &runs,
			bel_rng_next(&p->rng), &curve, why);
		for (size_t i = 0; held && i < curve.count; i++) {
			const struct naive_setup ws = {NAIVE_WS, .tau = window[i]};
			const struct naive_counts n = vmin ? naive_vmin(window[i], t.ref, t.count)
							   : naive_run(&ws, t.ref, t.count);

			held = curve.x[i] == window[i] && point_is(&curve, i, &n, why);
		}
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

/* Windows asked for, beyond those counted one by one too; or those given unasked. */
static bool long_holds(struct prop *p)
{
	struct bel_curve_setup setup = {.count = 0};
	struct bel_curve curve;
	char why[CURVE_WHY] = "";
	uint64_t window[WINDOWS];
	struct run_list runs;
	uint32_t pages;
	bool held;

	curve_long_runs(&runs, &p->rng, 200000, &pages);
	if (p->seed & 64) {
		setup.count = draw_windows(window, 400000, &p->rng);
		setup.x = window;
	}
	held = curve_feed(curve_algorithm("ws", "gaps"), &setup, &runs, p->seed, &curve, why);
	for (size_t i = 0; held && i < curve.count; i += setup.x ? 1 : 9) {
		const struct naive_counts n = counted_ws(curve.x[i], &runs, pages);

		held = point_is(&curve, i, &n, why);
	}
	if (!held)
		printf("%zu runs, %" PRIu32 " pages: %s\n", runs.count, pages, why);
	bel_curve_release(&curve);
	run_list_release(&runs);
	return held;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 800, 10000);
	while (prop_round(&p))
		if (!(p.seed % 64 ? short_holds(&p) : long_holds(&p)))
			return prop_failed(&p);
	return prop_passed(&p);
}

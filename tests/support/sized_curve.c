/* SPDX-License-Identifier: MIT */
/* sized_curve.c: compares curves of up to 64 sizes with simulators of one size. */
#include "sized_curve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference_model.h"

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

/* Sets the parameters of the algorithm, whose table is in the order of the policy's. */
static void set_params(const struct sized_curve *c, struct bel_curve_setup *setup)
{
	struct bel_policy_spec *spec;
	struct bel_err err;
	size_t count;

	if (c->naive) {
		setup->param[0] = c->param;
		return;
	}
	if (bel_specs_parse(c->spec, &spec, &count, &err) < 0) {
		printf("%s: %s\n", c->spec, err.text);
		exit(3);
	}
	memcpy(setup->param, spec->param, sizeof(setup->param));
	bel_specs_free(spec, count);
}

/* Checks that the SIMD and the portable form give the same curve. *curve: of the SIMD form. */
static bool paths_agree(const struct sized_curve *c, struct bel_curve_setup *setup,
	const struct run_list *runs, struct bel_rng *rng, struct bel_curve *curve, char *why)
{
	const struct bel_curve_algorithm *a = curve_algorithm(c->policy, c->algorithm);
	struct bel_curve other = {.count = 0};
	bool agree;

	set_params(c, setup);
	setup->portable = false;
	if (!curve_feed(a, setup, runs, bel_rng_next(rng), curve, why))
		return false;
	setup->portable = true;
	agree = curve_feed(a, setup, runs, bel_rng_next(rng), &other, why) &&
		curve_same(curve, &other, why);
	bel_curve_release(&other);
	return agree;
}

/* The counts of the reference model. */
static struct naive_counts modelled(
	const struct sized_curve *c, uint64_t frames, const struct random_trace *t)
{
	struct model_setup setup = {.kind = model_of(c->policy),
		.frames = frames,
		.pages = t->pages,
		.refs = t->ref,
		.count = t->count};
	struct bel_policy_spec *spec;
	struct reference_model *model;
	struct naive_counts counts;
	struct bel_err err;
	size_t count;

	if (bel_specs_parse(c->spec, &spec, &count, &err) < 0)
		exit(3);
	setup.spec = spec;
	model = model_new(&setup);
	for (size_t i = 0; i < t->count; i++)
		model_step(model);
	counts = model->counts;
	model_free(model);
	bel_specs_free(spec, count);
	return counts;
}

/* Whether the point has the counts; write-backs and mean resident pages if the curve has them. */
static bool point_is(const struct bel_curve *curve, size_t i, const struct naive_counts *n)
{
	const double mean =
		n->references ? (double)n->resident_page_references / (double)n->references : 0;

	return n->faults == curve->faults[i] && n->compulsory == curve->compulsory &&
	       n->references == curve->references &&
	       (!curve->writebacks || n->writebacks == curve->writebacks[i]) &&
	       (!curve->mean_resident || mean == curve->mean_resident[i]);
}

static bool is_naive(const struct sized_curve *c, const struct bel_curve *curve, size_t count,
	const struct random_trace *t, char *why)
{
	if (curve->count != count) {
		snprintf(why, CURVE_WHY, "%zu points of %zu", curve->count, count);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct naive_counts n =
			c->naive ? c->naive(curve->x[i], t) : modelled(c, curve->x[i], t);

		if (point_is(curve, i, &n))
			continue;
		snprintf(why, CURVE_WHY,
			"at %" PRIu64 " frames: curve %" PRIu64 " faults, %" PRIu64
			" write-backs, naive %" PRIu64 ", %" PRIu64,
			curve->x[i], curve->faults[i], curve->writebacks ? curve->writebacks[i] : 0,
			n.faults, n.writebacks);
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
		struct bel_curve_setup setup = {.x = size, .writebacks = true};
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
		runs->run[i] = bel_run_make(*of - 1, 1 + (uint32_t)bel_rng_below(rng, 3),
			BEL_RUN_DATA | (bel_rng_below(rng, 4) ? 0 : BEL_RUN_WRITE));
		runs->at[i] = now;
		now += bel_run_count(runs->run[i]);
	}
	free(number);
}

static bool long_holds(const struct sized_curve *c, struct prop *p)
{
	struct bel_curve curve = {.count = 0};
	uint64_t size[SIZES];
	struct bel_curve_setup setup = {.x = size, .writebacks = true};
	char why[CURVE_WHY] = "";
	struct run_list runs;
	uint32_t pages;
	bool held;

	many_pages(&runs, &pages, &p->rng, 80000);
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

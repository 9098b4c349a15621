/* SPDX-License-Identifier: MIT */
/* sized_curve.c: compares curves of several sizes with simulators of one size. */
#include "sized_curve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference_model.h"

enum {
	SIZES = 200,     /* at most, so that some passes have more than 64 */
	KNOWN = 50,      /* sizes whose counts are kept; short traces have at most 40 pages */
	LONG_ROUND = 64, /* one round in so many has a long trace */
	LONG_RUNS = 200000,
};

static int by_value(const void *left, const void *right)
{
	const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* Draws sizes in ascending order: 1 to pages + 2, or random ones, some of which may be equal. */
static size_t draw_sizes(uint64_t size[SIZES], uint32_t pages, size_t most, struct bel_rng *rng)
{
	size_t count = 1 + bel_rng_below(rng, most < SIZES ? most : SIZES);

	if (pages + 2 <= most && pages + 2 <= SIZES && !bel_rng_below(rng, 4)) {
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

/* The parameters of the spec, in the order of the algorithm's table. */
static void set_params(struct bel_curve_setup *setup, const struct bel_curve_algorithm *a,
	const struct bel_policy_spec *spec)
{
	for (size_t i = 0; a->params && a->params[i].name; i++)
		for (size_t k = 0; k < bel_policy_params(spec->policy); k++)
			if (!strcmp(a->params[i].name, spec->policy->params[k].name))
				setup->param[i] = spec->param[k];
}

/* Makes the curve. If there is a SIMD and a portable form, both give the same. */
static bool make_curve(const struct sized_curve *c, struct bel_curve_setup *setup,
	const struct run_list *runs, struct bel_rng *rng, struct bel_curve *curve, char *why)
{
	const struct bel_curve_algorithm *a = curve_algorithm(c->policy, c->algorithm);
	struct bel_curve other = {.count = 0};
	bool agree;

	setup->portable = false;
	if (!curve_feed(a, setup, runs, bel_rng_next(rng), curve, why))
		return false;
	if (!c->simd)
		return true;
	setup->portable = true;
	agree = curve_feed(a, setup, runs, bel_rng_next(rng), &other, why) &&
		curve_same(curve, &other, why);
	bel_curve_release(&other);
	return agree;
}

/* The counts of the reference model. */
static struct naive_counts modelled(
	const struct bel_policy_spec *spec, uint64_t frames, const struct random_trace *t)
{
	const struct model_setup setup = {.kind = model_of(spec->policy->name),
		.spec = spec,
		.frames = frames,
		.pages = t->pages,
		.refs = t->ref,
		.count = t->count};
	struct reference_model *model = model_new(&setup);
	struct naive_counts counts;

	for (size_t i = 0; i < t->count; i++)
		model_step(model);
	counts = model->counts;
	model_free(model);
	return counts;
}

/* Whether the point has the counts; write-backs and mean resident pages if the curve has them. */
static bool point_is(
	const struct bel_curve *curve, size_t i, const struct naive_counts *n, char *why)
{
	const double mean =
		n->references ? (double)n->resident_page_references / (double)n->references : 0;

	if (n->faults == curve->faults[i] && n->compulsory == curve->compulsory &&
		n->references == curve->references &&
		(!curve->writebacks || n->writebacks == curve->writebacks[i]) &&
		(!curve->mean_resident || mean == curve->mean_resident[i]))
		return true;
	snprintf(why, CURVE_WHY,
		"at %" PRIu64 " frames: curve %" PRIu64 " faults, %" PRIu64
		" write-backs, %g resident; one by one %" PRIu64 ", %" PRIu64 ", %g",
		curve->x[i], curve->faults[i], curve->writebacks ? curve->writebacks[i] : 0,
		curve->mean_resident ? curve->mean_resident[i] : 0, n->faults, n->writebacks, mean);
	return false;
}

static bool points_are(const struct sized_curve *c, const struct bel_policy_spec *spec,
	const struct bel_curve *curve, size_t count, const struct random_trace *t,
	struct naive_counts known[KNOWN], char *why)
{
	if (curve->count != count) {
		snprintf(why, CURVE_WHY, "%zu points of %zu", curve->count, count);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const uint64_t frames = curve->x[i];
		struct naive_counts other, *n = frames < KNOWN ? &known[frames] : &other;

		if (n == &other || n->references != t->count)
			*n = c->naive ? c->naive(frames, t) : modelled(spec, frames, t);
		if (!point_is(curve, i, n, why))
			return false;
	}
	return true;
}

static bool short_holds(const struct sized_curve *c, struct bel_curve_setup *setup,
	const struct bel_policy_spec *spec, struct prop *p)
{
	const struct bel_curve_algorithm *a = curve_algorithm(c->policy, c->algorithm);
	struct naive_counts known[KNOWN] = {{.references = 0}};
	struct random_trace t;
	char why[CURVE_WHY] = "";
	uint64_t size[SIZES];
	bool held = true;

	random_trace_make(&t, &p->rng, 0, 1500);
	setup->x = size;
	for (int folding = 0; held && folding < FOLDINGS; folding++) {
		struct bel_curve curve = {.count = 0};
		struct run_list runs;

		setup->count = draw_sizes(size, t.pages, a->most_sizes, &p->rng);
		random_trace_fold(&t, (enum folding)folding, bel_rng_next(&p->rng), &runs);
		held = make_curve(c, setup, &runs, &p->rng, &curve, why) &&
		       points_are(c, spec, &curve, setup->count, &t, known, why);
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

static bool long_holds(const struct sized_curve *c, struct bel_curve_setup *setup, struct prop *p)
{
	const struct bel_curve_algorithm *a = curve_algorithm(c->policy, c->algorithm);
	struct bel_curve curve = {.count = 0};
	uint64_t size[SIZES];
	char why[CURVE_WHY] = "";
	struct run_list runs;
	uint32_t pages;
	bool held;

	curve_long_runs(&runs, &p->rng, LONG_RUNS, &pages);
	setup->x = size;
	setup->count = draw_sizes(size, pages, a->most_sizes, &p->rng);
	/* Small sizes miss nearly always. */
	for (size_t i = 0; i < setup->count / 4; i++)
		size[i] = 1 + i;
	qsort(size, setup->count, sizeof(*size), by_value);
	held = make_curve(c, setup, &runs, &p->rng, &curve, why) &&
	       curve_is_engines(&curve, c->spec, &runs, pages, 9, why);
	if (!held)
		printf("%s, %zu runs, %" PRIu32 " pages: %s\n", c->spec, runs.count, pages, why);
	bel_curve_release(&curve);
	run_list_release(&runs);
	return held;
}

bool sized_curve_holds(const struct sized_curve *c, struct prop *p)
{
	struct bel_curve_setup setup = {.writebacks = true};
	struct bel_policy_spec *spec;
	struct bel_err err;
	size_t count;
	bool held;

	if (bel_specs_parse(c->spec, &spec, &count, &err) < 0) {
		printf("%s: %s\n", c->spec, err.text);
		return false;
	}
	set_params(&setup, curve_algorithm(c->policy, c->algorithm), spec);
	held = p->seed % LONG_ROUND ? short_holds(c, &setup, spec, p) : long_holds(c, &setup, p);
	bel_specs_free(spec, count);
	return held;
}

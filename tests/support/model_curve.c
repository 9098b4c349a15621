/* SPDX-License-Identifier: MIT */
/* model_curve.c: compares curves with the reference model of their policy. */
#include "model_curve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curve_feed.h"
#include "reference_model.h"

enum {
	SIZES = 200,     /* at most, so that some passes have more than 64 */
	KNOWN = 50,      /* sizes whose model was run already; traces have at most 40 pages */
	LONG_ROUND = 32, /* one round in so many has a long trace */
	LONG_RUNS = 200000,
};

static int by_value(const void *left, const void *right)
{
	const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* Draws sizes in ascending order; some are equal, and some larger than any trace. */
static size_t draw_sizes(uint64_t size[SIZES], uint32_t pages, size_t most, struct bel_rng *rng)
{
	const size_t count = 1 + bel_rng_below(rng, most < SIZES ? most : SIZES);

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

static struct naive_counts model_counts(
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

/* Whether a point is what the model counts. */
static bool point_holds(
	const struct bel_curve *curve, size_t i, const struct naive_counts *n, char *why)
{
	const double mean =
		n->references ? (double)n->resident_page_references / (double)n->references : 0;

	if (curve->faults[i] == n->faults && curve->writebacks[i] == n->writebacks &&
		curve->mean_resident[i] == mean && curve->compulsory == n->compulsory &&
		curve->references == n->references)
		return true;
	snprintf(why, CURVE_WHY,
		"at %" PRIu64 " frames: curve %" PRIu64 " faults, %" PRIu64
		" write-backs, %g resident; model %" PRIu64 ", %" PRIu64 ", %g",
		curve->x[i], curve->faults[i], curve->writebacks[i], curve->mean_resident[i],
		n->faults, n->writebacks, mean);
	return false;
}

static bool is_models(const struct bel_curve *curve, size_t count,
	const struct bel_policy_spec *spec, const struct random_trace *t,
	struct naive_counts known[KNOWN], char *why)
{
	if (curve->count != count || !curve->writebacks || !curve->mean_resident) {
		snprintf(why, CURVE_WHY, "%zu points of %zu", curve->count, count);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const uint64_t frames = curve->x[i];
		struct naive_counts other, *n = frames < KNOWN ? &known[frames] : &other;

		if (n == &other || n->references != t->count)
			*n = model_counts(spec, frames, t);
		if (!point_holds(curve, i, n, why))
			return false;
	}
	return true;
}

static bool short_holds(const struct model_curve *c, struct bel_curve_setup *setup,
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
		held = curve_feed(a, setup, &runs, bel_rng_next(&p->rng), &curve, why) &&
		       is_models(&curve, setup->count, spec, &t, known, why);
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

static bool long_holds(const struct model_curve *c, struct bel_curve_setup *setup, struct prop *p)
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
	held = curve_feed(a, setup, &runs, bel_rng_next(&p->rng), &curve, why) &&
	       curve_is_engines(&curve, c->spec, &runs, pages, 9, why);
	if (!held)
		printf("%s, %zu runs, %" PRIu32 " pages: %s\n", c->spec, runs.count, pages, why);
	bel_curve_release(&curve);
	run_list_release(&runs);
	return held;
}

bool model_curve_holds(const struct model_curve *c, struct prop *p)
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

/* SPDX-License-Identifier: MIT */
/*
 * prop_reference_models.c: each policy evicts what its list-scanning reference model evicts and
 * counts what it counts, on random traces: own loop and hooks, unfolded, folded and cut, with
 * pages dropped between.
 *
 * Whoever differs is printed with the trace, cut down to what tells the two apart.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "prop.h"
#include "random_trace.h"
#include "reference_model.h"
#include "sim.h"

struct comparison {
	const struct model_kind *kind;
	const char *spec;
	struct bel_policy_spec *parsed;
	uint64_t frames;
	bool generic;
	enum folding folding;
	unsigned drops; /* of 256 runs, those after which a page is dropped */
	uint64_t seed;
	char difference[400];
};

static const char *const folding_name[] = {"unfolded", "folded", "folded and cut"};

/* Those of one run, in order. */
static bool victims_agree(
	struct comparison *c, struct bel_sim *sim, const struct model_list *victims, uint64_t now)
{
	uint32_t count;
	const struct bel_victim *victim = bel_sim_victims(sim, &count);

	for (uint32_t i = 0; i < count || i < victims->count; i++) {
		if (i < count && i < victims->count && victim[i].page == victims->page[i])
			continue;
		snprintf(c->difference, sizeof(c->difference),
			"reference %" PRIu64 ", victim %u of %u: policy %lld, reference model %lld",
			now, i + 1, count, i < count ? (long long)victim[i].page : -1,
			i < victims->count ? (long long)victims->page[i] : -1);
		return false;
	}
	return true;
}

static bool feeds_agree(struct comparison *c, struct bel_sim *sim, struct reference_model *model,
	const struct run_list *runs, uint32_t pages)
{
	struct model_list victims = {.page = NULL};
	struct bel_rng rng;
	struct bel_err err;
	bool agree = true;

	bel_rng_seed(&rng, c->seed);
	for (size_t i = 0; agree && i < runs->count; i++) {
		struct bel_batch batch = {.runs = runs->run + i,
			.next = runs->next + i,
			.count = 1,
			.now = runs->at[i]};

		model_list_clear(&victims);
		for (uint32_t n = bel_run_count(runs->run[i]); n; n--) {
			model_step(model);
			for (size_t v = 0; v < model->victims.count; v++)
				model_list_add(&victims, model->victims.page[v]);
		}
		if (bel_sim_feed(sim, &batch, &err) < 0) {
			snprintf(c->difference, sizeof(c->difference), "policy: %.380s", err.text);
			agree = false;
			break;
		}
		agree = victims_agree(c, sim, &victims, runs->at[i]) &&
			counts_agree(sim, &model->counts, c->difference, sizeof(c->difference));
		if (bel_rng_below(&rng, 256) < c->drops) {
			uint64_t page = bel_rng_below(&rng, pages);

			bel_sim_drop(sim, (uint32_t)page);
			model_drop(model, page);
		}
	}
	model_list_free(&victims);
	return agree;
}

static bool agrees(struct comparison *c, const struct random_trace *t)
{
	const bool variable = c->parsed->policy->caps & BEL_POLICY_VARIABLE;
	const struct bel_sim_setup setup = {.spec = c->parsed,
		.frames = variable ? 0 : c->frames,
		.seed = c->seed,
		.generic = c->generic};
	const struct model_setup model_setup = {.kind = c->kind,
		.spec = c->parsed,
		.frames = setup.frames,
		.seed = c->seed,
		.pages = t->pages,
		.refs = t->ref,
		.count = t->count};
	struct reference_model *model = model_new(&model_setup);
	struct bel_err err;
	struct bel_sim *sim = bel_sim_new(&setup, &err);
	struct run_list runs;
	bool agree = false;

	random_trace_fold(t, c->folding, c->seed, &runs);
	if (sim && bel_sim_list_victims(sim, &err) == 0 &&
		bel_sim_reserve(sim, t->pages, &err) == 0)
		agree = feeds_agree(c, sim, model, &runs, t->pages);
	else
		snprintf(c->difference, sizeof(c->difference), "policy: %.380s", err.text);
	bel_sim_free(sim);
	run_list_release(&runs);
	model_free(model);
	return agree;
}

static bool differs(void *context, const struct random_trace *t)
{
	return !agrees(context, t);
}

static void print_failure(struct comparison *c, struct random_trace *t)
{
	printf("%s, %" PRIu64 " frames, %s, %s, %u drops in 256 runs, trace '%s'\n%s\n", c->spec,
		c->frames, c->generic ? "through the hooks" : "own loop", folding_name[c->folding],
		c->drops, t->character, c->difference);
	random_trace_shrink(t, differs, c);
	printf("shrunk to %zu references: %s\n", t->count, c->difference);
	random_trace_print(t, stdout);
}

static uint64_t draw_frames(struct bel_rng *rng, uint32_t pages)
{
	static const uint64_t some[] = {1, 2, 3, 4, 5, 7, 16, 100};

	if (bel_rng_below(rng, 2))
		return some[bel_rng_below(rng, sizeof(some) / sizeof(*some))];
	return 1 + bel_rng_below(rng, pages + 1);
}

/* One reference model with one set of parameters on one trace, one way. */
static bool spec_holds(struct prop *p, const struct model_kind *kind, const char *spec,
	const struct random_trace *t)
{
	struct comparison c = {.kind = kind, .spec = spec};
	struct random_trace copy = *t;
	struct bel_err err;
	size_t count;
	bool held;

	if (bel_specs_parse(spec, &c.parsed, &count, &err) < 0) {
		printf("%s: %s\n", spec, err.text);
		return false;
	}
	c.frames = draw_frames(&p->rng, t->pages);
	c.generic = bel_rng_below(&p->rng, 4) == 0;
	c.folding = (enum folding)bel_rng_below(&p->rng, FOLDINGS);
	c.drops = bel_rng_below(&p->rng, 3) ? 0 : (unsigned)bel_rng_below(&p->rng, 60);
	c.seed = bel_rng_next(&p->rng) >> 12;
	held = agrees(&c, t);
	if (!held) {
		copy.ref = test_alloc(t->count + 1, sizeof(*copy.ref));
		memcpy(copy.ref, t->ref, t->count * sizeof(*copy.ref));
		print_failure(&c, &copy);
		free(copy.ref);
	}
	bel_specs_free(c.parsed, count);
	return held;
}

/* The name of a reference model to try alone: BEL_MODEL=arc; for who writes one. */
static bool round_holds(struct prop *p, const char *only)
{
	const struct model_kind *kind;
	struct random_trace t;
	bool held = true;

	random_trace_make(&t, &p->rng, 0, 1500);
	for (size_t k = 0; held && (kind = model_at(k)); k++) {
		if (only && strcmp(only, kind->policy) != 0)
			continue;
		for (size_t s = 0; held && kind->specs[s]; s++)
			held = spec_holds(p, kind, kind->specs[s], &t);
	}
	random_trace_release(&t);
	return held;
}

int main(int argc, char **argv)
{
	const char *only = getenv("BEL_MODEL");
	struct prop p;

	prop_start(&p, argc, argv, 300, 10000);
	if (only ? !model_of(only) : !model_at(0)) {
		fprintf(stderr, "prop_reference_models: no reference model of '%s'\n",
			only ? only : "any policy");
		return 2;
	}
	while (prop_round(&p)) {
		if (!round_holds(&p, only))
			return prop_failed(&p);
	}
	return prop_passed(&p);
}

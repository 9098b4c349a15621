/* SPDX-License-Identifier: MIT */
/*
 * prop_linux.c: with memories of hundreds of frames, where a reclaim takes 32 pages and several
 * priorities have a share, the policy linux evicts what its reference model evicts. The strings of
 * prop_reference_models.c have at most 40 pages.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "prop.h"
#include "reference_model.h"
#include "sim.h"

#define REFERENCES 12000
#define PAGES_MOST 1500

static uint64_t batches; /* references at which more than 31 pages left */

/* Mostly references to few pages, which change at times; the others to any page. */
static uint32_t make_string(struct bel_rng *rng, struct naive_ref *ref)
{
	const uint32_t pages = 300 + (uint32_t)bel_rng_below(rng, PAGES_MOST - 300);
	const uint32_t locality = 1 + (uint32_t)bel_rng_below(rng, pages);
	const uint32_t phase = 500 + (uint32_t)bel_rng_below(rng, REFERENCES);
	const uint32_t strays = (uint32_t)bel_rng_below(rng, 60);
	uint32_t base = 0;

	for (uint32_t i = 0; i < REFERENCES; i++) {
		if (i % phase == 0)
			base = (uint32_t)bel_rng_below(rng, pages);
		if (bel_rng_below(rng, 100) < strays)
			ref[i].page = bel_rng_below(rng, pages);
		else
			ref[i].page = (base + bel_rng_below(rng, locality)) % pages;
		ref[i].write = false;
	}
	return pages;
}

/* The same victims in the same order at reference i. */
static bool victims_agree(struct bel_sim *sim, const struct reference_model *model, uint32_t i)
{
	uint32_t count;
	const struct bel_victim *victim = bel_sim_victims(sim, &count);
	bool agree = count == model->victims.count;

	for (uint32_t k = 0; agree && k < count; k++)
		agree = victim[k].page == model->victims.page[k];
	if (!agree)
		printf("reference %" PRIu32 ": %" PRIu32 " pages leave, %zu of the model%s\n", i,
			count, model->victims.count,
			count == model->victims.count ? ", and others" : "");
	batches += count > 31;
	return agree;
}

static bool holds(struct prop *p, const struct bel_policy_spec *spec)
{
	static struct naive_ref ref[REFERENCES];
	const uint32_t pages = make_string(&p->rng, ref);
	const uint64_t frames = 48 + bel_rng_below(&p->rng, pages - 48);
	const struct bel_sim_setup setup = {.spec = spec, .frames = frames};
	const struct model_setup model_setup = {.kind = model_of("linux"),
		.spec = spec,
		.frames = frames,
		.pages = pages,
		.refs = ref,
		.count = REFERENCES};
	struct reference_model *model = model_new(&model_setup);
	struct bel_err err;
	struct bel_sim *sim = bel_sim_new(&setup, &err);
	char difference[400];
	bool agree = sim && bel_sim_list_victims(sim, &err) == 0 &&
		     bel_sim_reserve(sim, pages, &err) == 0;

	if (!agree)
		printf("prop_linux: %s\n", err.text);
	for (uint32_t i = 0; agree && i < REFERENCES; i++) {
		const struct bel_run run = bel_run_make((uint32_t)ref[i].page, 1, BEL_RUN_DATA);
		const struct bel_batch batch = {.runs = &run, .count = 1, .now = i};

		model_step(model);
		agree = bel_sim_feed(sim, &batch, &err) == 0 && victims_agree(sim, model, i);
	}
	if (agree && !counts_agree(sim, &model->counts, difference, sizeof(difference))) {
		printf("%s\n", difference);
		agree = false;
	}
	if (!agree)
		printf("%" PRIu32 " pages, %" PRIu64 " frames\n", pages, frames);
	bel_sim_free(sim);
	model_free(model);
	return agree;
}

int main(int argc, char **argv)
{
	static const char text[] = "linux,linux:deactivate=off,linux:refault=off,linux:batch=100,"
				   "linux:batch=7:ratio=3";
	struct bel_policy_spec *specs;
	struct bel_err err;
	struct prop p;
	size_t count;

	prop_start(&p, argc, argv, 20, 1000);
	if (bel_specs_parse(text, &specs, &count, &err) < 0) {
		fprintf(stderr, "prop_linux: %s\n", err.text);
		return 1;
	}
	while (prop_round(&p)) {
		for (size_t i = 0; i < count; i++) {
			if (!holds(&p, &specs[i])) {
				printf("specification %zu of '%s'\n", i + 1, text);
				return prop_failed(&p);
			}
		}
	}
	bel_specs_free(specs, count);
	printf("prop_linux: %" PRIu64 " references let 32 pages or more leave\n", batches);
	return batches ? prop_passed(&p) : prop_failed(&p);
}

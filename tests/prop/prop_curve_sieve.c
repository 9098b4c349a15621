/* SPDX-License-Identifier: MIT */
/*
 * prop_curve_sieve.c: SIEVE at 64 sizes at once is SIEVE at each of them; and the policy,
 * reference by reference, through its own loop and through the hooks, with pages dropped on the
 * way, is the one of the paper.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "naive_sieve.h"
#include "sim.h"
#include "sized_curve.h"

static struct naive_counts naive(uint64_t frames, const struct random_trace *t)
{
	return naive_sieve_run(frames, t->ref, t->count);
}

static bool same(const struct bel_sim *sim, const struct naive_counts *n)
{
	struct bel_tally t;

	bel_sim_tally(sim, &t);
	return t.references == n->references && t.faults == n->faults &&
	       t.compulsory == n->compulsory && t.evictions == n->evictions &&
	       t.writebacks == n->writebacks && t.drops == n->drops && t.resident == n->resident &&
	       t.peak == n->peak && t.page_time == n->page_time && bel_sim_dirty(sim) == n->dirty;
}

/* Both in step, run by run. */
static bool steps_agree(struct bel_sim *sim, struct naive_sieve *n, const struct random_trace *t,
	const struct run_list *runs, unsigned drops, struct bel_rng *rng)
{
	struct bel_err err;

	for (size_t i = 0; i < runs->count; i++) {
		const struct bel_batch batch = {
			.runs = runs->run + i, .count = 1, .now = runs->at[i]};
		const uint64_t until = runs->at[i] + bel_run_count(runs->run[i]);

		if (bel_sim_feed(sim, &batch, &err) < 0) {
			printf("engine: %s\n", err.text);
			return false;
		}
		for (uint64_t at = runs->at[i]; at < until; at++)
			naive_sieve_refer(n, t->ref[at].page, t->ref[at].write);
		if (bel_rng_below(rng, 256) < drops) {
			const uint32_t page = (uint32_t)bel_rng_below(rng, t->pages);

			bel_sim_drop(sim, page);
			naive_sieve_drop(n, page);
		}
		if (!same(sim, naive_sieve_now(n))) {
			printf("sieve: they part after %" PRIu64 " references\n", until);
			return false;
		}
	}
	return true;
}

static bool policy_holds(struct prop *p)
{
	struct bel_policy_spec *spec;
	struct bel_sim_setup setup = {.seed = 1};
	struct random_trace t;
	struct run_list runs;
	struct bel_err err;
	struct bel_sim *sim;
	size_t count;
	bool held;

	random_trace_make(&t, &p->rng, 0, 1500);
	random_trace_fold(&t, bel_rng_below(&p->rng, FOLDINGS), p->seed, &runs);
	if (bel_specs_parse("sieve", &spec, &count, &err) < 0)
		return false;
	setup.spec = spec;
	setup.generic = bel_rng_below(&p->rng, 2);
	setup.frames = 1 + bel_rng_below(&p->rng, t.pages + 1);
	sim = bel_sim_new(&setup, &err);
	held = sim && bel_sim_reserve(sim, t.pages, &err) == 0;
	if (held) {
		struct naive_sieve *n = naive_sieve_new(setup.frames);
		const unsigned drops = bel_rng_below(&p->rng, 2) ? 0 : 40;

		held = steps_agree(sim, n, &t, &runs, drops, &p->rng);
		naive_sieve_free(n);
	}
	if (!held) {
		printf("sieve, %" PRIu64 " frames:\n", setup.frames);
		random_trace_print(&t, stdout);
	}
	bel_sim_free(sim);
	bel_specs_free(spec, count);
	run_list_release(&runs);
	random_trace_release(&t);
	return held;
}

int main(int argc, char **argv)
{
	const struct sized_curve sieve = {"sieve", "sliced", "sieve", .naive = naive};
	struct prop p;

	prop_start(&p, argc, argv, 1000, 10000);
	while (prop_round(&p))
		if (!policy_holds(&p) || !sized_curve_holds(&sieve, &p))
			return prop_failed(&p);
	return prop_passed(&p);
}

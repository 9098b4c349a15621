/* SPDX-License-Identifier: MIT */
/*
 * prop_run_ahead.c: an engine whose page arrays outgrow the cache, and which fetches ahead what
 * belongs to the pages of the next runs, counts what the list-scanning simulator counts, with
 * batches of any length.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "naive.h"
#include "prop.h"
#include "sim.h"

#define REFS 2000
#define PAGES 2000000 /* so many that 8 bytes a page are more than the cache */

static struct naive_ref refs[REFS];
static struct bel_run run[REFS];
static uint64_t next[REFS];

/* Few pages, far apart. */
static void make_string(struct bel_rng *rng)
{
	const uint64_t pages = 20 + bel_rng_below(rng, 60);
	uint64_t *const coming = malloc(pages * sizeof(*coming));

	if (!coming)
		abort();
	for (uint64_t i = 0; i < pages; i++)
		coming[i] = UINT64_MAX;
	for (size_t i = REFS; i-- > 0;) {
		const uint64_t at = bel_rng_below(rng, pages);
		const uint32_t page = (uint32_t)(at * (PAGES / pages));
		const bool write = bel_rng_below(rng, 3) == 0;

		refs[i] = (struct naive_ref){.page = page, .write = write};
		run[i] = bel_run_make(page, 1, BEL_RUN_DATA | (write ? BEL_RUN_WRITE : 0));
		next[i] = coming[at];
		coming[at] = i;
	}
	free(coming);
}

static bool holds(struct prop *p, const char *policy, enum naive_policy same, bool generic)
{
	const uint64_t frames = 1 + bel_rng_below(&p->rng, 20);
	const struct naive_counts want =
		naive_run(&(struct naive_setup){.policy = same, .frames = frames}, refs, REFS);
	struct bel_policy_spec *spec;
	struct bel_tally got;
	struct bel_sim *sim;
	struct bel_err err;
	/* Which of the pages that are never used again leaves, OPT does not say; some are dirty. */
	const bool ties = same == NAIVE_OPT;
	size_t count;
	bool right;

	if (bel_specs_parse(policy, &spec, &count, &err) < 0)
		return false;
	sim = bel_sim_new(
		&(struct bel_sim_setup){.spec = spec, .frames = frames, .generic = generic}, &err);
	if (!sim || bel_sim_reserve(sim, PAGES, &err) < 0)
		return false;
	for (size_t at = 0, n; at < REFS; at += n) {
		n = 1 + bel_rng_below(&p->rng, 300);
		n = n < REFS - at ? n : REFS - at;
		if (bel_sim_feed(sim, &(struct bel_batch){run + at, next + at, n, at}, &err) < 0)
			return false;
	}
	bel_sim_tally(sim, &got);
	right = got.references == want.references && got.faults == want.faults &&
		got.compulsory == want.compulsory && got.evictions == want.evictions &&
		(ties || got.writebacks == want.writebacks) && got.peak == want.peak &&
		got.resident_page_references == want.resident_page_references;
	if (!right)
		fprintf(stderr,
			"%s, %" PRIu64 " frames: %" PRIu64 " faults instead of %" PRIu64 "\n",
			policy, frames, got.faults, want.faults);
	bel_sim_free(sim);
	bel_specs_free(spec, 1);
	return right;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 60, 3000);
	while (prop_round(&p)) {
		const bool generic = bel_rng_below(&p.rng, 2);

		make_string(&p.rng);
		if (!holds(&p, "lru", NAIVE_LRU, generic) || !holds(&p, "opt", NAIVE_OPT, generic))
			return prop_failed(&p);
	}
	return prop_passed(&p);
}

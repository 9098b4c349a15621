/* SPDX-License-Identifier: MIT */
/*
 * prop_policies.c: the engine counts what the list-scanning simulator counts,
 * after every batch, on random traces: through the policy's own loop and
 * through the hooks, folded, unfolded and cut, in batches of one run and more.
 *
 * A trace that tells them apart is shrunk by leaving out what it can spare.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "naive.h"
#include "prop.h"
#include "random_trace.h"
#include "sim.h"

struct comparison {
	const char *spec; /* as after -p */
	struct naive_setup naive;
	bool generic;
	enum folding folding;
	bool single;      /* batches of one run, else of random sizes */
	uint32_t stretch; /* the engine sees page * stretch, so that its arrays must grow */
	unsigned drops;   /* of 256 batches, those after which a page is dropped */
	uint64_t feed_seed;
	char difference[400]; /* what went wrong */
};

static const char *const folding_name[] = {"unfolded", "folded", "folded and cut"};

/* The counts; now and then the dirty pages, for which the engine looks through its states. */
static bool all_agree(
	struct comparison *c, const struct bel_sim *sim, const struct naive_counts *n, bool dirty)
{
	if (!counts_agree(sim, n, c->difference, sizeof(c->difference)))
		return false;
	if (!dirty || bel_sim_dirty(sim) == n->dirty)
		return true;
	snprintf(c->difference, sizeof(c->difference),
		"after %" PRIu64 " references: dirty pages: engine %" PRIu64 ", naive %" PRIu64,
		n->references, bel_sim_dirty(sim), n->dirty);
	return false;
}

/* Feeds both side by side and compares after each batch. */
static bool feeds_agree(
	struct comparison *c, struct bel_sim *sim, struct naive *naive, const struct run_list *runs)
{
	struct bel_rng rng;
	struct bel_err err;
	uint32_t pages = 0;

	bel_rng_seed(&rng, c->feed_seed);
	for (size_t i = 0; i < runs->count;) {
		size_t left = runs->count - i;
		size_t n = c->single ? 1 : 1 + bel_rng_below(&rng, left < 700 ? left : 700);
		struct bel_batch batch = {.runs = runs->run + i,
			.next = runs->next + i,
			.count = n,
			.now = runs->at[i]};
		uint64_t until = runs->at[i + n - 1] + bel_run_count(runs->run[i + n - 1]);

		for (size_t j = i; j < i + n; j++) {
			if (runs->run[j].page >= pages)
				pages = runs->run[j].page + 1;
		}
		if (bel_sim_reserve(sim, pages, &err) < 0 || bel_sim_feed(sim, &batch, &err) < 0) {
			snprintf(c->difference, sizeof(c->difference), "engine: %.380s", err.text);
			return false;
		}
		while (naive_now(naive)->references < until)
			naive_step(naive);
		if (bel_rng_below(&rng, 256) < c->drops) {
			uint64_t page = bel_rng_below(&rng, naive_pages(naive));

			bel_sim_drop(sim, page * c->stretch);
			naive_drop(naive, page);
		}
		if (!all_agree(c, sim, naive_now(naive), i % 32 == 0 || i + n == runs->count))
			return false;
		i += n;
	}
	return true;
}

static bool agrees(struct comparison *c, const struct random_trace *t)
{
	struct bel_policy_spec *specs = NULL;
	struct bel_sim_setup setup = {.frames = c->naive.frames, .seed = 1, .generic = c->generic};
	struct bel_err err;
	struct naive *naive = naive_new(&c->naive, t->ref, t->count);
	struct bel_sim *sim = NULL;
	struct run_list runs;
	size_t count = 0;
	bool agree = false;

	random_trace_fold(t, c->folding, c->feed_seed, &runs);
	for (size_t i = 0; i < runs.count; i++)
		runs.run[i].page *= c->stretch;
	if (bel_specs_parse(c->spec, &specs, &count, &err) == 0) {
		setup.spec = specs;
		sim = bel_sim_new(&setup, &err);
	}
	if (sim)
		agree = feeds_agree(c, sim, naive, &runs);
	else
		snprintf(c->difference, sizeof(c->difference), "engine: %.380s", err.text);
	bel_sim_free(sim);
	bel_specs_free(specs, count);
	run_list_release(&runs);
	naive_free(naive);
	return agree;
}

static bool differs(void *context, const struct random_trace *t)
{
	return !agrees(context, t);
}

static void print_failure(struct comparison *c, struct random_trace *t)
{
	printf("%s, %" PRIu64 " frames, %s, %s, %s, page numbers times %u, "
	       "%u drops in 256 batches, trace '%s'\n%s\n",
		c->spec, c->naive.frames, c->generic ? "through the hooks" : "own loop",
		folding_name[c->folding], c->single ? "run by run" : "in batches", c->stretch,
		c->drops, t->character, c->difference);
	random_trace_shrink(t, differs, c);
	printf("shrunk to %zu references: %s\n", t->count, c->difference);
	random_trace_print(t, stdout);
}

/* All paths of one policy at one size. */
static bool policy_agrees(struct comparison *c, struct random_trace *t)
{
	for (int path = 0; path < 4 * FOLDINGS; path++) {
		c->generic = path & 1;
		c->single = path & 2;
		c->folding = path / 4;
		if (!agrees(c, t)) {
			print_failure(c, t);
			return false;
		}
	}
	return true;
}

static uint64_t draw_frames(struct bel_rng *rng, uint32_t pages)
{
	switch (bel_rng_below(rng, 8)) {
	case 0:
		return 1;
	case 1:
		return 2;
	case 2:
		return pages ? pages + bel_rng_below(rng, 2) : 1;
	case 3:
		return pages > 1 ? pages - 1 : 1;
	case 4:
		return UINT64_C(1) << bel_rng_below(rng, 40);
	default:
		return 1 + bel_rng_below(rng, pages + 1);
	}
}

static bool round_holds(struct prop *p)
{
	struct random_trace t;
	char window[40];
	/* Long ones now and then, so that logs fill up and are compacted, more than once. */
	bool is_long = p->seed % 64 == 0;
	uint64_t frames, tau;
	bool held = true;

	random_trace_make(&t, &p->rng, is_long ? 40000 : 0, is_long ? 60000 : 1500);
	frames = draw_frames(&p->rng, t.pages);
	tau = 1 + bel_rng_below(&p->rng, bel_rng_below(&p->rng, t.count + 10) + 2);
	snprintf(window, sizeof(window), "ws:tau=%" PRIu64, tau);

	struct comparison comparison[] = {
		{.spec = "fifo", .naive = {NAIVE_FIFO, .frames = frames}},
		{.spec = "lru", .naive = {NAIVE_LRU, .frames = frames}},
		{.spec = "opt", .naive = {NAIVE_OPT, .frames = frames}},
		{.spec = "clock", .naive = {NAIVE_CLOCK, .frames = frames}},
		{.spec = "clock:bit=0",
			.naive = {NAIVE_CLOCK, .frames = frames, .loads_cleared = 1}},
		{.spec = window, .naive = {NAIVE_WS, .tau = tau}},
	};

	for (size_t i = 0; held && i < sizeof(comparison) / sizeof(*comparison); i++) {
		comparison[i].stretch = is_long || bel_rng_below(&p->rng, 4) ? 1 : 997;
		comparison[i].drops = bel_rng_below(&p->rng, 3) ? 0 : bel_rng_below(&p->rng, 120);
		comparison[i].feed_seed = bel_rng_next(&p->rng);
		held = policy_agrees(&comparison[i], &t);
	}
	random_trace_release(&t);
	return held;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 1500, 40000);
	while (prop_round(&p)) {
		if (!round_holds(&p))
			return prop_failed(&p);
	}
	return prop_passed(&p);
}

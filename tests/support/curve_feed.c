/* SPDX-License-Identifier: MIT */
/* curve_feed.c: feeds runs to a curve algorithm, and compares its curve with others. */
#include "curve_feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

const struct bel_curve_algorithm *curve_algorithm(const char *policy, const char *name)
{
	const struct bel_curve_algorithm *a;

	for (size_t i = 0; (a = bel_curve_at(i)); i++)
		if (!strcmp(a->policy, policy) && !strcmp(a->name, name))
			return a;
	printf("no curve algorithm %s for %s\n", name, policy);
	exit(3);
}

/* Feeds the runs from .. to - 1 in batches of random sizes. *pages: the pages so far. */
static bool feed_part(const struct bel_curve_algorithm *a, void *self, const struct run_list *runs,
	size_t from, size_t to, struct bel_rng *rng, uint32_t *pages, char why[CURVE_WHY])
{
	struct bel_err err = {.code = 0};

	while (from < to) {
		const size_t left = to - from;
		const size_t n = bel_rng_below(rng, 8)
					 ? 1 + bel_rng_below(rng, left < 900 ? left : 900)
					 : left;
		const struct bel_batch batch = {
			.runs = runs->run + from, .count = n, .now = runs->at[from]};

		for (size_t i = from; i < from + n; i++)
			if (runs->run[i].page >= *pages)
				*pages = runs->run[i].page + 1;
		if (a->feed(self, &batch, *pages, &err) < 0) {
			snprintf(why, CURVE_WHY, "feed: %.380s", err.text);
			return false;
		}
		from += n;
	}
	return true;
}

static void *instance(
	const struct bel_curve_algorithm *a, const struct bel_curve_setup *setup, char *why)
{
	struct bel_err err = {.code = 0};
	void *self = a->create(setup, &err);

	if (!self)
		snprintf(why, CURVE_WHY, "create: %.380s", err.text);
	return self;
}

static bool finish(const struct bel_curve_algorithm *a, void *self, struct bel_curve *curve,
	bool snapshot, char *why)
{
	struct bel_err err = {.code = 0};

	*curve = (struct bel_curve){.count = 0};
	if ((snapshot ? a->snapshot : a->finish)(self, curve, &err) == 0)
		return true;
	snprintf(why, CURVE_WHY, "finish: %.380s", err.text);
	return false;
}

/* Checks that a snapshot after `half` runs equals the curve of a trace of these runs. */
static bool snapshot_holds(const struct bel_curve_algorithm *a, void *self,
	const struct bel_curve_setup *setup, const struct run_list *runs, size_t half,
	struct bel_rng *rng, char why[CURVE_WHY])
{
	struct bel_curve now = {.count = 0}, then = {.count = 0};
	void *other = instance(a, setup, why);
	uint32_t pages = 0;
	bool same = other && feed_part(a, other, runs, 0, half, rng, &pages, why) &&
		    finish(a, self, &now, true, why) && finish(a, other, &then, false, why) &&
		    curve_same(&now, &then, why);

	bel_curve_release(&now);
	bel_curve_release(&then);
	if (other)
		a->destroy(other);
	return same;
}

bool curve_feed(const struct bel_curve_algorithm *a, const struct bel_curve_setup *setup,
	const struct run_list *runs, uint64_t seed, struct bel_curve *curve, char why[CURVE_WHY])
{
	void *self = instance(a, setup, why);
	struct bel_rng rng;
	uint32_t pages = 0;
	size_t half;
	bool fed;

	*curve = (struct bel_curve){.count = 0};
	if (!self)
		return false;
	bel_rng_seed(&rng, seed);
	half = bel_rng_below(&rng, runs->count + 1);
	fed = feed_part(a, self, runs, 0, half, &rng, &pages, why);
	if (fed && a->caps & BEL_CURVE_SNAPSHOT)
		fed = snapshot_holds(a, self, setup, runs, half, &rng, why);
	fed = fed && feed_part(a, self, runs, half, runs->count, &rng, &pages, why) &&
	      finish(a, self, curve, false, why);
	a->destroy(self);
	return fed;
}

bool curve_same(const struct bel_curve *a, const struct bel_curve *b, char why[CURVE_WHY])
{
	if (a->count != b->count || a->references != b->references || a->pages != b->pages ||
		a->compulsory != b->compulsory) {
		snprintf(why, CURVE_WHY,
			"%zu points, %" PRIu64 " references, %" PRIu64 " pages, %" PRIu64
			" compulsory; other: %zu, %" PRIu64 ", %" PRIu64 ", %" PRIu64,
			a->count, a->references, a->pages, a->compulsory, b->count, b->references,
			b->pages, b->compulsory);
		return false;
	}
	for (size_t i = 0; i < a->count; i++) {
		const uint64_t wa = a->writebacks ? a->writebacks[i] : 0;
		const uint64_t wb = b->writebacks ? b->writebacks[i] : wa;

		if (a->x[i] == b->x[i] && a->faults[i] == b->faults[i] &&
			(!a->writebacks || wa == wb))
			continue;
		snprintf(why, CURVE_WHY,
			"at %" PRIu64 ": %" PRIu64 " faults, %" PRIu64
			" write-backs; other at %" PRIu64 ": %" PRIu64 ", %" PRIu64,
			a->x[i], a->faults[i], wa, b->x[i], b->faults[i], wb);
		return false;
	}
	return true;
}

/* Simulates one size with the engine. */
static struct bel_tally engine(
	const char *policy, uint64_t frames, const struct run_list *runs, uint32_t pages)
{
	const struct bel_batch batch = {
		.runs = runs->run, .next = runs->next, .count = runs->count};
	struct bel_policy_spec *spec;
	struct bel_sim_setup setup = {.frames = frames, .seed = 1};
	struct bel_tally tally;
	struct bel_err err;
	struct bel_sim *sim;
	size_t count;

	if (bel_specs_parse(policy, &spec, &count, &err) < 0)
		exit(3);
	setup.spec = spec;
	sim = bel_sim_new(&setup, &err);
	if (!sim || bel_sim_reserve(sim, pages, &err) < 0 || bel_sim_feed(sim, &batch, &err) < 0) {
		printf("engine: %s\n", err.text);
		exit(3);
	}
	bel_sim_tally(sim, &tally);
	bel_sim_free(sim);
	bel_specs_free(spec, count);
	return tally;
}

bool curve_is_engines(const struct bel_curve *curve, const char *policy,
	const struct run_list *runs, uint32_t pages, size_t sizes, char why[CURVE_WHY])
{
	for (size_t k = 0; k < sizes && curve->count; k++) {
		const size_t i = sizes > 1 ? k * (curve->count - 1) / (sizes - 1) : 0;
		const struct bel_tally tally = engine(policy, curve->x[i], runs, pages);

		if (tally.faults == curve->faults[i] &&
			(!curve->writebacks || tally.writebacks == curve->writebacks[i]))
			continue;
		snprintf(why, CURVE_WHY,
			"at %" PRIu64 ": curve %" PRIu64 " faults, %" PRIu64
			" write-backs; engine %" PRIu64 ", %" PRIu64,
			curve->x[i], curve->faults[i], curve->writebacks ? curve->writebacks[i] : 0,
			tally.faults, tally.writebacks);
		return false;
	}
	return true;
}

/* Stores when each run's page is referenced next, by a scan from the end. */
static void fill_next(struct run_list *runs, uint32_t pages)
{
	uint64_t *coming = test_alloc(pages + 1, sizeof(*coming));

	for (uint32_t page = 0; page < pages; page++)
		coming[page] = BEL_NEVER;
	for (size_t i = runs->count; i-- > 0;) {
		runs->next[i] = coming[runs->run[i].page];
		coming[runs->run[i].page] = runs->at[i];
	}
	free(coming);
}

void curve_long_runs(struct run_list *runs, struct bel_rng *rng, size_t count, uint32_t *pages)
{
	const uint32_t spread = 100 + (uint32_t)bel_rng_below(rng, 50000);
	uint32_t *number = test_alloc(spread, sizeof(*number));
	uint64_t now = 0, base = 0;

	*pages = 0;
	runs->count = count;
	runs->run = test_alloc(count, sizeof(*runs->run));
	runs->at = test_alloc(count, sizeof(*runs->at));
	runs->next = test_alloc(count, sizeof(*runs->next));
	for (size_t i = 0; i < count; i++) {
		uint64_t page = bel_rng_below(rng, spread);
		uint32_t flags = BEL_RUN_DATA;

		if (!bel_rng_below(rng, 5000))
			base = page;
		if (bel_rng_below(rng, 3))
			page = (base + bel_rng_below(rng, 1 + bel_rng_below(rng, 40))) % spread;
		if (!number[page])
			number[page] = ++*pages;
		if (!bel_rng_below(rng, 4))
			flags |= BEL_RUN_WRITE;
		runs->run[i] =
			bel_run_make(number[page] - 1, 1 + (uint32_t)bel_rng_below(rng, 3), flags);
		runs->at[i] = now;
		now += bel_run_count(runs->run[i]);
	}
	free(number);
	fill_next(runs, *pages);
}

/* SPDX-License-Identifier: MIT */
/*
 * prop_curve_prefix.c: LRU's curve of requests is what a cache of each size counts, request by
 * request. The cache is a list: before a request, its leading blocks that are cached are hits; then
 * all of its blocks are used, in order. The curve is the same at every size, with the references of
 * the request folded to runs or not, and without requests it is that of plain LRU.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curve_feed.h"
#include "prop.h"

enum { MOST_REQUESTS = 60, MOST_BLOCKS = 12, PAGES = 40 };

struct requests {
	uint32_t block[MOST_REQUESTS][MOST_BLOCKS];
	size_t length[MOST_REQUESTS], count, references;
	uint32_t pages;
};

/* Requests that often begin as an earlier one does. A block may be in a request twice. */
static void make(struct requests *r, struct bel_rng *rng)
{
	const uint32_t spread = 1 + (uint32_t)bel_rng_below(rng, PAGES);
	uint32_t number[PAGES] = {0};

	*r = (struct requests){.count = 1 + bel_rng_below(rng, MOST_REQUESTS)};
	for (size_t i = 0; i < r->count; i++) {
		const size_t from = i && bel_rng_below(rng, 3) ? bel_rng_below(rng, i) : i;
		const size_t shared = from < i ? bel_rng_below(rng, r->length[from] + 1) : 0;

		r->length[i] = shared + bel_rng_below(rng, MOST_BLOCKS + 1 - shared);
		memcpy(r->block[i], r->block[from], shared * sizeof(r->block[i][0]));
		for (size_t k = shared; k < r->length[i]; k++) {
			uint32_t *const dense = &number[bel_rng_below(rng, spread)];

			if (!*dense)
				*dense = ++r->pages;
			r->block[i][k] = *dense - 1;
		}
		r->references += r->length[i];
	}
}

/* The hits of a cache of `size` blocks. cache[0] was used last. */
static uint64_t naive(const struct requests *r, size_t size)
{
	uint32_t cache[PAGES + 1];
	size_t have = 0;
	uint64_t hits = 0;

	for (size_t i = 0; i < r->count; i++) {
		for (size_t k = 0; k < r->length[i]; k++) {
			size_t at = 0;

			while (at < have && cache[at] != r->block[i][k])
				at++;
			if (at == have)
				break;
			hits++;
		}
		for (size_t k = 0; k < r->length[i]; k++) {
			size_t at = 0;

			while (at < have && cache[at] != r->block[i][k])
				at++;
			have += at == have && have < size;
			at = at < have ? at : have - 1;
			memmove(cache + 1, cache, at * sizeof(*cache));
			cache[0] = r->block[i][k];
		}
	}
	return hits;
}

/* Whether block k of request i is counted in the run of the block before it. */
static bool joins(const struct requests *r, size_t i, size_t k, bool fold)
{
	return fold && k && r->block[i][k] == r->block[i][k - 1];
}

static bool feed(const struct bel_curve_algorithm *a, void *self, const struct requests *r,
	bool fold, struct bel_err *err)
{
	for (size_t i = 0; i < r->count; i++) {
		a->request(self);
		for (size_t k = 0, n; k < r->length[i]; k += n) {
			struct bel_run run;
			const struct bel_batch batch = {.runs = &run, .count = 1};

			for (n = 1; k + n < r->length[i] && joins(r, i, k + n, fold);)
				n++;
			run = bel_run_make(r->block[i][k], (uint32_t)n, BEL_RUN_DATA);
			if (a->feed(self, &batch, r->pages, err) < 0)
				return false;
		}
	}
	return true;
}

static bool is_naive(const struct bel_curve *curve, const struct requests *r)
{
	for (size_t i = 0; i < curve->count; i++) {
		const uint64_t hits = naive(r, curve->x[i]);

		if (curve->references == r->references && curve->requests == r->count &&
			curve->faults[i] == r->references - hits)
			continue;
		printf("at %" PRIu64 ": %" PRIu64 " faults of %" PRIu64 ", naive: %" PRIu64
		       " hits of %zu\n",
			curve->x[i], curve->faults[i], curve->references, hits, r->references);
		return false;
	}
	return curve->count == (r->pages ? r->pages : 1);
}

static bool requests_hold(struct prop *p, bool fold)
{
	const struct bel_curve_algorithm *const a = curve_algorithm("lru", "prefix");
	const struct bel_curve_setup setup = {.writebacks = true};
	struct bel_curve curve = {.count = 0};
	struct bel_err err = {.code = 0};
	struct requests r;
	void *const self = a->create(&setup, &err);
	bool held;

	make(&r, &p->rng);
	held = self && feed(a, self, &r, fold, &err) && a->finish(self, &curve, &err) == 0;
	if (!held)
		printf("%s\n", err.text);
	held = held && is_naive(&curve, &r);
	for (size_t i = 0; !held && i < r.count; i++) {
		for (size_t k = 0; k < r.length[i]; k++)
			printf(" %" PRIu32, r.block[i][k]);
		printf("\n");
	}
	bel_curve_release(&curve);
	if (self)
		a->destroy(self);
	return held;
}

/* Without requests, many pages: the counts of plain LRU. */
static bool plain_holds(struct prop *p)
{
	const struct bel_curve_setup setup = {.portable = false};
	struct bel_curve curve = {.count = 0}, plain = {.count = 0};
	struct run_list runs;
	char why[CURVE_WHY];
	uint32_t pages;
	bool held;

	curve_long_runs(&runs, &p->rng, 100000, &pages);
	held = curve_feed(curve_algorithm("lru", "prefix"), &setup, &runs, p->seed, &curve, why) &&
	       curve_feed(curve_algorithm("lru", "stack"), &setup, &runs, p->seed, &plain, why) &&
	       curve_same(&curve, &plain, why);
	if (!held)
		printf("%zu runs, %" PRIu32 " pages: %s\n", runs.count, pages, why);
	bel_curve_release(&curve);
	bel_curve_release(&plain);
	run_list_release(&runs);
	return held;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 4000, 40000);
	while (prop_round(&p))
		if (!(p.seed % 256 ? requests_hold(&p, p.seed % 2) : plain_holds(&p)))
			return prop_failed(&p);
	return prop_passed(&p);
}

/* SPDX-License-Identifier: MIT */
/*
 * curve_opt_sizes.c: OPT at up to 120 sizes in one pass, for any number of pages.
 *
 * The algorithm needs no knowledge of the future. The pages are in order of their last use. They
 * hold the numbers 1 .. pages as a permutation; the current page holds 1. A reference to x carries
 * x's number towards the pages used longer ago, and exchanges it for every smaller number on the
 * way. The number carried at the end is OPT's stack distance. The page used before x gets this
 * number, and x gets 1. For K sizes it is enough to know a number's class: the two sizes between
 * which it lies. Then there are at most K exchanges per reference, and a tree of minima over the
 * times of last use finds the next smaller class.
 *
 * The result is exact at each size, at any time. Memory: about 25 bytes per page.
 */
#include <stdlib.h>

#include "curve_opt_sizes.h"
#include "min_tree.h"
#include "points.h"

enum { MAX_SIZES = 120, MIN_PLACES = 4096 };

#define NONE UINT32_MAX

struct opt_sizes {
	struct bel_curve_setup setup;
	uint64_t *sizes;
	struct bel_min_tree tree; /* by time of last use: the class of the page's number */
	uint32_t *page_at;        /* of each place in use */
	uint32_t *place;          /* of each page: 1 + place; 0: never seen */
	size_t next;              /* the next place to give */
	uint32_t current, pages, capacity;
	uint64_t distance[MAX_SIZES + 1]; /* by class */
	uint64_t references, runs, compulsory;
};

static void opt_sizes_destroy(void *self)
{
	struct opt_sizes *opt = self;

	bel_min_tree_release(&opt->tree);
	free(opt->sizes);
	free(opt->page_at);
	free(opt->place);
	free(opt);
}

static void *opt_sizes_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct opt_sizes *opt;

	if (!setup->x || setup->count > MAX_SIZES) {
		bel_usage(err, "opt: a pass takes 1 to %d sizes", MAX_SIZES);
		return NULL;
	}
	opt = calloc(1, sizeof(*opt));
	if (opt)
		opt->sizes = malloc(setup->count * sizeof(*opt->sizes));
	if (!opt || !opt->sizes) {
		free(opt);
		bel_err_memory(err, "opt");
		return NULL;
	}
	memcpy(opt->sizes, setup->x, setup->count * sizeof(*opt->sizes));
	opt->setup = *setup;
	opt->setup.x = opt->sizes;
	opt->current = NONE;
	return opt;
}

/* Gives the pages new places from 0 on, in the same order, in a tree of `places`. */
static int renumber(struct opt_sizes *opt, size_t places, struct bel_err *err)
{
	struct bel_min_tree tree;
	uint32_t *page_at;
	size_t next = 0;

	if (places < MIN_PLACES)
		places = MIN_PLACES;
	if (places > UINT32_MAX - BEL_MT_LINE)
		return bel_fail(err, "opt: trace has more than 2^30 pages");
	if (bel_min_tree_init(&tree, places, err) < 0)
		return BEL_FAIL;
	page_at = malloc(tree.places * sizeof(*page_at));
	if (!page_at) {
		bel_min_tree_release(&tree);
		return bel_err_memory(err, "opt");
	}
	for (size_t i = 0; i < opt->next; i++) {
		const uint8_t class = opt->tree.level[0][i];

		if (class == BEL_MT_EMPTY)
			continue;
		for (unsigned l = 0, at = (unsigned)next; l < tree.levels; l++, at /= BEL_MT_LINE)
			if (class < tree.level[l][at])
				tree.level[l][at] = class;
		page_at[next] = opt->page_at[i];
		next++;
		opt->place[page_at[next - 1]] = (uint32_t)next;
	}
	bel_min_tree_release(&opt->tree);
	free(opt->page_at);
	opt->tree = tree;
	opt->page_at = page_at;
	opt->next = next;
	return BEL_OK;
}

static int reserve(struct opt_sizes *opt, uint32_t pages, struct bel_err *err)
{
	uint64_t capacity = opt->capacity ? opt->capacity : MIN_PLACES / 4;
	uint32_t *grown;

	if (opt->pages < pages)
		opt->pages = pages;
	if (pages <= opt->capacity)
		return BEL_OK;
	while (capacity < pages)
		capacity += capacity / 2;
	if (capacity > UINT32_MAX)
		capacity = UINT32_MAX;
	grown = realloc(opt->place, capacity * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "opt");
	memset(grown + opt->capacity, 0, (capacity - opt->capacity) * sizeof(*grown));
	opt->place = grown;
	opt->capacity = (uint32_t)capacity;
	return renumber(opt, capacity * 4, err);
}

/* The class of a number: the first size that is not below it. */
static uint8_t class_of(const struct opt_sizes *opt, uint64_t number)
{
	uint8_t class = 0;

	while (class < opt->setup.count && opt->sizes[class] < number)
		class ++;
	return class;
}

/* Carries x's class to the pages used before it. Returns the class of the distance. */
BEL_INLINE uint8_t descend(struct opt_sizes *opt, size_t place, const struct bel_line_ops ops)
{
	uint8_t carry = opt->tree.level[0][place];

	bel_min_tree_set(&opt->tree, place, BEL_MT_EMPTY, ops);
	while (carry) {
		uint8_t smaller;

		place = bel_min_tree_before(&opt->tree, place, carry, ops);
		if (place == SIZE_MAX)
			break;
		smaller = opt->tree.level[0][place];
		bel_min_tree_set(&opt->tree, place, carry, ops);
		carry = smaller;
	}
	return carry;
}

/*
 * With many pages, a page's place and its line of the tree miss the caches, so both are
 * prefetched.
 */
enum { ENTRY_AHEAD = 24, LINE_AHEAD = 8 };

BEL_INLINE void prefetch(const struct opt_sizes *opt, const struct bel_run *runs)
{
	const uint32_t soon = opt->place[runs[LINE_AHEAD].page];

	__builtin_prefetch(&opt->place[runs[ENTRY_AHEAD].page], 1);
	if (soon)
		__builtin_prefetch(&opt->tree.level[0][soon - 1], 1);
}

BEL_INLINE int feed(struct opt_sizes *opt, const struct bel_batch *batch, struct bel_err *err,
	const struct bel_line_ops ops)
{
	for (size_t i = 0; i < batch->count; i++) {
		const uint32_t page = batch->runs[i].page;
		uint8_t class;

		if (i + ENTRY_AHEAD < batch->count)
			prefetch(opt, batch->runs + i);
		opt->references += bel_run_count(batch->runs[i]);
		if (page == opt->current) {
			opt->distance[0]++;
			continue;
		}
		if (opt->place[page]) {
			class = descend(opt, opt->place[page] - 1, ops);
			opt->distance[class]++;
		} else {
			class = class_of(opt, ++opt->compulsory);
		}
		if (opt->current != NONE)
			bel_min_tree_set(&opt->tree, opt->place[opt->current] - 1, class, ops);
		opt->place[page] = 0;
		if (opt->next == opt->tree.places && renumber(opt, opt->tree.places, err) < 0)
			return BEL_FAIL;
		bel_min_tree_set(&opt->tree, opt->next, 0, ops);
		opt->page_at[opt->next] = page;
		opt->place[page] = (uint32_t)++opt->next;
		opt->current = page;
	}
	opt->runs += batch->count;
	return BEL_OK;
}

static int feed_portable(struct opt_sizes *opt, const struct bel_batch *batch, struct bel_err *err)
{
	return feed(opt, batch, err, (struct bel_line_ops){bel_line_below, bel_line_least});
}

#if defined(__x86_64__)
static BEL_AVX512 int feed_avx512(
	struct opt_sizes *opt, const struct bel_batch *batch, struct bel_err *err)
{
	return feed(opt, batch, err,
		(struct bel_line_ops){bel_line_below_avx512, bel_line_least_avx512});
}
#endif

static int opt_sizes_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct opt_sizes *opt = self;

	if (reserve(opt, pages, err) < 0)
		return BEL_FAIL;
#if defined(__x86_64__)
	if (!opt->setup.portable && bel_has_avx512())
		return feed_avx512(opt, batch, err);
#endif
	return feed_portable(opt, batch, err);
}

static int opt_sizes_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	struct opt_sizes *opt = self;
	uint64_t hits = opt->references - opt->runs;

	if (bel_points_init(curve, &opt->setup, opt->pages, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < curve->count; i++) {
		hits += opt->distance[i];
		curve->faults[i] = opt->references - hits;
	}
	curve->policy = "opt";
	curve->algorithm = "distance classes";
	curve->exact = true;
	curve->references = opt->references;
	curve->pages = opt->pages;
	curve->compulsory = opt->compulsory;
	return BEL_OK;
}

const struct bel_curve_algorithm bel_curve_opt_sizes = {
	.policy = "opt",
	.name = "classes",
	.source = "R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for "
		  "storage hierarchies, IBM Systems Journal 9(2), 1970",
	.caps = BEL_CURVE_SNAPSHOT,
	.rank = 1,
	.most_sizes = MAX_SIZES,
	.create = opt_sizes_create,
	.feed = opt_sizes_feed,
	.finish = opt_sizes_snapshot,
	.snapshot = opt_sizes_snapshot,
	.destroy = opt_sizes_destroy,
};

BEL_CURVE(bel_curve_opt_sizes);

/* SPDX-License-Identifier: MIT */
/*
 * sample_lru.c: LRU's curve from a sample of a fixed number of pages (SHARDS, FAST 2015).
 *
 * The pages of the sample are in a rank bitmap, in order of their last use, as in lru_stack.h.
 * When there is one page too many, the threshold falls to the highest hash and its page leaves.
 * Each sampled reference has the weight 1 / rate, with the rate at that time. So each reference of
 * the trace counts 1 on average, and nothing has to be rescaled when the rate falls.
 */
#include <stdlib.h>
#include <string.h>

#include "page_table.h"
#include "rank_bitmap.h"
#include "sample.h"
#include "simd.h"

/*
 * If all sizes are wanted, the step from one size to the next is this fraction of the size, but at
 * least one frame.
 */
#define OCTAVE_PARTS 64
enum { BLOCK = 2048 }; /* runs that are processed at once */

#define ALL ((uint64_t)1 << 32) /* a threshold that no hash reaches */

struct sampled_page {
	uint32_t page, hash, place;
};

struct sample_lru {
	struct bel_sample_rule rule;
	uint32_t most, count;     /* pages */
	struct sampled_page *in;  /* by slot */
	uint32_t *heap;           /* slots, the highest hash first; after `count`: free slots */
	struct bel_page_table at; /* the slot of each page */
	struct bel_rank_bitmap map;
	uint32_t *slot_at; /* of each place in use */
	size_t next;       /* the next place to give */
	struct bel_run chosen[BLOCK + BEL_SAMPLE_SLACK];

	bool all;
	uint64_t *x;    /* sizes, ascending */
	double *weight; /* weight of references that hit here but not one size below */
	size_t sizes;
	uint64_t references, pages;
};

static void sample_lru_destroy(void *self)
{
	struct sample_lru *s = self;

	bel_page_table_release(&s->at);
	bel_rank_bitmap_release(&s->map);
	free(s->in);
	free(s->heap);
	free(s->slot_at);
	free(s->x);
	free(s->weight);
	free(s);
}

/* The requested sizes, or sizes whose steps grow with them, up to any possible number of pages. */
static int make_sizes(struct sample_lru *s, const struct bel_curve_setup *setup)
{
	const size_t most = setup->x ? setup->count : 34 * OCTAVE_PARTS;
	const uint64_t end = ALL;

	s->all = !setup->x;
	s->x = malloc((most + 1) * sizeof(*s->x));
	s->weight = calloc(most + 1, sizeof(*s->weight));
	if (!s->x || !s->weight)
		return BEL_FAIL;
	if (setup->x) {
		memcpy(s->x, setup->x, setup->count * sizeof(*s->x));
		s->sizes = setup->count;
	}
	for (uint64_t x = 1; s->all && x < end; x += x < OCTAVE_PARTS ? 1 : x / OCTAVE_PARTS)
		s->x[s->sizes++] = x;
	return BEL_OK;
}

static void *sample_lru_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	const uint32_t most = (uint32_t)setup->param[0];
	struct sample_lru *s = calloc(1, sizeof(*s));

	if (!s) {
		bel_err_memory(err, "a sample of pages");
		return NULL;
	}
	*s = (struct sample_lru){
		.rule = {ALL, bel_sample_mix(setup->seed), !setup->portable && bel_has_avx512()},
		.most = most,
		.in = calloc((size_t)most + 1, sizeof(*s->in)),
		.heap = malloc(((size_t)most + 1) * sizeof(*s->heap)),
	};
	if (s->in && s->heap && make_sizes(s, setup) == 0 &&
		bel_page_table_init(&s->at, err) == 0 &&
		bel_rank_bitmap_init(&s->map, (size_t)most * 4, err) == 0)
		s->slot_at = malloc(s->map.places * sizeof(*s->slot_at));
	if (!s->slot_at) {
		bel_err_memory(err, "a sample of pages");
		sample_lru_destroy(s);
		return NULL;
	}
	for (uint32_t slot = 0; slot <= most; slot++)
		s->heap[slot] = slot;
	return s;
}

/* Gives the pages new places from 0 on, in the same order. */
static void renumber(struct sample_lru *s)
{
	size_t next = 0;

	for (size_t place = 0; place < s->next; place++) {
		if (!(s->map.word[place / 64] >> place % 64 & 1))
			continue;
		s->slot_at[next] = s->slot_at[place];
		s->in[s->slot_at[next]].place = (uint32_t)next;
		next++;
	}
	bel_rank_bitmap_clear(&s->map);
	for (size_t place = 0; place < next; place++)
		bel_rank_bitmap_set(&s->map, place);
	s->next = next;
}

static void put_on_top(struct sample_lru *s, uint32_t slot)
{
	if (s->next == s->map.places)
		renumber(s);
	bel_rank_bitmap_set(&s->map, s->next);
	s->slot_at[s->next] = slot;
	s->in[slot].place = (uint32_t)s->next++;
}

static void sift_up(struct sample_lru *s, uint32_t at)
{
	const uint32_t slot = s->heap[at];

	while (at && s->in[s->heap[(at - 1) / 2]].hash < s->in[slot].hash) {
		s->heap[at] = s->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	s->heap[at] = slot;
}

static void sift_down(struct sample_lru *s)
{
	const uint32_t slot = s->heap[0];
	uint32_t at = 0, child;

	while ((child = 2 * at + 1) < s->count) {
		if (child + 1 < s->count &&
			s->in[s->heap[child + 1]].hash > s->in[s->heap[child]].hash)
			child++;
		if (s->in[s->heap[child]].hash <= s->in[slot].hash)
			break;
		s->heap[at] = s->heap[child];
		at = child;
	}
	s->heap[at] = slot;
}

/* Removes the page with the highest hash; its slot becomes the first free one. */
static void drop_highest(struct sample_lru *s)
{
	const uint32_t slot = s->heap[0];

	bel_rank_bitmap_unset(&s->map, s->in[slot].place);
	bel_page_table_remove(&s->at, s->in[slot].page);
	s->heap[0] = s->heap[--s->count];
	s->heap[s->count] = slot;
	sift_down(s);
}

/*
 * Adds a page. If the sample is too large, the pages with the highest hash leave, perhaps this
 * one.
 */
static int admit(struct sample_lru *s, uint32_t page, uint32_t hash, struct bel_err *err)
{
	const uint32_t slot = s->heap[s->count];

	if (bel_page_table_add(&s->at, page, slot, err) < 0)
		return BEL_FAIL;
	s->in[slot] = (struct sampled_page){.page = page, .hash = hash};
	put_on_top(s, slot);
	sift_up(s, s->count++);
	if (s->count <= s->most)
		return BEL_OK;
	s->rule.threshold = s->in[s->heap[0]].hash;
	while (s->count && s->in[s->heap[0]].hash >= s->rule.threshold)
		drop_highest(s);
	return BEL_OK;
}

/* The distance in the whole trace is about the distance in the sample divided by the rate. */
static void count_reuse(struct sample_lru *s, uint64_t distance)
{
	const double rate = (double)s->rule.threshold / (double)ALL;
	const double wanted = (double)distance / rate;
	size_t low = 0, high = s->sizes;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if ((double)s->x[middle] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	s->weight[low] += 1 / rate; /* the last element counts references beyond all sizes */
}

/* Processes a run on a page that was in the sample when its block began. */
static int take(struct sample_lru *s, uint32_t page, struct bel_err *err)
{
	const uint32_t hash = bel_sample_hash(page, s->rule.seed);
	uint32_t slot;

	if (hash >= s->rule.threshold)
		return BEL_OK;
	slot = bel_page_table_find(&s->at, page);
	if (slot == BEL_NOT_IN_TABLE)
		return admit(s, page, hash, err);
	count_reuse(s, 1 + bel_rank_bitmap_behind(&s->map, s->in[slot].place, s->next));
	bel_rank_bitmap_unset(&s->map, s->in[slot].place);
	put_on_top(s, slot);
	return BEL_OK;
}

static int sample_lru_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct sample_lru *s = self;
	uint64_t references = 0;

	s->pages = pages > s->pages ? pages : s->pages;
	for (size_t i = 0; i < batch->count; i++)
		references += bel_run_count(batch->runs[i]);
	s->references += references;
	for (size_t i = 0; i < batch->count; i += BLOCK) {
		const size_t left = batch->count - i;
		const size_t n = bel_sample_select(
			&s->rule, batch->runs + i, left < BLOCK ? left : BLOCK, s->chosen);

		for (size_t k = 0; k < n; k++)
			if (take(s, s->chosen[k].page, err) < 0)
				return BEL_FAIL;
	}
	return BEL_OK;
}

static int sample_lru_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	const struct sample_lru *s = self;
	const uint64_t pages = s->pages;
	double missing = s->weight[s->sizes];
	size_t count = s->sizes;

	/* If all sizes are wanted, they end at the footprint. */
	while (s->all && count > 1 && s->x[count - 2] >= pages)
		count--;
	*curve = (struct bel_curve){
		.policy = "lru",
		.algorithm = "stack distances, sample of a fixed number of pages",
		.exact = s->rule.threshold == ALL,
		.references = s->references,
		.pages = pages,
		.compulsory = pages,
		.count = count,
		.x = malloc((count + 1) * sizeof(*curve->x)),
		.faults = malloc((count + 1) * sizeof(*curve->faults)),
		.sampled_rate = (double)s->rule.threshold / (double)ALL,
		.sampled_pages = s->count,
	};
	if (!curve->x || !curve->faults) {
		bel_curve_release(curve);
		return bel_err_memory(err, "curves");
	}
	for (size_t i = s->sizes; i-- > 0; missing += s->weight[i]) {
		const double faults = (double)pages + missing;

		if (i >= count)
			continue;
		curve->x[i] = s->x[i];
		curve->faults[i] =
			faults < (double)s->references ? (uint64_t)(faults + 0.5) : s->references;
	}
	if (s->all && pages) {
		curve->x[count - 1] = pages;
		curve->faults[count - 1] = pages;
	}
	return BEL_OK;
}

const struct bel_curve_algorithm bel_sample_lru = {
	.policy = "lru",
	.name = "sample",
	.source = "C. A. Waldspurger, N. Park, A. Garthwaite, I. Ahmad, Efficient MRC construction "
		  "with SHARDS, FAST 2015",
	.caps = BEL_CURVE_ALL | BEL_CURVE_SNAPSHOT,
	.create = sample_lru_create,
	.feed = sample_lru_feed,
	.finish = sample_lru_snapshot,
	.snapshot = sample_lru_snapshot,
	.destroy = sample_lru_destroy,
};

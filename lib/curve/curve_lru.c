/* SPDX-License-Identifier: MIT */
/* curve_lru.c: LRU at every size from one pass: faults, write-backs, reuse distances. */
#include <stdlib.h>
#include <string.h>

#include "lru_stack.h"
#include "points.h"

struct lru {
	struct bel_lru_stack stack;
	struct bel_curve_setup setup;
};

static void lru_destroy(void *self)
{
	struct lru *lru = self;

	bel_rank_bitmap_release(&lru->stack.map);
	free(lru->stack.place);
	free(lru->stack.level);
	free(lru->stack.distance);
	free(lru->stack.step);
	free(lru);
}

static void *lru_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct lru *lru = aligned_alloc(64, (sizeof(*lru) + 63) / 64 * 64);

	if (!lru) {
		bel_err_memory(err, "stack distances");
		return NULL;
	}
	memset(lru, 0, sizeof(*lru));
	memset(lru->stack.page, 0xff, sizeof(lru->stack.page));
	lru->setup = *setup;
	lru->stack.timed = !setup->portable && bel_has_avx512();
	if (bel_rank_bitmap_init(&lru->stack.map, 1, err) < 0) {
		free(lru);
		return NULL;
	}
	return lru;
}

/* Enlarges an array of elements of `width` bytes; new bytes are set to `byte`. */
static int grow(void *array, size_t width, size_t from, size_t to, int byte, struct bel_err *err)
{
	char *grown = realloc(*(char **)array, to * width);

	if (!grown)
		return bel_err_memory(err, "stack distances");
	memset(grown + from * width, byte, (to - from) * width);
	*(char **)array = grown;
	return BEL_OK;
}

static int grow_levels(struct bel_lru_stack *s, size_t from, size_t to, struct bel_err *err)
{
	return grow(&s->step, sizeof(*s->step), from, to, 0, err) < 0
		       ? BEL_FAIL
		       : grow(&s->level, sizeof(*s->level), from, to, 0xff, err);
}

static int reserve(struct lru *lru, uint32_t pages, struct bel_err *err)
{
	struct bel_lru_stack *s = &lru->stack;
	const size_t from = s->capacity;
	size_t to = from ? from : 4096;

	if (s->pages < pages)
		s->pages = pages;
	if (pages + (size_t)2 <= from)
		return BEL_OK;
	while (to < pages + (size_t)2)
		to += to / 4; /* at most 30 bytes per page, with write-backs */
	if (to > UINT32_MAX)
		to = UINT32_MAX;
	if (grow(&s->place, sizeof(*s->place), from, to, 0, err) < 0 ||
		grow(&s->distance, sizeof(*s->distance), from, to, 0, err) < 0 ||
		(s->level && grow_levels(s, from, to, err) < 0))
		return BEL_FAIL;
	s->capacity = (uint32_t)to;
	return BEL_OK;
}

static int lru_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct lru *lru = self;

	if (reserve(lru, pages, err) < 0)
		return BEL_FAIL;
	if (lru->setup.writebacks && !lru->stack.level && bel_curve_writes(batch) &&
		grow_levels(&lru->stack, 0, lru->stack.capacity, err) < 0)
		return BEL_FAIL;
	return lru->stack.timed ? bel_lru_stack_feed_avx512(&lru->stack, batch, err)
				: bel_lru_stack_feed(&lru->stack, batch, err);
}

/* The depth of a near page in the stack, from 1. */
static uint32_t near_depth(const struct bel_lru_stack *s, unsigned k)
{
	uint32_t depth = 1;

	if (!s->timed)
		return k + 1;
	for (unsigned j = 0; j < BEL_NEAR; j++)
		depth += s->time[j] > s->time[k];
	return depth;
}

/*
 * A page that is dirty at the end has been written back at the sizes from its level to below its
 * depth. From the larger of the two on, it is resident and dirty.
 */
static void count_left(
	const struct bel_lru_stack *s, int64_t *step, int64_t *dirty, uint32_t page, uint32_t depth)
{
	const uint32_t level = s->level[page];

	if (depth > level) {
		step[level]++;
		step[depth]--;
	}
	if (level != BEL_CLEAN)
		dirty[depth > level ? depth : level]++;
}

static void count_all_left(const struct bel_lru_stack *s, int64_t *step, int64_t *dirty)
{
	for (unsigned k = 0; k < BEL_NEAR; k++)
		if (s->page[k] != BEL_NO_PAGE)
			count_left(s, step, dirty, s->page[k], near_depth(s, k));
	for (uint32_t page = 0; page < s->pages; page++)
		if (s->place[page])
			count_left(s, step, dirty, page,
				BEL_NEAR + 1 +
					(uint32_t)bel_rank_bitmap_behind(
						&s->map, s->place[page] - 1, s->next));
}

/* What changes from one size to the next if the trace ends now: write-backs, dirty pages. */
struct steps {
	int64_t *writebacks, *dirty;
};

/* `last`: the trace does end, so no copy is needed. */
static int final_steps(const struct lru *lru, bool last, struct steps *steps, struct bel_err *err)
{
	const struct bel_lru_stack *s = &lru->stack;
	const size_t count = (size_t)s->pages + 2;

	*steps = (struct steps){
		.writebacks = last ? s->step : malloc(count * sizeof(*s->step)),
		.dirty = calloc(count, sizeof(*steps->dirty)),
	};
	if (!steps->writebacks || !steps->dirty)
		return bel_err_memory(err, "write-backs");
	if (!last)
		memcpy(steps->writebacks, s->step, count * sizeof(*s->step));
	count_all_left(s, steps->writebacks, steps->dirty);
	return BEL_OK;
}

static void release_steps(struct steps *steps, bool last)
{
	if (!last)
		free(steps->writebacks);
	free(steps->dirty);
}

static uint64_t at_distance(const struct bel_lru_stack *s, uint64_t d)
{
	uint64_t n = 0;

	if (d > BEL_NEAR)
		return s->distance[d];
	for (int copy = 0; copy < 4; copy++)
		n += s->near_distance[copy][d];
	return n + (d == 1 ? s->references - s->runs : 0);
}

/* Adds up what changes from size to size. */
static void fill_points(const struct lru *lru, const struct steps *steps, struct bel_curve *curve)
{
	const struct bel_lru_stack *s = &lru->stack;
	uint64_t hits = 0, size = 0;
	int64_t writebacks = 0, dirty = 0;

	for (size_t i = 0; i < curve->count; i++) {
		for (; size < curve->x[i] && size < s->pages; size++) {
			hits += at_distance(s, size + 1);
			writebacks += steps->writebacks ? steps->writebacks[size + 1] : 0;
			dirty += steps->dirty ? steps->dirty[size + 1] : 0;
		}
		curve->faults[i] = s->references - hits;
		if (!curve->writebacks)
			continue;
		curve->writebacks[i] = (uint64_t)writebacks;
		curve->dirty[i] = (uint64_t)dirty;
	}
}

static int make_curve(
	const struct lru *lru, bool last, struct bel_curve *curve, struct bel_err *err)
{
	const struct bel_lru_stack *s = &lru->stack;
	struct steps steps = {.dirty = NULL};
	int r = BEL_OK;

	if (bel_points_init_writebacks(curve, &lru->setup, s->pages, err) < 0)
		return BEL_FAIL;
	if (s->level)
		r = final_steps(lru, last, &steps, err);
	if (r == BEL_OK)
		fill_points(lru, &steps, curve);
	release_steps(&steps, last);
	if (r < 0) {
		bel_curve_release(curve);
		return r;
	}
	curve->policy = "lru";
	curve->algorithm = "stack distances";
	curve->exact = true;
	curve->references = s->references;
	curve->pages = s->pages;
	curve->compulsory = s->compulsory;
	return BEL_OK;
}

static int lru_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	return make_curve(self, false, curve, err);
}

static int lru_finish(void *self, struct bel_curve *curve, struct bel_err *err)
{
	return make_curve(self, true, curve, err);
}

static const struct bel_curve_algorithm lru = {
	.policy = "lru",
	.name = "stack",
	.source = "R. L. Mattson, J. Gecsei, D. R. Slutz, I. L. Traiger, Evaluation techniques for "
		  "storage hierarchies, IBM Systems Journal 9(2), 1970",
	.caps = BEL_CURVE_ALL | BEL_CURVE_WRITEBACKS | BEL_CURVE_SNAPSHOT,
	.least_sizes = 4,
	.create = lru_create,
	.feed = lru_feed,
	.finish = lru_finish,
	.snapshot = lru_snapshot,
	.destroy = lru_destroy,
};

BEL_CURVE(lru);

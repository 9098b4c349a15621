/* SPDX-License-Identifier: MIT */
/*
 * model_sampled.c: the reference models of policies that draw a few pages and evict the worst of
 * them.
 */
#include <math.h>
#include <stdlib.h>

#include "model_random.h"
#include "random_trace.h"
#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

/* Removes a page. The list's last page takes its place. */
static void close_gap(struct model_list *frames, uint64_t page)
{
	const uint64_t last = frames->page[--frames->count];

	for (size_t i = 0; i < frames->count; i++) {
		if (frames->page[i] == page)
			frames->page[i] = last;
	}
}

/* The frame of the worst page of a random sample; with sample=0, of all pages. */
static size_t worst(struct reference_model *t, const struct model_list *frames, uint64_t *draws,
	bool (*is_worse)(const struct reference_model *t, uint64_t page, uint64_t other))
{
	const uint64_t sample = (uint64_t)model_param(t, "sample");
	size_t found = sample ? model_random_below(draws, t->frames) : 0;

	for (uint64_t i = 1; i < (sample ? sample : frames->count); i++) {
		const size_t frame = sample ? model_random_below(draws, t->frames) : i;

		if (is_worse(t, frames->page[frame], frames->page[found]))
			found = frame;
	}
	return found;
}

/* ---- hyperbolic ---- */

struct hyperbolic_model {
	struct model_list frames;
	uint64_t draws;
	uint64_t count[PAGES_MAX], loaded[PAGES_MAX];
};

static void hyperbolic_start(struct reference_model *t)
{
	struct hyperbolic_model *self = t->self;

	self->draws = t->seed;
}

static void hyperbolic_hit(struct reference_model *t, uint64_t page)
{
	struct hyperbolic_model *self = t->self;

	self->count[page]++;
}

static bool hyperbolic_is_worse(const struct reference_model *t, uint64_t page, uint64_t other)
{
	const struct hyperbolic_model *self = t->self;

	return self->count[page] * (t->now - self->loaded[other]) <
	       self->count[other] * (t->now - self->loaded[page]);
}

static void hyperbolic_fault(struct reference_model *t, uint64_t page)
{
	struct hyperbolic_model *self = t->self;

	if (t->resident.count == t->frames) {
		const size_t frame = worst(t, &self->frames, &self->draws, hyperbolic_is_worse);

		model_evict(t, self->frames.page[frame]);
		self->frames.page[frame] = page;
	} else {
		model_list_add(&self->frames, page);
	}
	self->count[page] = 1;
	self->loaded[page] = t->now;
}

static void hyperbolic_drop(struct reference_model *t, uint64_t page)
{
	struct hyperbolic_model *self = t->self;

	close_gap(&self->frames, page);
}

static void hyperbolic_end(struct reference_model *t)
{
	struct hyperbolic_model *self = t->self;

	model_list_free(&self->frames);
}

static const char *const hyperbolic_specs[] = {
	"hyperbolic", "hyperbolic:sample=1", "hyperbolic:sample=3", "hyperbolic:sample=0", NULL};

static const struct model_kind hyperbolic = {
	.policy = "hyperbolic",
	.specs = hyperbolic_specs,
	.size = sizeof(struct hyperbolic_model),
	.start = hyperbolic_start,
	.hit = hyperbolic_hit,
	.fault = hyperbolic_fault,
	.drop = hyperbolic_drop,
	.end = hyperbolic_end,
};

MODEL(hyperbolic);

/* ---- lhd ---- */

#define AGES 4096
#define CLASSES 16

struct lhd_model {
	struct model_list frames;
	uint64_t draws;
	uint64_t used[PAGES_MAX];       /* time of the last reference */
	uint64_t hit_age[PAGES_MAX][2]; /* at the last hit, and at the one before */
	bool explorer[PAGES_MAX];
	size_t explorers;
	bool learnt;
	double (*hits)[AGES], (*evictions)[AGES], (*density)[AGES]; /* of each class */
};

static void lhd_start(struct reference_model *t)
{
	struct lhd_model *self = t->self;

	self->draws = t->seed;
	self->hits = test_alloc(CLASSES, sizeof(*self->hits));
	self->evictions = test_alloc(CLASSES, sizeof(*self->evictions));
	self->density = test_alloc(CLASSES, sizeof(*self->density));
}

static uint64_t age_of(const struct reference_model *t, uint64_t page)
{
	const struct lhd_model *self = t->self;
	uint64_t unit = 1, age;

	while (AGES * unit < 100 * t->frames)
		unit *= 2;
	age = (t->now - self->used[page]) / unit;
	return age < AGES ? age : AGES - 1;
}

static int class_of(const struct reference_model *t, uint64_t page)
{
	const struct lhd_model *self = t->self;
	uint64_t sum = self->hit_age[page][0] + self->hit_age[page][1];
	int class = 0;

	while (sum < AGES && class < CLASSES - 1) {
		sum *= 2;
		class ++;
	}
	return class;
}

static void lhd_hit(struct reference_model *t, uint64_t page)
{
	struct lhd_model *self = t->self;
	const uint64_t age = age_of(t, page);

	self->hits[class_of(t, page)][age]++;
	self->hit_age[page][1] = self->hit_age[page][0];
	self->hit_age[page][0] = age;
	self->used[page] = t->now;
	self->explorers -= self->explorer[page];
	self->explorer[page] = false;
}

static double lhd_density(const struct reference_model *t, uint64_t page)
{
	const struct lhd_model *self = t->self;
	const uint64_t age = age_of(t, page);
	const int class = class_of(t, page);

	if (age == AGES - 1)
		return -1;
	return (self->learnt ? self->density[class][age]
			     : (double)(class + 1) / (double)(age + 1)) +
	       self->explorer[page];
}

static bool lhd_is_worse(const struct reference_model *t, uint64_t page, uint64_t other)
{
	return lhd_density(t, page) < lhd_density(t, other);
}

static void lhd_drop(struct reference_model *t, uint64_t page)
{
	struct lhd_model *self = t->self;

	close_gap(&self->frames, page);
	self->explorers -= self->explorer[page];
	self->explorer[page] = false;
}

static void lhd_fault(struct reference_model *t, uint64_t page)
{
	struct lhd_model *self = t->self;
	const double most = floor(model_param(t, "explorers") * (double)t->frames);

	if (t->resident.count == t->frames) {
		const size_t frame = worst(t, &self->frames, &self->draws, lhd_is_worse);
		const uint64_t victim = self->frames.page[frame];

		self->evictions[class_of(t, victim)][age_of(t, victim)]++;
		self->explorers -= self->explorer[victim];
		model_evict(t, victim);
		self->frames.page[frame] = page;
	} else {
		model_list_add(&self->frames, page);
	}
	self->used[page] = t->now;
	self->hit_age[page][0] = 0;
	self->hit_age[page][1] = AGES;
	self->explorer[page] =
		model_random_below(&self->draws, 32) == 0 && (double)self->explorers < most;
	self->explorers += self->explorer[page];
}

static void lhd_after(struct reference_model *t, uint64_t page)
{
	struct lhd_model *self = t->self;
	const double decay = model_param(t, "decay");

	(void)page;
	if ((t->now + 1) % (uint64_t)model_param(t, "interval") != 0)
		return;
	self->learnt = true;
	for (int class = 0; class < CLASSES; class ++) {
		double hits = 0, events = 0, time = 0;

		for (int age = AGES - 1; age >= 0; age--) {
			self->hits[class][age] *= decay;
			self->evictions[class][age] *= decay;
			hits += self->hits[class][age];
			events += self->hits[class][age] + self->evictions[class][age];
			time += events;
			self->density[class][age] = events > 0.00001 ? hits / time : 0;
		}
	}
}

static void lhd_end(struct reference_model *t)
{
	struct lhd_model *self = t->self;

	model_list_free(&self->frames);
	free(self->hits);
	free(self->evictions);
	free(self->density);
}

static const char *const lhd_specs[] = {"lhd", "lhd:interval=100:explorers=0.5",
	"lhd:interval=30:sample=3:decay=0.5:explorers=1", "lhd:sample=0:interval=200:decay=0",
	"lhd:sample=1:interval=60:decay=1:explorers=0.2", NULL};

static const struct model_kind lhd = {
	.policy = "lhd",
	.specs = lhd_specs,
	.size = sizeof(struct lhd_model),
	.start = lhd_start,
	.hit = lhd_hit,
	.fault = lhd_fault,
	.after = lhd_after,
	.drop = lhd_drop,
	.end = lhd_end,
};

MODEL(lhd);

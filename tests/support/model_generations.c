/* SPDX-License-Identifier: MIT */
/* model_generations.c: the reference model of Linux's generations, written from mglru.c's head. */
#include <string.h>

#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */
#define GENERATIONS 4

struct mglru_model {
	struct model_list list[GENERATIONS]; /* [0]: the oldest; page[0] is a list's oldest */
	uint64_t oldest, count;              /* number of list[0]; lists */
	uint64_t number[PAGES_MAX], agings;
	bool in_filter[PAGES_MAX]; /* of the next aging, by number of the table */
	bool taken[PAGES_MAX], marked[PAGES_MAX], spared[PAGES_MAX];
	bool left[PAGES_MAX];        /* the page was evicted, */
	uint64_t left_at[PAGES_MAX]; /* when this was the number of list[0] */
};

static uint64_t param(const struct reference_model *t, const char *name)
{
	return (uint64_t)model_param(t, name);
}

static void mglru_start(struct reference_model *t)
{
	struct mglru_model *self = t->self;

	self->count = GENERATIONS;
}

static void enter(struct mglru_model *self, uint64_t page)
{
	self->number[page] = self->oldest + self->count - 1;
	model_list_add(&self->list[self->count - 1], page);
}

/* The oldest list, which is empty, is removed. */
static void shift(struct mglru_model *self)
{
	struct model_list gone = self->list[0];

	for (size_t i = 1; i < self->count; i++)
		self->list[i - 1] = self->list[i];
	self->list[--self->count] = gone;
	self->oldest++;
}

static uint64_t pages_of(const struct reference_model *t, uint64_t number)
{
	const struct mglru_model *self = t->self;
	uint64_t n = 0;

	for (size_t i = 0; i < t->resident.count; i++)
		n += self->number[t->resident.page[i]] == number;
	return n;
}

static bool resident_and_accessed(const struct reference_model *t, uint64_t page)
{
	return model_list_has(&t->resident, page) && model_accessed(t, page);
}

static void mglru_age(struct reference_model *t)
{
	struct mglru_model *self = t->self;
	const uint64_t size = param(t, "table");
	const bool all = self->agings == 0 || !param(t, "filter");
	bool next[PAGES_MAX] = {false};

	for (uint64_t table = 0; param(t, "walk") && table * size < PAGES_MAX; table++) {
		uint64_t young = 0;

		if (!all && !self->in_filter[table])
			continue;
		for (uint64_t page = table * size; page < (table + 1) * size; page++)
			if (page < PAGES_MAX && resident_and_accessed(t, page)) {
				model_clear_accessed(t, page);
				self->spared[page] = false;
				self->number[page] = self->oldest + self->count - 1;
				young++;
			}
		next[table] = young * 8 >= size;
	}
	memcpy(self->in_filter, next, sizeof(next));
	self->count++;
	self->agings++;
}

static void look_around(struct reference_model *t, uint64_t page)
{
	struct mglru_model *self = t->self;
	const uint64_t size = param(t, "table"), table = page / size;
	const uint64_t around = param(t, "around") < size ? param(t, "around") : size;
	uint64_t first = table * size, young = 1;

	model_clear_accessed(t, page);
	if (!around)
		return;
	while (first + around / 2 < page && first + around < (table + 1) * size)
		first++;
	for (uint64_t near = first; near < first + around && near < PAGES_MAX; near++) {
		if (!resident_and_accessed(t, near))
			continue;
		model_clear_accessed(t, near);
		self->spared[near] = false;
		young++;
		if (self->taken[near]) {
			self->marked[near] = true;
		} else if (self->number[near] != self->oldest + self->count - 1) {
			for (size_t i = 0; i < self->count; i++)
				model_list_take(&self->list[i], near);
			enter(self, near);
		}
	}
	if (young * 8 >= around)
		self->in_filter[table] = true;
}

/* Returns how many pages were scanned; 0 if none was taken. */
static uint64_t batch(struct reference_model *t, uint64_t most)
{
	struct mglru_model *self = t->self;
	struct model_list taken = {.page = NULL}, kept = {.page = NULL};
	uint64_t scanned = 0;

	for (; taken.count < most && self->list[0].count; scanned++) {
		const uint64_t page = model_list_pop(&self->list[0]);

		if (self->number[page] == self->oldest && self->spared[page]) {
			self->spared[page] = false;
			self->number[page]++;
			model_list_add_front(&self->list[1], page);
			continue;
		}
		self->taken[page] = self->number[page] == self->oldest;
		model_list_add(
			self->taken[page] ? &taken : &self->list[self->number[page] - self->oldest],
			page);
	}
	while (self->count > 2 && !self->list[0].count)
		shift(self);
	for (size_t i = 0; i < taken.count; i++) {
		const uint64_t page = taken.page[i];

		if (!self->marked[page] && !model_accessed(t, page)) {
			model_evict(t, page);
			self->left[page] = true;
			self->left_at[page] = self->oldest;
			continue;
		}
		if (!self->marked[page])
			look_around(t, page);
		model_list_add(&kept, page);
	}
	for (size_t i = 0; i < taken.count; i++)
		self->taken[taken.page[i]] = self->marked[taken.page[i]] = false;
	for (size_t i = 0; i < kept.count; i++)
		enter(self, kept.page[i]);
	scanned = taken.count ? scanned : 0;
	model_list_free(&taken);
	model_list_free(&kept);
	return scanned;
}

static bool aging_is_due(const struct reference_model *t)
{
	const struct mglru_model *self = t->self;
	const uint64_t all = t->resident.count;

	if (self->count == 2)
		return true;
	return self->count == 3 && param(t, "ahead") &&
	       (pages_of(t, self->oldest + 2) > all / 2 ||
		       pages_of(t, self->oldest) < (all + 3) / 4);
}

static void reclaim(struct reference_model *t)
{
	struct mglru_model *self = t->self;
	const uint64_t before = t->resident.count;
	uint64_t most = param(t, "batch"), n = 1;

	if (most > t->frames / 8)
		most = t->frames < 16 ? 1 : t->frames / 8;
	for (int p = 12; p >= 0; p--) {
		for (uint64_t scanned = 0;; scanned += n) {
			if ((before - t->resident.count) * 2 >= most)
				return;
			if (aging_is_due(t) && p < 12) {
				mglru_age(t);
				break;
			}
			if (self->count == 2 || scanned >= t->resident.count >> p)
				break;
			n = batch(t, most);
			if (!n)
				break;
		}
	}
}

static void mglru_fault(struct reference_model *t, uint64_t page)
{
	struct mglru_model *self = t->self;

	while (t->resident.count == t->frames)
		reclaim(t);
	enter(self, page);
	self->spared[page] =
		param(t, "spare") && self->left[page] && self->left_at[page] == self->oldest;
}

static void mglru_drop(struct reference_model *t, uint64_t page)
{
	struct mglru_model *self = t->self;

	for (size_t i = 0; i < self->count; i++)
		model_list_take(&self->list[i], page);
	self->left[page] = false;
}

static void mglru_end(struct reference_model *t)
{
	struct mglru_model *self = t->self;

	for (size_t i = 0; i < GENERATIONS; i++)
		model_list_free(&self->list[i]);
}

static const char *const mglru_specs[] = {"mglru", "mglru:table=8", "mglru:table=8:around=4",
	"mglru:table=16:around=8:ahead=off", "mglru:table=8:around=0", "mglru:table=8:walk=off",
	"mglru:table=10:around=7:filter=off", "mglru:batch=1:table=8", "mglru:batch=3:around=2",
	"mglru:around=0:walk=off:ahead=off", "mglru:spare=off", "mglru:table=8:spare=off",
	"mglru:batch=3:around=0:spare=off", NULL};

static const struct model_kind mglru = {
	.policy = "mglru",
	.specs = mglru_specs,
	.size = sizeof(struct mglru_model),
	.start = mglru_start,
	.fault = mglru_fault,
	.drop = mglru_drop,
	.end = mglru_end,
};

MODEL(mglru);

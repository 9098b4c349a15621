/* SPDX-License-Identifier: MIT */
/* model_eelru.c: the reference model of early eviction LRU. */
#include <math.h>

#include "reference_model.h"

#define POSITIONS_MAX 8192 /* more than frames times `reach` of the specs below */

struct eelru_model {
	struct model_list order; /* page[0], at position 1, is the latest; with evicted pages */
	uint64_t referenced[POSITIONS_MAX]; /* references counted at each point */
	uint64_t faults;                    /* since the counts were halved */
	uint64_t early[16], late[16];
	size_t earlies, lates;
};

static void eelru_start(struct reference_model *t)
{
	struct eelru_model *self = t->self;
	const uint64_t points = (uint64_t)model_param(t, "points"), m = t->frames;
	const double reach = model_param(t, "reach");

	for (uint64_t i = 1; i < points; i++) {
		const uint64_t e = m * i / points ? m * i / points : 1;

		if (e < m)
			self->early[self->earlies++] = e;
	}
	for (uint64_t j = 1; j <= points; j++)
		self->late[self->lates++] =
			m + (uint64_t)floor((double)m * (reach - 1) * (double)j / (double)points);
}

/* The position of a page; 0: none. */
static size_t position(const struct eelru_model *self, uint64_t page)
{
	for (size_t i = 0; i < self->order.count; i++) {
		if (self->order.page[i] == page)
			return i + 1;
	}
	return 0;
}

/* Makes the page the latest. Forgets evicted pages beyond the last late point. */
static void eelru_move(struct reference_model *t, uint64_t page)
{
	struct eelru_model *self = t->self;

	model_list_take(&self->order, page);
	model_list_add_front(&self->order, page);
	for (size_t i = self->order.count; i > self->late[self->lates - 1]; i--) {
		const uint64_t far = self->order.page[i - 1];

		if (far != page && !model_list_has(&t->resident, far))
			model_list_take(&self->order, far);
	}
}

/*
 * Counts a reference at a position. All positions between two neighbouring points are counted
 * together, at the farther point.
 */
static void eelru_count(struct reference_model *t, size_t at)
{
	struct eelru_model *self = t->self;
	uint64_t point = UINT64_MAX;

	for (size_t i = 0; i < self->earlies; i++)
		point = self->early[i] >= at && self->early[i] < point ? self->early[i] : point;
	for (size_t i = 0; i < self->lates; i++)
		point = self->late[i] >= at && self->late[i] < point ? self->late[i] : point;
	if (t->frames >= at && t->frames < point)
		point = t->frames;
	if (at && point < POSITIONS_MAX)
		self->referenced[point]++;
}

static void eelru_hit(struct reference_model *t, uint64_t page)
{
	eelru_count(t, position(t->self, page));
	eelru_move(t, page);
}

/* The references counted at positions a + 1 to b. */
static double between(const struct eelru_model *self, uint64_t a, uint64_t b)
{
	uint64_t sum = 0;

	for (uint64_t position = a + 1; position <= b; position++)
		sum += self->referenced[position];
	return (double)sum;
}

/*
 * Finds the pair of points with the greatest gain from early eviction; false: no pair gains. The
 * formula is computed in doubles, from left to right. Rounding may make equal gains differ.
 */
static bool eelru_pair(const struct reference_model *t, uint64_t *e, uint64_t *l)
{
	const struct eelru_model *self = t->self;
	const double m = (double)t->frames;
	double best = 0;

	for (size_t i = 0; i < self->earlies; i++) {
		for (size_t j = 0; j < self->lates; j++) {
			const uint64_t early = self->early[i], late = self->late[j];
			const double gain = between(self, early, late) * (m - (double)early) /
						    (double)(late - early) -
					    between(self, early, t->frames);

			if (gain > best) {
				best = gain;
				*e = early;
				*l = late;
			}
		}
	}
	return best > 0;
}

static uint64_t eelru_victim(const struct reference_model *t, uint64_t page)
{
	const struct eelru_model *self = t->self;
	const size_t from = position(self, page);
	size_t oldest = self->order.count;
	uint64_t e = 0, l = 0;

	while (!model_list_has(&t->resident, self->order.page[oldest - 1]))
		oldest--;
	if (eelru_pair(t, &e, &l) && !(from && from <= e) && oldest <= l) {
		size_t at = e;

		while (!model_list_has(&t->resident, self->order.page[at - 1]))
			at++;
		return self->order.page[at - 1];
	}
	return self->order.page[oldest - 1];
}

static void eelru_fault(struct reference_model *t, uint64_t page)
{
	struct eelru_model *self = t->self;
	const uint64_t memory = (uint64_t)floor(model_param(t, "memory") * (double)t->frames);

	eelru_count(t, position(self, page));
	if (t->resident.count == t->frames)
		model_evict(t, eelru_victim(t, page));
	eelru_move(t, page);
	if (++self->faults == (memory > 16 ? memory : 16)) {
		for (size_t i = 0; i < POSITIONS_MAX; i++)
			self->referenced[i] /= 2;
		self->faults = 0;
	}
}

static void eelru_end(struct reference_model *t)
{
	struct eelru_model *self = t->self;

	model_list_free(&self->order);
}

static const char *const eelru_specs[] = {"eelru", "eelru:points=2:reach=2",
	"eelru:points=5:reach=1.7:memory=3", "eelru:points=16:reach=10:memory=100",
	"eelru:points=3:reach=1:memory=0", NULL};

static const struct model_kind eelru = {
	.policy = "eelru",
	.specs = eelru_specs,
	.size = sizeof(struct eelru_model),
	.start = eelru_start,
	.hit = eelru_hit,
	.fault = eelru_fault,
	.end = eelru_end,
};

MODEL(eelru);

/* SPDX-License-Identifier: MIT */
/* model_dlirs.c: the reference model of dynamic LIRS. page[0] of stack and queue is the oldest. */
#include <math.h>

#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

struct dlirs_model {
	struct model_list stack, queue;
	bool is_lir[PAGES_MAX], demoted[PAGES_MAX];
	uint64_t lirs; /* target number of LIR pages */
};

static void set_lirs(struct reference_model *t, double lirs)
{
	struct dlirs_model *self = t->self;
	const double most = t->frames > 1 ? (double)t->frames - 1 : 1;

	self->lirs = (uint64_t)fmin(most, fmax(1, lirs));
}

static void dlirs_start(struct reference_model *t)
{
	const double n = (double)t->frames;

	set_lirs(t, n - fmax(1, floor(model_param(t, "share") * n + 0.5)));
}

static size_t lir_count(const struct dlirs_model *self)
{
	size_t count = 0;

	for (size_t i = 0; i < self->stack.count; i++)
		count += self->is_lir[self->stack.page[i]];
	return count;
}

static size_t demoted_count(const struct dlirs_model *self)
{
	size_t count = 0;

	for (size_t i = 0; i < self->queue.count; i++)
		count += self->demoted[self->queue.page[i]];
	return count;
}

/* The number of pages in the stack that are not resident. */
static size_t left_count(const struct dlirs_model *self)
{
	size_t count = 0;

	for (size_t i = 0; i < self->stack.count; i++)
		count += !self->is_lir[self->stack.page[i]] &&
			 !model_list_has(&self->queue, self->stack.page[i]);
	return count;
}

static void prune(struct dlirs_model *self)
{
	while (self->stack.count && !self->is_lir[self->stack.page[0]])
		model_list_pop(&self->stack);
}

static void demote(struct dlirs_model *self)
{
	const uint64_t page = model_list_pop(&self->stack);

	self->is_lir[page] = false;
	self->demoted[page] = true;
	model_list_add(&self->queue, page);
	prune(self);
}

/* Removes the oldest HIR pages from the stack while more than 2N pages are known. */
static void limit(struct reference_model *t)
{
	struct dlirs_model *self = t->self;

	while (lir_count(self) + self->queue.count + left_count(self) > 2 * t->frames) {
		size_t i = 0;

		while (self->is_lir[self->stack.page[i]])
			i++;
		model_list_take(&self->stack, self->stack.page[i]);
	}
}

static void latest(struct model_list *list, uint64_t page)
{
	model_list_take(list, page);
	model_list_add(list, page);
}

static double at_least_1(size_t more, size_t less)
{
	return fmax(1, floor((double)more / (double)less + 0.5));
}

static void evict_oldest(struct reference_model *t)
{
	struct dlirs_model *self = t->self;
	const uint64_t page = model_list_pop(&self->queue);

	self->demoted[page] = false;
	model_evict(t, page);
}

static void dlirs_hit(struct reference_model *t, uint64_t page)
{
	struct dlirs_model *self = t->self;

	if (self->is_lir[page]) {
		latest(&self->stack, page);
		prune(self);
	} else if (model_list_take(&self->stack, page)) {
		model_list_take(&self->queue, page);
		self->demoted[page] = false;
		while (lir_count(self) >= self->lirs)
			demote(self);
		self->is_lir[page] = true;
		model_list_add(&self->stack, page);
		prune(self);
	} else {
		if (self->demoted[page])
			set_lirs(t, (double)self->lirs +
					    at_least_1(left_count(self), demoted_count(self)));
		self->demoted[page] = false;
		latest(&self->queue, page);
		latest(&self->stack, page);
		limit(t);
	}
}

static void dlirs_fault(struct reference_model *t, uint64_t page)
{
	struct dlirs_model *self = t->self;
	const bool full = t->resident.count == t->frames;

	if (model_list_has(&self->stack, page)) {
		set_lirs(t, (double)self->lirs - at_least_1(demoted_count(self), left_count(self)));
		model_list_take(&self->stack, page);
		while (lir_count(self) >= self->lirs)
			demote(self);
		if (full)
			evict_oldest(t);
		self->is_lir[page] = true;
	} else if (lir_count(self) < self->lirs && !self->queue.count) {
		self->is_lir[page] = true;
	} else {
		while (full && (lir_count(self) > self->lirs || !self->queue.count))
			demote(self);
		if (full)
			evict_oldest(t);
		model_list_add(&self->queue, page);
	}
	model_list_add(&self->stack, page);
	if (self->is_lir[page])
		prune(self);
	else
		limit(t);
}

static void dlirs_drop(struct reference_model *t, uint64_t page)
{
	struct dlirs_model *self = t->self;

	model_list_take(&self->stack, page);
	model_list_take(&self->queue, page);
	self->is_lir[page] = false;
	self->demoted[page] = false;
	prune(self);
}

static void dlirs_end(struct reference_model *t)
{
	struct dlirs_model *self = t->self;

	model_list_free(&self->stack);
	model_list_free(&self->queue);
}

static const char *const dlirs_specs[] = {
	"dlirs", "dlirs:share=0.3", "dlirs:share=0", "dlirs:share=1", NULL};

static const struct model_kind dlirs = {
	.policy = "dlirs",
	.specs = dlirs_specs,
	.size = sizeof(struct dlirs_model),
	.start = dlirs_start,
	.hit = dlirs_hit,
	.fault = dlirs_fault,
	.drop = dlirs_drop,
	.end = dlirs_end,
};

MODEL(dlirs);

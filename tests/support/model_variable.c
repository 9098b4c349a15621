/* SPDX-License-Identifier: MIT */
/*
 * model_variable.c: the reference models of variable-space policies: VMIN, page-fault
 * frequency, sampled working set (fixed and variable interval), damped working set.
 */
#include <math.h>

#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

static uint64_t whole(const struct reference_model *t, const char *param)
{
	return (uint64_t)model_param(t, param);
}

/* A copy of the list of resident pages, so that pages can leave during a loop over it. */
static struct model_list residents(const struct reference_model *t)
{
	struct model_list list = {.page = NULL};

	for (size_t i = 0; i < t->resident.count; i++)
		model_list_add(&list, t->resident.page[i]);
	return list;
}

/* Evicts pages whose bit is clear, in order of loading. */
static void unreferenced_leave(struct reference_model *t)
{
	struct model_list list = residents(t);

	for (size_t i = 0; i < list.count; i++) {
		if (!model_accessed(t, list.page[i]))
			model_evict(t, list.page[i]);
	}
	model_list_free(&list);
}

static void clear_all(struct reference_model *t)
{
	for (size_t i = 0; i < t->resident.count; i++)
		model_clear_accessed(t, t->resident.page[i]);
}

/* ---- vmin ---- */

static void vmin_fault(struct reference_model *t, uint64_t page)
{
	(void)t;
	(void)page;
}

/* Evicts the page of the previous reference if it is not referenced within tau. */
static void vmin_after(struct reference_model *t, uint64_t page)
{
	uint64_t before, next;

	if (!t->now)
		return;
	before = t->refs[t->now - 1].page;
	next = model_next(t, before);
	if (before != page && model_list_has(&t->resident, before) &&
		(next == UINT64_MAX || next - (t->now - 1) > whole(t, "tau")))
		model_evict(t, before);
}

static const char *const vmin_specs[] = {
	"vmin", "vmin:tau=1", "vmin:tau=2", "vmin:tau=10", "vmin:tau=100", NULL};

static const struct model_kind vmin = {
	.policy = "vmin",
	.specs = vmin_specs,
	.fault = vmin_fault,
	.after = vmin_after,
};

MODEL(vmin);

/* ---- pff ---- */

struct pff {
	uint64_t last;
	bool faulted;
};

static void pff_fault(struct reference_model *t, uint64_t page)
{
	struct pff *self = t->self;
	const bool late = self->faulted && t->now - self->last >= whole(t, "interval");

	(void)page;
	if (late)
		unreferenced_leave(t);
	if (late || model_param(t, "clear") != 0)
		clear_all(t);
	if (model_param(t, "bit") == 0)
		model_enter_cleared(t);
	self->last = t->now;
	self->faulted = true;
}

static const char *const pff_specs[] = {"pff", "pff:interval=1", "pff:interval=3:bit=0",
	"pff:interval=10:clear=off", "pff:interval=20:clear=off:bit=0", "pff:interval=5", NULL};

static const struct model_kind pff = {
	.policy = "pff",
	.specs = pff_specs,
	.size = sizeof(struct pff),
	.fault = pff_fault,
};

MODEL(pff);

/* ---- vsws ---- */

struct vsws {
	uint64_t sampled, faults;
};

static void vsws_fault(struct reference_model *t, uint64_t page)
{
	struct vsws *self = t->self;

	(void)page;
	self->faults++;
}

static void vsws_after(struct reference_model *t, uint64_t page)
{
	struct vsws *self = t->self;
	const uint64_t since = t->now + 1 - self->sampled;

	(void)page;
	if (since >= whole(t, "max") ||
		(since >= whole(t, "min") && self->faults >= whole(t, "faults"))) {
		unreferenced_leave(t);
		clear_all(t);
		self->sampled = t->now + 1;
		self->faults = 0;
	}
}

static const char *const vsws_specs[] = {"vsws", "vsws:min=1:max=1", "vsws:min=3:max=20:faults=2",
	"vsws:min=10:max=100:faults=5", "vsws:min=50:max=7:faults=1", NULL};

static const struct model_kind vsws = {
	.policy = "vsws",
	.specs = vsws_specs,
	.size = sizeof(struct vsws),
	.fault = vsws_fault,
	.after = vsws_after,
};

MODEL(vsws);

/* ---- sws ---- */

static void sws_fault(struct reference_model *t, uint64_t page)
{
	uint64_t *missed = t->self;

	missed[page] = 0;
}

static void sws_after(struct reference_model *t, uint64_t page)
{
	uint64_t *missed = t->self;
	struct model_list list;

	(void)page;
	if ((t->now + 1) % whole(t, "interval") != 0)
		return;
	list = residents(t);
	for (size_t i = 0; i < list.count; i++) {
		const uint64_t p = list.page[i];

		missed[p] = model_accessed(t, p) ? 0 : missed[p] + 1;
		model_clear_accessed(t, p);
		if (missed[p] == whole(t, "scans"))
			model_evict(t, p);
	}
	model_list_free(&list);
}

static const char *const sws_specs[] = {
	"sws", "sws:interval=1", "sws:interval=5:scans=2", "sws:interval=20", NULL};

static const struct model_kind sws = {
	.policy = "sws",
	.specs = sws_specs,
	.size = PAGES_MAX * sizeof(uint64_t),
	.fault = sws_fault,
	.after = sws_after,
};

MODEL(sws);

/* ---- dws: a list in order of last reference, and its times ---- */

struct dws {
	struct model_list order;
	uint64_t last[PAGES_MAX];
};

static void dws_refer(struct reference_model *t, uint64_t page)
{
	struct dws *self = t->self;

	model_list_take(&self->order, page);
	model_list_add(&self->order, page);
	self->last[page] = t->now;
}

static void dws_fault(struct reference_model *t, uint64_t page)
{
	struct dws *self = t->self;
	const uint64_t d = (uint64_t)floor(model_param(t, "tau") * model_param(t, "damp") / 100);

	if (self->order.count && self->last[self->order.page[0]] + d <= t->now)
		model_evict(t, model_list_pop(&self->order));
	dws_refer(t, page);
}

static void dws_after(struct reference_model *t, uint64_t page)
{
	struct dws *self = t->self;

	(void)page;
	while (self->last[self->order.page[0]] + whole(t, "tau") <= t->now)
		model_evict(t, model_list_pop(&self->order));
}

static void dws_drop(struct reference_model *t, uint64_t page)
{
	struct dws *self = t->self;

	model_list_take(&self->order, page);
}

static void dws_end(struct reference_model *t)
{
	struct dws *self = t->self;

	model_list_free(&self->order);
}

static const char *const dws_specs[] = {"dws", "dws:tau=1", "dws:tau=10", "dws:tau=30:damp=0",
	"dws:tau=30:damp=33", "dws:tau=50:damp=100", NULL};

static const struct model_kind dws = {
	.policy = "dws",
	.specs = dws_specs,
	.size = sizeof(struct dws),
	.hit = dws_refer,
	.fault = dws_fault,
	.after = dws_after,
	.drop = dws_drop,
	.end = dws_end,
};

MODEL(dws);

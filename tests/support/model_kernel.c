/* SPDX-License-Identifier: MIT */
/* model_kernel.c: the reference model of Linux's active and inactive list. */
#include "reference_model.h"

#define PAGES_MAX 2048 /* prop_linux.c makes fewer */

/*
 * ---- active and inactive list; page[0] is a list's oldest ----
 *
 * A page is loaded into the inactive list, or into the active list if it comes back no more clock
 * ticks after its eviction than the active list is long. Evictions and arrivals in the active list
 * are the ticks. When memory is full, the kernel wants back a batch of pages. It makes passes
 * over the lists, from priority 12 down to 0. Each pass fixes in advance how many pages of either
 * list it may visit: of a list of n pages n / 2^priority * 3/17, in the last pass n. It visits
 * them a batch at a time, first inactive, then active, and stops after the batch with which it has
 * enough. The visit of an inactive page evicts it if it was not referenced; the first visit of a
 * referenced page only clears its bit, the second also makes it active. The visit of an active page
 * makes it inactive; it happens only in passes that began with too many active pages, or in a
 * reclaim before which some page came back to the active list. A pass that ends with too many
 * active pages makes a batch of them inactive.
 */

struct linux_model {
	struct model_list inactive, active;
	bool marked[PAGES_MAX], left[PAGES_MAX];
	bool came_back; /* to the active list, since the last reclaim */
	uint64_t clock, left_at[PAGES_MAX];
};

/* The kernel's inactive_ratio, for pages of 4 KiB. */
static uint64_t linux_ratio(const struct reference_model *t)
{
	const uint64_t gib = t->frames / 262144;
	uint64_t root = 0;

	if (model_param(t, "ratio") != 0)
		return (uint64_t)model_param(t, "ratio");
	while ((root + 1) * (root + 1) <= 10 * gib)
		root++;
	return gib ? root : 1;
}

static bool too_many_active(const struct reference_model *t)
{
	const struct linux_model *self = t->self;

	return self->active.count > self->inactive.count * linux_ratio(t);
}

static void visit_active(struct reference_model *t)
{
	struct linux_model *self = t->self;
	uint64_t page;

	if (self->active.count == 0)
		return;
	page = model_list_pop(&self->active);
	model_clear_accessed(t, page);
	model_list_add(&self->inactive, page);
}

static void visit_inactive(struct reference_model *t)
{
	struct linux_model *self = t->self;
	const uint64_t page = model_list_pop(&self->inactive);

	if (!model_accessed(t, page)) {
		self->left[page] = true;
		self->left_at[page] = self->clock++;
		model_evict(t, page);
		return;
	}
	model_clear_accessed(t, page);
	if (self->marked[page]) {
		model_list_add(&self->active, page);
		self->clock++;
	} else {
		model_list_add(&self->inactive, page);
	}
	self->marked[page] = true;
}

static uint64_t pages_to_visit(uint64_t count, int priority)
{
	for (int i = 0; i < priority; i++)
		count /= 2;
	return priority == 0 ? count : count * 3 / 17;
}

/* `enough` is the number of resident pages at which to stop. */
static void linux_pass(struct reference_model *t, int priority, uint64_t batch, uint64_t enough)
{
	struct linux_model *self = t->self;
	const uint64_t inactive = pages_to_visit(self->inactive.count, priority);
	const uint64_t active = pages_to_visit(self->active.count, priority);
	const bool active_too =
		too_many_active(t) || (model_param(t, "deactivate") != 0 && self->came_back);

	for (uint64_t at = 0; at < inactive && t->resident.count > enough; at += batch) {
		for (uint64_t i = at; i < at + batch && i < inactive; i++)
			visit_inactive(t);
		for (uint64_t i = at; i < at + batch && i < active && active_too; i++)
			visit_active(t);
	}
	if (too_many_active(t))
		for (uint64_t i = 0; i < batch; i++)
			visit_active(t);
}

static void linux_reclaim(struct reference_model *t)
{
	struct linux_model *self = t->self;
	uint64_t batch = (uint64_t)model_param(t, "batch");

	while (batch > 1 && 8 * batch > t->frames)
		batch--;
	while (t->resident.count == t->frames)
		for (int priority = 12; priority >= 0; priority--)
			if (t->resident.count > t->frames - batch)
				linux_pass(t, priority, batch, t->frames - batch);
	self->came_back = false;
}

static void linux_fault(struct reference_model *t, uint64_t page)
{
	struct linux_model *self = t->self;
	bool comes_back;

	if (t->resident.count == t->frames)
		linux_reclaim(t);
	comes_back = model_param(t, "refault") != 0 && self->left[page] &&
		     self->clock - self->left_at[page] <= self->active.count;
	self->marked[page] = false;
	self->left[page] = false;
	model_list_add(comes_back ? &self->active : &self->inactive, page);
	self->clock += comes_back;
	self->came_back |= comes_back;
}

static void linux_drop(struct reference_model *t, uint64_t page)
{
	struct linux_model *self = t->self;

	model_list_take(&self->inactive, page);
	model_list_take(&self->active, page);
}

static void linux_end(struct reference_model *t)
{
	struct linux_model *self = t->self;

	model_list_free(&self->inactive);
	model_list_free(&self->active);
}

static const char *const linux_specs[] = {"linux", "linux:refault=off", "linux:ratio=2",
	"linux:ratio=5:refault=off", "linux:batch=1", "linux:batch=2:ratio=3",
	"linux:deactivate=off", "linux:batch=1:deactivate=off", NULL};

static const struct model_kind linux_kind = {
	.policy = "linux",
	.specs = linux_specs,
	.size = sizeof(struct linux_model),
	.fault = linux_fault,
	.drop = linux_drop,
	.end = linux_end,
};

MODEL(linux_kind);

/* SPDX-License-Identifier: MIT */
/*
 * model_lirs.c: the reference models of LIRS and LIRS2. The end of the list `stack` is its top. The
 * first page of the queue leaves first.
 */
#include <math.h>

#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

/* LIRS2's stack has two entries per page: for its last reference and for the one before. */
#define LAST(PAGE) (2 * (PAGE))
#define EARLIER(PAGE) (2 * (PAGE) + 1)

struct lirs {
	struct model_list stack, queue;
	struct model_list ghosts; /* in order of eviction; some are no longer in the stack */
	bool is_lir[PAGES_MAX];
	bool known[PAGES_MAX], bare[PAGES_MAX]; /* LIRS2: referenced; referenced once */
	uint64_t before;                        /* page of the previous reference */
};

static void lirs_start(struct reference_model *t)
{
	struct lirs *self = t->self;

	self->before = UINT64_MAX;
}

static void lirs_end(struct reference_model *t)
{
	struct lirs *self = t->self;

	model_list_free(&self->stack);
	model_list_free(&self->queue);
	model_list_free(&self->ghosts);
}

/* The maximum number of LIR pages. */
static size_t lir_most(const struct reference_model *t)
{
	const double frames = (double)t->frames;
	const double share = floor(model_param(t, "hir") * frames / 100);
	const double hir = fmax(share, model_param(t, "least"));

	return t->frames == 1 ? 0 : (size_t)(frames - fmin(hir, frames - 1));
}

static size_t lir_count(const struct reference_model *t)
{
	const struct lirs *self = t->self;
	size_t n = 0;

	for (size_t page = 0; page < PAGES_MAX; page++)
		n += self->is_lir[page];
	return n;
}

/* Whether to ignore a hit, because the previous reference was to the same page. */
static bool repeats(struct reference_model *t, uint64_t page)
{
	struct lirs *self = t->self;
	const bool again = self->before == page;

	self->before = page;
	return again && model_param(t, "repeats") == 0;
}

/* ---- lirs ---- */

static void bound_stack(struct reference_model *t)
{
	struct lirs *self = t->self;
	const double percent = model_param(t, "stack");
	const double most = floor(percent * (double)t->frames / 100);

	while (percent > 0 && (double)self->stack.count > most && self->ghosts.count) {
		const uint64_t page = model_list_pop(&self->ghosts);

		model_list_take(&self->stack, page);
	}
}

static void lirs_prune(struct reference_model *t)
{
	struct lirs *self = t->self;

	bound_stack(t);
	while (self->stack.count && !self->is_lir[self->stack.page[0]])
		model_list_take(&self->ghosts, model_list_pop(&self->stack));
}

/* Inserts a page that is in no list, as a LIR or a HIR page. */
static void lirs_enter(struct reference_model *t, uint64_t page, bool lir)
{
	struct lirs *self = t->self;

	model_list_add(&self->stack, page);
	self->is_lir[page] = lir;
	if (!lir)
		model_list_add(&self->queue, page);
	if (lir_count(t) > lir_most(t)) {
		const uint64_t bottom = self->stack.page[0];

		model_list_pop(&self->stack);
		self->is_lir[bottom] = false;
		model_list_add(&self->queue, bottom);
	}
	lirs_prune(t);
}

static void lirs_hit(struct reference_model *t, uint64_t page)
{
	struct lirs *self = t->self;
	bool lir = self->is_lir[page];

	if (repeats(t, page))
		return;
	lir |= model_list_take(&self->stack, page);
	model_list_take(&self->queue, page);
	lirs_enter(t, page, lir);
}

static void lirs_fault(struct reference_model *t, uint64_t page)
{
	struct lirs *self = t->self;
	bool lir;

	self->before = page;
	if (t->resident.count == t->frames) {
		const uint64_t victim = model_list_pop(&self->queue);

		model_evict(t, victim);
		if (model_list_has(&self->stack, victim))
			model_list_add(&self->ghosts, victim);
		lir = false;
	} else {
		lir = lir_count(t) < lir_most(t);
	}
	lir |= model_list_take(&self->stack, page);
	model_list_take(&self->ghosts, page);
	lirs_enter(t, page, lir);
}

static void lirs_drop(struct reference_model *t, uint64_t page)
{
	struct lirs *self = t->self;

	model_list_take(&self->stack, page);
	model_list_take(&self->queue, page);
	self->is_lir[page] = false;
	lirs_prune(t);
}

static const char *const lirs_specs[] = {"lirs", "lirs:repeats=on", "lirs:hir=30:least=1",
	"lirs:stack=150", "lirs:stack=100:repeats=on:hir=20", "lirs:stack=20", "lirs:hir=100",
	NULL};

static const struct model_kind lirs = {
	.policy = "lirs",
	.specs = lirs_specs,
	.size = sizeof(struct lirs),
	.start = lirs_start,
	.hit = lirs_hit,
	.fault = lirs_fault,
	.drop = lirs_drop,
	.end = lirs_end,
};

MODEL(lirs);

/* ---- lirs2 ---- */

static void lirs2_prune(struct reference_model *t)
{
	struct lirs *self = t->self;

	while (self->stack.count) {
		const uint64_t bottom = self->stack.page[0];

		if (bottom == EARLIER(bottom / 2) && self->is_lir[bottom / 2])
			return;
		model_list_pop(&self->stack);
	}
}

/* Makes the page's LAST entry its EARLIER entry, in the same place. */
static void move_last(struct lirs *self, uint64_t page)
{
	for (size_t i = 0; i < self->stack.count; i++)
		if (self->stack.page[i] == LAST(page))
			self->stack.page[i] = EARLIER(page);
}

/*
 * Moves the page's entries for a reference. Returns whether the stack had its EARLIER entry. At a
 * page's first reference it gets one that stands for no reference; that one does not count.
 */
static bool push(struct reference_model *t, uint64_t page)
{
	struct lirs *self = t->self;
	const bool earlier = model_list_take(&self->stack, EARLIER(page)) && !self->bare[page];

	self->bare[page] = !self->known[page];
	self->known[page] = true;
	if (self->bare[page])
		model_list_add(&self->stack, EARLIER(page));
	else
		move_last(self, page);
	model_list_add(&self->stack, LAST(page));
	return earlier;
}

static void lirs2_bound(struct reference_model *t)
{
	struct lirs *self = t->self;
	const double percent = model_param(t, "stack");
	const double most = fmax(1, floor(percent * (double)t->frames / 100));

	for (size_t i = 0;
		percent > 0 && i < self->stack.count && (double)self->stack.count > most;) {
		const uint64_t entry = self->stack.page[i];

		if (self->is_lir[entry / 2])
			i++;
		else
			model_list_take(&self->stack, entry);
	}
}
/* Makes a referenced page LIR or HIR. It is in no queue. */
static void lirs2_tick(struct reference_model *t, uint64_t page, bool lir)
{
	struct lirs *self = t->self;

	self->is_lir[page] = lir;
	if (!lir)
		model_list_add(&self->queue, page);
	lirs2_prune(t);
	if (lir_count(t) > lir_most(t)) {
		const uint64_t bottom = self->stack.page[0] / 2;

		self->is_lir[bottom] = false;
		model_list_add(&self->queue, bottom);
		lirs2_prune(t);
	}
	lirs2_bound(t);
}

static void lirs2_hit(struct reference_model *t, uint64_t page)
{
	struct lirs *self = t->self;
	bool earlier;

	if (repeats(t, page))
		return;
	earlier = push(t, page);
	model_list_take(&self->queue, page);
	lirs2_tick(t, page, self->is_lir[page] || earlier);
}

static void lirs2_fault(struct reference_model *t, uint64_t page)
{
	struct lirs *self = t->self;
	const bool full = t->resident.count == t->frames;
	const bool capacity = !full && lir_count(t) < lir_most(t);
	bool earlier;

	self->before = page;
	if (full)
		model_evict(t, model_list_pop(&self->queue));
	earlier = push(t, page);
	if (capacity && !earlier) {
		model_list_take(&self->stack, LAST(page));
		model_list_take(&self->stack, EARLIER(page));
		model_list_add(&self->stack, EARLIER(page));
		model_list_add(&self->stack, LAST(page));
	}
	lirs2_tick(t, page, capacity || earlier);
}

static void lirs2_drop(struct reference_model *t, uint64_t page)
{
	struct lirs *self = t->self;

	model_list_take(&self->stack, LAST(page));
	model_list_take(&self->stack, EARLIER(page));
	model_list_take(&self->queue, page);
	self->is_lir[page] = self->known[page] = self->bare[page] = false;
	lirs2_prune(t);
}

static const char *const lirs2_specs[] = {"lirs2", "lirs2:repeats=on", "lirs2:hir=30:least=1",
	"lirs2:least=1:repeats=on", "lirs2:hir=100", "lirs2:stack=800", "lirs2:stack=250:least=1",
	"lirs2:stack=200:repeats=on:hir=20", "lirs2:stack=120:hir=50", "lirs2:stack=1", NULL};

static const struct model_kind lirs2 = {
	.policy = "lirs2",
	.specs = lirs2_specs,
	.size = sizeof(struct lirs),
	.start = lirs_start,
	.hit = lirs2_hit,
	.fault = lirs2_fault,
	.drop = lirs2_drop,
	.end = lirs_end,
};

MODEL(lirs2);

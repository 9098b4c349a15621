/* SPDX-License-Identifier: MIT */
/* model_tinylfu.c: the reference model of W-TinyLFU. */
#include <math.h>

#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

/* Makes the page the most recent one, at the end of the list. page[0] is the least recent. */
static void use(struct model_list *list, uint64_t page)
{
	model_list_take(list, page);
	model_list_add(list, page);
}

struct tinylfu_model {
	struct model_list window, probation, protected;
	uint64_t count[PAGES_MAX];
	uint64_t added; /* references counted; halved when the counts are */
};

static uint64_t window_size(const struct reference_model *t)
{
	const uint64_t size = (uint64_t)floor(model_param(t, "window") * (double)t->frames);

	return size ? size : 1;
}

static void tinylfu_count(struct reference_model *t, uint64_t page)
{
	struct tinylfu_model *self = t->self;
	const uint64_t sample = (uint64_t)floor(model_param(t, "sample") * (double)t->frames);

	if (self->count[page] < 15)
		self->count[page]++;
	if (++self->added < (sample > 16 ? sample : 16))
		return;
	for (size_t i = 0; i < PAGES_MAX; i++)
		self->count[i] /= 2;
	self->added /= 2;
}

static void tinylfu_hit(struct reference_model *t, uint64_t page)
{
	struct tinylfu_model *self = t->self;
	const double main = (double)(t->frames - window_size(t));

	tinylfu_count(t, page);
	if (model_list_has(&self->window, page)) {
		use(&self->window, page);
		return;
	}
	model_list_take(&self->probation, page);
	use(&self->protected, page);
	if ((double)self->protected.count > floor(model_param(t, "protected") * main))
		model_list_add(&self->probation, model_list_pop(&self->protected));
}

/* The victim when all frames are taken. */
static uint64_t tinylfu_victim(struct reference_model *t)
{
	struct tinylfu_model *self = t->self;
	const uint64_t candidate = model_list_pop(&self->window);
	struct model_list *main = self->probation.count ? &self->probation : &self->protected;

	if (!main->count || self->count[candidate] <= self->count[main->page[0]])
		return candidate;
	model_list_add(&self->probation, candidate);
	return model_list_pop(main);
}

static void tinylfu_fault(struct reference_model *t, uint64_t page)
{
	struct tinylfu_model *self = t->self;

	tinylfu_count(t, page);
	if (t->resident.count == t->frames)
		model_evict(t, tinylfu_victim(t));
	model_list_add(&self->window, page);
	if (self->window.count > window_size(t))
		model_list_add(&self->probation, model_list_pop(&self->window));
}

static void tinylfu_drop(struct reference_model *t, uint64_t page)
{
	struct tinylfu_model *self = t->self;

	model_list_take(&self->window, page);
	model_list_take(&self->probation, page);
	model_list_take(&self->protected, page);
}

static void tinylfu_end(struct reference_model *t)
{
	struct tinylfu_model *self = t->self;

	model_list_free(&self->window);
	model_list_free(&self->probation);
	model_list_free(&self->protected);
}

static const char *const tinylfu_specs[] = {"w-tinylfu", "w-tinylfu:window=0.3:protected=0.5",
	"w-tinylfu:window=1", "w-tinylfu:window=0.5:protected=1:sample=3",
	"w-tinylfu:window=0:protected=0:sample=0", NULL};

static const struct model_kind tinylfu = {
	.policy = "w-tinylfu",
	.specs = tinylfu_specs,
	.size = sizeof(struct tinylfu_model),
	.hit = tinylfu_hit,
	.fault = tinylfu_fault,
	.drop = tinylfu_drop,
	.end = tinylfu_end,
};

MODEL(tinylfu);

/* SPDX-License-Identifier: MIT */
/* twin_tinylfu.c: the twin of W-TinyLFU. */
#include <math.h>

#include "twin.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

/* The page was used last: at the end of the list; page[0] was used longest ago. */
static void use(struct twin_list *list, uint64_t page)
{
	twin_list_take(list, page);
	twin_list_add(list, page);
}

struct tinylfu_twin {
	struct twin_list window, probation, protected;
	uint64_t count[PAGES_MAX];
	uint64_t added; /* references, since the counts were halved, and half of those before */
};

static uint64_t window_size(const struct twin *t)
{
	const uint64_t size = (uint64_t)floor(twin_param(t, "window") * (double)t->frames);

	return size ? size : 1;
}

static void tinylfu_count(struct twin *t, uint64_t page)
{
	struct tinylfu_twin *self = t->self;
	const uint64_t sample = (uint64_t)floor(twin_param(t, "sample") * (double)t->frames);

	if (self->count[page] < 15)
		self->count[page]++;
	if (++self->added < (sample > 16 ? sample : 16))
		return;
	for (size_t i = 0; i < PAGES_MAX; i++)
		self->count[i] /= 2;
	self->added /= 2;
}

static void tinylfu_hit(struct twin *t, uint64_t page)
{
	struct tinylfu_twin *self = t->self;
	const double main = (double)(t->frames - window_size(t));

	tinylfu_count(t, page);
	if (twin_list_has(&self->window, page)) {
		use(&self->window, page);
		return;
	}
	twin_list_take(&self->probation, page);
	use(&self->protected, page);
	if ((double)self->protected.count > floor(twin_param(t, "protected") * main))
		twin_list_add(&self->probation, twin_list_pop(&self->protected));
}

/* All frames are taken. */
static uint64_t tinylfu_victim(struct twin *t)
{
	struct tinylfu_twin *self = t->self;
	const uint64_t candidate = twin_list_pop(&self->window);
	struct twin_list *main = self->probation.count ? &self->probation : &self->protected;

	if (!main->count || self->count[candidate] <= self->count[main->page[0]])
		return candidate;
	twin_list_add(&self->probation, candidate);
	return twin_list_pop(main);
}

static void tinylfu_fault(struct twin *t, uint64_t page)
{
	struct tinylfu_twin *self = t->self;

	tinylfu_count(t, page);
	if (t->resident.count == t->frames)
		twin_evict(t, tinylfu_victim(t));
	twin_list_add(&self->window, page);
	if (self->window.count > window_size(t))
		twin_list_add(&self->probation, twin_list_pop(&self->window));
}

static void tinylfu_drop(struct twin *t, uint64_t page)
{
	struct tinylfu_twin *self = t->self;

	twin_list_take(&self->window, page);
	twin_list_take(&self->probation, page);
	twin_list_take(&self->protected, page);
}

static void tinylfu_end(struct twin *t)
{
	struct tinylfu_twin *self = t->self;

	twin_list_free(&self->window);
	twin_list_free(&self->probation);
	twin_list_free(&self->protected);
}

static const char *const tinylfu_specs[] = {"w-tinylfu", "w-tinylfu:window=0.3:protected=0.5",
	"w-tinylfu:window=1", "w-tinylfu:window=0.5:protected=1:sample=3",
	"w-tinylfu:window=0:protected=0:sample=0", NULL};

static const struct twin_kind tinylfu = {
	.policy = "w-tinylfu",
	.specs = tinylfu_specs,
	.size = sizeof(struct tinylfu_twin),
	.hit = tinylfu_hit,
	.fault = tinylfu_fault,
	.drop = tinylfu_drop,
	.end = tinylfu_end,
};

TWIN(tinylfu);

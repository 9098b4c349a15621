/* SPDX-License-Identifier: MIT */
/*
 * model_classic.c: the reference models of textbook policies of fixed space that do not use
 * reference bits: random, MRU, LFU, MFU, segmented FIFO, segmented LRU, and the worst choice.
 */
#include <math.h>

#include "model_random.h"
#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

static bool is_full(const struct reference_model *t)
{
	return t->resident.count == t->frames;
}

/* ---- random: a list of pages, one per frame ---- */

struct random {
	struct model_list frame;
	uint64_t state;
};

static void random_start(struct reference_model *t)
{
	struct random *self = t->self;

	self->state = t->seed;
}

static void random_fault(struct reference_model *t, uint64_t page)
{
	struct random *self = t->self;
	uint64_t *frame;

	if (!is_full(t)) {
		model_list_add(&self->frame, page);
		return;
	}
	frame = &self->frame.page[model_random_below(&self->state, t->frames)];
	model_evict(t, *frame);
	*frame = page;
}

static void random_drop(struct reference_model *t, uint64_t page)
{
	struct random *self = t->self;
	size_t frame = 0;

	while (self->frame.page[frame] != page)
		frame++;
	self->frame.page[frame] = self->frame.page[self->frame.count - 1];
	self->frame.count--;
}

static void random_end(struct reference_model *t)
{
	struct random *self = t->self;

	model_list_free(&self->frame);
}

static const char *const random_specs[] = {"random", NULL};

static const struct model_kind random = {
	.policy = "random",
	.specs = random_specs,
	.size = sizeof(struct random),
	.start = random_start,
	.fault = random_fault,
	.drop = random_drop,
	.end = random_end,
};

MODEL(random);

/* ---- mru ---- */

static void mru_fault(struct reference_model *t, uint64_t page)
{
	(void)page;
	if (is_full(t))
		model_evict(t, t->refs[t->now - 1].page);
}

static const char *const mru_specs[] = {"mru", NULL};

static const struct model_kind mru = {
	.policy = "mru",
	.specs = mru_specs,
	.fault = mru_fault,
};

MODEL(mru);

/* ---- lfu, mfu ---- */

struct counted {
	uint64_t count[PAGES_MAX], last[PAGES_MAX];
};

static void counted_hit(struct reference_model *t, uint64_t page)
{
	struct counted *self = t->self;

	self->count[page]++;
	self->last[page] = t->now;
}

/* Callers compare pages in order of loading, so with fifo=on the page loaded first wins a tie. */
static bool leaves_before(const struct reference_model *t, uint64_t page, uint64_t than, bool most)
{
	const struct counted *self = t->self;

	if (self->count[page] != self->count[than])
		return most == (self->count[page] > self->count[than]);
	return model_param(t, "fifo") == 0 && self->last[page] < self->last[than];
}

static void counted_fault(struct reference_model *t, uint64_t page, bool most)
{
	struct counted *self = t->self;

	if (is_full(t)) {
		uint64_t victim = t->resident.page[0];

		for (size_t i = 1; i < t->resident.count; i++) {
			if (leaves_before(t, t->resident.page[i], victim, most))
				victim = t->resident.page[i];
		}
		model_evict(t, victim);
	}
	if (model_param(t, "keep") == 0)
		self->count[page] = 0;
	counted_hit(t, page);
}

static void lfu_fault(struct reference_model *t, uint64_t page)
{
	counted_fault(t, page, false);
}

static void mfu_fault(struct reference_model *t, uint64_t page)
{
	counted_fault(t, page, true);
}

static const char *const lfu_specs[] = {
	"lfu", "lfu:keep=on", "lfu:fifo=on", "lfu:keep=on:fifo=on", NULL};

static const struct model_kind lfu = {
	.policy = "lfu",
	.specs = lfu_specs,
	.size = sizeof(struct counted),
	.hit = counted_hit,
	.fault = lfu_fault,
};

MODEL(lfu);

static const char *const mfu_specs[] = {
	"mfu", "mfu:keep=on", "mfu:fifo=on", "mfu:keep=on:fifo=on", NULL};

static const struct model_kind mfu = {
	.policy = "mfu",
	.specs = mfu_specs,
	.size = sizeof(struct counted),
	.hit = counted_hit,
	.fault = mfu_fault,
};

MODEL(mfu);

/* ---- sfifo, slru: two queues; page[0] leaves first ---- */

struct segments {
	struct model_list first, second;
};

static void segments_drop(struct reference_model *t, uint64_t page)
{
	struct segments *self = t->self;

	model_list_take(&self->first, page);
	model_list_take(&self->second, page);
}

static void segments_end(struct reference_model *t)
{
	struct segments *self = t->self;

	model_list_free(&self->first);
	model_list_free(&self->second);
}

/* Adds the page to the primary queue. If that is too long, its oldest page moves to the second. */
static void sfifo_enter(struct reference_model *t, uint64_t page)
{
	struct segments *self = t->self;
	const double secondary = floor((double)t->frames * model_param(t, "p") / 100);

	model_list_add(&self->first, page);
	if ((double)self->first.count > (double)t->frames - secondary)
		model_list_add(&self->second, model_list_pop(&self->first));
}

static void sfifo_hit(struct reference_model *t, uint64_t page)
{
	struct segments *self = t->self;

	if (model_list_take(&self->second, page))
		sfifo_enter(t, page);
}

static void sfifo_fault(struct reference_model *t, uint64_t page)
{
	struct segments *self = t->self;

	sfifo_enter(t, page);
	if (is_full(t))
		model_evict(t, model_list_pop(&self->second));
}

static const char *const sfifo_specs[] = {
	"sfifo", "sfifo:p=0", "sfifo:p=50", "sfifo:p=99", "sfifo:p=100", NULL};

static const struct model_kind sfifo = {
	.policy = "sfifo",
	.specs = sfifo_specs,
	.size = sizeof(struct segments),
	.hit = sfifo_hit,
	.fault = sfifo_fault,
	.drop = segments_drop,
	.end = segments_end,
};

MODEL(sfifo);

/* `first` is the probationary segment, `second` the protected one. */
static void slru_hit(struct reference_model *t, uint64_t page)
{
	struct segments *self = t->self;
	const double share = floor((double)t->frames * model_param(t, "protected") / 100);

	segments_drop(t, page);
	model_list_add(&self->second, page);
	if ((double)self->second.count > share)
		model_list_add(&self->first, model_list_pop(&self->second));
}

static void slru_fault(struct reference_model *t, uint64_t page)
{
	struct segments *self = t->self;

	if (is_full(t))
		model_evict(t, model_list_pop(self->first.count ? &self->first : &self->second));
	model_list_add(&self->first, page);
}

static const char *const slru_specs[] = {
	"slru", "slru:protected=0", "slru:protected=30", "slru:protected=100", NULL};

static const struct model_kind slru = {
	.policy = "slru",
	.specs = slru_specs,
	.size = sizeof(struct segments),
	.hit = slru_hit,
	.fault = slru_fault,
	.drop = segments_drop,
	.end = segments_end,
};

MODEL(slru);

/* ---- pessimal ---- */

static void pessimal_fault(struct reference_model *t, uint64_t page)
{
	uint64_t victim;

	(void)page;
	if (!is_full(t))
		return;
	victim = t->resident.page[0];
	for (size_t i = 1; i < t->resident.count; i++) {
		const uint64_t other = t->resident.page[i];
		const uint64_t next = model_next(t, other), soonest = model_next(t, victim);

		if (next < soonest || (next == soonest && other < victim))
			victim = other;
	}
	model_evict(t, victim);
}

static const char *const pessimal_specs[] = {"pessimal", NULL};

static const struct model_kind pessimal = {
	.policy = "pessimal",
	.specs = pessimal_specs,
	.fault = pessimal_fault,
};

MODEL(pessimal);

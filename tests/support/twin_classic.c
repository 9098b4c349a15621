/* SPDX-License-Identifier: MIT */
/*
 * twin_classic.c: the twins of the fixed-space policies of textbooks that look at references:
 * random, MRU, LFU, MFU, segmented FIFO, segmented LRU, and the worst choice.
 */
#include <math.h>

#include "twin.h"
#include "twin_random.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

static bool is_full(const struct twin *t)
{
	return t->resident.count == t->frames;
}

/* ---- random: a list of pages, one a frame ---- */

struct random {
	struct twin_list frame;
	uint64_t state;
};

static void random_start(struct twin *t)
{
	struct random *self = t->self;

	self->state = t->seed;
}

static void random_fault(struct twin *t, uint64_t page)
{
	struct random *self = t->self;
	uint64_t *frame;

	if (!is_full(t)) {
		twin_list_add(&self->frame, page);
		return;
	}
	frame = &self->frame.page[twin_random_below(&self->state, t->frames)];
	twin_evict(t, *frame);
	*frame = page;
}

static void random_drop(struct twin *t, uint64_t page)
{
	struct random *self = t->self;
	size_t frame = 0;

	while (self->frame.page[frame] != page)
		frame++;
	self->frame.page[frame] = self->frame.page[self->frame.count - 1];
	self->frame.count--;
}

static void random_end(struct twin *t)
{
	struct random *self = t->self;

	twin_list_free(&self->frame);
}

static const char *const random_specs[] = {"random", NULL};

static const struct twin_kind random = {
	.policy = "random",
	.specs = random_specs,
	.size = sizeof(struct random),
	.start = random_start,
	.fault = random_fault,
	.drop = random_drop,
	.end = random_end,
};

TWIN(random);

/* ---- mru ---- */

static void mru_fault(struct twin *t, uint64_t page)
{
	(void)page;
	if (is_full(t))
		twin_evict(t, t->refs[t->now - 1].page);
}

static const char *const mru_specs[] = {"mru", NULL};

static const struct twin_kind mru = {
	.policy = "mru",
	.specs = mru_specs,
	.fault = mru_fault,
};

TWIN(mru);

/* ---- lfu, mfu ---- */

struct counted {
	uint64_t count[PAGES_MAX], last[PAGES_MAX];
};

static void counted_hit(struct twin *t, uint64_t page)
{
	struct counted *self = t->self;

	self->count[page]++;
	self->last[page] = t->now;
}

/* Resident pages are met in order of loading. */
static bool leaves_before(const struct twin *t, uint64_t page, uint64_t than, bool most)
{
	const struct counted *self = t->self;

	if (self->count[page] != self->count[than])
		return most == (self->count[page] > self->count[than]);
	return twin_param(t, "fifo") == 0 && self->last[page] < self->last[than];
}

static void counted_fault(struct twin *t, uint64_t page, bool most)
{
	struct counted *self = t->self;

	if (is_full(t)) {
		uint64_t victim = t->resident.page[0];

		for (size_t i = 1; i < t->resident.count; i++) {
			if (leaves_before(t, t->resident.page[i], victim, most))
				victim = t->resident.page[i];
		}
		twin_evict(t, victim);
	}
	if (twin_param(t, "keep") == 0)
		self->count[page] = 0;
	counted_hit(t, page);
}

static void lfu_fault(struct twin *t, uint64_t page)
{
	counted_fault(t, page, false);
}

static void mfu_fault(struct twin *t, uint64_t page)
{
	counted_fault(t, page, true);
}

static const char *const lfu_specs[] = {
	"lfu", "lfu:keep=on", "lfu:fifo=on", "lfu:keep=on:fifo=on", NULL};

static const struct twin_kind lfu = {
	.policy = "lfu",
	.specs = lfu_specs,
	.size = sizeof(struct counted),
	.hit = counted_hit,
	.fault = lfu_fault,
};

TWIN(lfu);

static const char *const mfu_specs[] = {
	"mfu", "mfu:keep=on", "mfu:fifo=on", "mfu:keep=on:fifo=on", NULL};

static const struct twin_kind mfu = {
	.policy = "mfu",
	.specs = mfu_specs,
	.size = sizeof(struct counted),
	.hit = counted_hit,
	.fault = mfu_fault,
};

TWIN(mfu);

/* ---- sfifo, slru: two queues, the page that leaves first at page[0] ---- */

struct segments {
	struct twin_list first, second;
};

static void segments_drop(struct twin *t, uint64_t page)
{
	struct segments *self = t->self;

	twin_list_take(&self->first, page);
	twin_list_take(&self->second, page);
}

static void segments_end(struct twin *t)
{
	struct segments *self = t->self;

	twin_list_free(&self->first);
	twin_list_free(&self->second);
}

/* To the young end of the primary queue, whose oldest may have to make room. */
static void sfifo_enter(struct twin *t, uint64_t page)
{
	struct segments *self = t->self;
	const double secondary = floor((double)t->frames * twin_param(t, "p") / 100);

	twin_list_add(&self->first, page);
	if ((double)self->first.count > (double)t->frames - secondary)
		twin_list_add(&self->second, twin_list_pop(&self->first));
}

static void sfifo_hit(struct twin *t, uint64_t page)
{
	struct segments *self = t->self;

	if (twin_list_take(&self->second, page))
		sfifo_enter(t, page);
}

static void sfifo_fault(struct twin *t, uint64_t page)
{
	struct segments *self = t->self;

	sfifo_enter(t, page);
	if (is_full(t))
		twin_evict(t, twin_list_pop(&self->second));
}

static const char *const sfifo_specs[] = {
	"sfifo", "sfifo:p=0", "sfifo:p=50", "sfifo:p=99", "sfifo:p=100", NULL};

static const struct twin_kind sfifo = {
	.policy = "sfifo",
	.specs = sfifo_specs,
	.size = sizeof(struct segments),
	.hit = sfifo_hit,
	.fault = sfifo_fault,
	.drop = segments_drop,
	.end = segments_end,
};

TWIN(sfifo);

/* The first is the probationary segment, the second the protected one. */
static void slru_hit(struct twin *t, uint64_t page)
{
	struct segments *self = t->self;
	const double share = floor((double)t->frames * twin_param(t, "protected") / 100);

	segments_drop(t, page);
	twin_list_add(&self->second, page);
	if ((double)self->second.count > share)
		twin_list_add(&self->first, twin_list_pop(&self->second));
}

static void slru_fault(struct twin *t, uint64_t page)
{
	struct segments *self = t->self;

	if (is_full(t))
		twin_evict(t, twin_list_pop(self->first.count ? &self->first : &self->second));
	twin_list_add(&self->first, page);
}

static const char *const slru_specs[] = {
	"slru", "slru:protected=0", "slru:protected=30", "slru:protected=100", NULL};

static const struct twin_kind slru = {
	.policy = "slru",
	.specs = slru_specs,
	.size = sizeof(struct segments),
	.hit = slru_hit,
	.fault = slru_fault,
	.drop = segments_drop,
	.end = segments_end,
};

TWIN(slru);

/* ---- pessimal ---- */

static void pessimal_fault(struct twin *t, uint64_t page)
{
	uint64_t victim;

	(void)page;
	if (!is_full(t))
		return;
	victim = t->resident.page[0];
	for (size_t i = 1; i < t->resident.count; i++) {
		const uint64_t other = t->resident.page[i];
		const uint64_t next = twin_next(t, other), soonest = twin_next(t, victim);

		if (next < soonest || (next == soonest && other < victim))
			victim = other;
	}
	twin_evict(t, victim);
}

static const char *const pessimal_specs[] = {"pessimal", NULL};

static const struct twin_kind pessimal = {
	.policy = "pessimal",
	.specs = pessimal_specs,
	.fault = pessimal_fault,
};

TWIN(pessimal);

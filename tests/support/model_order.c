/* SPDX-License-Identifier: MIT */
/* model_order.c: the reference models of policies that search the order of last use. */
#include <math.h>

#include "reference_model.h"

static void move_to_end(struct model_list *order, uint64_t page)
{
	model_list_take(order, page);
	model_list_add(order, page);
}

/* ---- cflru; page[0] is the least recent ---- */

struct cflru_model {
	struct model_list order;
};

static void cflru_hit(struct reference_model *t, uint64_t page)
{
	struct cflru_model *self = t->self;

	move_to_end(&self->order, page);
}

static void cflru_fault(struct reference_model *t, uint64_t page)
{
	struct cflru_model *self = t->self;

	if (t->resident.count == t->frames) {
		const size_t window = (size_t)floor(model_param(t, "window") * (double)t->frames);
		uint64_t victim = self->order.page[0];

		for (size_t i = 0; i < window; i++) {
			if (!model_dirty(t, self->order.page[i])) {
				victim = self->order.page[i];
				break;
			}
		}
		model_list_take(&self->order, victim);
		model_evict(t, victim);
	}
	model_list_add(&self->order, page);
}

static void cflru_drop(struct reference_model *t, uint64_t page)
{
	struct cflru_model *self = t->self;

	model_list_take(&self->order, page);
}

static void cflru_end(struct reference_model *t)
{
	struct cflru_model *self = t->self;

	model_list_free(&self->order);
}

static const char *const cflru_specs[] = {
	"cflru", "cflru:window=0", "cflru:window=0.3", "cflru:window=1", NULL};

static const struct model_kind cflru = {
	.policy = "cflru",
	.specs = cflru_specs,
	.size = sizeof(struct cflru_model),
	.hit = cflru_hit,
	.fault = cflru_fault,
	.drop = cflru_drop,
	.end = cflru_end,
};

MODEL(cflru);

/* ---- seq ---- */

#define SEQUENCES_MAX 257

struct sequence {
	uint64_t low, high;
	int direction;            /* 1 up, -1 down, 0 none yet */
	struct model_list faults; /* their times, the latest last */
};

struct seq_model {
	struct model_list order; /* page[0] is the least recent */
	struct sequence sequence[SEQUENCES_MAX];
	size_t count;
};

static uint64_t last_fault(const struct sequence *s)
{
	return s->faults.page[s->faults.count - 1];
}

static void seq_forget(struct seq_model *self, size_t index)
{
	model_list_free(&self->sequence[index].faults);
	self->sequence[index] = self->sequence[--self->count];
}

/* A sequence that holds the page keeps only the pages between that page and its head. */
static void seq_cut(struct seq_model *self, uint64_t page)
{
	for (size_t i = 0; i < self->count; i++) {
		struct sequence *s = &self->sequence[i];

		if (page < s->low || page > s->high)
			continue;
		if (s->direction > 0 && page < s->high)
			s->low = page + 1;
		else if (s->direction < 0 && page > s->low)
			s->high = page - 1;
		else
			seq_forget(self, i);
		return;
	}
}

/* Extends a sequence by the page and returns it; NULL: the page continues no sequence. */
static struct sequence *seq_grow(struct seq_model *self, uint64_t page)
{
	struct sequence *best = NULL;

	for (size_t i = 0; i < self->count; i++) {
		struct sequence *s = &self->sequence[i];
		const bool up = s->direction >= 0 && s->high + 1 == page;
		const bool down = s->direction <= 0 && s->low == page + 1;

		if ((up || down) && (!best || last_fault(s) > last_fault(best)))
			best = s;
	}
	if (best && best->high + 1 == page) {
		best->high = page;
		best->direction = 1;
	} else if (best) {
		best->low = page;
		best->direction = -1;
	}
	return best;
}

static struct sequence *seq_begin(struct reference_model *t, uint64_t page)
{
	struct seq_model *self = t->self;

	if (self->count == (size_t)model_param(t, "sequences")) {
		size_t oldest = 0;

		for (size_t i = 1; i < self->count; i++) {
			if (last_fault(&self->sequence[i]) < last_fault(&self->sequence[oldest]))
				oldest = i;
		}
		seq_forget(self, oldest);
	}
	self->sequence[self->count] = (struct sequence){.low = page, .high = page};
	return &self->sequence[self->count++];
}

/* The time of the `times`-th last fault; false: there are fewer faults. */
static bool nth_fault(const struct reference_model *t, const struct sequence *s, uint64_t *time)
{
	const size_t times = (size_t)model_param(t, "times");

	if (s->faults.count < times)
		return false;
	*time = s->faults.page[s->faults.count - times];
	return true;
}

static uint64_t seq_victim(struct reference_model *t)
{
	struct seq_model *self = t->self;
	const uint64_t length = (uint64_t)model_param(t, "length");
	const uint64_t skip = (uint64_t)model_param(t, "skip");
	const struct sequence *best = NULL;
	uint64_t time, latest = 0;

	for (size_t i = 0; i < self->count; i++) {
		const struct sequence *s = &self->sequence[i];

		if (s->high - s->low + 1 >= length && nth_fault(t, s, &time) &&
			(!best || time > latest)) {
			best = s;
			latest = time;
		}
	}
	for (uint64_t back = skip; best && back <= best->high - best->low; back++) {
		const uint64_t page = best->direction < 0 ? best->low + back : best->high - back;

		if (model_list_has(&t->resident, page))
			return page;
	}
	return self->order.page[0];
}

static void seq_hit(struct reference_model *t, uint64_t page)
{
	struct seq_model *self = t->self;

	move_to_end(&self->order, page);
}

static void seq_fault(struct reference_model *t, uint64_t page)
{
	struct seq_model *self = t->self;
	struct sequence *s;

	seq_cut(self, page);
	s = seq_grow(self, page);
	if (!s)
		s = seq_begin(t, page);
	model_list_add(&s->faults, t->now);
	if (t->resident.count == t->frames) {
		const uint64_t victim = seq_victim(t);

		model_list_take(&self->order, victim);
		model_evict(t, victim);
	}
	model_list_add(&self->order, page);
}

static void seq_drop(struct reference_model *t, uint64_t page)
{
	struct seq_model *self = t->self;

	model_list_take(&self->order, page);
}

static void seq_end(struct reference_model *t)
{
	struct seq_model *self = t->self;

	model_list_free(&self->order);
	while (self->count)
		seq_forget(self, 0);
}

static const char *const seq_specs[] = {"seq", "seq:length=5:skip=2:times=2",
	"seq:length=3:skip=0:times=1:sequences=2", "seq:length=1:skip=1:times=1",
	"seq:length=4:skip=3:times=3:sequences=1", NULL};

static const struct model_kind seq = {
	.policy = "seq",
	.specs = seq_specs,
	.size = sizeof(struct seq_model),
	.hit = seq_hit,
	.fault = seq_fault,
	.drop = seq_drop,
	.end = seq_end,
};

MODEL(seq);

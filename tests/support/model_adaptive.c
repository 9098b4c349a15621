/* SPDX-License-Identifier: MIT */
/*
 * model_adaptive.c: the reference models of policies that learn from ghosts which pages to keep:
 * 2Q, ARC, CAR, CART. In all lists page[0] is the oldest page; a hand is at page[0].
 */
#include <math.h>

#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

/* 2Q: A1in, Am and A1out are t1, t2 and b1. */
struct adaptive {
	struct model_list t1, t2, b1, b2;
	double p, q;
	bool is_long[PAGES_MAX]; /* CART's filter */
};

static void adaptive_drop(struct reference_model *t, uint64_t page)
{
	struct adaptive *self = t->self;

	model_list_take(&self->t1, page);
	model_list_take(&self->t2, page);
}

static void adaptive_end(struct reference_model *t)
{
	struct adaptive *self = t->self;

	model_list_free(&self->t1);
	model_list_free(&self->t2);
	model_list_free(&self->b1);
	model_list_free(&self->b2);
}

static bool is_full(const struct reference_model *t)
{
	return t->resident.count == t->frames;
}

/* Evicts the oldest page of a list, which becomes the newest ghost of another list. */
static void evict_to(struct reference_model *t, struct model_list *from, struct model_list *ghosts)
{
	const uint64_t page = model_list_pop(from);

	model_evict(t, page);
	model_list_add(ghosts, page);
}

static double quotient(size_t a, size_t b)
{
	return fmax(1, (double)a / (double)b);
}

/* ---- 2q ---- */

static void two_queues_hit(struct reference_model *t, uint64_t page)
{
	struct adaptive *self = t->self;

	if (model_list_take(&self->t2, page))
		model_list_add(&self->t2, page);
}

static void two_queues_fault(struct reference_model *t, uint64_t page)
{
	struct adaptive *self = t->self;
	const double kin = floor(model_param(t, "kin") * (double)t->frames / 100);
	const double kout = floor(model_param(t, "kout") * (double)t->frames / 100);
	const bool known = model_list_has(&self->b1, page);

	if (model_param(t, "early") != 0)
		model_list_take(&self->b1, page);
	if (is_full(t) && ((double)self->t1.count > kin || !self->t2.count)) {
		evict_to(t, &self->t1, &self->b1);
		if ((double)self->b1.count > kout) {
			const bool first = self->b1.page[0] == page;

			model_list_take(&self->b1, self->b1.page[first ? 1 : 0]);
		}
	} else if (is_full(t)) {
		model_evict(t, model_list_pop(&self->t2));
	}
	model_list_take(&self->b1, page);
	model_list_add(known ? &self->t2 : &self->t1, page);
}

static const char *const two_queues_specs[] = {"2q", "2q:early=on", "2q:kin=10:kout=200",
	"2q:kin=0:kout=0", "2q:kin=100:kout=1000:early=on", NULL};

static const struct model_kind two_queues = {
	.policy = "2q",
	.specs = two_queues_specs,
	.size = sizeof(struct adaptive),
	.hit = two_queues_hit,
	.fault = two_queues_fault,
	.drop = adaptive_drop,
	.end = adaptive_end,
};

MODEL(two_queues);

/* ---- arc ---- */

static void arc_hit(struct reference_model *t, uint64_t page)
{
	struct adaptive *self = t->self;

	adaptive_drop(t, page);
	model_list_add(&self->t2, page);
}

static void replace(struct reference_model *t, bool for_b2)
{
	struct adaptive *self = t->self;
	const double size = (double)self->t1.count;

	if (!is_full(t))
		return;
	if (size > 0 && (size > self->p || (size == self->p && for_b2)))
		evict_to(t, &self->t1, &self->b1);
	else
		evict_to(t, &self->t2, &self->b2);
}

static void arc_fault(struct reference_model *t, uint64_t page)
{
	struct adaptive *self = t->self;
	const bool in_b1 = model_list_has(&self->b1, page), in_b2 = model_list_has(&self->b2, page);
	const size_t l1 = self->t1.count + self->b1.count, b1 = self->b1.count, b2 = self->b2.count;
	const bool whole = model_param(t, "integer") != 0;

	if (in_b1 || in_b2) {
		double step = in_b1 ? quotient(b2, b1) : quotient(b1, b2);

		step = whole ? floor(step) : step;
		self->p = in_b1 ? fmin((double)t->frames, self->p + step) : fmax(0, self->p - step);
		replace(t, in_b2);
		model_list_take(&self->b1, page);
		model_list_take(&self->b2, page);
		model_list_add(&self->t2, page);
		return;
	}
	if (l1 == t->frames && self->t1.count == t->frames) {
		model_evict(t, model_list_pop(&self->t1));
	} else {
		if (l1 == t->frames)
			model_list_pop(&self->b1);
		else if (l1 + self->t2.count + b2 == 2 * t->frames)
			model_list_pop(&self->b2);
		replace(t, false);
	}
	model_list_add(&self->t1, page);
}

static const char *const arc_specs[] = {"arc", "arc:integer=on", NULL};

static const struct model_kind arc = {
	.policy = "arc",
	.specs = arc_specs,
	.size = sizeof(struct adaptive),
	.hit = arc_hit,
	.fault = arc_fault,
	.drop = adaptive_drop,
	.end = adaptive_end,
};

MODEL(arc);

/* ---- car ---- */

static void car_evict(struct reference_model *t)
{
	struct adaptive *self = t->self;

	for (;;) {
		const bool first = (double)self->t1.count >= fmax(1, self->p);
		struct model_list *clock = first ? &self->t1 : &self->t2;
		const uint64_t page = clock->page[0];

		if (!model_accessed(t, page)) {
			evict_to(t, clock, first ? &self->b1 : &self->b2);
			return;
		}
		model_clear_accessed(t, page);
		model_list_pop(clock);
		model_list_add(&self->t2, page);
	}
}

static void car_fault(struct reference_model *t, uint64_t page)
{
	struct adaptive *self = t->self;
	const bool in_b1 = model_list_has(&self->b1, page), in_b2 = model_list_has(&self->b2, page);
	size_t l1, l2;

	if (is_full(t))
		car_evict(t);
	l1 = self->t1.count + self->b1.count;
	l2 = self->t2.count + self->b2.count;
	if (in_b1) {
		self->p =
			fmin((double)t->frames, self->p + quotient(self->b2.count, self->b1.count));
	} else if (in_b2) {
		self->p = fmax(0, self->p - quotient(self->b1.count, self->b2.count));
	} else if (l1 == t->frames) {
		model_list_pop(&self->b1);
	} else if (l1 + l2 == 2 * t->frames) {
		model_list_pop(&self->b2);
	}
	model_list_take(&self->b1, page);
	model_list_take(&self->b2, page);
	model_list_add(in_b1 || in_b2 ? &self->t2 : &self->t1, page);
	model_enter_cleared(t);
}

static const char *const car_specs[] = {"car", NULL};

static const struct model_kind car = {
	.policy = "car",
	.specs = car_specs,
	.size = sizeof(struct adaptive),
	.fault = car_fault,
	.drop = adaptive_drop,
	.end = adaptive_end,
};

MODEL(car);

/* ---- cart ---- */

/* The number of resident pages whose filter is short, or long. */
static size_t with_filter(const struct reference_model *t, bool is_long)
{
	const struct adaptive *self = t->self;
	size_t n = 0;

	for (size_t i = 0; i < t->resident.count; i++)
		n += self->is_long[t->resident.page[i]] == is_long;
	return n;
}

/* After a page moved from T2 or B2 to T1. From B2, it is not resident yet; its filter is long. */
static void raise_q(struct reference_model *t)
{
	struct adaptive *self = t->self;
	const size_t all = self->t2.count + self->b2.count + self->t1.count;
	const double capacity = 2 * (double)t->frames - (double)self->t1.count;

	if (all - with_filter(t, false) >= t->frames)
		self->q = fmin(self->q + 1, capacity);
}

static void cart_turn_t2(struct reference_model *t)
{
	struct adaptive *self = t->self;

	while (self->t2.count && model_accessed(t, self->t2.page[0])) {
		model_clear_accessed(t, self->t2.page[0]);
		model_list_add(&self->t1, model_list_pop(&self->t2));
		raise_q(t);
	}
}

static void cart_turn_t1(struct reference_model *t)
{
	struct adaptive *self = t->self;

	while (self->t1.count) {
		const uint64_t page = self->t1.page[0];
		const double enough = fmin(self->p + 1, (double)self->b1.count);

		if (model_accessed(t, page)) {
			model_clear_accessed(t, page);
			model_list_add(&self->t1, model_list_pop(&self->t1));
			if ((double)self->t1.count >= enough)
				self->is_long[page] = true;
		} else if (self->is_long[page]) {
			model_list_add(&self->t2, model_list_pop(&self->t1));
			self->q = fmax(self->q - 1, (double)t->frames - (double)self->t1.count);
		} else {
			return;
		}
	}
}

static void cart_make_room(struct reference_model *t, bool ghost)
{
	struct adaptive *self = t->self;

	cart_turn_t2(t);
	cart_turn_t1(t);
	if ((double)self->t1.count >= fmax(1, self->p))
		evict_to(t, &self->t1, &self->b1);
	else
		evict_to(t, &self->t2, &self->b2);
	if (ghost || self->b1.count + self->b2.count != t->frames + 1)
		return;
	if ((double)self->b1.count > fmax(0, self->q) || !self->b2.count)
		model_list_pop(&self->b1);
	else
		model_list_pop(&self->b2);
}

static void cart_fault(struct reference_model *t, uint64_t page)
{
	struct adaptive *self = t->self;
	const bool in_b1 = model_list_has(&self->b1, page), in_b2 = model_list_has(&self->b2, page);

	if (is_full(t))
		cart_make_room(t, in_b1 || in_b2);
	if (in_b1)
		self->p = fmin((double)t->frames,
			self->p + quotient(with_filter(t, false), self->b1.count));
	if (in_b2)
		self->p = fmax(0, self->p - quotient(with_filter(t, true), self->b2.count));
	model_list_take(&self->b1, page);
	model_list_take(&self->b2, page);
	model_list_add(&self->t1, page);
	self->is_long[page] = in_b1 || in_b2;
	if (in_b2)
		raise_q(t);
	model_enter_cleared(t);
}

static const char *const cart_specs[] = {"cart", NULL};

static const struct model_kind cart = {
	.policy = "cart",
	.specs = cart_specs,
	.size = sizeof(struct adaptive),
	.fault = cart_fault,
	.drop = adaptive_drop,
	.end = adaptive_end,
};

MODEL(cart);

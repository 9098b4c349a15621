/* SPDX-License-Identifier: MIT */
/*
 * model_counting.c: the reference models of policies that use more than a page's last reference:
 * LRU-K, FBR, LRFU, MQ. In all lists page[0] is the least recent.
 */
#include <math.h>

#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */
#define MOST 16      /* largest K, and largest number of queues */

/* ---- lru-k ---- */

struct lru_k {
	uint64_t hist[PAGES_MAX][MOST]; /* times from 1; 0: unknown */
	uint64_t last[PAGES_MAX];
};

static void lru_k_hit(struct reference_model *t, uint64_t page)
{
	struct lru_k *self = t->self;
	uint64_t *hist = self->hist[page];
	const uint64_t time = t->now + 1, correlated = self->last[page] - hist[0];

	if ((double)(time - self->last[page]) > model_param(t, "crp")) {
		for (int i = MOST - 1; i > 0; i--)
			hist[i] = hist[i - 1] ? hist[i - 1] + correlated : 0;
		hist[0] = time;
	}
	self->last[page] = time;
}

static void lru_k_fault(struct reference_model *t, uint64_t page)
{
	struct lru_k *self = t->self;
	const int k = (int)model_param(t, "k") - 1;
	const double crp = model_param(t, "crp"), retain = model_param(t, "retain");
	const uint64_t time = t->now + 1;
	uint64_t victim = UINT64_MAX, latest = UINT64_MAX;

	for (size_t i = 0; i < t->resident.count; i++) {
		const uint64_t p = t->resident.page[i];

		if (latest == UINT64_MAX || self->last[p] < self->last[latest])
			latest = p;
		if ((double)(time - self->last[p]) <= crp)
			continue;
		if (victim == UINT64_MAX || self->hist[p][k] < self->hist[victim][k] ||
			(self->hist[p][k] == self->hist[victim][k] &&
				self->last[p] < self->last[victim]))
			victim = p;
	}
	if (t->resident.count == t->frames)
		model_evict(t, victim == UINT64_MAX ? latest : victim);
	for (int i = MOST - 1; i > 0; i--)
		self->hist[page][i] = self->hist[page][i - 1];
	if (retain > 0 && (double)(time - self->last[page]) > retain)
		for (int i = 1; i < MOST; i++)
			self->hist[page][i] = 0;
	self->hist[page][0] = self->last[page] = time;
}

static const char *const lru_k_specs[] = {"lru-k", "lru-k:k=1", "lru-k:k=3:retain=20",
	"lru-k:crp=3", "lru-k:k=4:crp=2:retain=50", "lru-k:crp=100:retain=5", NULL};

static const struct model_kind lru_k = {
	.policy = "lru-k",
	.specs = lru_k_specs,
	.size = sizeof(struct lru_k),
	.hit = lru_k_hit,
	.fault = lru_k_fault,
};

MODEL(lru_k);

/* ---- fbr ---- */

struct fbr {
	struct model_list order;
	uint64_t count[PAGES_MAX];
};

static void fbr_halve(struct reference_model *t)
{
	struct fbr *self = t->self;
	double sum = 0;

	for (size_t i = 0; i < self->order.count; i++)
		sum += (double)self->count[self->order.page[i]];
	if (sum <= model_param(t, "amax") * (double)self->order.count)
		return;
	for (size_t i = 0; i < self->order.count; i++) {
		uint64_t *count = &self->count[self->order.page[i]];

		*count = (*count + 1) / 2;
	}
}

static uint64_t fbr_old_size(const struct reference_model *t)
{
	const uint64_t size = (uint64_t)floor(model_param(t, "old") * (double)t->frames / 100);

	return size ? size : 1;
}

static void fbr_hit(struct reference_model *t, uint64_t page)
{
	struct fbr *self = t->self;
	const double new = fmin(floor(model_param(t, "new") * (double)t->frames / 100),
		(double)(t->frames - fbr_old_size(t)));
	bool is_new = false;

	for (size_t i = 0; i < self->order.count && (double)i < new; i++)
		is_new |= self->order.page[self->order.count - 1 - i] == page;
	model_list_take(&self->order, page);
	model_list_add(&self->order, page);
	if (is_new)
		return;
	self->count[page]++;
	fbr_halve(t);
}

static void fbr_fault(struct reference_model *t, uint64_t page)
{
	struct fbr *self = t->self;
	const double cmax = model_param(t, "cmax");

	if (t->resident.count == t->frames) {
		uint64_t victim = self->order.page[0];

		for (size_t i = 1; i < fbr_old_size(t); i++)
			if (self->count[self->order.page[i]] < self->count[victim])
				victim = self->order.page[i];
		if (cmax > 0 && (double)self->count[victim] >= cmax)
			victim = self->order.page[0];
		model_list_take(&self->order, victim);
		model_evict(t, victim);
	}
	model_list_add(&self->order, page);
	self->count[page] = 1;
	fbr_halve(t);
}

static void fbr_drop(struct reference_model *t, uint64_t page)
{
	struct fbr *self = t->self;

	model_list_take(&self->order, page);
}

static void fbr_end(struct reference_model *t)
{
	struct fbr *self = t->self;

	model_list_free(&self->order);
}

static const char *const fbr_specs[] = {"fbr", "fbr:amax=2", "fbr:new=0:old=100",
	"fbr:amax=3:cmax=2", "fbr:new=90:old=20:amax=4", "fbr:new=100:old=0", "fbr:cmax=1", NULL};

static const struct model_kind fbr = {
	.policy = "fbr",
	.specs = fbr_specs,
	.size = sizeof(struct fbr),
	.hit = fbr_hit,
	.fault = fbr_fault,
	.drop = fbr_drop,
	.end = fbr_end,
};

MODEL(fbr);

/* ---- lrfu ---- */

#define BITS 40 /* of lambda's fraction */

struct lrfu {
	double sum[PAGES_MAX];
	uint64_t last[PAGES_MAX];
};

static uint64_t lambda_of(const struct reference_model *t)
{
	return (uint64_t)floor(model_param(t, "lambda") * 0x1p40 + 0.5);
}

/* 2^-f, with f <= 1 in units of 2^-40: one factor per bit, multiplied in groups of ten bits. */
static double fraction(uint64_t f)
{
	double root = 0.5, all = 1;

	for (int group = 0; group < BITS / 10; group++) {
		double product = 1;

		for (int bit = 0; bit < 10; bit++) {
			root = sqrt(root);
			if (f >> (BITS - 1 - 10 * group - bit) & 1)
				product *= root;
		}
		all *= product;
	}
	return all;
}

static void lrfu_hit(struct reference_model *t, uint64_t page)
{
	struct lrfu *self = t->self;
	const uint64_t y = lambda_of(t) * (t->now - self->last[page]);
	const uint64_t whole = y >> BITS, part = y & ((UINT64_C(1) << BITS) - 1);
	double weight = fraction(part);

	weight = whole > 1000 ? 0 : ldexp(weight, -(int)whole);
	self->sum[page] = 1 + self->sum[page] * weight;
	self->last[page] = t->now;
}

/* Compares C 2^(lambda L), then L. */
static bool lrfu_less(const struct reference_model *t, uint64_t a, uint64_t b)
{
	const struct lrfu *self = t->self;
	const uint64_t page[] = {a, b}, one = UINT64_C(1) << BITS, lambda = lambda_of(t);
	double mantissa[2], exponent[2];

	for (int i = 0; i < 2; i++) {
		const uint64_t y = lambda * self->last[page[i]], part = y & (one - 1);
		const double up = part ? 2 * fraction(one - part) : 1;
		int exp;

		mantissa[i] = frexp(self->sum[page[i]] * up, &exp);
		if (lambda)
			mantissa[i] = floor(ldexp(mantissa[i], 24));
		exponent[i] = exp + (double)(y >> BITS);
	}
	if (exponent[0] != exponent[1])
		return exponent[0] < exponent[1];
	if (mantissa[0] != mantissa[1])
		return mantissa[0] < mantissa[1];
	return self->last[a] < self->last[b];
}

static void lrfu_fault(struct reference_model *t, uint64_t page)
{
	struct lrfu *self = t->self;

	if (t->resident.count == t->frames) {
		uint64_t victim = t->resident.page[0];

		for (size_t i = 1; i < t->resident.count; i++)
			if (lrfu_less(t, t->resident.page[i], victim))
				victim = t->resident.page[i];
		model_evict(t, victim);
	}
	self->sum[page] = 1;
	self->last[page] = t->now;
}

static const char *const lrfu_specs[] = {
	"lrfu", "lrfu:lambda=0", "lrfu:lambda=1", "lrfu:lambda=0.05", "lrfu:lambda=0.3", NULL};

static const struct model_kind lrfu = {
	.policy = "lrfu",
	.specs = lrfu_specs,
	.size = sizeof(struct lrfu),
	.hit = lrfu_hit,
	.fault = lrfu_fault,
};

MODEL(lrfu);

/* ---- mq ---- */

struct mq {
	struct model_list queue[MOST], out;
	uint64_t count[PAGES_MAX], expires[PAGES_MAX];
};

static void mq_drop(struct reference_model *t, uint64_t page)
{
	struct mq *self = t->self;

	for (int k = 0; k < MOST; k++)
		model_list_take(&self->queue[k], page);
}

/* A reference to the page, which is in no queue. Its count does not include this reference yet. */
static void mq_refer(struct reference_model *t, uint64_t page)
{
	struct mq *self = t->self;
	const int queues = (int)model_param(t, "queues");
	const uint64_t lifetime = (uint64_t)model_param(t, "lifetime");
	int level = 0;

	self->count[page]++;
	while (level < queues - 1 && self->count[page] >> (level + 1))
		level++;
	model_list_add(&self->queue[level], page);
	self->expires[page] = t->now + lifetime;
	for (int k = 1; k < queues; k++) {
		uint64_t first;

		if (!self->queue[k].count)
			continue;
		first = self->queue[k].page[0];
		if (self->expires[first] > t->now)
			continue;
		model_list_pop(&self->queue[k]);
		model_list_add(&self->queue[k - 1], first);
		self->expires[first] = t->now + 1 + lifetime;
	}
}

static void mq_hit(struct reference_model *t, uint64_t page)
{
	mq_drop(t, page);
	mq_refer(t, page);
}

static void mq_fault(struct reference_model *t, uint64_t page)
{
	struct mq *self = t->self;
	const double out = floor(model_param(t, "out") * (double)t->frames / 100);

	if (t->resident.count == t->frames) {
		int k = 0;

		while (!self->queue[k].count)
			k++;
		model_list_add(&self->out, self->queue[k].page[0]);
		model_evict(t, model_list_pop(&self->queue[k]));
		if ((double)self->out.count > out)
			model_list_pop(&self->out);
	}
	if (!model_list_take(&self->out, page))
		self->count[page] = 0;
	mq_refer(t, page);
}

static void mq_end(struct reference_model *t)
{
	struct mq *self = t->self;

	for (int k = 0; k < MOST; k++)
		model_list_free(&self->queue[k]);
	model_list_free(&self->out);
}

static const char *const mq_specs[] = {"mq", "mq:lifetime=5", "mq:queues=1:lifetime=1",
	"mq:queues=3:lifetime=10:out=50", "mq:lifetime=30:out=0", "mq:queues=4:lifetime=1", NULL};

static const struct model_kind mq = {
	.policy = "mq",
	.specs = mq_specs,
	.size = sizeof(struct mq),
	.hit = mq_hit,
	.fault = mq_fault,
	.drop = mq_drop,
	.end = mq_end,
};

MODEL(mq);

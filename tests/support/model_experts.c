/* SPDX-License-Identifier: MIT */
/*
 * model_experts.c: the reference models of policies that learn whether to trust recency or
 * frequency.
 */
#include <math.h>

#include "model_random.h"
#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

enum { RECENCY, FREQUENCY, EXPERTS };

struct trust {
	double weight[EXPERTS];
	uint64_t draws;
};

static void trust_start(const struct reference_model *t, struct trust *trust)
{
	trust->weight[RECENCY] = trust->weight[FREQUENCY] = 0.5;
	trust->draws = t->seed;
}

static int trust_choose(struct trust *trust)
{
	return model_random_real(&trust->draws) < trust->weight[RECENCY] ? RECENCY : FREQUENCY;
}

/* e^-x for x >= 0, as exponential.h defines it: a series at x / 1024, squared ten times. */
static double exp_minus(double x)
{
	double s = 1;

	if (x >= 700)
		return 0;
	for (int k = 12; k >= 1; k--)
		s = 1 - x / 1024 / k * s;
	for (int i = 0; i < 10; i++)
		s *= s;
	return s;
}

static void trust_punish(struct trust *trust, int expert, double rate)
{
	double sum;

	trust->weight[expert] *= exp_minus(rate);
	sum = trust->weight[RECENCY] + trust->weight[FREQUENCY];
	for (int i = 0; i < EXPERTS; i++)
		trust->weight[i] /= sum;
	for (int i = 0; i < EXPERTS; i++) {
		if (trust->weight[i] > 0.99) {
			trust->weight[i] = 0.99;
			trust->weight[1 - i] = 0.01;
		}
	}
}

/* Makes the page the most recent one, at the end of the list. page[0] is the least recent. */
static void use(struct model_list *list, uint64_t page)
{
	model_list_take(list, page);
	model_list_add(list, page);
}

/* ---- lecar ---- */

struct lecar_model {
	struct model_list order;            /* page[0] is the least recent */
	struct model_list history[EXPERTS]; /* page[0] is the oldest entry */
	uint64_t count[PAGES_MAX], left_at[PAGES_MAX];
	struct trust trust;
};

static void lecar_start(struct reference_model *t)
{
	struct lecar_model *self = t->self;

	trust_start(t, &self->trust);
}

static void lecar_hit(struct reference_model *t, uint64_t page)
{
	struct lecar_model *self = t->self;

	self->count[page]++;
	use(&self->order, page);
}

/* A fault on a page that `expert` had evicted. */
static void lecar_regret(struct reference_model *t, int expert, uint64_t page)
{
	struct lecar_model *self = t->self;
	const double age = (double)(t->now - self->left_at[page]);
	const double discount = exp_minus(5.298317366548036 * (age / (double)t->frames));

	trust_punish(&self->trust, expert, model_param(t, "rate") * discount);
}

static void lecar_evict(struct reference_model *t)
{
	struct lecar_model *self = t->self;
	const int expert = trust_choose(&self->trust);
	const double most = floor(model_param(t, "history") * (double)t->frames);
	uint64_t choice[EXPERTS] = {self->order.page[0], self->order.page[0]};

	for (size_t i = 1; i < self->order.count; i++) {
		if (self->count[self->order.page[i]] < self->count[choice[FREQUENCY]])
			choice[FREQUENCY] = self->order.page[i];
	}
	model_list_take(&self->order, choice[expert]);
	model_evict(t, choice[expert]);
	if (choice[RECENCY] == choice[FREQUENCY])
		return;
	self->left_at[choice[expert]] = t->now;
	model_list_add(&self->history[expert], choice[expert]);
	if ((double)self->history[expert].count > most)
		model_list_pop(&self->history[expert]);
}

static void lecar_fault(struct reference_model *t, uint64_t page)
{
	struct lecar_model *self = t->self;
	uint64_t count = 1;

	for (int expert = 0; expert < EXPERTS; expert++) {
		if (model_list_take(&self->history[expert], page)) {
			count = self->count[page] + 1;
			lecar_regret(t, expert, page);
		}
	}
	if (t->resident.count == t->frames)
		lecar_evict(t);
	self->count[page] = count;
	model_list_add(&self->order, page);
}

static void lecar_drop(struct reference_model *t, uint64_t page)
{
	struct lecar_model *self = t->self;

	model_list_take(&self->order, page);
}

static void lecar_end(struct reference_model *t)
{
	struct lecar_model *self = t->self;

	model_list_free(&self->order);
	for (int expert = 0; expert < EXPERTS; expert++)
		model_list_free(&self->history[expert]);
}

static const char *const lecar_specs[] = {"lecar", "lecar:rate=0.9:history=2", "lecar:history=0.3",
	"lecar:rate=1:history=1", "lecar:rate=0", "lecar:history=0", NULL};

static const struct model_kind lecar = {
	.policy = "lecar",
	.specs = lecar_specs,
	.size = sizeof(struct lecar_model),
	.start = lecar_start,
	.hit = lecar_hit,
	.fault = lecar_fault,
	.drop = lecar_drop,
	.end = lecar_end,
};

MODEL(lecar);

/* ---- cacheus; page[0] of S and Q is the oldest ---- */

struct cacheus_model {
	struct trust trust;
	struct model_list s, q;
	struct model_list history[EXPERTS]; /* page[0] is the oldest entry */
	bool demoted[PAGES_MAX], is_new[PAGES_MAX];
	uint64_t qlimit;
	uint64_t count[PAGES_MAX], used[PAGES_MAX], hits;
	/* The learning rate: now, before its last change, and after a reset. */
	double rate, rate_before, rate_reset;
	int64_t permille;
	int idle, worse;
};

static void cacheus_start(struct reference_model *t)
{
	struct cacheus_model *self = t->self;
	const double n = (double)t->frames;

	trust_start(t, &self->trust);
	self->qlimit = (uint64_t)floor(n / 100 + 0.5);
	if (!self->qlimit)
		self->qlimit = 1;
	self->rate = sqrt(2 * 0.69314718055994531 / n);
	self->rate_reset = fmin(1, fmax(0.001, self->rate));
}

static uint64_t marked(const struct model_list *list, const bool *mark)
{
	uint64_t found = 0;

	for (size_t i = 0; i < list->count; i++)
		found += mark[list->page[i]];
	return found;
}

static uint64_t demoted(const struct cacheus_model *self)
{
	return marked(&self->s, self->demoted) + marked(&self->q, self->demoted);
}

/* A limit grows by more / less, rounded, but at least by 1. */
static uint64_t grown(const struct reference_model *t, uint64_t limit, uint64_t more, uint64_t less)
{
	const double by = floor((double)more / (less ? (double)less : 1) + 0.5);

	limit += by > 1 ? (uint64_t)by : 1;
	return limit < t->frames - 1 ? limit : t->frames - 1;
}

static bool s_is_long(const struct reference_model *t)
{
	const struct cacheus_model *self = t->self;

	return self->s.count && self->s.count >= t->frames - self->qlimit;
}

static void shrink_s(struct cacheus_model *self)
{
	const uint64_t page = model_list_pop(&self->s);

	self->demoted[page] = true;
	model_list_add(&self->q, page);
}

static void cacheus_hit(struct reference_model *t, uint64_t page)
{
	struct cacheus_model *self = t->self;

	self->hits++;
	self->count[page]++;
	self->used[page] = t->now;
	if (!model_list_take(&self->s, page)) {
		if (self->demoted[page]) {
			const uint64_t new = marked(&self->history[RECENCY], self->is_new);

			self->qlimit =
				t->frames - grown(t, t->frames - self->qlimit, new, demoted(self));
			self->demoted[page] = false;
		}
		if (s_is_long(t))
			shrink_s(self);
		model_list_take(&self->q, page);
	}
	model_list_add(&self->s, page);
}

static void cacheus_evict(struct reference_model *t)
{
	struct cacheus_model *self = t->self;
	const int expert = trust_choose(&self->trust);
	const uint64_t recency = self->q.count ? self->q.page[0] : self->s.page[0];
	uint64_t frequency = t->resident.page[0], victim;

	for (size_t i = 1; i < t->resident.count; i++) {
		const uint64_t page = t->resident.page[i];

		if (self->count[page] < self->count[frequency] ||
			(self->count[page] == self->count[frequency] &&
				self->used[page] > self->used[frequency]))
			frequency = page;
	}
	victim = expert == RECENCY ? recency : frequency;
	model_list_take(&self->s, victim);
	model_list_take(&self->q, victim);
	self->demoted[victim] = false;
	model_evict(t, victim);
	if (recency == frequency)
		return;
	model_list_add(&self->history[expert], victim);
	if (self->history[expert].count > t->frames / 2)
		model_list_pop(&self->history[expert]);
}

/* A fault on a page that an expert had evicted; false: the page is in no history. */
static bool cacheus_regret(struct reference_model *t, uint64_t page)
{
	struct cacheus_model *self = t->self;

	if (model_list_take(&self->history[RECENCY], page)) {
		if (self->is_new[page])
			self->qlimit = grown(t, self->qlimit, demoted(self),
				marked(&self->history[RECENCY], self->is_new));
		trust_punish(&self->trust, RECENCY, self->rate);
		return true;
	}
	if (!model_list_take(&self->history[FREQUENCY], page))
		return false;
	trust_punish(&self->trust, FREQUENCY, self->rate);
	return true;
}

static void cacheus_fault(struct reference_model *t, uint64_t page)
{
	struct cacheus_model *self = t->self;
	const bool full = t->resident.count == t->frames;
	const bool remembered = cacheus_regret(t, page);
	const bool room_in_s = self->s.count < t->frames - self->qlimit && !self->q.count;
	const bool room_in_q = !full && self->q.count < self->qlimit;

	if (full && (remembered || !room_in_s))
		cacheus_evict(t);
	self->count[page] = remembered ? self->count[page] + 1 : 1;
	self->used[page] = t->now;
	self->is_new[page] = !remembered && !room_in_s && !room_in_q;
	model_list_add(remembered || room_in_s ? &self->s : &self->q, page);
	while ((remembered || self->is_new[page]) && s_is_long(t))
		shrink_s(self);
}

/* The next learning rate when hits did not grow: unchanged, reset, or changed at random. */
static double cacheus_stray(struct cacheus_model *self, int64_t more)
{
	const double r = self->rate;

	self->idle += more < 0 || self->permille == 0;
	self->worse += more < 0;
	if (self->idle >= 10) {
		self->idle = 0;
		return self->rate_reset;
	}
	if (more == 0)
		return r;
	if (self->worse >= 10) {
		self->worse = 0;
		return self->rate_reset;
	}
	if (r >= 1 || r <= 0.001)
		return r >= 1 ? 0.9 : 0.005;
	return model_random(&self->trust.draws) % 2 ? fmin(1, 1.25 * r) : fmax(0.001, 0.75 * r);
}

static void cacheus_after(struct reference_model *t, uint64_t page)
{
	struct cacheus_model *self = t->self;
	const double n = (double)t->frames, r = self->rate;
	int64_t h, more, g;

	(void)page;
	if ((t->now + 1) % t->frames != 0)
		return;
	h = (int64_t)floor(1000 * (double)self->hits / n + 0.5);
	more = h - self->permille;
	g = (int64_t)floor(1000 * r + 0.5) - (int64_t)floor(1000 * self->rate_before + 0.5);
	self->permille = h;
	self->hits = 0;
	if (g * more != 0) {
		const double change = r * (double)(g < 0 ? -g : g) / 1000;

		self->rate = g * more > 0 ? fmin(1, r + change) : fmax(0.001, r - change);
		self->idle = self->worse = 0;
	} else if (more <= 0) {
		self->rate = cacheus_stray(self, more);
	}
	self->rate_before = r;
}

static void cacheus_drop(struct reference_model *t, uint64_t page)
{
	struct cacheus_model *self = t->self;

	model_list_take(&self->s, page);
	model_list_take(&self->q, page);
	self->demoted[page] = false;
}

static void cacheus_end(struct reference_model *t)
{
	struct cacheus_model *self = t->self;

	model_list_free(&self->s);
	model_list_free(&self->q);
	for (int expert = 0; expert < EXPERTS; expert++)
		model_list_free(&self->history[expert]);
}

static const char *const cacheus_specs[] = {"cacheus", NULL};

static const struct model_kind cacheus = {
	.policy = "cacheus",
	.specs = cacheus_specs,
	.size = sizeof(struct cacheus_model),
	.start = cacheus_start,
	.hit = cacheus_hit,
	.fault = cacheus_fault,
	.after = cacheus_after,
	.drop = cacheus_drop,
	.end = cacheus_end,
};

MODEL(cacheus);

/* SPDX-License-Identifier: MIT */
/*
 * model_clock_pro.c: the reference models of CLOCK-Pro and CLOCK-Pro+. The clock is a list. Its end
 * is the head, where pages are inserted. Each hand is at the first page of its kind.
 */
#include <math.h>

#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

enum kind { AWAY, HOT, COLD, GHOST };

struct pro {
	struct model_list clock;
	enum kind kind[PAGES_MAX];
	bool in_test[PAGES_MAX], marked[PAGES_MAX];
	double hot, credit; /* CLOCK-Pro's */
	double cold;        /* CLOCK-Pro+'s */
	uint64_t before;    /* the page of the previous reference */
	bool repeated;      /* this reference is to the same page */
	bool was;           /* the page's bit before this reference */
};

static double share(const struct reference_model *t, const char *param)
{
	return floor(model_param(t, param) * (double)t->frames / 100);
}

static double bounded(const struct reference_model *t, double n)
{
	const double most = t->frames > 1 ? (double)t->frames - 1 : 1;

	return fmax(1, fmin(n, most));
}

static double cold_least(const struct reference_model *t)
{
	return bounded(t, fmax(2, share(t, "cold")));
}

static double cold_most(const struct reference_model *t)
{
	return fmax(bounded(t, share(t, "most")), cold_least(t));
}

static void pro_start(struct reference_model *t)
{
	struct pro *self = t->self;

	self->cold = cold_least(t);
	self->hot = (double)t->frames - self->cold;
	self->before = UINT64_MAX;
}

static void pro_hit(struct reference_model *t, uint64_t page)
{
	struct pro *self = t->self;

	self->repeated = page == self->before;
	self->was = model_accessed(t, page);
}

/* With repeats=off, a repeated reference does not set the bit. */
static void pro_after(struct reference_model *t, uint64_t page)
{
	struct pro *self = t->self;

	if (self->repeated && !self->was && model_param(t, "repeats") == 0)
		model_clear_accessed(t, page);
	self->repeated = false;
	self->before = page;
}

static void pro_drop(struct reference_model *t, uint64_t page)
{
	struct pro *self = t->self;

	model_list_take(&self->clock, page);
	self->kind[page] = AWAY;
	self->in_test[page] = self->marked[page] = false;
}

static void pro_end(struct reference_model *t)
{
	struct pro *self = t->self;

	model_list_free(&self->clock);
}

static void to_head(struct reference_model *t, uint64_t page, enum kind kind, bool in_test)
{
	struct pro *self = t->self;

	model_list_take(&self->clock, page);
	model_list_add(&self->clock, page);
	self->kind[page] = kind;
	self->in_test[page] = in_test;
}

static size_t count_of(const struct reference_model *t, enum kind kind)
{
	const struct pro *self = t->self;
	size_t n = 0;

	for (size_t i = 0; i < self->clock.count; i++)
		n += self->kind[self->clock.page[i]] == kind;
	return n;
}

/* Of the pages of one kind, the one farthest from the head; UINT64_MAX: there is none. */
static uint64_t farthest(const struct reference_model *t, enum kind kind)
{
	const struct pro *self = t->self;

	for (size_t i = 0; i < self->clock.count; i++)
		if (self->kind[self->clock.page[i]] == kind)
			return self->clock.page[i];
	return UINT64_MAX;
}

static void add_credit(struct reference_model *t, double by)
{
	struct pro *self = t->self;

	if (model_param(t, "adaptive") != 0)
		self->credit += by;
}

/* Ends a page's test period. If the page is a ghost, removes it from the clock and returns true. */
static bool end_test(struct reference_model *t, uint64_t page, bool credits)
{
	struct pro *self = t->self;

	self->in_test[page] = false;
	if (self->kind[page] != GHOST)
		return false;
	pro_drop(t, page);
	if (credits)
		add_credit(t, -1);
	return true;
}

/* Ends the test period farthest from the head. Returns whether it was a ghost's. */
static bool end_farthest_test(struct reference_model *t, bool credits)
{
	struct pro *self = t->self;
	size_t i = 0;

	while (!self->in_test[self->clock.page[i]])
		i++;
	return end_test(t, self->clock.page[i], credits);
}

/* ---- clock-pro ---- */

struct turn {
	bool demoted, met;
};

static struct turn turn_hot(struct reference_model *t, uint64_t trigger)
{
	struct pro *self = t->self;
	struct turn turn = {.met = count_of(t, HOT) == 0};

	while (count_of(t, HOT)) {
		const uint64_t page = farthest(t, HOT);

		if (model_accessed(t, page)) {
			model_clear_accessed(t, page);
			to_head(t, page, HOT, false);
		} else {
			to_head(t, page, COLD, false);
			turn.demoted = true;
		}
		if (!count_of(t, HOT))
			break;
		for (size_t i = 0; self->kind[self->clock.page[i]] != HOT;) {
			const uint64_t passed = self->clock.page[i];

			turn.met |= passed == trigger;
			i += !(self->in_test[passed] && end_test(t, passed, true));
		}
		if (turn.demoted || turn.met)
			break;
	}
	return turn;
}

/* What happens to a cold page in its test period whose bit is set. */
static void use_credit(struct reference_model *t, uint64_t page)
{
	struct pro *self = t->self;
	const double cold = (double)t->frames - self->hot;
	struct turn turn;

	if ((self->credit > 0 && cold >= cold_most(t)) ||
		(self->credit < 0 && cold <= cold_least(t)))
		self->credit = 0;
	if (self->credit < 0) {
		to_head(t, page, HOT, false);
		model_clear_accessed(t, page);
		self->hot++;
		add_credit(t, 1);
	} else if (self->credit == 0) {
		turn = turn_hot(t, page);
		if (turn.demoted)
			to_head(t, page, HOT, false);
		model_clear_accessed(t, page);
	} else {
		turn = turn_hot(t, page);
		if (turn.met)
			model_clear_accessed(t, page);
		else
			to_head(t, page, COLD, true);
		if (turn.demoted) {
			self->hot--;
			add_credit(t, -1);
		}
	}
}

static void turn_cold(struct reference_model *t)
{
	struct pro *self = t->self;
	const bool spare = model_param(t, "spare") != 0;
	uint64_t page;

	while (page = farthest(t, COLD),
		model_accessed(t, page) && (self->in_test[page] || spare)) {
		if (self->in_test[page]) {
			use_credit(t, page);
			continue;
		}
		to_head(t, page, COLD, true);
		model_clear_accessed(t, page);
	}
	model_evict(t, page);
	if (!self->in_test[page]) {
		pro_drop(t, page);
		return;
	}
	self->kind[page] = GHOST;
	if (count_of(t, GHOST) > t->frames)
		while (!end_farthest_test(t, true))
			;
}

static void pro_fault(struct reference_model *t, uint64_t page)
{
	struct pro *self = t->self;

	model_enter_cleared(t);
	if (t->resident.count < t->frames) {
		const bool hot = (double)count_of(t, HOT) < self->hot;

		to_head(t, page, hot ? HOT : COLD, !hot);
		return;
	}
	turn_cold(t);
	if (self->kind[page] == GHOST && turn_hot(t, page).demoted) {
		to_head(t, page, HOT, false);
		add_credit(t, 1);
	} else {
		to_head(t, page, COLD, true);
	}
}

static const char *const pro_specs[] = {"clock-pro", "clock-pro:spare=off",
	"clock-pro:adaptive=off", "clock-pro:cold=30:most=60", "clock-pro:cold=0:most=0:spare=off",
	"clock-pro:cold=100", "clock-pro:repeats=off", "clock-pro:repeats=off:spare=off:most=40",
	"clock-pro:repeats=off:adaptive=off:cold=20", NULL};

static const struct model_kind clock_pro = {
	.policy = "clock-pro",
	.specs = pro_specs,
	.size = sizeof(struct pro),
	.start = pro_start,
	.hit = pro_hit,
	.fault = pro_fault,
	.after = pro_after,
	.drop = pro_drop,
	.end = pro_end,
};

MODEL(clock_pro);

/* ---- clock-pro-plus ---- */

static double marked_pages(const struct reference_model *t)
{
	const struct pro *self = t->self;
	double n = 0;

	for (size_t page = 0; page < PAGES_MAX; page++)
		n += self->marked[page];
	return n;
}

static void move_cold(struct reference_model *t, double by)
{
	struct pro *self = t->self;

	self->cold = fmax(cold_least(t), fmin(self->cold + by, cold_most(t)));
}

static void unmark(struct reference_model *t, uint64_t page)
{
	struct pro *self = t->self;

	if (self->marked[page])
		move_cold(t, -fmax(1, floor((double)count_of(t, GHOST) / marked_pages(t))));
	self->marked[page] = false;
}

/* Moves the hot hand. Returns whether it demoted a page. */
static bool plus_turn_hot(struct reference_model *t, uint64_t promoted)
{
	struct pro *self = t->self;
	bool demoted = false, met = false;

	while (!demoted && !met && count_of(t, HOT)) {
		const uint64_t page = farthest(t, HOT);

		demoted = !model_accessed(t, page);
		model_clear_accessed(t, page);
		to_head(t, page, demoted ? COLD : HOT, false);
		self->marked[page] = demoted;
		if (!count_of(t, HOT))
			break;
		for (size_t i = 0; self->kind[self->clock.page[i]] != HOT;) {
			const uint64_t passed = self->clock.page[i];

			met |= passed == promoted;
			if (self->in_test[passed] && end_test(t, passed, false))
				continue;
			if (model_accessed(t, passed))
				unmark(t, passed);
			i++;
		}
	}
	return demoted;
}

static bool promote(struct reference_model *t, uint64_t page)
{
	struct pro *self = t->self;

	while ((double)count_of(t, HOT) >= (double)t->frames - self->cold) {
		if (!self->in_test[page] || !plus_turn_hot(t, page))
			return false;
	}
	to_head(t, page, HOT, false);
	return true;
}

static void plus_turn_cold(struct reference_model *t)
{
	struct pro *self = t->self;
	uint64_t page;

	while (page = farthest(t, COLD), model_accessed(t, page)) {
		if (!self->in_test[page])
			unmark(t, page);
		if (!self->in_test[page] || !promote(t, page))
			to_head(t, page, COLD, true);
		model_clear_accessed(t, page);
	}
	model_evict(t, page);
	if (self->in_test[page])
		self->kind[page] = GHOST;
	else
		pro_drop(t, page);
	while ((double)count_of(t, GHOST) > share(t, "ghosts"))
		end_farthest_test(t, false);
}

static void plus_fault(struct reference_model *t, uint64_t page)
{
	struct pro *self = t->self;

	model_enter_cleared(t);
	if (t->resident.count < t->frames) {
		const bool hot = (double)count_of(t, HOT) < (double)t->frames - self->cold;

		to_head(t, page, hot ? HOT : COLD, !hot);
		return;
	}
	plus_turn_cold(t);
	if (self->kind[page] == GHOST) {
		move_cold(t, fmax(1, floor(marked_pages(t) / (double)count_of(t, GHOST))));
		if (promote(t, page))
			return;
	}
	to_head(t, page, COLD, true);
}

static const char *const plus_specs[] = {"clock-pro-plus", "clock-pro-plus:cold=30:most=90",
	"clock-pro-plus:ghosts=0", "clock-pro-plus:ghosts=300:most=100", "clock-pro-plus:cold=100",
	"clock-pro-plus:repeats=off", "clock-pro-plus:repeats=off:cold=20:most=100:ghosts=50",
	NULL};

static const struct model_kind clock_pro_plus = {
	.policy = "clock-pro-plus",
	.specs = plus_specs,
	.size = sizeof(struct pro),
	.start = pro_start,
	.hit = pro_hit,
	.fault = plus_fault,
	.after = pro_after,
	.drop = pro_drop,
	.end = pro_end,
};

MODEL(clock_pro_plus);

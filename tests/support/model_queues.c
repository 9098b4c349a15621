/* SPDX-License-Identifier: MIT */
/*
 * model_queues.c: the reference models of policies with a small queue, a main queue and ghosts, and
 * of SIEVE. In all lists page[0] is the oldest page.
 */
#include <math.h>

#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

struct queues {
	struct model_list small, main, ghosts;
	uint64_t hits[PAGES_MAX]; /* since loading, at most 3; clock2q-plus: its bit */
	uint64_t entered,
		at[PAGES_MAX]; /* pages that entered small so far; the same when a page did */
};

static uint64_t share(const struct reference_model *t, const char *param)
{
	return (uint64_t)floor(model_param(t, param) * (double)t->frames);
}

static uint64_t small_size(const struct reference_model *t)
{
	const uint64_t size = share(t, "small");

	return size ? size : 1;
}

static uint64_t main_size(const struct reference_model *t)
{
	return t->frames - small_size(t);
}

static bool is_full(const struct reference_model *t)
{
	return t->resident.count == t->frames;
}

static void leave_as_ghost(struct reference_model *t, uint64_t page)
{
	struct queues *self = t->self;

	model_evict(t, page);
	model_list_add(&self->ghosts, page);
	while (self->ghosts.count > share(t, "ghost"))
		model_list_pop(&self->ghosts);
}

static void queues_hit(struct reference_model *t, uint64_t page)
{
	struct queues *self = t->self;

	if (self->hits[page] < 3)
		self->hits[page]++;
}

static void queues_drop(struct reference_model *t, uint64_t page)
{
	struct queues *self = t->self;

	model_list_take(&self->small, page);
	model_list_take(&self->main, page);
}

static void queues_end(struct reference_model *t)
{
	struct queues *self = t->self;

	model_list_free(&self->small);
	model_list_free(&self->main);
	model_list_free(&self->ghosts);
}

/* Evicts the first page of main without hits. The pages before it lose a hit and join again. */
static void main_makes_room(struct reference_model *t)
{
	struct queues *self = t->self;
	uint64_t page = model_list_pop(&self->main);

	while (self->hits[page]) {
		self->hits[page]--;
		model_list_add(&self->main, page);
		page = model_list_pop(&self->main);
	}
	model_evict(t, page);
}

/*
 * Takes pages from small, oldest first. A page with at least `enough` hits moves to main, with no
 * hits. The first other page becomes a ghost, and this ends. It also ends, without an eviction,
 * when small is empty, or when a page moved and main has more than `most` pages.
 */
static void small_makes_room(struct reference_model *t, uint64_t enough, uint64_t most)
{
	struct queues *self = t->self;

	while (self->small.count) {
		const uint64_t page = model_list_pop(&self->small);

		if (self->hits[page] < enough) {
			leave_as_ghost(t, page);
			return;
		}
		self->hits[page] = 0;
		model_list_add(&self->main, page);
		if (self->main.count > most)
			return;
	}
}

/* ---- s3-fifo ---- */

static void enter(struct reference_model *t, uint64_t page, bool into_main)
{
	struct queues *self = t->self;

	self->hits[page] = 0;
	if (into_main) {
		model_list_add(&self->main, page);
	} else {
		model_list_add(&self->small, page);
		self->at[page] = ++self->entered;
	}
}

/* Before the first eviction, pages enter main when small is full. */
static bool starts_in_main(const struct reference_model *t)
{
	const struct queues *self = t->self;

	return t->counts.evictions == 0 && self->small.count >= small_size(t);
}

static void s3_fifo_fault(struct reference_model *t, uint64_t page)
{
	struct queues *self = t->self;
	const bool ghost = model_list_take(&self->ghosts, page);

	while (is_full(t)) {
		if (self->main.count > main_size(t) || !self->small.count)
			main_makes_room(t);
		else
			small_makes_room(t, (uint64_t)model_param(t, "threshold"), UINT64_MAX);
	}
	enter(t, page, ghost || (model_param(t, "fill") != 0 && starts_in_main(t)));
}

static const char *const s3_fifo_specs[] = {"s3-fifo", "s3-fifo:fill=on", "s3-fifo:threshold=1",
	"s3-fifo:small=0.3:ghost=0.5:threshold=3", "s3-fifo:small=0:ghost=3", "s3-fifo:small=1",
	"s3-fifo:small=0.5:ghost=0:fill=on", NULL};

static const struct model_kind s3_fifo = {
	.policy = "s3-fifo",
	.specs = s3_fifo_specs,
	.size = sizeof(struct queues),
	.hit = queues_hit,
	.fault = s3_fifo_fault,
	.drop = queues_drop,
	.end = queues_end,
};

MODEL(s3_fifo);

/* ---- qd-lp-fifo ---- */

static void qd_lp_fifo_fault(struct reference_model *t, uint64_t page)
{
	struct queues *self = t->self;
	const bool ghost = model_list_take(&self->ghosts, page);

	if (is_full(t) && !(ghost && self->main.count && self->main.count >= main_size(t)))
		small_makes_room(t, 1, main_size(t));
	if (is_full(t))
		main_makes_room(t);
	enter(t, page, ghost);
}

static const char *const qd_lp_fifo_specs[] = {"qd-lp-fifo", "qd-lp-fifo:small=0.3:ghost=0.5",
	"qd-lp-fifo:small=0:ghost=3", "qd-lp-fifo:small=1", "qd-lp-fifo:small=0.5:ghost=0", NULL};

static const struct model_kind qd_lp_fifo = {
	.policy = "qd-lp-fifo",
	.specs = qd_lp_fifo_specs,
	.size = sizeof(struct queues),
	.hit = queues_hit,
	.fault = qd_lp_fifo_fault,
	.drop = queues_drop,
	.end = queues_end,
};

MODEL(qd_lp_fifo);

/* ---- clock2q-plus ---- */

static void clock2q_plus_hit(struct reference_model *t, uint64_t page)
{
	struct queues *self = t->self;
	const double window = model_param(t, "window") * (double)small_size(t);

	if (model_list_has(&self->main, page) || (double)(self->entered - self->at[page]) >= window)
		self->hits[page] = 1;
}

static void clock2q_plus_fault(struct reference_model *t, uint64_t page)
{
	struct queues *self = t->self;
	const bool ghost = model_list_take(&self->ghosts, page);

	while (is_full(t)) {
		if (self->main.count > main_size(t) || !self->small.count)
			main_makes_room(t);
		else
			small_makes_room(t, 1, UINT64_MAX);
	}
	enter(t, page, ghost || starts_in_main(t));
}

static const char *const clock2q_plus_specs[] = {"clock2q-plus", "clock2q-plus:ghost=0.9",
	"clock2q-plus:small=0.3:ghost=0.5:window=0.3", "clock2q-plus:small=0:ghost=3:window=1",
	"clock2q-plus:small=1:window=0", "clock2q-plus:small=0.5:ghost=0:window=0.7", NULL};

static const struct model_kind clock2q_plus = {
	.policy = "clock2q-plus",
	.specs = clock2q_plus_specs,
	.size = sizeof(struct queues),
	.hit = clock2q_plus_hit,
	.fault = clock2q_plus_fault,
	.drop = queues_drop,
	.end = queues_end,
};

MODEL(clock2q_plus);

/* ---- sieve: new pages join at the head; the hand goes from page[0], the tail, to the head ---- */

struct sieve {
	struct model_list queue;
	size_t hand; /* an index; after the head comes the tail, index 0 */
};

static void sieve_leaves(struct sieve *self, size_t index)
{
	model_list_take(&self->queue, self->queue.page[index]);
	if (self->hand > index)
		self->hand--;
	if (self->hand == self->queue.count)
		self->hand = 0;
}

static void sieve_fault(struct reference_model *t, uint64_t page)
{
	struct sieve *self = t->self;

	if (is_full(t)) {
		while (model_accessed(t, self->queue.page[self->hand])) {
			model_clear_accessed(t, self->queue.page[self->hand]);
			self->hand = (self->hand + 1) % self->queue.count;
		}
		model_evict(t, self->queue.page[self->hand]);
		sieve_leaves(self, self->hand);
	}
	model_list_add(&self->queue, page);
	model_enter_cleared(t);
}

static void sieve_drop(struct reference_model *t, uint64_t page)
{
	struct sieve *self = t->self;
	size_t index = 0;

	while (self->queue.page[index] != page)
		index++;
	sieve_leaves(self, index);
}

static void sieve_end(struct reference_model *t)
{
	struct sieve *self = t->self;

	model_list_free(&self->queue);
}

static const char *const sieve_specs[] = {"sieve", NULL};

static const struct model_kind sieve = {
	.policy = "sieve",
	.specs = sieve_specs,
	.size = sizeof(struct sieve),
	.fault = sieve_fault,
	.drop = sieve_drop,
	.end = sieve_end,
};

MODEL(sieve);

/* SPDX-License-Identifier: MIT */
/*
 * model_insertion.c: the reference models of policies that differ from LRU or FIFO in where a page
 * enters, or in which pages they spare. page[0] of each list would leave first.
 */
#include "model_random.h"
#include "reference_model.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

/* The state of lru-wsr. */
struct insertion_model {
	struct model_list order;
	bool cold[PAGES_MAX];
};

static void use(struct insertion_model *self, uint64_t page)
{
	model_list_take(&self->order, page);
	model_list_add(&self->order, page);
}

static void insertion_drop(struct reference_model *t, uint64_t page)
{
	struct insertion_model *self = t->self;

	model_list_take(&self->order, page);
}

static void insertion_end(struct reference_model *t)
{
	struct insertion_model *self = t->self;

	model_list_free(&self->order);
}

/* ---- lifo ---- */

static void lifo_fault(struct reference_model *t, uint64_t page)
{
	(void)page;
	if (t->resident.count == t->frames)
		model_evict(t, t->resident.page[t->resident.count - 1]);
}

static const char *const lifo_specs[] = {"lifo", NULL};

static const struct model_kind lifo = {
	.policy = "lifo",
	.specs = lifo_specs,
	.fault = lifo_fault,
};

MODEL(lifo);

/* ---- lru-wsr ---- */

static void wsr_hit(struct reference_model *t, uint64_t page)
{
	struct insertion_model *self = t->self;

	self->cold[page] = false;
	use(self, page);
}

static void wsr_fault(struct reference_model *t, uint64_t page)
{
	struct insertion_model *self = t->self;

	if (t->resident.count == t->frames) {
		uint64_t oldest = self->order.page[0];

		while (model_dirty(t, oldest) && !self->cold[oldest]) {
			self->cold[oldest] = true;
			use(self, oldest);
			oldest = self->order.page[0];
		}
		model_list_pop(&self->order);
		model_evict(t, oldest);
	}
	self->cold[page] = false;
	model_list_add(&self->order, page);
}

static const char *const wsr_specs[] = {"lru-wsr", NULL};

static const struct model_kind wsr = {
	.policy = "lru-wsr",
	.specs = wsr_specs,
	.size = sizeof(struct insertion_model),
	.hit = wsr_hit,
	.fault = wsr_fault,
	.drop = insertion_drop,
	.end = insertion_end,
};

MODEL(wsr);

/* ---- dip and drrip: a duel of two directories chooses the rule of insertion ---- */

/* The pages in memory, or in a directory. Only drrip uses `value`. */
struct place {
	struct model_list order;
	uint64_t value[PAGES_MAX];
};

struct duel_model {
	struct place memory, plain, bimodal;
	uint64_t draws, counter;
};

static uint64_t half_range(const struct reference_model *t)
{
	return (UINT64_C(1) << (unsigned)model_param(t, "psel")) / 2;
}

static void duel_start(struct reference_model *t)
{
	struct duel_model *self = t->self;

	self->draws = t->seed;
	self->counter = half_range(t) - 1;
}

static void duel_drop(struct reference_model *t, uint64_t page)
{
	struct duel_model *self = t->self;

	model_list_take(&self->memory.order, page);
	model_list_take(&self->plain.order, page);
	model_list_take(&self->bimodal.order, page);
}

static void duel_end(struct reference_model *t)
{
	struct duel_model *self = t->self;

	model_list_free(&self->memory.order);
	model_list_free(&self->plain.order);
	model_list_free(&self->bimodal.order);
}

/* Draws whether a bimodal insertion is of the common kind. */
static bool is_common(struct reference_model *t)
{
	struct duel_model *self = t->self;

	return model_random_real(&self->draws) >= model_param(t, "epsilon");
}

/* What a policy does in a place: at a hit, to choose a victim, and to insert a page. */
struct duel_rules {
	void (*hit)(struct reference_model *t, struct place *place, uint64_t page);
	uint64_t (*leaves)(struct reference_model *t, struct place *place);
	void (*enters)(struct reference_model *t, struct place *place, uint64_t page, bool common);
};

/* References the page in a directory. Returns whether it faulted. */
static bool consult(struct reference_model *t, const struct duel_rules *rules, struct place *place,
	uint64_t page, bool bimodal)
{
	if (model_list_has(&place->order, page)) {
		rules->hit(t, place, page);
		return false;
	}
	if (place->order.count == t->frames)
		model_list_take(&place->order, rules->leaves(t, place));
	rules->enters(t, place, page, bimodal && is_common(t));
	return true;
}

/* References the page in both directories, before it is referenced in memory. */
static void duel(struct reference_model *t, const struct duel_rules *rules, uint64_t page)
{
	struct duel_model *self = t->self;

	if (model_param(t, "duel") == 0)
		return;
	if (consult(t, rules, &self->plain, page, false) && self->counter < 2 * half_range(t) - 1)
		self->counter++;
	if (consult(t, rules, &self->bimodal, page, true) && self->counter > 0)
		self->counter--;
}

static void duel_hit(struct reference_model *t, const struct duel_rules *rules, uint64_t page)
{
	struct duel_model *self = t->self;

	duel(t, rules, page);
	rules->hit(t, &self->memory, page);
}

static void duel_fault(struct reference_model *t, const struct duel_rules *rules, uint64_t page)
{
	struct duel_model *self = t->self;
	bool bimodal;

	duel(t, rules, page);
	bimodal = model_param(t, "duel") == 0 || self->counter >= half_range(t);
	if (t->resident.count == t->frames) {
		const uint64_t victim = rules->leaves(t, &self->memory);

		model_list_take(&self->memory.order, victim);
		model_evict(t, victim);
	}
	rules->enters(t, &self->memory, page, bimodal && is_common(t));
}

/* ---- dip ---- */

static void dip_use(struct reference_model *t, struct place *place, uint64_t page)
{
	(void)t;
	model_list_take(&place->order, page);
	model_list_add(&place->order, page);
}

static uint64_t dip_leaves(struct reference_model *t, struct place *place)
{
	(void)t;
	return place->order.page[0];
}

static void dip_enters(struct reference_model *t, struct place *place, uint64_t page, bool common)
{
	(void)t;
	if (common)
		model_list_add_front(&place->order, page);
	else
		model_list_add(&place->order, page);
}

static const struct duel_rules dip_rules = {dip_use, dip_leaves, dip_enters};

static void dip_hit(struct reference_model *t, uint64_t page)
{
	duel_hit(t, &dip_rules, page);
}

static void dip_fault(struct reference_model *t, uint64_t page)
{
	duel_fault(t, &dip_rules, page);
}

static const char *const dip_specs[] = {"dip", "dip:psel=2:epsilon=0.3", "dip:psel=1",
	"dip:duel=off", "dip:duel=off:epsilon=0", "dip:duel=off:epsilon=1", NULL};

static const struct model_kind dip = {
	.policy = "dip",
	.specs = dip_specs,
	.size = sizeof(struct duel_model),
	.start = duel_start,
	.hit = dip_hit,
	.fault = dip_fault,
	.drop = duel_drop,
	.end = duel_end,
};

MODEL(dip);

/* ---- drrip: pages are in the order in which their values were set ---- */

static uint64_t greatest(const struct reference_model *t)
{
	return (UINT64_C(1) << (unsigned)model_param(t, "bits")) - 1;
}

static void drrip_use(struct reference_model *t, struct place *place, uint64_t page)
{
	if (place->value[page] == 0)
		return;
	place->value[page] = model_param(t, "fp") != 0 ? place->value[page] - 1 : 0;
	dip_use(t, place, page);
}

static uint64_t drrip_leaves(struct reference_model *t, struct place *place)
{
	const struct model_list *order = &place->order;

	for (;;) {
		for (size_t i = 0; i < order->count; i++)
			if (place->value[order->page[i]] == greatest(t))
				return order->page[i];
		for (size_t i = 0; i < order->count; i++)
			place->value[order->page[i]]++;
	}
}

static void drrip_enters(struct reference_model *t, struct place *place, uint64_t page, bool common)
{
	place->value[page] = common ? greatest(t) : greatest(t) - 1;
	model_list_add(&place->order, page);
}

static const struct duel_rules drrip_rules = {drrip_use, drrip_leaves, drrip_enters};

static void drrip_hit(struct reference_model *t, uint64_t page)
{
	duel_hit(t, &drrip_rules, page);
}

static void drrip_fault(struct reference_model *t, uint64_t page)
{
	duel_fault(t, &drrip_rules, page);
}

static const char *const drrip_specs[] = {"drrip", "drrip:bits=1", "drrip:bits=3:fp=on",
	"drrip:duel=off:epsilon=0.5", "drrip:duel=off:epsilon=1", "drrip:psel=1:bits=4:epsilon=0",
	NULL};

static const struct model_kind drrip = {
	.policy = "drrip",
	.specs = drrip_specs,
	.size = sizeof(struct duel_model),
	.start = duel_start,
	.hit = drrip_hit,
	.fault = drrip_fault,
	.drop = duel_drop,
	.end = duel_end,
};

MODEL(drrip);

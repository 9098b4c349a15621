/* SPDX-License-Identifier: MIT */
/*
 * twin_insertion.c: the twins of policies that differ from LRU or FIFO in where a page enters,
 * or in who is let pass. page[0] of each list would leave first.
 */
#include "twin.h"
#include "twin_random.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

/* lru-wsr's. */
struct insertion_twin {
	struct twin_list order;
	bool cold[PAGES_MAX];
};

static void use(struct insertion_twin *self, uint64_t page)
{
	twin_list_take(&self->order, page);
	twin_list_add(&self->order, page);
}

static void insertion_drop(struct twin *t, uint64_t page)
{
	struct insertion_twin *self = t->self;

	twin_list_take(&self->order, page);
}

static void insertion_end(struct twin *t)
{
	struct insertion_twin *self = t->self;

	twin_list_free(&self->order);
}

/* ---- lifo ---- */

static void lifo_fault(struct twin *t, uint64_t page)
{
	(void)page;
	if (t->resident.count == t->frames)
		twin_evict(t, t->resident.page[t->resident.count - 1]);
}

static const char *const lifo_specs[] = {"lifo", NULL};

static const struct twin_kind lifo = {
	.policy = "lifo",
	.specs = lifo_specs,
	.fault = lifo_fault,
};

TWIN(lifo);

/* ---- lru-wsr ---- */

static void wsr_hit(struct twin *t, uint64_t page)
{
	struct insertion_twin *self = t->self;

	self->cold[page] = false;
	use(self, page);
}

static void wsr_fault(struct twin *t, uint64_t page)
{
	struct insertion_twin *self = t->self;

	if (t->resident.count == t->frames) {
		uint64_t oldest = self->order.page[0];

		while (twin_dirty(t, oldest) && !self->cold[oldest]) {
			self->cold[oldest] = true;
			use(self, oldest);
			oldest = self->order.page[0];
		}
		twin_list_pop(&self->order);
		twin_evict(t, oldest);
	}
	self->cold[page] = false;
	twin_list_add(&self->order, page);
}

static const char *const wsr_specs[] = {"lru-wsr", NULL};

static const struct twin_kind wsr = {
	.policy = "lru-wsr",
	.specs = wsr_specs,
	.size = sizeof(struct insertion_twin),
	.hit = wsr_hit,
	.fault = wsr_fault,
	.drop = insertion_drop,
	.end = insertion_end,
};

TWIN(wsr);

/* ---- dip and drrip: who inserts is told by a duel of two directories ---- */

/* Pages in memory, or in a directory; `value` is drrip's. */
struct place {
	struct twin_list order;
	uint64_t value[PAGES_MAX];
};

struct duel_twin {
	struct place memory, plain, bimodal;
	uint64_t draws, counter;
};

static uint64_t half_range(const struct twin *t)
{
	return (UINT64_C(1) << (unsigned)twin_param(t, "psel")) / 2;
}

static void duel_start(struct twin *t)
{
	struct duel_twin *self = t->self;

	self->draws = t->seed;
	self->counter = half_range(t) - 1;
}

static void duel_drop(struct twin *t, uint64_t page)
{
	struct duel_twin *self = t->self;

	twin_list_take(&self->memory.order, page);
	twin_list_take(&self->plain.order, page);
	twin_list_take(&self->bimodal.order, page);
}

static void duel_end(struct twin *t)
{
	struct duel_twin *self = t->self;

	twin_list_free(&self->memory.order);
	twin_list_free(&self->plain.order);
	twin_list_free(&self->bimodal.order);
}

/* Whether an insertion by the bimodal rule is of its common kind. */
static bool is_common(struct twin *t)
{
	struct duel_twin *self = t->self;

	return twin_random_real(&self->draws) >= twin_param(t, "epsilon");
}

/* What the two policies do with a page in a place, and with one that is not there. */
struct duel_rules {
	void (*hit)(struct twin *t, struct place *place, uint64_t page);
	uint64_t (*leaves)(struct twin *t, struct place *place);
	void (*enters)(struct twin *t, struct place *place, uint64_t page, bool common);
};

/* Whether the page faults in a directory. */
static bool consult(struct twin *t, const struct duel_rules *rules, struct place *place,
	uint64_t page, bool bimodal)
{
	if (twin_list_has(&place->order, page)) {
		rules->hit(t, place, page);
		return false;
	}
	if (place->order.count == t->frames)
		twin_list_take(&place->order, rules->leaves(t, place));
	rules->enters(t, place, page, bimodal && is_common(t));
	return true;
}

/* Before memory sees the reference. */
static void duel(struct twin *t, const struct duel_rules *rules, uint64_t page)
{
	struct duel_twin *self = t->self;

	if (twin_param(t, "duel") == 0)
		return;
	if (consult(t, rules, &self->plain, page, false) && self->counter < 2 * half_range(t) - 1)
		self->counter++;
	if (consult(t, rules, &self->bimodal, page, true) && self->counter > 0)
		self->counter--;
}

static void duel_hit(struct twin *t, const struct duel_rules *rules, uint64_t page)
{
	struct duel_twin *self = t->self;

	duel(t, rules, page);
	rules->hit(t, &self->memory, page);
}

static void duel_fault(struct twin *t, const struct duel_rules *rules, uint64_t page)
{
	struct duel_twin *self = t->self;
	bool bimodal;

	duel(t, rules, page);
	bimodal = twin_param(t, "duel") == 0 || self->counter >= half_range(t);
	if (t->resident.count == t->frames) {
		const uint64_t victim = rules->leaves(t, &self->memory);

		twin_list_take(&self->memory.order, victim);
		twin_evict(t, victim);
	}
	rules->enters(t, &self->memory, page, bimodal && is_common(t));
}

/* ---- dip ---- */

static void dip_use(struct twin *t, struct place *place, uint64_t page)
{
	(void)t;
	twin_list_take(&place->order, page);
	twin_list_add(&place->order, page);
}

static uint64_t dip_leaves(struct twin *t, struct place *place)
{
	(void)t;
	return place->order.page[0];
}

static void dip_enters(struct twin *t, struct place *place, uint64_t page, bool common)
{
	(void)t;
	if (common)
		twin_list_add_front(&place->order, page);
	else
		twin_list_add(&place->order, page);
}

static const struct duel_rules dip_rules = {dip_use, dip_leaves, dip_enters};

static void dip_hit(struct twin *t, uint64_t page)
{
	duel_hit(t, &dip_rules, page);
}

static void dip_fault(struct twin *t, uint64_t page)
{
	duel_fault(t, &dip_rules, page);
}

static const char *const dip_specs[] = {"dip", "dip:psel=2:epsilon=0.3", "dip:psel=1",
	"dip:duel=off", "dip:duel=off:epsilon=0", "dip:duel=off:epsilon=1", NULL};

static const struct twin_kind dip = {
	.policy = "dip",
	.specs = dip_specs,
	.size = sizeof(struct duel_twin),
	.start = duel_start,
	.hit = dip_hit,
	.fault = dip_fault,
	.drop = duel_drop,
	.end = duel_end,
};

TWIN(dip);

/* ---- drrip: the order is that in which values were set ---- */

static uint64_t greatest(const struct twin *t)
{
	return (UINT64_C(1) << (unsigned)twin_param(t, "bits")) - 1;
}

static void drrip_use(struct twin *t, struct place *place, uint64_t page)
{
	if (place->value[page] == 0)
		return;
	place->value[page] = twin_param(t, "fp") != 0 ? place->value[page] - 1 : 0;
	dip_use(t, place, page);
}

static uint64_t drrip_leaves(struct twin *t, struct place *place)
{
	const struct twin_list *order = &place->order;

	for (;;) {
		for (size_t i = 0; i < order->count; i++)
			if (place->value[order->page[i]] == greatest(t))
				return order->page[i];
		for (size_t i = 0; i < order->count; i++)
			place->value[order->page[i]]++;
	}
}

static void drrip_enters(struct twin *t, struct place *place, uint64_t page, bool common)
{
	place->value[page] = common ? greatest(t) : greatest(t) - 1;
	twin_list_add(&place->order, page);
}

static const struct duel_rules drrip_rules = {drrip_use, drrip_leaves, drrip_enters};

static void drrip_hit(struct twin *t, uint64_t page)
{
	duel_hit(t, &drrip_rules, page);
}

static void drrip_fault(struct twin *t, uint64_t page)
{
	duel_fault(t, &drrip_rules, page);
}

static const char *const drrip_specs[] = {"drrip", "drrip:bits=1", "drrip:bits=3:fp=on",
	"drrip:duel=off:epsilon=0.5", "drrip:duel=off:epsilon=1", "drrip:psel=1:bits=4:epsilon=0",
	NULL};

static const struct twin_kind drrip = {
	.policy = "drrip",
	.specs = drrip_specs,
	.size = sizeof(struct duel_twin),
	.start = duel_start,
	.hit = drrip_hit,
	.fault = drrip_fault,
	.drop = duel_drop,
	.end = duel_end,
};

TWIN(drrip);

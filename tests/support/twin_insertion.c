/* SPDX-License-Identifier: MIT */
/*
 * twin_insertion.c: the twins of policies that differ from LRU or FIFO in where a page enters,
 * or in who is let pass. page[0] of each list would leave first.
 */
#include "twin.h"
#include "twin_random.h"

#define PAGES_MAX 64 /* random_trace.h makes fewer */

struct insertion_twin {
	struct twin_list order;
	uint64_t draws, counter;
	bool cold[PAGES_MAX];
	uint64_t value[PAGES_MAX];
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

/* ---- dip and drrip: who inserts is told by a duel ---- */

static uint64_t half_range(const struct twin *t)
{
	return (UINT64_C(1) << (unsigned)twin_param(t, "psel")) / 2;
}

static void duel_start(struct twin *t)
{
	struct insertion_twin *self = t->self;

	self->draws = t->seed;
	self->counter = half_range(t) - 1;
}

/* Whether the page that faults enters by the bimodal rule, and then by its rarer case. */
static void duel(struct twin *t, uint64_t page, bool *bimodal, bool *rare)
{
	struct insertion_twin *self = t->self;

	if (page % 64 == 0 && self->counter < 2 * half_range(t) - 1)
		self->counter++;
	if (page % 64 == 32 && self->counter > 0)
		self->counter--;
	*bimodal = page % 64 == 32 || (page % 64 != 0 && self->counter >= half_range(t)) ||
		   twin_param(t, "duel") == 0;
	*rare = *bimodal && twin_random_real(&self->draws) < twin_param(t, "epsilon");
}

static void dip_hit(struct twin *t, uint64_t page)
{
	use(t->self, page);
}

static void dip_fault(struct twin *t, uint64_t page)
{
	struct insertion_twin *self = t->self;
	bool bimodal, rare;

	duel(t, page, &bimodal, &rare);
	if (t->resident.count == t->frames)
		twin_evict(t, twin_list_pop(&self->order));
	if (bimodal && !rare)
		twin_list_add_front(&self->order, page);
	else
		twin_list_add(&self->order, page);
}

static const char *const dip_specs[] = {"dip", "dip:psel=2:epsilon=0.3", "dip:psel=1",
	"dip:duel=off", "dip:duel=off:epsilon=0", "dip:duel=off:epsilon=1", NULL};

static const struct twin_kind dip = {
	.policy = "dip",
	.specs = dip_specs,
	.size = sizeof(struct insertion_twin),
	.start = duel_start,
	.hit = dip_hit,
	.fault = dip_fault,
	.drop = insertion_drop,
	.end = insertion_end,
};

TWIN(dip);

/* The order is that in which values were set. */
static void drrip_hit(struct twin *t, uint64_t page)
{
	struct insertion_twin *self = t->self;

	if (self->value[page] == 0)
		return;
	self->value[page] = twin_param(t, "fp") != 0 ? self->value[page] - 1 : 0;
	use(self, page);
}

static uint64_t drrip_victim(struct insertion_twin *self, uint64_t greatest)
{
	for (;;) {
		for (size_t i = 0; i < self->order.count; i++) {
			if (self->value[self->order.page[i]] == greatest)
				return self->order.page[i];
		}
		for (size_t i = 0; i < self->order.count; i++)
			self->value[self->order.page[i]]++;
	}
}

static void drrip_fault(struct twin *t, uint64_t page)
{
	struct insertion_twin *self = t->self;
	const uint64_t greatest = (UINT64_C(1) << (unsigned)twin_param(t, "bits")) - 1;
	bool bimodal, rare;

	duel(t, page, &bimodal, &rare);
	if (t->resident.count == t->frames) {
		const uint64_t victim = drrip_victim(self, greatest);

		twin_list_take(&self->order, victim);
		twin_evict(t, victim);
	}
	self->value[page] = bimodal && !rare ? greatest : greatest - 1;
	twin_list_add(&self->order, page);
}

static const char *const drrip_specs[] = {"drrip", "drrip:bits=1", "drrip:bits=3:fp=on",
	"drrip:duel=off:epsilon=0.5", "drrip:duel=off:epsilon=1", "drrip:psel=1:bits=4:epsilon=0",
	NULL};

static const struct twin_kind drrip = {
	.policy = "drrip",
	.specs = drrip_specs,
	.size = sizeof(struct insertion_twin),
	.start = duel_start,
	.hit = drrip_hit,
	.fault = drrip_fault,
	.drop = insertion_drop,
	.end = insertion_end,
};

TWIN(drrip);

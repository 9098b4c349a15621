/* SPDX-License-Identifier: MIT */
/* model_offline.c: the reference model of OPT, without and with bypass. */
#include "reference_model.h"

/* The page referenced later goes first. Of pages never referenced again, the lowest number does. */
static bool goes_before(const struct reference_model *t, uint64_t page, uint64_t other)
{
	const uint64_t next = model_next(t, page), other_next = model_next(t, other);

	return next != other_next ? next > other_next : page < other;
}

static void opt_fault(struct reference_model *t, uint64_t page)
{
	const bool bypass = model_param(t, "bypass") != 0;
	uint64_t victim;

	if (t->resident.count < t->frames)
		return;
	victim = t->resident.page[0];
	for (size_t i = 1; i < t->resident.count; i++) {
		if (goes_before(t, t->resident.page[i], victim))
			victim = t->resident.page[i];
	}
	if (bypass && goes_before(t, page, victim))
		model_pass_by(t);
	else
		model_evict(t, victim);
}

static const char *const opt_specs[] = {"opt", "opt:bypass=on", NULL};

static const struct model_kind opt = {
	.policy = "opt",
	.specs = opt_specs,
	.fault = opt_fault,
};

MODEL(opt);

/* SPDX-License-Identifier: MIT */
/* twin_offline.c: the twin of the optimum in the form that may let pages pass by. */
#include "twin.h"

/* Resident pages that are never referenced again go first, the lowest numbered of them first. */
static bool goes_before(const struct twin *t, uint64_t page, uint64_t other)
{
	const uint64_t next = twin_next(t, page), other_next = twin_next(t, other);

	return next != other_next ? next > other_next : page < other;
}

static void opt_fault(struct twin *t, uint64_t page)
{
	const bool bypass = twin_param(t, "bypass") != 0;
	uint64_t victim;

	if (t->resident.count < t->frames)
		return;
	victim = t->resident.page[0];
	for (size_t i = 1; i < t->resident.count; i++) {
		if (goes_before(t, t->resident.page[i], victim))
			victim = t->resident.page[i];
	}
	if (bypass && goes_before(t, page, victim))
		twin_pass_by(t);
	else
		twin_evict(t, victim);
}

static const char *const opt_specs[] = {"opt", "opt:bypass=on", NULL};

static const struct twin_kind opt = {
	.policy = "opt",
	.specs = opt_specs,
	.fault = opt_fault,
};

TWIN(opt);

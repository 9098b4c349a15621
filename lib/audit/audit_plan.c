/* SPDX-License-Identifier: MIT */
/* audit_plan.c: makes the cases of an audit, each from its number alone. */
#include "audit_plan.h"

#define STRINGS 40 /* strings for each number of frames */
#define WIDE 3     /* strings of many pages */
#define DRAW_SPAN 300

static bool is_variable(const struct bel_policy *policy)
{
	return policy->caps & BEL_POLICY_VARIABLE;
}

uint64_t bel_audit_plan_cases(const struct bel_audit_setup *setup, const struct bel_policy *policy)
{
	/* A variable-space policy has no frames; its parameters are varied instead. */
	return STRINGS * (is_variable(policy) ? 4 : setup->frame_count) + WIDE;
}

/* Draws valid values, mostly near the minimum: short windows, for example, have more effect. */
static void draw_params(struct bel_policy_spec *spec, struct bel_rng *rng)
{
	for (size_t i = 0; i < bel_policy_params(spec->policy); i++) {
		const struct bel_param *param = &spec->policy->params[i];
		const double span = param->max - param->min;
		const double few = span < DRAW_SPAN ? span : DRAW_SPAN;

		if (!bel_rng_below(rng, 3))
			continue;
		if (param->type == BEL_PARAM_REAL)
			spec->param[i] = param->min + bel_rng_real(rng) * few;
		else
			spec->param[i] = param->min + (double)bel_rng_below(rng, (uint64_t)few + 1);
	}
}

void bel_audit_plan_case(const struct bel_audit_setup *setup, const struct bel_policy_spec *given,
	uint64_t index, struct bel_audit_string *string, struct bel_policy_spec *spec,
	struct bel_audit_case *is)
{
	const bool variable = is_variable(given->policy);
	/* Smallest sizes first: their findings are easiest to read. */
	const uint64_t size = index / STRINGS;
	struct bel_rng rng;

	bel_rng_seed(&rng, setup->seed + index * UINT64_C(0x9e3779b97f4a7c15));
	*spec = *given;
	*is = (struct bel_audit_case){.spec = spec, .string = string, .seed = 1 + index};
	if (index + WIDE >= bel_audit_plan_cases(setup, given->policy)) {
		is->frames = variable ? 0 : setup->frames[index % setup->frame_count];
		bel_audit_string_make_wide(string, &rng);
		return;
	}
	is->frames = variable ? 0 : setup->frames[size];
	bel_audit_string_make(string, &rng, is->frames);
	is->drawn = bel_policy_params(given->policy) && !given->given && index % 2;
	if (is->drawn)
		draw_params(spec, &rng);
}

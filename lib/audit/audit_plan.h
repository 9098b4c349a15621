/* SPDX-License-Identifier: MIT */
/* audit_plan.h: chooses the strings, sizes and parameters of an audit, by case number. */
#ifndef BEL_AUDIT_PLAN_H
#define BEL_AUDIT_PLAN_H

#include "audit.h"

/* The number of cases for the policy. */
uint64_t bel_audit_plan_cases(const struct bel_audit_setup *setup, const struct bel_policy *policy);

/*
 * Makes case `index` of a policy: fills the string, *spec (with random parameters in some cases,
 * if none were given) and *is, which points to both.
 */
void bel_audit_plan_case(const struct bel_audit_setup *setup, const struct bel_policy_spec *given,
	uint64_t index, struct bel_audit_string *string, struct bel_policy_spec *spec,
	struct bel_audit_case *is);

#endif

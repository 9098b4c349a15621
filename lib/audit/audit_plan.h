/* SPDX-License-Identifier: MIT */
/* audit_plan.h: which strings, sizes and parameters a policy is audited with, by number. */
#ifndef BEL_AUDIT_PLAN_H
#define BEL_AUDIT_PLAN_H

#include "audit.h"

/* How many cases there are for the policy. */
uint64_t bel_audit_plan_cases(const struct bel_audit_setup *setup, const struct bel_policy *policy);

/*
 * Case number `index` of a policy: fills the string, *spec (the parameters, drawn now and
 * then if none was given) and *is, which points at both.
 */
void bel_audit_plan_case(const struct bel_audit_setup *setup, const struct bel_policy_spec *given,
	uint64_t index, struct bel_audit_string *string, struct bel_policy_spec *spec,
	struct bel_audit_case *is);

#endif

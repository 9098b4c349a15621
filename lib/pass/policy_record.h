/* SPDX-License-Identifier: MIT */
/* policy_record.h: the members of a record that tell a policy and its parameters. */
#ifndef POLICY_RECORD_H
#define POLICY_RECORD_H

#include "emit.h"
#include "spec.h"

/*
 * Adds "policy", "params" (all of them, defaults included) and "spec" (the policy as -p takes it,
 * with the parameters that are not as by default). A parameter called `except` is left
 * out; NULL: none is.
 */
void bel_policy_record(
	struct bel_record *r, const struct bel_policy_spec *spec, const char *except);

#endif

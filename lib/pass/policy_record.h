/* SPDX-License-Identifier: MIT */
/* policy_record.h: the members of a record that describe a policy and its parameters. */
#ifndef BEL_POLICY_RECORD_H
#define BEL_POLICY_RECORD_H

#include "emit.h"
#include "spec.h"

/*
 * Adds "policy", "params" (all of them, including defaults) and "spec" (the policy as -p takes it,
 * with the parameters that differ from their defaults). The parameter named `except` is left out,
 * unless it is NULL.
 */
void bel_policy_record(
	struct bel_record *r, const struct bel_policy_spec *spec, const char *except);

/* Room for the text of a policy. */
#define BEL_POLICY_TEXT (64 + BEL_PARAMS_MAX * 64)

/* That "spec". Returns `text`. */
const char *bel_policy_text(
	char text[static BEL_POLICY_TEXT], const struct bel_policy_spec *spec, const char *except);

#endif

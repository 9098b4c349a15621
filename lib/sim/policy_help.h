/* SPDX-License-Identifier: MIT */
/* policy_help.h: prints the policies' descriptors for people. */
#ifndef BEL_POLICY_HELP_H
#define BEL_POLICY_HELP_H

#include <stdio.h>

#include "err.h"
#include "policy.h"

/*
 * One line for each registered policy: name, what it sees (bel-policies(7)), its space, title,
 * other names.
 */
void bel_policy_list(FILE *stream);

/* Title, source, properties, and each parameter with its unit, default and range. */
void bel_policy_help(const struct bel_policy *policy, FILE *stream);

/*
 * Handles a tool's -p if it asks for help instead of naming policies to run: "list", or
 * "NAME[,NAME...]:help". Returns 1 if it did, 0 if not, or negative.
 */
int bel_policy_describe(const char *text, FILE *stream, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/* policy_help.h: prints the policies' descriptors for people. */
#ifndef BEL_POLICY_HELP_H
#define BEL_POLICY_HELP_H

#include <stdio.h>

#include "err.h"

/*
 * Handles a tool's -p if it asks for help instead of naming policies to run: "list", or
 * "NAME[,NAME...]:help". Returns 1 if it did, 0 if not, or negative.
 */
int bel_policy_describe(const char *text, FILE *stream, struct bel_err *err);

#endif

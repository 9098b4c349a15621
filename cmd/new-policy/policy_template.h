/* SPDX-License-Identifier: MIT */
/* policy_template.h: the policy that bel-new-policy writes: FIFO, with a comment on every part. */
#ifndef BEL_POLICY_TEMPLATE_H
#define BEL_POLICY_TEMPLATE_H

#include <stdio.h>

#include "err.h"

/* Checks a name: lower-case letters, digits and '-', and not the name of a built-in policy. */
int policy_template_check_name(const char *name, struct bel_err *err);

/* The caller checks for write errors with ferror(). */
void policy_template_write(const char *name, FILE *file);

#endif

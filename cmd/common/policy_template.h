/* SPDX-License-Identifier: MIT */
/* policy_template.h: the policy that bel-new-policy writes: a FIFO, with a word on every part. */
#ifndef BEL_POLICY_TEMPLATE_H
#define BEL_POLICY_TEMPLATE_H

#include <stdio.h>

#include "err.h"

/* Whether it does for a policy: lower-case letters, digits and '-'; unlike those built in. */
int policy_template_check_name(const char *name, struct bel_err *err);

/* Write errors are left to the file's owner (ferror). */
void policy_template_write(const char *name, FILE *file);

#endif

/* SPDX-License-Identifier: MIT */
/* faulty_stack.c: says that more frames hold a superset, which is not so of a FIFO. */
#define FAULTY_CAPS BEL_POLICY_STACK
#define FAULTY_NAME "faulty-stack"

#include "faulty.c" /* NOLINT(bugprone-suspicious-include): the same with another claim */

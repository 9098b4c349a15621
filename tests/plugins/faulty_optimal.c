/* SPDX-License-Identifier: MIT */
/* faulty_optimal.c: says that nothing has fewer faults. */
#define FAULTY_CAPS BEL_POLICY_OPTIMAL
#define FAULTY_NAME "faulty-optimal"

#include "faulty.c" /* NOLINT(bugprone-suspicious-include): the same with another claim */

/* SPDX-License-Identifier: MIT */
/* ending.h: how a process of a capture ended: what is missing of it, the access it died of. */
#ifndef BEL_ENDING_H
#define BEL_ENDING_H

#include "process_set.h"

/* If a part of the process is missing, or Valgrind ended it: says so in set->loss, the first. */
void bel_ending_judge(struct bel_process_set *set, const struct bel_traced_process *process);

/* Whether it died of an access that failed and is to be added: *fault, but for its space, and
 * *access. */
bool bel_ending_fault(const struct bel_process_set *set, const struct bel_traced_process *process,
	struct bel_event *fault, struct bel_access *access);

#endif

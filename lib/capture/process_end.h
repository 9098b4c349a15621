/* SPDX-License-Identifier: MIT */
/*
 * process_end.h: how a process of a capture ended: what is missing from its trace, and the access
 * that killed it.
 */
#ifndef BEL_PROCESS_END_H
#define BEL_PROCESS_END_H

#include "process_set.h"

/*
 * If a part of the process's trace is missing, or Valgrind ended the process: writes it to
 * set->loss, unless another loss is there already.
 */
void bel_process_end_judge(struct bel_process_set *set, const struct bel_traced_process *process);

/*
 * Whether a failed access killed the process and can be added. Fills *fault (except its space) and
 * *access.
 */
bool bel_process_end_fault(const struct bel_process_set *set,
	const struct bel_traced_process *process, struct bel_event *fault,
	struct bel_access *access);

#endif

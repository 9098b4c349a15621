/* SPDX-License-Identifier: MIT */
/*
 * fault_kind.h: whether a failed access was a store, as the processor reported it to the kernel.
 */
#ifndef BEL_FAULT_KIND_H
#define BEL_FAULT_KIND_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The thread is stopped at the first instruction of a signal handler with three arguments. The
 * third one is the context, which holds the cause. False: it cannot be read.
 */
bool bel_fault_writes(pid_t thread, bool *writes);

#endif

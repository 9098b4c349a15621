/* SPDX-License-Identifier: MIT */
/* vm_record.h: the results of machines as records. */
#ifndef BEL_VM_RECORD_H
#define BEL_VM_RECORD_H

#include "emit.h"
#include "machines.h"
#include "trace_record.h"

/*
 * Writes the records belady.mark/1 of the traces, if there are intervals. Then it writes the records
 * belady.vm/1, belady.vm-process/1 and belady.vm-interval/1 of each machine in turn.
 */
int bel_vm_records_emit(const struct bel_machines *machines, const char *tool,
	struct bel_emit *emit, struct bel_err *err);

/* Writes the record belady.vm/1 of a machine that ran one trace. */
int bel_vm_record_emit(struct bel_emit *emit, const char *tool,
	const struct bel_trace_identity *trace, uint64_t seed, const struct bel_policy_spec *spec,
	const struct bel_vm *vm, struct bel_err *err);

#endif

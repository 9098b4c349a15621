/* SPDX-License-Identifier: MIT */
/*
 * report_machine.h: the machine of a report: bel-vm's default one, as a consumer of the report's
 * pass. Its frames are the first number of the faults by key.
 *
 *	struct bel_report_machine machine = {.specs = specs, .spec_count = count, .seed = 1};
 *
 *	bel_report_machine_attach(&machine, pass, frames, addresses, &err);
 *	... the pass runs ...
 *	bel_report_machine_emit(&machine, emit, tool, &identity, &err);
 *	bel_report_machine_release(&machine);
 *
 * Its policy is the first of the list that does not need the future: the machine is simulated in
 * the first reading. If there is none, nothing is simulated and emitted.
 */
#ifndef BEL_REPORT_MACHINE_H
#define BEL_REPORT_MACHINE_H

#include "emit.h"
#include "pass.h"
#include "spec.h"
#include "trace_record.h"
#include "vm.h"

struct bel_report_machine {
	const struct bel_policy_spec *specs; /* of the caller */
	size_t spec_count;
	uint64_t seed;

	/* Private members. */
	const struct bel_policy_spec *spec;
	struct bel_vm *vm;  /* NULL: nothing is simulated */
	struct bel_err err; /* of the machine */
};

/*
 * `frames`: ignored for variable-space policies. `addresses`: bel_source_has_addresses(). Negative:
 * the pass cannot take it. The machine's own error is kept until the records are written.
 */
int bel_report_machine_attach(struct bel_report_machine *machine, struct bel_pass *pass,
	uint64_t frames, bool addresses, struct bel_err *err);

/* If the machine failed, *failed says why, unless it has an error already. There is no record. */
int bel_report_machine_emit(const struct bel_report_machine *machine, struct bel_emit *emit,
	const char *tool, const struct bel_trace_identity *trace, struct bel_err *failed,
	struct bel_err *err);

void bel_report_machine_release(struct bel_report_machine *machine);

#endif

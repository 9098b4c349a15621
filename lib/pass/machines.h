/* SPDX-License-Identifier: MIT */
/*
 * machines.h: simulates one virtual-memory machine for each page size, policy and number of
 * frames, on one trace or on several interleaved traces.
 *
 *	struct bel_machines *machines = bel_machines_new(&setup, sources, count, &err);
 *	for (size_t i = 0; (machine = bel_machines_at(machines, i)); i++)
 *		bel_vm_tally(machine->vm)->faults[...]
 *	bel_machines_free(machines);
 *
 * Policies that need the future are simulated in a second reading. In the first reading, a machine
 * that never replaces a page finds the physical page of each run, and so the next use of each.
 */
#ifndef BEL_MACHINES_H
#define BEL_MACHINES_H

#include "mark_record.h"
#include "pass.h"
#include "spec.h"
#include "vm_config.h"

struct bel_machines_setup {
	struct bel_vm_options machine;
	const struct bel_policy_spec *specs;
	size_t spec_count;
	const uint64_t *frames; /* ascending; 0: as many as needed */
	size_t frame_count;
	bool in_bytes;             /* `frames` are bytes of memory, at least a page each */
	const unsigned *page_bits; /* ascending; the first is the page size of the sources */
	size_t page_count;
	uint64_t seed, quantum;
	bool generic;
	bool addresses; /* the pages of the sources are addresses (source.h); one page size */
	struct bel_pass_setup pass; /* `between` and `host` are set by this module */
	/* See struct bel_vm_config. With several threads, it may be called from any of them. */
	void (*step)(void *step_host, const struct bel_vm_step *step);
	void *step_host;
};

struct bel_machine {
	const struct bel_policy_spec *spec;
	struct bel_vm *vm; /* owned by the machines */
	struct bel_err err;
};

/* The common name and digest of the traces: those of each, joined by "+". */
struct bel_machines_trace {
	char *name, *digest;
	const char *file; /* file of a single trace, its source's; NULL: several */
	size_t count;
};

struct bel_machines;

/*
 * Reads all sources; they must outlive the machines. NULL: err is that of the first machine that
 * failed.
 */
struct bel_machines *bel_machines_new(const struct bel_machines_setup *setup,
	struct bel_source *const *sources, size_t count, struct bel_err *err);
void bel_machines_free(struct bel_machines *machines); /* NULL is allowed */

/* In order of page size, policy and frames: 0, 1, ...; NULL past the last. */
const struct bel_machine *bel_machines_at(const struct bel_machines *machines, size_t index);

const struct bel_machines_setup *bel_machines_setup(const struct bel_machines *machines);
const struct bel_machines_trace *bel_machines_trace(const struct bel_machines *machines);

/* The marks of the traces; none are listed without intervals. */
const struct bel_marks *bel_machines_marks(const struct bel_machines *machines);

#endif

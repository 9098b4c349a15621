/* SPDX-License-Identifier: MIT */
/*
 * machines.h: a virtual-memory machine for every page size, policy and number of frames, over one
 * trace or several that are interleaved.
 *
 *	struct bel_machines *machines = bel_machines_new(&setup, sources, count, &err);
 *	for (size_t i = 0; (machine = bel_machines_at(machines, i)); i++)
 *		bel_vm_tally(machine->vm)->faults[...]
 *	bel_machines_free(machines);
 *
 * Policies that know the future get it in a second reading. In the first, a machine that never
 * replaces finds out which physical page each run is on, and so when each is used next.
 */
#ifndef BEL_MACHINES_H
#define BEL_MACHINES_H

#include "pass.h"
#include "spec.h"
#include "vm_config.h"

struct bel_machines_setup {
	struct bel_vm_options machine;
	const struct bel_policy_spec *specs;
	size_t spec_count;
	const uint64_t *frames; /* ascending; 0: as many as it takes */
	size_t frame_count;
	bool in_bytes;             /* `frames` are bytes of memory, at least a page each */
	const unsigned *page_bits; /* ascending; the first is the sources' */
	size_t page_count;
	uint64_t seed, quantum;
	bool generic;
	struct bel_pass_setup pass; /* `between` and `host` are the machines' own */
	/* See struct bel_vm_config; with several threads it is called from any of them. */
	void (*step)(void *step_host, const struct bel_vm_step *step);
	void *step_host;
};

struct bel_machine {
	const struct bel_policy_spec *spec;
	struct bel_vm *vm; /* the machines' */
	struct bel_err err;
};

/* What the traces are called together, by the "+" of their names and digests. */
struct bel_machines_trace {
	char *name, *digest;
	const char *file; /* of the one trace, its source's; NULL: several */
	size_t count;
};

struct bel_machines;

/* Reads all of the sources, which outlive it. NULL with err: the first machine's that failed. */
struct bel_machines *bel_machines_new(const struct bel_machines_setup *setup,
	struct bel_source *const *sources, size_t count, struct bel_err *err);
void bel_machines_free(struct bel_machines *machines); /* NULL is allowed */

/* By page size, policy and frames: 0, 1, ...; NULL past the last. */
const struct bel_machine *bel_machines_at(const struct bel_machines *machines, size_t index);

const struct bel_machines_setup *bel_machines_setup(const struct bel_machines *machines);
const struct bel_machines_trace *bel_machines_trace(const struct bel_machines *machines);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * vm_run.h: machines for every page size, policy and number of frames over one reading of
 * one or several interleaved traces, and what they counted as records.
 *
 * Policies that know the future get it in a second reading, of what was kept: in
 * the first, a machine that never replaces finds out which physical page each run is on.
 */
#ifndef BEL_VM_RUN_H
#define BEL_VM_RUN_H

#include "emit.h"
#include "source.h"
#include "spec.h"
#include "spool.h"
#include "trace_record.h"
#include "vm_config.h"

struct vm_run_setup {
	struct bel_vm_options machine;
	const struct bel_policy_spec *specs;
	size_t spec_count;
	const uint64_t *frames; /* 0: as many as it takes; not looked at with ram_bytes */
	size_t frame_count;
	uint64_t ram_bytes;        /* frames = ram_bytes / page size; 0: as `frames` says */
	const unsigned *page_bits; /* ascending; the first is the sources' */
	size_t page_count;
	uint64_t seed, quantum;
	bool generic;
	struct bel_spool_budget keep;
	const char *progress; /* the tool's name for a progress line; NULL: none */
	void (*step)(void *host, const struct bel_vm_step *step); /* see struct bel_vm_config */
	void *host;
};

struct vm_run;

/* Reads all of the sources, which outlive it. NULL with err. */
struct vm_run *vm_run_new(const struct vm_run_setup *setup, struct bel_source *const *sources,
	size_t count, struct bel_err *err);

/* Records belady.vm/1, belady.vm-process/1 and belady.vm-interval/1 of each machine in turn. */
int vm_run_emit(
	const struct vm_run *run, const char *tool, struct bel_emit *emit, struct bel_err *err);
void vm_run_free(struct vm_run *run); /* NULL is allowed */

/* ---- vm_record.c ---- */

/* What the records of a machine begin with. */
struct vm_head {
	const char *tool;
	struct trace_identity trace;
	uint64_t seed, quantum;
	unsigned traces; /* interleaved */
};

int vm_record_emit(struct bel_emit *emit, const struct vm_head *head,
	const struct bel_policy_spec *spec, const struct bel_vm *vm, struct bel_err *err);

#endif

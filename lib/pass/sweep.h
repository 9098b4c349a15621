/* SPDX-License-Identifier: MIT */
/*
 * sweep.h: every policy with every number of frames over one trace: in as few readings as they
 * need, on all cores.
 *
 * A configuration is a policy with a number of frames. They are in order of the policies, each with
 * its frames ascending; a variable-space policy is one configuration. What one counts depends on
 * nothing but the references.
 *
 *	struct bel_sweep *sweep = bel_sweep_new(&setup, &err);
 *	bel_sweep_source(sweep, source, &err);
 *	for (size_t i = 0; (configuration = bel_sweep_at(sweep, i)); i++)
 *		bel_sim_tally(configuration->sim, &tally);
 *	bel_sweep_free(sweep);
 *
 * A configuration that fails (its policy broke the contract, memory) is left behind with its
 * error; the others go on.
 */
#ifndef BEL_SWEEP_H
#define BEL_SWEEP_H

#include "pass.h"
#include "sim.h"
#include "source.h"

struct bel_sweep_setup {
	const struct bel_policy_spec *specs; /* outlive the sweep */
	size_t spec_count;
	const char *frames; /* as bel_parse_frames() reads it, or bel_parse_memory() */
	bool in_bytes;      /* the latter */
	uint64_t seed;
	bool generic;               /* see struct bel_sim_setup */
	struct bel_pass_setup pass; /* `between` and `host` are the sweep's own */
};

struct bel_configuration {
	const struct bel_policy_spec *spec;
	uint64_t frames;     /* 0: variable space */
	struct bel_sim *sim; /* the sweep's */
	struct bel_err err;  /* code 0: all is well */
};

/* What happened from reference `start` on, `references` long. */
struct bel_interval {
	uint64_t start, references;
	uint64_t faults, writebacks;
	uint64_t
		resident_page_references; /* sum over its references of the pages resident after each */
	uint64_t resident;                /* pages after its last */
};

struct bel_sweep;

struct bel_sweep *bel_sweep_new(const struct bel_sweep_setup *setup, struct bel_err *err);
void bel_sweep_free(struct bel_sweep *sweep); /* NULL is allowed */

/* Reads all of the source; once for each sweep. */
int bel_sweep_source(struct bel_sweep *sweep, struct bel_source *source, struct bel_err *err);

/* The same for any input. `footprint`: its distinct pages, 0 if they are not known before. */
int bel_sweep_input(struct bel_sweep *sweep, const struct bel_pass_input *input,
	const struct bel_trace_info *info, uint64_t footprint, struct bel_err *err);

uint64_t bel_sweep_references(const struct bel_sweep *sweep);

/* Index 0, 1, ...; NULL past the last. */
const struct bel_configuration *bel_sweep_at(const struct bel_sweep *sweep, size_t index);

/* Interval `index` of a configuration: whether there is one. */
bool bel_sweep_interval(const struct bel_sweep *sweep, size_t configuration, size_t index,
	struct bel_interval *interval);

#endif

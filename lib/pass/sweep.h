/* SPDX-License-Identifier: MIT */
/*
 * sweep.h: simulates every policy with every number of frames on one trace, in as few readings as
 * possible, on all cores.
 *
 * A configuration is a policy with a number of frames. Configurations are in the order of the
 * policies; each policy's frames are ascending. A variable-space policy is one configuration.
 * Results do not depend on the number of threads.
 *
 * Configurations of one policy are simulated together where an algorithm of lib/curve gives all of
 * their counts at less cost (shared_sizes.h). Each of the others has an engine. Not together: with
 * intervals, or with `generic`.
 *
 *	struct bel_sweep *sweep = bel_sweep_new(&setup, &err);
 *	bel_sweep_source(sweep, source, &err);
 *	for (size_t i = 0; (configuration = bel_sweep_at(sweep, i)); i++)
 *		... configuration->tally.faults ...
 *	bel_sweep_free(sweep);
 *
 * If a configuration fails (its policy broke the contract, or memory ran out), its error is stored
 * and the others continue.
 */
#ifndef BEL_SWEEP_H
#define BEL_SWEEP_H

#include "mark_record.h"
#include "pass.h"
#include "sim.h"
#include "source.h"

struct bel_sweep_setup {
	const struct bel_policy_spec *specs; /* must outlive the sweep */
	size_t spec_count;
	const char *frames; /* as bel_parse_frames() reads it, or bel_parse_memory() */
	bool in_bytes;      /* the latter */
	uint64_t seed;
	bool generic;               /* an engine for each configuration; see struct bel_sim_setup */
	struct bel_pass_setup pass; /* `between` and `host` are set by this module */
};

struct bel_configuration {
	const struct bel_policy_spec *spec;
	uint64_t frames;        /* 0: variable space */
	struct bel_tally tally; /* once the source was read */
	uint64_t dirty;         /* resident pages that were dirty then */
	struct bel_sim *sim;    /* owned by the sweep; NULL: simulated together with others */
	struct bel_err err;     /* code 0: no error */
};

/* The counts of one interval: `references` references from `start` on. */
struct bel_interval {
	uint64_t start, references;
	uint64_t faults, writebacks;
	uint64_t resident_page_references; /* sum over references of resident pages */
	uint64_t resident;                 /* resident pages after the last reference */
};

struct bel_sweep;

struct bel_sweep *bel_sweep_new(const struct bel_sweep_setup *setup, struct bel_err *err);
void bel_sweep_free(struct bel_sweep *sweep); /* NULL is allowed */

/* Reads the whole source. May be called once for each sweep. */
int bel_sweep_source(struct bel_sweep *sweep, struct bel_source *source, struct bel_err *err);

/* The same for any input. `footprint`: its number of distinct pages; 0: not known beforehand. */
int bel_sweep_input(struct bel_sweep *sweep, const struct bel_pass_input *input,
	const struct bel_trace_info *info, uint64_t footprint, struct bel_err *err);

uint64_t bel_sweep_references(const struct bel_sweep *sweep);

/* The marks of the trace; none are listed without intervals. */
const struct bel_marks *bel_sweep_marks(const struct bel_sweep *sweep);

/* Index 0, 1, ...; NULL past the last. */
const struct bel_configuration *bel_sweep_at(const struct bel_sweep *sweep, size_t index);

/* Passes the policy's own figures (its report()) at a configuration to the sink, if it has any. */
void bel_sweep_report(const struct bel_sweep *sweep, size_t index, struct bel_sink *sink);

/* Fills interval `index` of a configuration; false if there is none. */
bool bel_sweep_interval(const struct bel_sweep *sweep, size_t configuration, size_t index,
	struct bel_interval *interval);

#endif

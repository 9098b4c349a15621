/* SPDX-License-Identifier: MIT */
/*
 * blame.h: who causes the faults: counts of policies x frames by key, and their regret.
 *
 *	struct bel_blame *blame = bel_blame_new(&setup, &err);
 *
 *	bel_blame_source(blame, source, &err);
 *	for (size_t i = 0; (run = bel_blame_at(blame, i)); i++)
 *		bel_blame_fill(blame, i, pages, &table, &err);
 *	bel_blame_free(blame);
 *
 * Regret: the faults of a policy that OPT with as many frames does not have. A key can have fewer
 * faults than under OPT; the sum of all keys is the difference of the two policies. Variable-space
 * policies have no regret, as they have no number of frames.
 *
 * If a configuration fails (its policy broke the contract, or there are too many keys), its error
 * is stored and the others continue.
 */
#ifndef BEL_BLAME_H
#define BEL_BLAME_H

#include "blame_counter.h"
#include "blame_table.h"
#include "source.h"

struct bel_blame_setup {
	const struct bel_policy_spec *specs; /* must outlive the structure */
	size_t spec_count;
	const struct bel_policy_spec *opt; /* the policy that regret is measured against */
	const char *frames; /* as bel_parse_frames() reads it, or bel_parse_memory() */
	bool in_bytes;      /* the latter */
	uint64_t seed;
	struct bel_blame_by by;
	bool over_time;             /* also keep faults over time */
	struct bel_pass_setup pass; /* `between` and `host` are set by this module */
};

/* A policy with a number of frames. */
struct bel_blame_run {
	const struct bel_policy_spec *spec;
	uint64_t frames;    /* 0: variable space */
	struct bel_err err; /* code 0: no error */

	/* Private members. */
	struct bel_blame_counter *counter;
	struct bel_blame_run *opt; /* OPT with as many frames; NULL: variable space */
};

struct bel_blame;

struct bel_blame *bel_blame_new(const struct bel_blame_setup *setup, struct bel_err *err);
void bel_blame_free(struct bel_blame *blame); /* NULL is allowed */

/* Reads the whole source. May be called once. */
int bel_blame_source(struct bel_blame *blame, struct bel_source *source, struct bel_err *err);

/* The same for any input. `footprint`: its number of distinct pages; 0: not known beforehand. */
int bel_blame_input(struct bel_blame *blame, const struct bel_pass_input *input,
	const struct bel_trace_info *info, uint64_t footprint, struct bel_err *err);

/*
 * The same as a consumer of a pass that has others, too. The pass calls bel_blame_between() after
 * each reading. bel_blame_detach() comes before the pass is
 * freed, whatever the result.
 */
int bel_blame_attach(struct bel_blame *blame, struct bel_pass *pass,
	const struct bel_trace_info *info, uint64_t footprint, struct bel_err *err);
int bel_blame_between(struct bel_blame *blame, struct bel_err *err);
void bel_blame_detach(struct bel_blame *blame);

uint64_t bel_blame_references(const struct bel_blame *blame);

/* Index 0, 1, ...; NULL past the last. */
const struct bel_blame_run *bel_blame_at(const struct bel_blame *blame, size_t index);

/*
 * The faults of a run over time, with numbers of table->keys; after bel_blame_fill(). The caller
 * releases it.
 */
int bel_blame_line(const struct bel_blame *blame, size_t index, struct bel_granules pages,
	struct bel_blame_table *table, struct bel_blame_timeline *line, struct bel_err *err);

/*
 * Fills an empty table with the counts of a run without error. `pages`: of the source. BEL_FAIL
 * also if OPT failed.
 */
int bel_blame_fill(const struct bel_blame *blame, size_t index, struct bel_granules pages,
	struct bel_blame_table *table, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * run_record.h: the results of a sweep as records belady.run/1, belady.interval/1 and
 * belady.anomaly/1. lib/emit/schema gives their members.
 */
#ifndef BEL_RUN_RECORD_H
#define BEL_RUN_RECORD_H

#include "emit.h"
#include "sweep.h"
#include "trace_record.h"

/* The members that all records of a trace share. */
struct bel_run_trace {
	const char *tool; /* "bel-sim" */
	struct bel_trace_identity identity;
	char digest[17]; /* identity.digest points here */
	uint64_t seed;
};

/* Fills the identity from a source that has been read. */
void bel_run_trace_identify(
	struct bel_run_trace *trace, const struct bel_source *source, uint64_t references);

/* A record with the members that all records of a policy on a trace begin with. frames 0: null. */
struct bel_record *bel_run_record_new(const char *schema, const struct bel_run_trace *trace,
	const struct bel_policy_spec *spec, uint64_t frames);

/* Writes a mark record for each mark that the sweep lists. */
int bel_run_marks_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep, struct bel_err *err);

/* Writes the run record of one configuration, then its interval records. */
int bel_run_record_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep, size_t configuration, struct bel_err *err);

/*
 * Writes an anomaly record if the next configuration has the same policy, more frames and more
 * faults. 1: written; 0: no anomaly; or negative.
 */
int bel_anomaly_record_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep, size_t configuration, struct bel_err *err);

#endif

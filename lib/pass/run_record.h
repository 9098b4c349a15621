/* SPDX-License-Identifier: MIT */
/*
 * run_record.h: what configurations of a sweep counted, as records belady.run/1,
 * belady.interval/1 and belady.anomaly/1 (their members and order: lib/emit/schema).
 */
#ifndef BEL_RUN_RECORD_H
#define BEL_RUN_RECORD_H

#include "emit.h"
#include "sweep.h"
#include "trace_record.h"

/* What the records of a trace have in common. */
struct bel_run_trace {
	const char *tool; /* "bel-sim" */
	struct bel_trace_identity identity;
	char digest[17]; /* that the identity points at */
	uint64_t seed;
};

/* Fills the identity from a source that was read. */
void bel_run_trace_identify(
	struct bel_run_trace *trace, const struct bel_source *source, uint64_t references);

/* The run record of one configuration, then those of its intervals. */
int bel_run_record_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep, size_t configuration, struct bel_err *err);

/*
 * The anomaly record of a configuration, if the next configuration is the same policy with more
 * frames and had more faults: 1; else nothing: 0; or negative.
 */
int bel_anomaly_record_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep, size_t configuration, struct bel_err *err);

#endif

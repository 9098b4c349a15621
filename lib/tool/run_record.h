/* SPDX-License-Identifier: MIT */
/*
 * run_record.h: what members of a fleet counted, as records belady.run/1,
 * belady.interval/1 and belady.anomaly/1 (their members and order: lib/emit/schema).
 */
#ifndef BEL_RUN_RECORD_H
#define BEL_RUN_RECORD_H

#include "emit.h"
#include "fleet.h"
#include "trace_record.h"

/* What the records of a trace have in common. */
struct run_trace {
	const char *tool; /* "bel-sim" */
	struct trace_identity identity;
	char digest[17]; /* that the identity points at */
	uint64_t seed;
};

/* The run record of one member, then those of its intervals. */
int run_record_emit(struct bel_emit *emit, const struct run_trace *trace,
	const struct bel_fleet *fleet, size_t member, struct bel_err *err);

/*
 * The anomaly record of a member, if the next member is the same policy with more
 * frames and had more faults: 1; else nothing: 0; or negative.
 */
int anomaly_record_emit(struct bel_emit *emit, const struct run_trace *trace,
	const struct bel_fleet *fleet, size_t member, struct bel_err *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * compare_record.h: writes a ranking as records belady.compare/1 (one per size and policy),
 * belady.compare-trace/1, belady.compare-policy/1 and belady.compare-pair/1, and the results of a
 * regression check as belady.regression/1 (members and their order: lib/emit/schema).
 */
#ifndef BEL_COMPARE_RECORD_H
#define BEL_COMPARE_RECORD_H

#include "emit.h"
#include "ranking.h"
#include "regression_check.h"

enum compare_scope {
	COMPARE_SIZES = 0x1,
	COMPARE_TRACES = 0x2,
	COMPARE_POLICIES = 0x4,
	COMPARE_PAIRS = 0x8,
	COMPARE_RANKING = 0xf, /* all of these need a ranking */
	COMPARE_ERRORS = 0x10,
	COMPARE_MEAN_ERRORS = 0x20,
	COMPARE_TRUTH = 0x30,       /* and these measurements: truth.h */
	COMPARE_PREDICTIONS = 0x40, /* and these runs of programs: predictions.h */
};

/* The words that bel_compare_scopes_parse() knows. */
#define BEL_COMPARE_SCOPES "sizes, traces, policies, pairs, errors, mean-errors, predictions"

/* Parses "sizes,pairs" into enum compare_scope; BEL_USAGE for other words. */
int bel_compare_scopes_parse(
	const char *text, const char *what, unsigned *scopes, struct bel_err *err);

/*
 * A record with the members that all records of a policy begin with; `trace` may be NULL. Only for
 * lib/compare.
 */
struct bel_record *bel_compare_record_new(const char *schema,
	const struct bel_compared_trace *trace, const struct bel_ranked *policy);

/*
 * `scopes`: enum compare_scope, of which those of COMPARE_RANKING count here. The records of a trace
 * or a size are ordered by rank.
 */
int bel_compare_records_emit(struct bel_emit *emit, const struct bel_ranking *ranking,
	unsigned scopes, struct bel_err *err);

int bel_regression_record_emit(struct bel_emit *emit, const struct bel_results *before,
	const struct bel_regression_result *result, struct bel_err *err);

#endif

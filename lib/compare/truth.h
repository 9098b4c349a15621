/* SPDX-License-Identifier: MIT */
/*
 * truth.h: how far simulated faults are from those that bel-live measured, as records
 * belady.compare-truth/1 (one per measurement and policy) and belady.compare-truth-mean/1
 * (members and their order: lib/emit/schema).
 */
#ifndef BEL_TRUTH_H
#define BEL_TRUTH_H

#include "emit.h"
#include "results.h"

/* How many measurements can be compared. */
struct bel_truth_tally {
	size_t alone;      /* no policy was run with the same trace and frames */
	size_t incomplete; /* only some of the policies were: left out of the means */
};

void bel_truth_count(const struct bel_results *results, struct bel_truth_tally *tally);

/* A record for each measurement and policy. */
int bel_truth_emit(struct bel_emit *emit, const struct bel_results *results, struct bel_err *err);

/* A record for each policy and each kernel, over all traces. */
int bel_truth_means_emit(
	struct bel_emit *emit, const struct bel_results *results, struct bel_err *err);

#endif

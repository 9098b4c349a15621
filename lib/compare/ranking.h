/* SPDX-License-Identifier: MIT */
/*
 * ranking.h: compares policies by their faults, at each size, over each trace, and over all.
 *
 * A size is a frame count of a trace. Each policy is compared with the optimum (opt) and with a
 * baseline, and gets the share of the gap between these two that it closes. opt has no rank and
 * is not in means and pairs. Means use only sizes at which every policy was run. A trace's mean is
 * over its sizes; the overall mean is over the traces, so a trace with many sizes counts once.
 *
 *	struct bel_ranking ranking;
 *	bel_ranking_init(&ranking, &results, baseline, &err);
 *	... ranking.size[i], bel_ranking_at(...), bel_ranking_pair(...) ...
 *	bel_ranking_release(&ranking);
 *
 * A value that is not defined (no opt, no baseline, no gap) is NaN.
 */
#ifndef BEL_RANKING_H
#define BEL_RANKING_H

#include "results.h"

#define BEL_NO_POLICY UINT32_MAX

struct bel_ranking_size {
	uint32_t trace;
	uint64_t frames;
	const struct bel_result *result; /* `count` results, one for each policy that was run */
	size_t count;
	const struct bel_result *opt, *baseline; /* NULL: not run */
	bool complete;                           /* every policy was run */
};

/* The scores of a policy: at one size, over a trace, or over all traces. */
struct bel_score {
	uint64_t sizes, traces;
	double over_opt, over_baseline; /* its faults / the other's faults; geometric mean */
	double gap_closed;              /* (baseline - this) / (baseline - opt), of the sums */
	double mean_rank;
	uint32_t rank;         /* 1: fewest faults; equal policies share it; 0: not ranked */
	uint64_t first_places; /* number of sizes with rank 1 */
};

struct bel_pair {
	uint64_t wins, losses, ties;
};

struct bel_ranking {
	const struct bel_results *results; /* the caller's */
	uint32_t opt, baseline;            /* policies, or BEL_NO_POLICY */
	struct bel_ranking_size *size;     /* by trace and frames */
	size_t sizes;
	size_t incomplete; /* sizes at which a policy was not run */
	size_t ranked;     /* number of ranked policies: all except opt */
	struct bel_score *of_trace, *of_all;
	struct bel_pair *pair;
};

/* `baseline`: a policy's name; the results may lack it. */
int bel_ranking_init(struct bel_ranking *ranking, const struct bel_results *results,
	const char *baseline, struct bel_err *err);
void bel_ranking_release(struct bel_ranking *ranking);

/* The score at one size. */
struct bel_score bel_ranking_at(const struct bel_ranking *ranking,
	const struct bel_ranking_size *size, const struct bel_result *result);

/* The score over a trace's complete sizes; if there are none, its `sizes` is 0. */
const struct bel_score *bel_ranking_of_trace(
	const struct bel_ranking *ranking, size_t trace, size_t policy);

/* The score over all traces with complete sizes. */
const struct bel_score *bel_ranking_of_all(const struct bel_ranking *ranking, size_t policy);

/* Wins, losses and ties over all sizes at which both were run. */
struct bel_pair bel_ranking_pair(const struct bel_ranking *ranking, size_t policy, size_t against);

#endif

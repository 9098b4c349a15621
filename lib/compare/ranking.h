/* SPDX-License-Identifier: MIT */
/*
 * ranking.h: who faults less: policies side by side at each size, over each trace, over all.
 *
 * A size is a frame count of a trace. Everybody is held against the optimum (opt) and against
 * a baseline: the share of the gap between these two that a policy closes. Ranks, means and
 * pairs leave opt out. Means are over the sizes at which every policy was run, those
 * of a trace over its sizes, those of all over traces: a trace with many sizes counts once.
 *
 *	struct bel_ranking ranking;
 *	bel_ranking_init(&ranking, &results, baseline, &err);
 *	... ranking.size[i], bel_ranking_score(...), bel_ranking_pair(...) ...
 *	bel_ranking_release(&ranking);
 *
 * What cannot be said is not a number: no opt, no baseline, no gap.
 */
#ifndef BEL_RANKING_H
#define BEL_RANKING_H

#include "results.h"

#define BEL_NO_POLICY UINT32_MAX

struct bel_ranking_size {
	uint32_t trace;
	uint64_t frames;
	const struct bel_result *result; /* of the policies that were run, `count` */
	size_t count;
	const struct bel_result *opt, *baseline; /* NULL: not run */
	bool complete;                           /* every policy was run */
};

/* Of a policy: at one size, over a trace, or over all. */
struct bel_score {
	uint64_t sizes, traces;
	double over_opt, over_baseline; /* faults over the other's faults; geometric means */
	double gap_closed;              /* (baseline - this) / (baseline - opt), of the sums */
	double mean_rank;
	uint32_t rank;         /* 1: fewest faults, equals share the better; 0: not ranked */
	uint64_t first_places; /* sizes at which it is 1 */
};

struct bel_pair {
	uint64_t wins, losses, ties;
};

struct bel_ranking {
	const struct bel_results *results; /* the caller's */
	uint32_t opt, baseline;            /* policies, or BEL_NO_POLICY */
	struct bel_ranking_size *size;     /* by trace and frames */
	size_t sizes;
	size_t incomplete; /* of these */
	size_t ranked;     /* policies that are: all but opt */
	struct bel_score *of_trace, *of_all;
	struct bel_pair *pair;
};

/* The baseline is a policy's name; it may be absent. */
int bel_ranking_init(struct bel_ranking *ranking, const struct bel_results *results,
	const char *baseline, struct bel_err *err);
void bel_ranking_release(struct bel_ranking *ranking);

/* At one size. */
struct bel_score bel_ranking_at(const struct bel_ranking *ranking,
	const struct bel_ranking_size *size, const struct bel_result *result);

/* Over a trace's complete sizes; sizes 0: there are none. */
const struct bel_score *bel_ranking_of_trace(
	const struct bel_ranking *ranking, size_t trace, size_t policy);

/* Over all traces with complete sizes. */
const struct bel_score *bel_ranking_of_all(const struct bel_ranking *ranking, size_t policy);

/* Over all sizes at which both were run. */
struct bel_pair bel_ranking_pair(const struct bel_ranking *ranking, size_t policy, size_t against);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * contest.h: who faults less: policies side by side at each size, over each trace, over all.
 *
 * A size is a frame count of a trace. Everybody is held against the optimum (opt) and against
 * a baseline: the share of the gap between these two that a policy closes. Ranks, means and
 * pairs leave opt out. Means are over the sizes at which every policy was run, those
 * of a trace over its sizes, those of all over traces: a trace with many sizes counts once.
 *
 *	struct bel_contest contest;
 *	bel_contest_init(&contest, &measures, baseline, &err);
 *	... contest.size[i], bel_contest_score(...), bel_contest_pair(...) ...
 *	bel_contest_release(&contest);
 *
 * What cannot be said is not a number: no opt, no baseline, no gap.
 */
#ifndef BEL_CONTEST_H
#define BEL_CONTEST_H

#include "measures.h"

#define BEL_NOBODY UINT32_MAX

struct bel_contest_size {
	uint32_t trace;
	uint64_t frames;
	const struct bel_measure *measure; /* of the policies that were run, `count` */
	size_t count;
	const struct bel_measure *opt, *baseline; /* NULL: not run */
	bool complete;                            /* every policy was run */
};

/* Of a policy: at one size, over a trace, or over all. */
struct bel_score {
	uint64_t sizes, traces;
	double over_opt, over_baseline; /* faults over the other's faults; geometric means */
	double gap_closed;              /* (baseline - this) / (baseline - opt), of the sums */
	double mean_rank;
	uint32_t rank;   /* 1: fewest faults, equals share the better; 0: not ranked */
	uint64_t firsts; /* sizes at which it is 1 */
};

struct bel_pair {
	uint64_t wins, losses, ties;
};

struct bel_contest {
	const struct bel_measures *measures; /* the caller's */
	uint32_t opt, baseline;              /* policies, or BEL_NOBODY */
	struct bel_contest_size *size;       /* by trace and frames */
	size_t sizes;
	size_t incomplete; /* of these */
	size_t ranked;     /* policies that are: all but opt */
	struct bel_score *of_trace, *of_all;
	struct bel_pair *pair;
};

/* The baseline is a policy's name; it may be absent. */
int bel_contest_init(struct bel_contest *contest, const struct bel_measures *measures,
	const char *baseline, struct bel_err *err);
void bel_contest_release(struct bel_contest *contest);

/* At one size. */
struct bel_score bel_contest_at(const struct bel_contest *contest,
	const struct bel_contest_size *size, const struct bel_measure *measure);

/* Over a trace's complete sizes; sizes 0: there are none. */
const struct bel_score *bel_contest_of_trace(
	const struct bel_contest *contest, size_t trace, size_t policy);

/* Over all traces with complete sizes. */
const struct bel_score *bel_contest_of_all(const struct bel_contest *contest, size_t policy);

/* Over all sizes at which both were run. */
struct bel_pair bel_contest_pair(const struct bel_contest *contest, size_t policy, size_t against);

#endif

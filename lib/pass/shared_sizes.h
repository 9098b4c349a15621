/* SPDX-License-Identifier: MIT */
/*
 * shared_sizes.h: one policy with several numbers of frames, simulated together by an algorithm of
 * lib/curve, with the counts that an engine for each would give. Only for lib/pass.
 *
 *	struct bel_shared_sizes_setup setup;
 *	if (bel_shared_sizes_choose(spec, frames, count, &setup)) {
 *		struct bel_shared_sizes *shared = bel_shared_sizes_new(&setup, &err);
 *		bel_shared_sizes_feed(shared, &batch, pages, &err);
 *		bel_shared_sizes_finish(shared, &err);
 *		bel_shared_sizes_tally(shared, i, &tally, &dirty);
 *		bel_shared_sizes_free(shared);
 *	}
 *
 * Threads: one thread at a time uses an instance; instances share nothing.
 */
#ifndef BEL_SHARED_SIZES_H
#define BEL_SHARED_SIZES_H

#include "curve.h"
#include "spec.h"

struct bel_shared_sizes;

struct bel_shared_sizes_setup {
	const struct bel_curve_algorithm *algorithm;
	double param[8];
	const uint64_t *frames; /* ascending; needed until bel_shared_sizes_new() returns */
	size_t count;           /* at most the algorithm's `most_sizes` */
	uint64_t seed;
};

/*
 * Chooses an algorithm for a policy. Sets the algorithm, its parameters, and the numbers of frames
 * that it simulates: all or the larger ones. False: an engine for each is right, because no
 * algorithm gives all counts or each engine is cheaper.
 */
bool bel_shared_sizes_choose(const struct bel_policy_spec *spec, const uint64_t *frames,
	size_t count, struct bel_shared_sizes_setup *setup);

struct bel_shared_sizes *bel_shared_sizes_new(
	const struct bel_shared_sizes_setup *setup, struct bel_err *err);
void bel_shared_sizes_free(struct bel_shared_sizes *shared); /* NULL is allowed */

/* `pages`: more than any page number in the batch. */
int bel_shared_sizes_feed(struct bel_shared_sizes *shared, const struct bel_batch *batch,
	uint32_t pages, struct bel_err *err);
int bel_shared_sizes_finish(struct bel_shared_sizes *shared, struct bel_err *err);

/* After finish(): the counts at size `index`, and the resident pages that are dirty. */
void bel_shared_sizes_tally(const struct bel_shared_sizes *shared, size_t index,
	struct bel_tally *tally, uint64_t *dirty);

/* After finish(): passes the policy's own figures at size `index` to the sink, if it has any. */
void bel_shared_sizes_report(
	const struct bel_shared_sizes *shared, size_t index, struct bel_sink *sink);

#endif

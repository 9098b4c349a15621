/* SPDX-License-Identifier: MIT */
/*
 * curve_split.h: a shared pass that leaves the sizes that miss too often to the engine.
 *
 * An algorithm that shares the work of a hit between all sizes visits one by one the sizes that
 * miss. Where nearly every reference misses, this takes longer than an engine for each size. So
 * the start of the trace is kept, at most 64 Ki runs. When they have been counted, sizes with too
 * many misses in the second half of them get an engine each. The others start again, together.
 * All are fed the kept start, and then the rest of the trace. The counts are the same either way,
 * and the choice depends only on the trace and the sizes.
 *
 * To use it, an algorithm describes its own functions and gives those of the split to the registry:
 *
 *	static const struct bel_curve_shared arc_shared = {.policy = "arc", ...};
 *	BEL_CURVE_SPLIT(arc_shared)
 *	static const struct bel_curve_algorithm arc_log = {.policy = "arc", ...
 *		BEL_CURVE_SPLIT_MEMBERS(arc_shared)};
 *
 * Memory: 512 KiB until the choice; then what the engines need, and with more than 16,384 pages 8
 * bytes for each page, at most 8 MiB: runs that wait, so that an engine's turn is long.
 */
#ifndef BEL_CURVE_SPLIT_H
#define BEL_CURVE_SPLIT_H

#include "curve.h"

/* Functions as in struct bel_curve_algorithm. snapshot() gives exactly the sizes of the setup. */
struct bel_curve_shared {
	const char *policy;             /* in policies/ */
	const struct bel_param *params; /* those of setup.param; NULL: none */
	double most_misses;   /* misses in each run; a size with more is faster in an engine, ... */
	uint64_t from_frames; /* ... if it has so many frames, ... */
	uint64_t to_frames;   /* ... and no size has more than these (0: they may), ... */
	uint32_t from_pages;  /* ... and the start of the trace has so many pages */
	void *(*create)(const struct bel_curve_setup *setup, struct bel_err *err);
	int (*feed)(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err);
	int (*snapshot)(void *self, struct bel_curve *curve, struct bel_err *err);
	void (*report)(const void *self, size_t index, struct bel_sink *sink);
	void (*destroy)(void *self);
};

void *bel_curve_split_new(const struct bel_curve_shared *shared,
	const struct bel_curve_setup *setup, struct bel_err *err);
int bel_curve_split_feed(
	void *split, const struct bel_batch *batch, uint32_t pages, struct bel_err *err);
int bel_curve_split_snapshot(void *split, struct bel_curve *curve, struct bel_err *err);
void bel_curve_split_report(const void *split, size_t index, struct bel_sink *sink);
void bel_curve_split_free(void *split);

/* The number of sizes that have an engine. */
size_t bel_curve_split_engines(const void *split);

#define BEL_CURVE_SPLIT(SHARED)                                                                    \
	static void *SHARED##_new(const struct bel_curve_setup *setup, struct bel_err *err)        \
	{                                                                                          \
		return bel_curve_split_new(&(SHARED), setup, err);                                 \
	}

#define BEL_CURVE_SPLIT_MEMBERS(SHARED)                                                            \
	.create = SHARED##_new, .feed = bel_curve_split_feed, .finish = bel_curve_split_snapshot,  \
	.snapshot = bel_curve_split_snapshot, .report = bel_curve_split_report,                    \
	.destroy = bel_curve_split_free

#endif

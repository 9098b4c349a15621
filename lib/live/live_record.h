/* SPDX-License-Identifier: MIT */
/*
 * live_record.h: measurements as records belady.live/1 and belady.live-program/1; lib/emit/schema
 * gives their members. A record is about one number of frames. Its figures are medians over the
 * repetitions, counts rounded to whole ones.
 */
#ifndef BEL_LIVE_RECORD_H
#define BEL_LIVE_RECORD_H

#include "emit.h"
#include "live_plan.h"
#include "toucher.h"
#include "trace_record.h"

/* `runs` are `count` repetitions. */
int bel_live_record_emit(struct bel_emit *emit, const struct bel_trace_identity *trace,
	const struct bel_live_plan *plan, uint64_t frames, const struct bel_touched *runs,
	size_t count, struct bel_err *err);

/* Members that describe the machine: kernel, reclaim, cgroup, swap_area. */
void bel_live_record_machine(struct bel_record *r, const struct bel_live_plan *plan);

/* Sorts the values. Their median; the mean of the two middle ones if `count` is even. */
double bel_live_median(double *values, size_t count);

#endif

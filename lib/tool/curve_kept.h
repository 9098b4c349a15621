/* SPDX-License-Identifier: MIT */
/*
 * curve_kept.h: passes over the trace that was kept, for jobs that could not count while it was
 * read: their sizes or their algorithm depended on its pages, or they know the future.
 */
#ifndef BEL_CURVE_KEPT_H
#define BEL_CURVE_KEPT_H

#include "curve_crew.h"
#include "curve_run.h"
#include "progress.h"

/* Whether sizes are all, or chosen as the curve gets known. */
bool curve_adapts(const struct curve_request *how);

/* Whether more frames help ever less, as OPT's do. */
bool curve_is_convex(const struct curve_job *job);

/* A reduced trace holds for some policies, from some number of frames on, at one page size. */
int curve_check_guarantee(
	const struct curve_run *run, const struct curve_job *job, struct bel_err *err);

/* The end of a pass of the jobs that have parts now. */
int curve_pass_end(struct curve_run *run, struct curve_crew *crew, struct bel_err *err);

/* Now that the pages are known, the choice of an algorithm is final; the future if it takes it. */
int curve_kept_settle(struct curve_run *run, struct bel_err *err);

/* Passes over what was kept until every job is done. */
int curve_kept_run(struct curve_run *run, struct bel_progress *progress, struct bel_err *err);

#endif

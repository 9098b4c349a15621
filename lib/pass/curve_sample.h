/* SPDX-License-Identifier: MIT */
/*
 * curve_sample.h: curves from samples of the pages (lib/curve/sample.h), as jobs of a run.
 *
 * Where a share of the pages is asked for, each seed's sample is a stream of its own, on which
 * jobs count as on any other, with sizes that shrink with it. Where a number of pages is asked
 * for, the algorithm of each seed chooses among all. Either way a policy has a job for each seed,
 * which become one when all have ended. Windows are counted on the whole trace:
 * that takes 8 bytes a page, and a window spans all references.
 */
#ifndef BEL_CURVE_SAMPLE_H
#define BEL_CURVE_SAMPLE_H

#include "curve_run.h"

/*
 * "0.01" or "1%" is a share, "8k" a number of pages; NULL: no sample. Checks that the request's
 * policies can be had so; its other members are filled.
 */
int bel_curve_sample_parse(
	struct bel_curve_request *request, const char *text, uint64_t seeds, struct bel_err *err);

/*
 * Jobs for one policy at one page size: one; or one for each seed; or as many again, where these
 * are to show how the policy errs (enum bel_sample_check).
 */
size_t bel_curve_sample_jobs(
	const struct bel_curve_request *how, const struct bel_curve_spec *spec);

/* Makes a job, whose stream is a whole one, count a sample: by seed, then the checks. */
int bel_curve_sample_assign(
	struct bel_curve_run *run, struct bel_curve_job *job, size_t index, struct bel_err *err);

/* Whether the job's algorithm is that of sampling, not one for the policy. */
bool bel_curve_sample_chose(const struct bel_curve_job *job);

/* Sizes of the whole as sizes of the job's stream, where that is a sample; replaces *x. */
int bel_curve_sample_shrink(const struct bel_curve_run *run, const struct bel_curve_job *job,
	uint64_t **x, size_t *count, struct bel_err *err);

/* The jobs of each policy's seeds become one, with their mean and its band. */
int bel_curve_sample_join(struct bel_curve_run *run, struct bel_err *err);

/* Whether, at the largest page size, estimates are of too few pages to be trusted. */
bool bel_curve_sample_doubtful(const struct bel_curve_run *run);

#endif

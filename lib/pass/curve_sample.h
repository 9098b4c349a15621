/* SPDX-License-Identifier: MIT */
/*
 * curve_sample.h: curves from samples of the pages (lib/curve/sample.h), as jobs of a run.
 *
 * A sample is a share of the pages, or a fixed number of pages. For a share, each seed's sample is
 * a stream of its own. Jobs count it as they count any other stream, with proportionally smaller
 * sizes. For a fixed number, the algorithm of each seed chooses among all pages. In both cases a
 * policy has one job per seed; in the end these are joined into one. Windows are counted on the
 * whole trace: this takes only 8 bytes per page, and a window spans all references.
 */
#ifndef BEL_CURVE_SAMPLE_H
#define BEL_CURVE_SAMPLE_H

#include "curve_run.h"

/*
 * "0.01" or "1%" is a share, "8k" a number of pages; NULL: no sample. Checks that the request's
 * policies can be sampled. The request's other members must be set.
 */
int bel_curve_sample_parse(
	struct bel_curve_request *request, const char *text, uint64_t seeds, struct bel_err *err);

/*
 * The number of jobs for one policy at one page size: one, or one per seed. It is twice that if a
 * second set of jobs checks the first (enum bel_sample_check).
 */
size_t bel_curve_sample_jobs(
	const struct bel_curve_request *how, const struct bel_curve_spec *spec);

/*
 * Assigns a sample to a job whose stream is the whole trace. `index`: first the seeds, then the
 * checks.
 */
int bel_curve_sample_assign(
	struct bel_curve_run *run, struct bel_curve_job *job, size_t index, struct bel_err *err);

/* Whether the job's algorithm was chosen by the sampling. */
bool bel_curve_sample_chose(const struct bel_curve_job *job);

/* If the job's stream is a sample, replaces *x by the corresponding sizes in the sample. */
int bel_curve_sample_shrink(const struct bel_curve_run *run, const struct bel_curve_job *job,
	uint64_t **x, size_t *count, struct bel_err *err);

/* Joins the jobs of each policy's seeds into one, with their mean and its band. */
int bel_curve_sample_join(struct bel_curve_run *run, struct bel_err *err);

/* Whether, at the largest page size, there are too few pages for a reliable estimate. */
bool bel_curve_sample_doubtful(const struct bel_curve_run *run);

#endif

/* SPDX-License-Identifier: MIT */
/* curve_kept.c: passes over the trace that was kept, for jobs that could not count while reading.
 */
#include "curve_kept.h"

#include <stdlib.h>
#include <string.h>

#include "curve_sample.h"
#include "guarantee.h"
#include "number.h"

enum {
	LEAST_SIZES = 8, /* that a pass takes, however many pages there are */
	PAGE_COST = 24,  /* bytes a page and size, about */
	ROUNDS = 16,     /* of adaptive sizes, at most */
};

bool curve_adapts(const struct curve_request *how)
{
	return !strcmp(how->frames, "all");
}

bool curve_is_convex(const struct curve_job *job)
{
	return job->want->spec->policy->caps & BEL_POLICY_OPTIMAL;
}

int curve_check_guarantee(
	const struct curve_run *run, const struct curve_job *job, struct bel_err *err)
{
	const struct bel_trace_info *info = bel_source_info(run->source);
	const bool known = job->count && !job->windows;

	if (info->holds_for && job->stream)
		return bel_fail(err, "the trace was reduced for pages of %llu bytes alone",
			(unsigned long long)run->stream[0].page_bytes);
	if (!known && !job->all && !job->adaptive && !job->windows)
		return BEL_OK; /* sizes come later */
	return bel_guarantee_check(info, job->want->name, known ? job->x[0] : job->least, err);
}

int curve_pass_end(struct curve_run *run, struct curve_crew *crew, struct bel_err *err)
{
	int r = BEL_OK;

	curve_crew_finish(crew);
	for (size_t i = 0; r == BEL_OK && i < run->jobs; i++)
		if (run->job[i].parts)
			r = curve_job_end(&run->job[i], err);
	return r;
}

static int read_kept(struct curve_run *run, size_t index, struct curve_crew *crew,
	struct bel_progress *progress, struct bel_err *err)
{
	struct curve_stream *stream = &run->stream[index];
	const uint32_t pages = bel_lookahead_pages(stream->kept);
	struct bel_batch batch;
	int r;

	bel_lookahead_rewind(stream->kept);
	while ((r = bel_lookahead_read(stream->kept, &batch, err)) > 0) {
		curve_crew_feed(crew, index, &batch, pages);
		bel_progress_update(
			progress, batch.now, (double)batch.now / (double)(stream->now + 1));
	}
	return r;
}

/* What a kept job is to count next; nothing makes it done. */
static int next_sizes(struct curve_run *run, struct curve_job *job, struct bel_err *err)
{
	const uint32_t own = run->stream[job->stream].pages;
	const uint32_t pages = run->stream[job->stream % run->sizes].pages;
	const bool stopped = run->how->stop && *run->how->stop;
	uint64_t *x = NULL;
	size_t count = 0;
	int r = BEL_OK;

	if (job->done || job->all || job->taken < job->count)
		return BEL_OK;
	if (job->adaptive && !job->curve.count)
		r = curve_sizes_first(job->least, own, &x, &count, err);
	else if (job->adaptive && job->rounds++ < ROUNDS && !stopped)
		r = curve_sizes_between(
			&job->curve, run->how->step, curve_is_convex(job), &x, &count, err);
	else if (!job->adaptive && !pages)
		r = bel_fail(err, "the trace has no references, so no footprint");
	else if (!job->adaptive)
		r = bel_parse_frames(run->how->frames, pages, &x, &count, err);
	if (r == BEL_OK && !job->adaptive)
		r = curve_sample_shrink(run, job, &x, &count, err);
	if (r < 0) {
		free(x);
		return r;
	}
	curve_job_give(job, x, count);
	return count ? curve_check_guarantee(run, job, err) : BEL_OK;
}

/* Sizes of one job that a pass over what was kept takes. */
static size_t most_sizes(const struct curve_run *run, const struct curve_job *job)
{
	const uint64_t pages = run->stream[job->stream].pages;
	const uint64_t fit = run->how->keep.memory / (pages * PAGE_COST + 1);

	return fit < LEAST_SIZES ? LEAST_SIZES : (size_t)fit;
}

int curve_kept_run(struct curve_run *run, struct bel_progress *progress, struct bel_err *err)
{
	bool left = true;
	int r = BEL_OK;

	while (r == BEL_OK && left) {
		struct curve_crew *crew;

		left = false;
		for (size_t i = 0; i < run->jobs; i++) {
			struct curve_job *job = &run->job[i];

			if (next_sizes(run, job, err) < 0 ||
				(!job->done && curve_job_begin(job, most_sizes(run, job), err) < 0))
				return err->code;
			left |= !job->done;
		}
		if (!left)
			break;
		crew = curve_crew_new(run->job, run->jobs, run->streams, run->how->threads, err);
		if (!crew)
			return BEL_FAIL;
		for (size_t s = 0; r >= 0 && s < run->streams; s++)
			if (run->stream[s].kept)
				r = read_kept(run, s, crew, progress, err);
		if (r >= 0)
			r = curve_pass_end(run, crew, err);
		curve_crew_free(crew);
	}
	return r;
}

int curve_kept_settle(struct curve_run *run, struct bel_err *err)
{
	for (size_t i = 0; i < run->jobs; i++) {
		struct curve_job *job = &run->job[i];
		struct curve_stream *stream = &run->stream[job->stream];

		if (job->done)
			continue;
		if (!curve_sample_chose(job))
			job->algorithm =
				curve_choose(job->want, stream->pages, 0, job->setup.param);
		job->all = curve_adapts(run->how) && job->algorithm &&
			   job->algorithm->caps & BEL_CURVE_ALL;
		job->adaptive = curve_adapts(run->how) && !job->all;
		if (!curve_job_needs_future(job) || stream->turned)
			continue;
		if (bel_lookahead_turn(stream->kept, err) < 0)
			return err->code;
		stream->turned = true;
	}
	return BEL_OK;
}

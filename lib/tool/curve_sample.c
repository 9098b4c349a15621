/* SPDX-License-Identifier: MIT */
/* curve_sample.c: curves from samples of the pages, as jobs of a run. */
#include "curve_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

enum { MOST_SEEDS = 64 };

#define MOST_PAGES ((uint64_t)1 << 30)
#define LEAST_RATE 1e-6

/* "0.01", "1%", ".5", "1": 1; anything else that a number could be: 0. */
static int parse_share(const char *text, double *rate, struct bel_err *err)
{
	char *end;
	const double value = strtod(text, &end);
	const bool percent = *end == '%';

	if (!strchr(text, '.') && !percent && strcmp(text, "1") != 0)
		return 0;
	*rate = percent ? value / 100 : value;
	if (end == text || end[percent] || !(*rate >= LEAST_RATE && *rate <= 1))
		return bel_usage(err, "--sample: '%s' is no share from %g to 1", text, LEAST_RATE);
	return 1;
}

static bool counts_windows(const struct curve_want *want)
{
	double param[8];
	const struct bel_curve_algorithm *a = curve_choose(want, 0, 0, param);

	return a && a->caps & BEL_CURVE_WINDOWS;
}

/* A sample of a number of pages, of which only LRU can forget some on the way. */
static int check_number(const struct curve_request *request, const char *text, struct bel_err *err)
{
	const uint64_t pages = request->sample.pages;

	if (pages < BEL_SAMPLE_LEAST || pages > MOST_PAGES)
		return bel_usage(err,
			"--sample: '%s': give a share of the pages such as 0.01, or a number from "
			"%d to %llu",
			text, BEL_SAMPLE_LEAST, (unsigned long long)MOST_PAGES);
	for (size_t i = 0; i < request->wants; i++) {
		const struct curve_want *want = &request->want[i];
		const bool lru = !strcmp(want->name, "lru") && !want->spec->plugin;

		if (!lru && !counts_windows(want))
			return bel_usage(err,
				"%s: a sample of a number of pages is for lru alone: give a share, "
				"such as 0.01",
				want->name);
	}
	return BEL_OK;
}

int curve_sample_parse(
	struct curve_request *request, const char *text, uint64_t seeds, struct bel_err *err)
{
	struct curve_sampling *sample = &request->sample;
	int r;

	*sample = (struct curve_sampling){.seeds = 0};
	if (!text)
		return BEL_OK;
	if (request->interval)
		return bel_usage(err, "--sample and --interval exclude each other");
	if (seeds < 1 || seeds > MOST_SEEDS)
		return bel_usage(err, "--seeds: 1 to %d", MOST_SEEDS);
	sample->seeds = (size_t)seeds;
	r = parse_share(text, &sample->rate, err);
	if (sample->rate == 1)
		sample->seeds = 1; /* the others would be the same */
	if (r)
		return r < 0 ? r : BEL_OK;
	r = bel_parse_number(text, "--sample", &sample->pages, err);
	return r < 0 ? r : check_number(request, text, err);
}

size_t curve_sample_jobs(const struct curve_request *how, const struct curve_want *want)
{
	return how->sample.seeds && !counts_windows(want) ? how->sample.seeds : 1;
}

int curve_sample_assign(
	struct curve_run *run, struct curve_job *job, size_t index, struct bel_err *err)
{
	const struct curve_sampling *sample = &run->how->sample;
	const struct bel_sample_setup setup = {
		.rate = sample->rate,
		.seed = run->how->seed + index,
		.portable = run->how->portable,
	};
	struct curve_stream *stream;

	if (bel_source_info(run->source)->holds_for)
		return bel_fail(err, "a reduced trace cannot be sampled: it lacks references that "
				     "the sample would need");
	job->sampled = true;
	job->setup.seed = setup.seed;
	if (!sample->rate) {
		job->algorithm = &bel_sample_lru;
		job->setup.param[0] = (double)sample->pages;
		return BEL_OK;
	}
	job->stream += (BEL_STREAM_SAMPLES + index) * run->sizes;
	stream = &run->stream[job->stream];
	if (!stream->sample)
		stream->sample = bel_sample_new(&setup, err);
	return stream->sample ? BEL_OK : BEL_FAIL;
}

int curve_sample_shrink(const struct curve_run *run, const struct curve_job *job, uint64_t *x,
	size_t *count, struct bel_err *err)
{
	const double rate = run->how->sample.rate;
	size_t kept = 0;

	if (!run->stream[job->stream].sample)
		return BEL_OK;
	if (*count && (double)x[0] * rate < 0.5)
		return bel_fail(err,
			"%llu frames: in a sample of %g nothing is left of fewer than %.0f",
			(unsigned long long)x[0], rate, ceil(0.5 / rate));
	for (size_t i = 0; i < *count; i++) {
		const uint64_t frames = (uint64_t)llround((double)x[i] * rate);

		if (!kept || x[kept - 1] != frames)
			x[kept++] = frames;
	}
	*count = kept;
	return BEL_OK;
}

/* The curves of `count` jobs, which are let go, as the curve of the first. */
static int join_jobs(
	struct curve_run *run, struct curve_job *job, size_t count, struct bel_err *err)
{
	const struct curve_stream *whole = &run->stream[job->stream % run->sizes];
	struct bel_curve *curves = calloc(count, sizeof(*curves)), mean = {.count = 0};
	int r = curves ? BEL_OK : bel_err_memory(err, "curves");

	for (size_t k = 0; r == BEL_OK && k < count; k++) {
		if (job[k].err.code && !job->err.code)
			job->err = job[k].err;
		curves[k] = job[k].curve;
		if (run->how->sample.rate && !job[k].err.code)
			bel_sample_scale(
				&curves[k], run->how->sample.rate, whole->now, whole->pages);
	}
	if (r == BEL_OK && !job->err.code)
		r = bel_sample_join(curves, count, &mean, err);
	free(curves);
	for (size_t k = 1; k < count; k++)
		curve_job_release(&job[k]);
	bel_curve_release(&job->curve);
	job->curve = mean;
	return r;
}

int curve_sample_join(struct curve_run *run, struct bel_err *err)
{
	size_t kept = 0;
	int r = BEL_OK;

	for (size_t i = 0; r == BEL_OK && i < run->jobs;) {
		const size_t count = run->job[i].sampled ? run->how->sample.seeds : 1;

		if (run->job[i].sampled)
			r = join_jobs(run, &run->job[i], count, err);
		run->job[kept++] = run->job[i];
		i += count;
	}
	run->jobs = kept;
	return r;
}

bool curve_sample_doubtful(const struct curve_run *run)
{
	bool sampled = false;

	for (size_t i = 0; i < run->jobs; i++)
		sampled |= run->job[i].sampled && !run->job[i].curve.exact;
	return sampled && run->stream[run->sizes - 1].pages < BEL_SAMPLE_TRUSTED;
}

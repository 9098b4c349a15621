/* SPDX-License-Identifier: MIT */
/* curve_sample.c: curves from samples of the pages, as jobs of a run. */
#include "curve_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "sample.h"

#define MAX_PAGES ((uint64_t)1 << 30)
#define MIN_RATE 1e-6

/* Parses a share: "0.01", "1%", ".5", "1". Returns 1; 0 if the text may be a number of pages. */
static int parse_share(const char *text, double *rate, struct bel_err *err)
{
	char *end;
	const double value = strtod(text, &end);
	const bool percent = *end == '%';

	if (!strchr(text, '.') && !percent && strcmp(text, "1") != 0)
		return 0;
	*rate = percent ? value / 100 : value;
	if (end == text || end[percent] || !(*rate >= MIN_RATE && *rate <= 1))
		return bel_usage(err, "--sample: '%s' is not a share from %g to 1", text, MIN_RATE);
	return 1;
}

static bool counts_windows(const struct bel_curve_spec *spec)
{
	double param[8];
	const struct bel_curve_algorithm *a = bel_curve_choose(spec, 0, 0, param);

	return a && a->caps & BEL_CURVE_WINDOWS;
}

/*
 * Checks a sample of a fixed number of pages. Only LRU has an algorithm that can drop pages later.
 */
static int check_number(
	const struct bel_curve_request *request, const char *text, struct bel_err *err)
{
	const uint64_t pages = request->sample.pages;

	if (pages < BEL_SAMPLE_LEAST || pages > MAX_PAGES)
		return bel_usage(err,
			"--sample: '%s': give a share of the pages, such as 0.01 or 1%%, or a "
			"number of pages from %d to %llu",
			text, BEL_SAMPLE_LEAST, (unsigned long long)MAX_PAGES);
	for (size_t i = 0; i < request->specs; i++) {
		const struct bel_curve_spec *spec = &request->spec[i];
		const bool lru = !strcmp(spec->name, "lru") && !spec->spec->plugin;

		if (!lru && !counts_windows(spec))
			return bel_usage(err,
				"%s: a sample of a number of pages is only for lru: give a share, "
				"such as 0.01",
				spec->name);
	}
	return BEL_OK;
}

int bel_curve_sample_parse(
	struct bel_curve_request *request, const char *text, uint64_t seeds, struct bel_err *err)
{
	struct bel_curve_sampling *sample = &request->sample;
	int r;

	*sample = (struct bel_curve_sampling){.seeds = 0};
	if (!text)
		return BEL_OK;
	if (request->interval)
		return bel_usage(err, "--sample and --interval exclude each other");
	if (seeds < 1 || seeds > BEL_SAMPLE_MOST)
		return bel_usage(err, "--seeds: must be 1 to %d", BEL_SAMPLE_MOST);
	sample->seeds = (size_t)seeds;
	r = parse_share(text, &sample->rate, err);
	if (sample->rate == 1)
		sample->seeds = 1; /* all samples would be the same */
	if (r)
		return r < 0 ? r : BEL_OK;
	if (bel_parse_number(text, "--sample", &sample->pages, err) < 0)
		sample->pages = 0; /* out of bounds: the message says what may be given */
	return check_number(request, text, err);
}

/* NULL: the policy's error is not known. A plug-in may have any name. */
static const struct bel_sample_error *error_of(const struct bel_curve_spec *spec)
{
	return spec->spec->plugin ? NULL : bel_sample_error(spec->name);
}

/* How the policy's samples are checked. */
static enum bel_sample_check check_of(
	const struct bel_curve_request *how, const struct bel_curve_spec *spec)
{
	const struct bel_sample_error *error = error_of(spec);

	return error && how->sample.seeds > 1 && how->sample.rate ? error->check
								  : BEL_SAMPLE_CHANCE;
}

size_t bel_curve_sample_jobs(const struct bel_curve_request *how, const struct bel_curve_spec *spec)
{
	if (!how->sample.seeds || counts_windows(spec))
		return 1;
	return how->sample.seeds << (check_of(how, spec) != BEL_SAMPLE_CHANCE);
}

/* ---- a sample as a stream ---- */

static int take(void *self, const struct bel_chunk *in, struct bel_granules *pages,
	struct bel_chunk *out, struct bel_err *err)
{
	struct bel_sample_part part = {.count = 0};

	if (in->count && bel_sample_take(self, in->runs, in->count, &part, err) < 0)
		return BEL_FAIL;
	*out = (struct bel_chunk){
		.runs = part.runs, .count = part.count, .references = part.references};
	*pages = (struct bel_granules){.count = part.pages};
	return 0;
}

static void release(void *self)
{
	bel_sample_free(self);
}

/* The stream of one seed's sample, made at the first call. */
static struct bel_stream *sample_of(struct bel_curve_run *run, struct bel_stream **sample,
	struct bel_stream *of, const struct bel_sample_setup *setup, struct bel_err *err)
{
	static const struct bel_filter filter = {.take = take, .free = release};
	struct bel_sample *made;

	if (*sample)
		return *sample;
	made = bel_sample_new(setup, err);
	if (made)
		*sample = bel_pass_filter(run->pass, of, &filter, made, err);
	return *sample;
}

static int make_lists(struct bel_curve_size *size, size_t seeds, struct bel_err *err)
{
	if (size->sample)
		return BEL_OK;
	size->sample = calloc(seeds, sizeof(struct bel_stream *));
	size->quarter = calloc(seeds, sizeof(struct bel_stream *));
	return size->sample && size->quarter ? BEL_OK : bel_err_memory(err, "samples");
}

bool bel_curve_sample_chose(const struct bel_curve_job *job)
{
	return job->algorithm == &bel_sample_lru || job->algorithm == &bel_sample_sieve;
}

int bel_curve_sample_assign(
	struct bel_curve_run *run, struct bel_curve_job *job, size_t index, struct bel_err *err)
{
	const struct bel_curve_sampling *sample = &run->how->sample;
	const size_t seed = index % sample->seeds;
	const enum bel_sample_check check =
		index < sample->seeds ? BEL_SAMPLE_CHANCE : check_of(run->how, job->spec);
	struct bel_curve_size *const size = job->size;
	struct bel_sample_setup setup = {.rate = sample->rate, .portable = run->how->portable};

	if (bel_source_info(run->source)->valid_policies)
		return bel_fail(err, "a reduced trace cannot be sampled: it lacks references that "
				     "the sample would need");
	job->sampled = true;
	setup.seed = job->setup.seed = run->how->seed + seed;
	if (!sample->rate) {
		job->algorithm = &bel_sample_lru;
		job->setup.param[0] = (double)sample->pages;
		return BEL_OK;
	}
	job->rate = sample->rate;
	if (make_lists(size, sample->seeds, err) < 0)
		return BEL_FAIL;
	job->stream = sample_of(run, &size->sample[seed], size->whole, &setup, err);
	if (!job->stream)
		return BEL_FAIL;
	if (check == BEL_SAMPLE_BRACKET) {
		job->algorithm = error_of(job->spec)->other;
		job->setup.param[0] = sample->rate;
	}
	if (check != BEL_SAMPLE_QUARTER)
		return BEL_OK;
	job->rate /= BEL_SAMPLE_QUARTERS;
	/*
	 * The sample renumbers its pages. With the same seed, pages that kept their numbers would
	 * be favoured.
	 */
	setup.rate = 1.0 / BEL_SAMPLE_QUARTERS;
	setup.seed = ~job->setup.seed;
	job->stream = sample_of(run, &size->quarter[seed], job->stream, &setup, err);
	return job->stream ? BEL_OK : BEL_FAIL;
}

/* The sizes of miniatures for a share of x frames: the nearest size, or one on each side. */
static size_t shrink(uint64_t x, double share, bool both, uint64_t to[2])
{
	const double frames = (double)x * share;

	to[0] = both ? (uint64_t)floor(frames) : (uint64_t)llround(frames);
	to[0] += !to[0];
	to[1] = (uint64_t)ceil(frames);
	return 1 + (both && to[1] > to[0]);
}

int bel_curve_sample_shrink(const struct bel_curve_run *run, const struct bel_curve_job *job,
	uint64_t **x, size_t *count, struct bel_err *err)
{
	const double rate = run->how->sample.rate;
	const bool quarter = job->rate != rate;
	uint64_t *to;
	size_t kept = 0;

	if (!job->rate)
		return BEL_OK;
	if (*count && (double)(*x)[0] * rate < 0.5)
		return bel_fail(err,
			"%llu frames are too few for a sample of %g: give at least %.0f",
			(unsigned long long)(*x)[0], rate, ceil(0.5 / rate));
	to = malloc((2 * *count + 1) * sizeof(*to));
	if (!to)
		return bel_err_memory(err, "frame counts");
	for (size_t i = 0; i < *count; i++) {
		uint64_t frames[2];
		size_t sizes = shrink((*x)[i], rate, false, frames);

		/* A quarter estimates what the sample counts. */
		if (quarter)
			sizes = shrink(frames[0], 1.0 / BEL_SAMPLE_QUARTERS, true, frames);
		for (size_t k = 0; k < sizes; k++)
			if (!kept || to[kept - 1] < frames[k])
				to[kept++] = frames[k];
	}
	free(*x);
	*x = to;
	*count = kept;
	return BEL_OK;
}

/*
 * The curves of `count` jobs, as estimates for the whole trace. Their first error becomes the
 * first job's.
 */
static void scale_jobs(struct bel_curve_job *job, size_t count, struct bel_curve *curves)
{
	const uint64_t references = bel_stream_references(job->size->whole);
	const uint32_t pages = bel_stream_pages(job->size->whole);

	for (size_t k = 0; k < count; k++) {
		if (job[k].err.code && !job->err.code)
			job->err = job[k].err;
		curves[k] = job[k].curve;
		if (job[k].rate && !job[k].err.code)
			bel_sample_scale(&curves[k], job[k].rate, references, pages);
	}
}

/* Joins the curves of `count` jobs into that of the first; the other jobs are released. */
static int join_jobs(
	struct bel_curve_run *run, struct bel_curve_job *job, size_t count, struct bel_err *err)
{
	const size_t seeds = run->how->sample.seeds;
	struct bel_curve *curves = calloc(count, sizeof(*curves)), mean = {.count = 0};
	const struct bel_sample_set set = {
		.curve = curves,
		.check = curves && count > seeds ? curves + seeds : NULL,
		.count = seeds,
		.error = error_of(job->spec),
	};
	int r = curves ? BEL_OK : bel_err_memory(err, "curves");

	if (curves)
		scale_jobs(job, count, curves);
	if (r == BEL_OK && !job->err.code)
		r = bel_sample_join(&set, &mean, err);
	free(curves);
	for (size_t k = 1; k < count; k++)
		bel_curve_job_release(&job[k]);
	bel_curve_release(&job->curve);
	job->curve = mean;
	return r;
}

int bel_curve_sample_join(struct bel_curve_run *run, struct bel_err *err)
{
	size_t kept = 0;
	int r = BEL_OK;

	for (size_t i = 0; r == BEL_OK && i < run->jobs;) {
		const struct bel_curve_job *job = &run->job[i];
		const size_t count = job->sampled ? bel_curve_sample_jobs(run->how, job->spec) : 1;

		if (job->sampled)
			r = join_jobs(run, &run->job[i], count, err);
		run->job[kept++] = run->job[i];
		i += count;
	}
	run->jobs = kept;
	return r;
}

bool bel_curve_sample_doubtful(const struct bel_curve_run *run)
{
	bool sampled = false;

	for (size_t i = 0; i < run->jobs; i++)
		sampled |= run->job[i].sampled && !run->job[i].curve.exact;
	return sampled && bel_stream_pages(run->size[run->sizes - 1].whole) < BEL_SAMPLE_TRUSTED;
}
